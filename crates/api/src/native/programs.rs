//! Programs: terms under which affiliates earn.

use accrual_attribution::ProgramId;
use accrual_commission::{Incentive, Pay, Scope};
use accrual_engine::{Command, Outcome, Program, TermsChange, TermsDraft};
use accrual_money::Currency;
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Header, Path, Query},
};
use serde::{Deserialize, Serialize};

use super::{
    Key, Shared, Topic, WritingKey, field,
    page::{Page, Wanted},
    problem::Problem,
    submit,
    view::{TermsView, iso},
};
use crate::wire::{self, Amount, Body, Given, Integer, Reply, Required, Text};

/// The operations on programs.
pub(crate) struct Programs;

/// A program to make.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct CreateProgram {
    /// What people call it: up to 1,000 characters.
    #[serde(default)]
    name: Required<Text>,
    /// ISO 4217 code: the currency of fixed amounts.
    #[serde(default)]
    currency: Required<Text>,
    /// The rules: the most specific that covers a sale pays, of equals the first. Without any,
    /// nothing is earned.
    #[serde(default, deserialize_with = "wire::optional_objects")]
    #[oai(nullable)]
    incentives: Option<Vec<IncentiveInput>>,
    /// For how many days (of 24 hours) after the sale a commission is held; not at all, if absent.
    #[oai(nullable)]
    hold_days: Option<Given<Integer>>,
}

/// A change to a program; what is absent stays. Any change of its rules makes a new version of its
/// terms: conversions that are recorded keep the version that they were decided under.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct ChangeProgram {
    /// What people call it from now on.
    #[oai(nullable)]
    name: Option<Given<Text>>,
    /// The currency of fixed amounts from now on.
    #[oai(nullable)]
    currency: Option<Given<Text>>,
    /// The rules from now on, all of them.
    #[serde(default, deserialize_with = "wire::optional_objects")]
    #[oai(nullable)]
    incentives: Option<Vec<IncentiveInput>>,
    /// For how many days commissions are held from now on.
    #[oai(nullable)]
    hold_days: Option<Given<Integer>>,
}

/// A rule: `percent` or `fixed`.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct IncentiveInput {
    /// A share of the sale, from `"0"` to `"100"` percent, with up to 7 decimal places.
    #[oai(nullable)]
    percent: Option<Given<Amount>>,
    /// The same amount for every sale, in the program's currency, such as `"10.00"`.
    #[oai(nullable)]
    fixed: Option<Given<Amount>>,
    /// What it covers: `all` (if absent), `one_time` or `subscription` sales.
    #[oai(nullable)]
    applies_to: Option<Given<Text>>,
}

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
        let currency = field::required("currency", program.currency.given())?;
        let currency = field::currency("currency", currency)?;
        let name = field::text("name", field::required("name", program.name.given())?)?;
        let terms = TermsDraft {
            currency,
            incentives: incentives(program.incentives.as_deref().unwrap_or_default(), currency)?,
            hold_days: hold_days(program.hold_days.as_ref())?.unwrap_or(0),
        };
        let command = Command::CreateProgram { name, terms };
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
        let name = change
            .name
            .as_ref()
            .map(|name| field::text("name", name))
            .transpose()?;
        // Fixed amounts are read in the currency of now; should that change in between, they no
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
            .terms(caller.organization, ProgramId::new(id.0))
            .await?;
        if versions.is_empty() {
            return Err(unknown(id.0));
        }
        let data = versions.iter().map(TermsView::of).collect();
        Ok(TermsFound::Found(Reply(TermsHistory { data })))
    }
}

impl ChangeProgram {
    /// What changes of the terms, if any part of them is named.
    fn terms(&self, currency: Currency) -> Result<Option<TermsChange>, Problem> {
        let named =
            self.currency.is_some() || self.incentives.is_some() || self.hold_days.is_some();
        if !named {
            return Ok(None);
        }
        let new_currency = self.currency.as_ref();
        let new_currency = new_currency.map(|given| field::currency("currency", given));
        let new_currency = new_currency.transpose()?;
        let fixed_in = new_currency.unwrap_or(currency);
        let incentives = self.incentives.as_ref();
        Ok(Some(TermsChange {
            currency: new_currency,
            incentives: incentives
                .map(|given| self::incentives(given, fixed_in))
                .transpose()?,
            hold_days: hold_days(self.hold_days.as_ref())?,
        }))
    }
}

impl ProgramView {
    fn of(program: &Program) -> Self {
        Self {
            id: program.id.number(),
            name: program.name.as_str().to_owned(),
            terms: TermsView::of(&program.terms),
            created_at: iso(program.created_at),
        }
    }
}

fn shown(outcome: &Outcome) -> Result<ProgramView, Problem> {
    match outcome {
        Outcome::Program(program) => Ok(ProgramView::of(program)),
        // Only an idempotency key that was used for something else leads here, and it is refused.
        Outcome::Affiliate(_) | Outcome::Enrollment(_) | Outcome::Conversion(_) => {
            Err(Problem::internal())
        }
    }
}

fn unknown(id: i64) -> Problem {
    Problem::not_found(format!("There is no program {id}."))
}

fn hold_days(given: Option<&Given<Integer>>) -> Result<Option<u16>, Problem> {
    given
        .map(|given| {
            u16::try_from(field::integer("hold_days", given)?)
                .map_err(|_| Problem::invalid("hold_days", "must be from 0 to 65,535"))
        })
        .transpose()
}

fn incentives(given: &[IncentiveInput], currency: Currency) -> Result<Vec<Incentive>, Problem> {
    given
        .iter()
        .enumerate()
        .map(|(index, input)| input.incentive(index, currency))
        .collect()
}

impl IncentiveInput {
    fn incentive(&self, index: usize, currency: Currency) -> Result<Incentive, Problem> {
        let name = |field: &str| format!("incentives[{index}].{field}");
        let pay = match (&self.percent, &self.fixed) {
            (Some(percent), None) => Pay::Share(field::percent(&name("percent"), percent)?),
            (None, Some(fixed)) => Pay::Fixed(field::money(&name("fixed"), fixed, currency)?),
            _ => {
                let name = format!("incentives[{index}]");
                return Err(Problem::invalid(
                    &name,
                    "needs percent or fixed, and not both",
                ));
            }
        };
        let scope = match &self.applies_to {
            None => Scope::All,
            Some(given) => {
                let name = name("applies_to");
                match field::string(&name, given)?.as_str() {
                    "all" => Scope::All,
                    _ => Scope::Type(field::sale_type(&name, given).map_err(|_| {
                        Problem::invalid(&name, "must be all, one_time or subscription")
                    })?),
                }
            }
        };
        Ok(Incentive::new(pay).with_scope(scope))
    }
}
