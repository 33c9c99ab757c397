//! Our own API: everything that Accrual does, in its own words.

mod affiliates;
mod conversions;
mod decision;
mod enrollments;
mod field;
mod ledger;
mod page;
mod problem;
mod programs;
mod promo_codes;
mod referrals;
mod stores;
mod totals;
mod view;
mod word;

use std::sync::Arc;

use accrual_engine::{Answer, Command, Idempotency, IdempotencyKey};
use poem::Request;
use poem_openapi::{OpenApiService, SecurityScheme, Tags, auth::Bearer};
use sha2::{Digest, Sha256};

use crate::{
    Caller, Context, access,
    described::{Answers, Described, Operation},
    shape,
    wire::Body,
};
use problem::Problem;
pub(crate) use problem::say;

/// Where it is found.
pub(crate) const BASE_PATH: &str = "/accrual/v1";

/// Everything that it offers.
pub(crate) type Native = (
    programs::Programs,
    affiliates::Affiliates,
    ledger::Ledger,
    enrollments::Enrollments,
    promo_codes::PromoCodes,
    referrals::Referrals,
    stores::Stores,
    conversions::Conversions,
    conversions::Afterwards,
    conversions::Histories,
    totals::TotalsApi,
);

/// The operations without a path of their own thing whose bodies name something that may be missing.
const NAMING: [&str; 4] = [
    "createEnrollment",
    "createPromoCode",
    "createClick",
    "createSignUp",
];

impl Answers for Native {
    fn answers(operation: &Operation<'_>, status: u16) -> bool {
        match status {
            400 => operation.has_body() || operation.is_about_one() || operation.has_query(),
            404 => operation.is_about_one() || NAMING.contains(&operation.id()),
            // Registering a store contradicts nothing.
            409 => operation.has_body() && operation.id() != "registerStore",
            422 => operation.has_body() || operation.has_query(),
            _ => true,
        }
    }
}

/// The service of our own API.
pub(crate) fn service() -> OpenApiService<Described<Native>, ()> {
    let operations = (
        programs::Programs,
        affiliates::Affiliates,
        ledger::Ledger,
        enrollments::Enrollments,
        promo_codes::PromoCodes,
        referrals::Referrals,
        stores::Stores,
        conversions::Conversions,
        conversions::Afterwards,
        conversions::Histories,
        totals::TotalsApi,
    );
    OpenApiService::new(Described(operations), "Accrual", "1.0.0")
        .description(
            "Set up programs, affiliates, enrollments, promo codes and stores, record clicks and sign-ups, \
             report conversions and what becomes of them, and see how each commission came about. \
             Amounts are decimal numbers as text, in major units \
             (`\"29.70\"`); they are exact. A request with an `Idempotency-Key` header can be \
             repeated safely; a conversion has its `reference` for that. \
             Errors are problem details (RFC 9457).",
        )
        .license(shape::license())
        .server(BASE_PATH)
}

/// What the operations are about.
#[derive(Tags)]
enum Topic {
    /// Terms under which affiliates earn.
    Programs,
    /// Those who earn.
    Affiliates,
    /// Affiliates in programs.
    Enrollments,
    /// Codes that customers enter.
    #[oai(rename = "Promo codes")]
    PromoCodes,
    /// People who were sent.
    Referrals,
    /// Where sales are made, on a platform that has many.
    Stores,
    /// Sales that were reported, and what they came to.
    Conversions,
    /// Sums.
    Totals,
}

/// A key of your organization, as `Authorization: Bearer <key>`.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", rename = "bearerAuth", checker = "authenticated")]
struct Key(Caller);

async fn authenticated(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    access::authenticate(request, bearer).await
}

/// One that may change things.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", rename = "bearerAuth", checker = "authorized")]
struct WritingKey(Caller);

async fn authorized(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    access::authorize_to_write(request, bearer).await
}

/// Runs a command of the caller's.
///
/// The idempotency key stands for `what` (the operation and what it is about) and the body.
async fn submit<T>(
    context: &Context,
    caller: &Caller,
    command: Command,
    idempotency_key: Option<&str>,
    what: &str,
    body: &Body<T>,
) -> Result<Answer, Problem> {
    let idempotency = match idempotency_key {
        None => None,
        Some(key) => Some(Idempotency {
            key: IdempotencyKey::parse(key)
                .map_err(|error| Problem::invalid("Idempotency-Key", error.to_string()))?,
            fingerprint: fingerprint(what, &body.bytes),
        }),
    };
    let submission = caller.submission(command, idempotency);
    Ok(context
        .engine
        .submit(caller.organization, submission)
        .await?)
}

fn fingerprint(what: &str, body: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update((what.len() as u64).to_be_bytes());
    hasher.update(what);
    hasher.update(body);
    hasher.finalize().into()
}

/// What every operation works with.
type Shared<'a> = poem::web::Data<&'a Arc<Context>>;
