//! Enrollments: affiliates in programs.

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId};
use accrual_engine::{Command, Enrolling, Enrollment, EnrollmentState, Outcome};
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Header, Path, Query},
    types::MaybeUndefined,
};
use serde::{Deserialize, Serialize};

use super::{
    Key, Shared, Topic, WritingKey, field,
    page::{Page, Wanted},
    problem::Problem,
    submit,
    view::{iso, percent},
    word::EnrollmentStateWord,
};
use crate::{
    tag,
    wire::{Amount, Body, Flag, Given, Integer, Reply, Required, Text, Word},
};

/// The operations on enrollments.
pub(crate) struct Enrollments;

/// An enrollment to make.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct CreateEnrollment {
    /// The affiliate's number.
    #[serde(default)]
    affiliate_id: Required<Integer>,
    /// The program's number.
    #[serde(default)]
    program_id: Required<Integer>,
    /// The code by which shops know the affiliate: unique within the organization, in any case;
    /// made up if absent.
    #[oai(nullable)]
    tag: Option<Given<Text>>,
    /// What the affiliate's links end with, or have as `ref`, if that is not the tag: unique within
    /// the organization, in any case; a whole URL is taken for what it names.
    #[oai(nullable)]
    link: Option<Given<Text>>,
    /// The enrollment of the same program that recruited this one: it earns by the program's
    /// `levels`.
    #[oai(nullable)]
    recruiter_id: Option<Given<Integer>>,
    /// A rate agreed with this affiliate, before any incentive: from `"0"` to `"100"` percent.
    #[oai(nullable)]
    percent: Option<Given<Amount>>,
}

/// A change to an enrollment; what is absent stays.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct ChangeEnrollment {
    /// The tag from now on; the former one is free again.
    #[oai(nullable)]
    tag: Option<Given<Text>>,
    /// What the affiliate's links end with from now on; `null` is the tag.
    #[serde(default)]
    #[oai(nullable)]
    link: MaybeUndefined<Given<Text>>,
    /// The affiliate's own rate from now on; `null` is the program's.
    #[serde(default)]
    #[oai(nullable)]
    percent: MaybeUndefined<Given<Amount>>,
    /// Whether sales can be credited to it from now on.
    #[oai(nullable)]
    active: Option<Given<Flag>>,
}

/// An affiliate in a program.
#[derive(Object, Serialize)]
#[oai(rename = "Enrollment")]
struct EnrollmentView {
    /// Its number.
    id: i64,
    /// The affiliate's number.
    affiliate_id: i64,
    /// The program's number.
    program_id: i64,
    /// The code by which shops know the affiliate, in lower case.
    tag: String,
    /// What the affiliate's links end with, in lower case; `null` is the tag.
    #[oai(nullable)]
    link: Option<String>,
    /// The enrollment that recruited it.
    #[oai(nullable)]
    recruiter_id: Option<i64>,
    /// The affiliate's own rate in percent; `null` is the program's.
    #[oai(nullable)]
    percent: Option<String>,
    /// Whether sales can be credited to it.
    active: bool,
    /// How far it has come; set `active` to approve or decline one that was applied for.
    state: EnrollmentStateWord,
    /// What was said when it was applied for.
    details: serde_json::Value,
    /// When it was made.
    created_at: String,
}

/// The enrollment is made.
#[derive(ApiResponse)]
enum EnrollmentCreated {
    /// The enrollment, now or by an earlier request with the same idempotency key.
    #[oai(status = 201)]
    Created(Reply<EnrollmentView>),
}

/// The enrollment.
#[derive(ApiResponse)]
enum EnrollmentFound {
    /// The enrollment.
    #[oai(status = 200)]
    Found(Reply<EnrollmentView>),
}

/// A page of enrollments.
#[derive(ApiResponse)]
enum EnrollmentsFound {
    /// Enrollments, oldest first.
    #[oai(status = 200)]
    Found(Reply<Page<EnrollmentView>>),
}

#[OpenApi(tag = "Topic::Enrollments")]
impl Enrollments {
    /// Put an affiliate into a program
    #[oai(
        path = "/enrollments",
        method = "post",
        operation_id = "createEnrollment"
    )]
    async fn create_enrollment(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<CreateEnrollment>,
    ) -> Result<EnrollmentCreated, Problem> {
        let input = &body.value;
        let affiliate = field::required("affiliate_id", input.affiliate_id.given())?;
        let program = field::required("program_id", input.program_id.given())?;
        let (link, recruiter) = (input.link.as_ref(), input.recruiter_id.as_ref());
        let command = Command::Enroll(Enrolling {
            affiliate: field::affiliate("affiliate_id", affiliate)?,
            program: field::program("program_id", program)?,
            tag: match &input.tag {
                Some(tag) => field::tag("tag", tag)?,
                None => tag::made_up().map_err(|_| Problem::internal())?,
            },
            slug: field::optional("link", link, field::link)?,
            recruiter: field::optional("recruiter_id", recruiter, field::enrollment)?,
            rate: field::optional("percent", input.percent.as_ref(), field::percent)?,
        });
        let key = idempotency_key.0.as_deref();
        let answer = submit(&context, &caller, command, key, "createEnrollment", &body).await?;
        Ok(EnrollmentCreated::Created(Reply(shown(&answer.outcome)?)))
    }

    /// List enrollments
    #[oai(
        path = "/enrollments",
        method = "get",
        operation_id = "listEnrollments"
    )]
    #[allow(clippy::too_many_arguments)] // Each is a parameter of the request.
    async fn list_enrollments(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// Those in this program only.
        program_id: Query<Option<i64>>,
        /// Those of this affiliate only.
        affiliate_id: Query<Option<i64>>,
        /// How many, from 1 to 1,000; 50 if absent.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<EnrollmentsFound, Problem> {
        let wanted = Wanted::parse(limit.0, cursor.0.as_deref(), 1)?;
        let (org, after) = (caller.organization, EnrollmentId::new(wanted.after[0]));
        let (program, affiliate) = (
            program_id.0.map(ProgramId::new),
            affiliate_id.0.map(AffiliateId::new),
        );
        let reports = &context.reports;
        let rows = reports
            .enrollments(org, program, affiliate, after, wanted.to_read())
            .await?;
        let page = wanted.page(rows, |row| vec![row.id.number()], EnrollmentView::of);
        Ok(EnrollmentsFound::Found(Reply(page)))
    }

    /// Read an enrollment
    #[oai(
        path = "/enrollments/:id",
        method = "get",
        operation_id = "getEnrollment"
    )]
    async fn get_enrollment(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The enrollment's number.
        id: Path<i64>,
    ) -> Result<EnrollmentFound, Problem> {
        let id = EnrollmentId::new(id.0);
        let found = context.reports.enrollment(caller.organization, id).await?;
        let enrollment =
            found.ok_or_else(|| Problem::not_found(format!("There is no enrollment {id}.")))?;
        Ok(EnrollmentFound::Found(Reply(EnrollmentView::of(
            &enrollment,
        ))))
    }

    /// Change an enrollment
    #[oai(
        path = "/enrollments/:id",
        method = "patch",
        operation_id = "changeEnrollment"
    )]
    async fn change_enrollment(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// The enrollment's number.
        id: Path<i64>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<ChangeEnrollment>,
    ) -> Result<EnrollmentFound, Problem> {
        let enrollment = EnrollmentId::new(id.0);
        let change = &body.value;
        let command = Command::ChangeEnrollment {
            enrollment,
            tag: field::optional("tag", change.tag.as_ref(), field::tag)?,
            slug: field::change("link", &change.link, field::link)?,
            rate: field::change("percent", &change.percent, field::percent)?,
            is_active: field::optional("active", change.active.as_ref(), field::flag)?,
        };
        let (key, what) = (
            idempotency_key.0.as_deref(),
            format!("changeEnrollment {enrollment}"),
        );
        let answer = submit(&context, &caller, command, key, &what, &body).await?;
        Ok(EnrollmentFound::Found(Reply(shown(&answer.outcome)?)))
    }
}

impl EnrollmentView {
    fn of(enrollment: &Enrollment) -> Self {
        Self {
            id: enrollment.id.number(),
            affiliate_id: enrollment.affiliate.number(),
            program_id: enrollment.program.number(),
            tag: enrollment.tag.as_str().to_owned(),
            link: enrollment.slug.as_ref().map(ToString::to_string),
            recruiter_id: enrollment.recruiter.map(EnrollmentId::number),
            percent: enrollment.rate.map(percent),
            active: enrollment.state == EnrollmentState::Active,
            state: EnrollmentStateWord::of(enrollment.state),
            details: enrollment.details.clone().into(),
            created_at: iso(enrollment.created_at),
        }
    }
}

fn shown(outcome: &Outcome) -> Result<EnrollmentView, Problem> {
    match outcome {
        Outcome::Enrollment(enrollment) => Ok(EnrollmentView::of(enrollment)),
        // Only an idempotency key that was used for something else leads here, and it is refused.
        Outcome::Program(_)
        | Outcome::Affiliate(_)
        | Outcome::PromoCode(_)
        | Outcome::Referral(_)
        | Outcome::Conversion(_)
        | Outcome::Shop(_)
        | Outcome::Matured(_) => Err(Problem::internal()),
    }
}
