//! Enrollments: affiliates in programs.

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, Standing, Tag};
use accrual_engine::{Command, Enrollment, Outcome};
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
    view::iso,
};
use crate::wire::{Amount, Body, Flag, Given, Integer, Reply, Required, Text, Unreadable};

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
    /// The affiliate's own rate from now on; `null` is the program's.
    #[serde(default)]
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
    /// The affiliate's own rate in percent; `null` is the program's.
    #[oai(nullable)]
    percent: Option<String>,
    /// Whether sales can be credited to it.
    active: bool,
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
        let percent = input.percent.as_ref();
        let command = Command::Enroll {
            affiliate: field::affiliate("affiliate_id", affiliate)?,
            program: field::program("program_id", program)?,
            tag: match &input.tag {
                Some(tag) => field::tag("tag", tag)?,
                None => made_up_tag()?,
            },
            rate: percent
                .map(|percent| field::percent("percent", percent))
                .transpose()?,
        };
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
        let rate = match &change.percent {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(percent) => Some(Some(field::percent("percent", percent)?)),
        };
        let tag = change
            .tag
            .as_ref()
            .map(|tag| field::tag("tag", tag))
            .transpose()?;
        let standing = change.active.as_ref().map(standing).transpose()?;
        let command = Command::ChangeEnrollment {
            enrollment,
            tag,
            rate,
            standing,
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
            percent: enrollment.rate.map(|rate| rate.percent().to_string()),
            active: enrollment.standing == Standing::Active,
            created_at: iso(enrollment.created_at),
        }
    }
}

fn standing(given: &Given<Flag>) -> Result<Standing, Problem> {
    match given.flag() {
        Ok(true) => Ok(Standing::Active),
        Ok(false) => Ok(Standing::Ended),
        Err(Unreadable) => Err(Problem::invalid("active", "must be true or false")),
    }
}

/// A tag that nobody has: with 62 random bits.
fn made_up_tag() -> Result<Tag, Problem> {
    let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
    Tag::parse(&format!("a{random:016x}")).map_err(|_| Problem::internal())
}

fn shown(outcome: &Outcome) -> Result<EnrollmentView, Problem> {
    match outcome {
        Outcome::Enrollment(enrollment) => Ok(EnrollmentView::of(enrollment)),
        // Only an idempotency key that was used for something else leads here, and it is refused.
        Outcome::Program(_) | Outcome::Affiliate(_) | Outcome::Conversion(_) => {
            Err(Problem::internal())
        }
    }
}
