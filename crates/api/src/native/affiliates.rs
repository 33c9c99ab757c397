//! Affiliates: those who earn, and what they are owed.

use std::collections::BTreeMap;

use accrual_attribution::AffiliateId;
use accrual_commission::{Account, AccountKind};
use accrual_engine::{Affiliate, Command, Outcome, Posting, Sequence};
use accrual_money::Money;
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
    view::{decimal, iso},
};
use crate::wire::{Body, Given, Reply, Required, Text};

/// The operations on affiliates.
pub(crate) struct Affiliates;

/// An affiliate to make.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct CreateAffiliate {
    /// What people call it: up to 1,000 characters.
    #[serde(default)]
    name: Required<Text>,
    /// Where to write to.
    #[oai(nullable)]
    email: Option<Given<Text>>,
}

/// A change to an affiliate; what is absent stays.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct ChangeAffiliate {
    /// What people call it from now on.
    #[oai(nullable)]
    name: Option<Given<Text>>,
    /// Where to write to from now on; `null` is nowhere.
    #[serde(default)]
    email: MaybeUndefined<Given<Text>>,
}

/// An affiliate.
#[derive(Object, Serialize)]
#[oai(rename = "Affiliate")]
struct AffiliateView {
    /// Its number.
    id: i64,
    /// What people call it.
    name: String,
    /// Where to write to.
    #[oai(nullable)]
    email: Option<String>,
    /// When it was made.
    created_at: String,
}

/// What an affiliate has earned, by currency: the sums of its transfers.
#[derive(Object, Serialize)]
struct Balance {
    /// The affiliate's number.
    affiliate_id: i64,
    /// The sums, by currency.
    balances: Vec<CurrencyBalance>,
}

/// What an affiliate has earned in one currency.
#[derive(Object, Serialize)]
struct CurrencyBalance {
    /// ISO 4217 code.
    currency: String,
    /// What is held, awaits approval or is disputed.
    pending: String,
    /// What can be paid, or is in a payout.
    payable: String,
    /// What was paid.
    paid: String,
}

/// An amount moved between two accounts.
#[derive(Object, Serialize)]
#[oai(rename = "Transfer")]
struct TransferView {
    /// The journal entry that caused it.
    sequence: i64,
    /// Its place among that entry's transfers, counted from 1.
    position: u16,
    /// When it was made.
    at: String,
    /// Where it comes from: `expense`, `pending`, `payable` or `paid`.
    from: String,
    /// Where it goes.
    to: String,
    /// How much: above zero.
    amount: String,
    /// ISO 4217 code.
    currency: String,
    /// The conversion whose commission is moved.
    conversion_id: i64,
}

/// The affiliate is made.
#[derive(ApiResponse)]
enum AffiliateCreated {
    /// The affiliate, now or by an earlier request with the same idempotency key.
    #[oai(status = 201)]
    Created(Reply<AffiliateView>),
}

/// The affiliate.
#[derive(ApiResponse)]
enum AffiliateFound {
    /// The affiliate.
    #[oai(status = 200)]
    Found(Reply<AffiliateView>),
}

/// A page of affiliates.
#[derive(ApiResponse)]
enum AffiliatesFound {
    /// Affiliates, oldest first.
    #[oai(status = 200)]
    Found(Reply<Page<AffiliateView>>),
}

/// A balance.
#[derive(ApiResponse)]
enum BalanceFound {
    /// The balance.
    #[oai(status = 200)]
    Found(Reply<Balance>),
}

/// A page of transfers.
#[derive(ApiResponse)]
enum TransfersFound {
    /// Transfers, oldest first.
    #[oai(status = 200)]
    Found(Reply<Page<TransferView>>),
}

#[OpenApi(tag = "Topic::Affiliates")]
impl Affiliates {
    /// Make an affiliate
    #[oai(
        path = "/affiliates",
        method = "post",
        operation_id = "createAffiliate"
    )]
    async fn create_affiliate(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<CreateAffiliate>,
    ) -> Result<AffiliateCreated, Problem> {
        let name = field::text("name", field::required("name", body.value.name.given())?)?;
        let email = field::optional_text("email", body.value.email.as_ref())?;
        let command = Command::CreateAffiliate { name, email };
        let key = idempotency_key.0.as_deref();
        let answer = submit(&context, &caller, command, key, "createAffiliate", &body).await?;
        Ok(AffiliateCreated::Created(Reply(shown(&answer.outcome)?)))
    }

    /// List affiliates
    #[oai(path = "/affiliates", method = "get", operation_id = "listAffiliates")]
    async fn list_affiliates(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// How many, from 1 to 1,000; 50 if absent.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<AffiliatesFound, Problem> {
        let wanted = Wanted::parse(limit.0, cursor.0.as_deref(), 1)?;
        let after = AffiliateId::new(wanted.after[0]);
        let rows = context
            .reports
            .affiliates(caller.organization, after, wanted.to_read())
            .await?;
        let page = wanted.page(rows, |row| vec![row.id.number()], AffiliateView::of);
        Ok(AffiliatesFound::Found(Reply(page)))
    }

    /// Read an affiliate
    #[oai(
        path = "/affiliates/:id",
        method = "get",
        operation_id = "getAffiliate"
    )]
    async fn get_affiliate(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The affiliate's number.
        id: Path<i64>,
    ) -> Result<AffiliateFound, Problem> {
        let found = context
            .reports
            .affiliate(caller.organization, AffiliateId::new(id.0))
            .await?;
        let affiliate = found.ok_or_else(|| unknown(id.0))?;
        Ok(AffiliateFound::Found(Reply(AffiliateView::of(&affiliate))))
    }

    /// Change an affiliate
    #[oai(
        path = "/affiliates/:id",
        method = "patch",
        operation_id = "changeAffiliate"
    )]
    async fn change_affiliate(
        &self,
        WritingKey(caller): WritingKey,
        context: Shared<'_>,
        /// The affiliate's number.
        id: Path<i64>,
        /// Makes the request safe to repeat: up to 255 characters of your choice.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        body: Body<ChangeAffiliate>,
    ) -> Result<AffiliateFound, Problem> {
        let affiliate = AffiliateId::new(id.0);
        let name = field::optional_text("name", body.value.name.as_ref())?;
        let email = match &body.value.email {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(email) => Some(Some(field::text("email", email)?)),
        };
        let command = Command::ChangeAffiliate {
            affiliate,
            name,
            email,
        };
        let (key, what) = (
            idempotency_key.0.as_deref(),
            format!("changeAffiliate {affiliate}"),
        );
        let answer = submit(&context, &caller, command, key, &what, &body).await?;
        Ok(AffiliateFound::Found(Reply(shown(&answer.outcome)?)))
    }

    /// Read an affiliate's balance
    #[oai(
        path = "/affiliates/:id/balance",
        method = "get",
        operation_id = "getBalance"
    )]
    async fn get_balance(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The affiliate's number.
        id: Path<i64>,
    ) -> Result<BalanceFound, Problem> {
        let (org, affiliate) = (caller.organization, AffiliateId::new(id.0));
        context
            .reports
            .affiliate(org, affiliate)
            .await?
            .ok_or_else(|| unknown(id.0))?;
        let sums = context.reports.balances(org, affiliate).await?;
        let balances = by_currency(&sums);
        Ok(BalanceFound::Found(Reply(Balance {
            affiliate_id: id.0,
            balances,
        })))
    }

    /// List an affiliate's transfers
    ///
    /// Each amount that was moved into, between and out of the affiliate's accounts: the balance is
    /// their sum.
    #[oai(
        path = "/affiliates/:id/transfers",
        method = "get",
        operation_id = "listTransfers"
    )]
    async fn list_transfers(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The affiliate's number.
        id: Path<i64>,
        /// How many, from 1 to 1,000; 50 if absent.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<TransfersFound, Problem> {
        let (org, affiliate) = (caller.organization, AffiliateId::new(id.0));
        let wanted = Wanted::parse(limit.0, cursor.0.as_deref(), 2)?;
        context
            .reports
            .affiliate(org, affiliate)
            .await?
            .ok_or_else(|| unknown(id.0))?;
        let position = u16::try_from(wanted.after[1]).unwrap_or(u16::MAX);
        let after = (Sequence::new(wanted.after[0]), position);
        let rows = context
            .reports
            .transfers(org, affiliate, after, wanted.to_read())
            .await?;
        let place = |row: &Posting| vec![row.sequence.number(), row.position.into()];
        Ok(TransfersFound::Found(Reply(wanted.page(
            rows,
            place,
            TransferView::of,
        ))))
    }
}

impl AffiliateView {
    fn of(affiliate: &Affiliate) -> Self {
        Self {
            id: affiliate.id.number(),
            name: affiliate.name.as_str().to_owned(),
            email: affiliate
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
            created_at: iso(affiliate.created_at),
        }
    }
}

impl TransferView {
    fn of(posting: &Posting) -> Self {
        let transfer = &posting.transfer;
        let word = |account: Account| account.kind().to_string();
        Self {
            sequence: posting.sequence.number(),
            position: posting.position,
            at: iso(posting.at),
            from: word(transfer.from()),
            to: word(transfer.to()),
            amount: decimal(transfer.amount()),
            currency: transfer.amount().currency().code().to_owned(),
            conversion_id: posting.conversion.number(),
        }
    }
}

fn by_currency(sums: &[(AccountKind, Money)]) -> Vec<CurrencyBalance> {
    let mut balances = BTreeMap::new();
    for (kind, sum) in sums {
        let zero = decimal(Money::zero(sum.currency()));
        let code = sum.currency().code();
        let balance = balances.entry(code).or_insert_with(|| CurrencyBalance {
            currency: code.to_owned(),
            pending: zero.clone(),
            payable: zero.clone(),
            paid: zero,
        });
        match kind {
            AccountKind::Expense => {}
            AccountKind::Pending => balance.pending = decimal(*sum),
            AccountKind::Payable => balance.payable = decimal(*sum),
            AccountKind::Paid => balance.paid = decimal(*sum),
        }
    }
    balances.into_values().collect()
}

fn shown(outcome: &Outcome) -> Result<AffiliateView, Problem> {
    match outcome {
        Outcome::Affiliate(affiliate) => Ok(AffiliateView::of(affiliate)),
        // Only an idempotency key that was used for something else leads here, and it is refused.
        Outcome::Program(_) | Outcome::Enrollment(_) | Outcome::Conversion(_) => {
            Err(Problem::internal())
        }
    }
}

fn unknown(id: i64) -> Problem {
    Problem::not_found(format!("There is no affiliate {id}."))
}
