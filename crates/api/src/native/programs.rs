//! Programs: terms under which affiliates earn.

mod crediting;
mod incentive;
mod rules;
mod show;
mod tiers;
mod word;

use accrual_attribution::ProgramId;
use accrual_engine::{Command, Outcome, Program, Version};
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Header, Path, Query},
};
use serde::Serialize;

use super::{
    Key, Shared, Topic, WritingKey, field,
    page::{Page, Wanted},
    problem::Problem,
    submit,
    view::iso,
};
use crate::wire::{Body, Reply};
use rules::{ChangeProgram, CreateProgram};
use show::TermsView;

/// The operations on programs.
pub(crate) struct Programs;

/// A program.
#[derive(Object, Serialize)]
#[oai(rename = "Program")]
struct ProgramView {
    /// Its number.
    id: i64,
    /// What people call it.
    name: String,
    /// The rules in force.
    terms: TermsView,
    /// Whether it is an ambassador program.
    ambassador: bool,
    /// When it was made.
    created_at: String,
}

/// Every version of a program's terms.
#[derive(Object, Serialize)]
struct TermsHistory {
    /// The versions, oldest first.
    data: Vec<TermsView>,
}

/// The program is made.
#[derive(ApiResponse)]
enum ProgramCreated {
    /// The program, now or by an earlier request with the same idempotency key.
    #[oai(status = 201)]
    Created(Reply<ProgramView>),
}

/// The program.
#[derive(ApiResponse)]
enum ProgramFound {
    /// The program.
    #[oai(status = 200)]
    Found(Reply<ProgramView>),
}

/// A page of programs.
#[derive(ApiResponse)]
enum ProgramsFound {
    /// Programs, oldest first.
    #[oai(status = 200)]
    Found(Reply<Page<ProgramView>>),
}

/// The versions of a program's terms.
#[derive(ApiResponse)]
enum TermsFound {
    /// The versions, oldest first.
    #[oai(status = 200)]
    Found(Reply<TermsHistory>),
}

#[OpenApi(tag = "Topic::Programs")]
impl Programs {
    /// Make a program
    #[oai(path = "/programs", method = "post", operation_id = "createProgram")]
    async fn create_program(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<CreateProgram>,
    ) -> Result<ProgramCreated, Problem> {
        let program = &body.value;
        let terms = program.terms()?;
        let name = field::text("name", field::required("name", program.name.given())?)?;
        let is_ambassador =
            field::optional("ambassador", program.ambassador.as_ref(), field::flag)?;
        let command = Command::CreateProgram {
            name,
            terms,
            is_ambassador: is_ambassador.unwrap_or(false),
        };
        let key = idempotency_key.0.as_deref();
        let answer = submit(&context, &caller, command, key, "createProgram", &body).await?;
        Ok(ProgramCreated::Created(Reply(shown(&answer.outcome)?)))
    }

    /// List programs
    #[oai(path = "/programs", method = "get", operation_id = "listPrograms")]
    async fn list_programs(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// How many, from 1 to 1,000; 50 if absent.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<ProgramsFound, Problem> {
        let wanted = Wanted::parse(limit.0, cursor.0.as_deref(), 1)?;
        let after = ProgramId::new(wanted.after[0]);
        let rows = context
            .reports
            .programs(caller.organization, after, wanted.to_read())
            .await?;
        let page = wanted.page(rows, |row| vec![row.id.number()], ProgramView::of);
        Ok(ProgramsFound::Found(Reply(page)))
    }

    /// Read a program
    #[oai(path = "/programs/:id", method = "get", operation_id = "getProgram")]
    async fn get_program(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The program's number.
        id: Path<i64>,
    ) -> Result<ProgramFound, Problem> {
        let found = context
            .reports
            .program(caller.organization, ProgramId::new(id.0))
            .await?;
        let program = found.ok_or_else(|| unknown(id.0))?;
        Ok(ProgramFound::Found(Reply(ProgramView::of(&program))))
    }

    /// Change a program
    #[oai(
        path = "/programs/:id",
        method = "patch",
        operation_id = "changeProgram"
    )]
    async fn change_program(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// The program's number.
        id: Path<i64>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<ChangeProgram>,
    ) -> Result<ProgramFound, Problem> {
        let change = &body.value;
        let program = ProgramId::new(id.0);
        let name = field::optional_text("name", change.name.as_ref())?;
        // Amounts are read in the currency of now; should that change in between, they no
        // longer fit the program and are refused.
        let found = context
            .reports
            .program(caller.organization, program)
            .await?;
        let terms = change.terms(found.ok_or_else(|| unknown(id.0))?.terms.currency())?;
        let command = Command::ChangeProgram {
            program,
            name,
            terms,
            is_ambassador: field::optional("ambassador", change.ambassador.as_ref(), field::flag)?,
        };
        let (key, what) = (
            idempotency_key.0.as_deref(),
            format!("changeProgram {program}"),
        );
        let answer = submit(&context, &caller, command, key, &what, &body).await?;
        Ok(ProgramFound::Found(Reply(shown(&answer.outcome)?)))
    }

    /// List the versions of a program's terms
    #[oai(
        path = "/programs/:id/terms",
        method = "get",
        operation_id = "listTerms"
    )]
    async fn list_terms(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The program's number.
        id: Path<i64>,
    ) -> Result<TermsFound, Problem> {
        let versions = context
            .reports
            .versions(caller.organization, ProgramId::new(id.0))
            .await?;
        if versions.is_empty() {
            return Err(unknown(id.0));
        }
        let view = |version: &Version| TermsView::of(&version.terms, &version.crediting);
        let data = versions.iter().map(view).collect();
        Ok(TermsFound::Found(Reply(TermsHistory { data })))
    }
}

impl ProgramView {
    fn of(program: &Program) -> Self {
        Self {
            id: program.id.number(),
            name: program.name.as_str().to_owned(),
            terms: TermsView::of(&program.terms, &program.crediting),
            ambassador: program.is_ambassador,
            created_at: iso(program.created_at),
        }
    }
}

fn shown(outcome: &Outcome) -> Result<ProgramView, Problem> {
    match outcome {
        Outcome::Program(program) => Ok(ProgramView::of(program)),
        // Only an idempotency key that was used for something else leads here, and it is refused.
        Outcome::Affiliate(_)
        | Outcome::Enrollment(_)
        | Outcome::PromoCode(_)
        | Outcome::Referral(_)
        | Outcome::Conversion(_)
        | Outcome::Shop(_)
        | Outcome::Matured(_) => Err(Problem::internal()),
    }
}

fn unknown(id: i64) -> Problem {
    Problem::not_found(format!("There is no program {id}."))
}
