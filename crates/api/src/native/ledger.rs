//! What affiliates are owed and were paid: balances, transfers, statements.

mod balance;
mod period;

use accrual_attribution::AffiliateId;
use accrual_commission::Account;
use accrual_engine::{Posting, Sequence};
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::{Path, Query},
};
use serde::Serialize;

use super::{
    Key, Shared, Topic,
    affiliates::unknown,
    page::{Page, Wanted},
    problem::Problem,
    view::{code, decimal, iso},
};
use crate::{Caller, wire::Reply};
use balance::CurrencyBalance;
use period::Bounds;

/// The operations on what affiliates are owed and were paid.
pub(crate) struct Ledger;

/// What an affiliate has earned, by currency: the sums of its transfers.
#[derive(Object, Serialize)]
struct Balance {
    /// The affiliate's number.
    affiliate_id: i64,
    /// The sums, by currency.
    balances: Vec<CurrencyBalance>,
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
    /// The place of that commission among the conversion's commissions.
    commission_position: u16,
}

/// What was moved in a period, and what there was before and after.
#[derive(Object, Serialize)]
struct Statement {
    /// The affiliate's number.
    affiliate_id: i64,
    /// When the period begins.
    from: String,
    /// When it ends: the first instant after it.
    until: String,
    /// What there was at its beginning, by currency.
    opening: Vec<CurrencyBalance>,
    /// What there was at its end, by currency: `opening` and all transfers of the period.
    closing: Vec<CurrencyBalance>,
    /// The period's transfers, oldest first.
    data: Vec<TransferView>,
    /// Where the next page of transfers begins; `null` on the last.
    #[oai(nullable)]
    next_cursor: Option<String>,
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

/// A statement.
#[derive(ApiResponse)]
enum StatementFound {
    /// The statement, with a page of its transfers.
    #[oai(status = 200)]
    Found(Reply<Statement>),
}

#[OpenApi(tag = "Topic::Affiliates")]
impl Ledger {
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
        let affiliate = known(&context, &caller, id.0).await?;
        let org = caller.organization;
        let sums = context.reports.balances(org, affiliate, None).await?;
        Ok(BalanceFound::Found(Reply(Balance {
            affiliate_id: id.0,
            balances: balance::by_currency(&sums, &[])?,
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
        let wanted = Wanted::parse(limit.0, cursor.0.as_deref(), 2)?;
        let affiliate = known(&context, &caller, id.0).await?;
        let (org, after) = (caller.organization, after(&wanted));
        let rows = context
            .reports
            .transfers(org, affiliate, None, after, wanted.to_read())
            .await?;
        let page = wanted.page(rows, place, TransferView::of);
        Ok(TransfersFound::Found(Reply(page)))
    }

    /// Read an affiliate's statement
    ///
    /// What was moved in a period, and the balances at its beginning and its end: the latter are the
    /// former and the transfers between them. A statement of a period that is over never changes.
    #[oai(
        path = "/affiliates/:id/statement",
        method = "get",
        operation_id = "getStatement"
    )]
    #[allow(clippy::too_many_arguments)] // Each is a parameter of the request.
    async fn get_statement(
        &self,
        Key(caller): Key,
        context: Shared<'_>,
        /// The affiliate's number.
        id: Path<i64>,
        /// When the period begins: an ISO 8601 time, or a day, which begins where it does in the
        /// organization's time zone.
        from: Query<String>,
        /// When it ends: the first instant after it, or the first day after it.
        until: Query<String>,
        /// How many transfers, from 1 to 1,000; 50 if absent.
        limit: Query<Option<u32>>,
        /// The `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<StatementFound, Problem> {
        let wanted = Wanted::parse(limit.0, cursor.0.as_deref(), 2)?;
        let affiliate = known(&context, &caller, id.0).await?;
        let (org, reports) = (caller.organization, &context.reports);
        let head = reports.head(org).await?.ok_or_else(Problem::internal)?;
        let Bounds { from, until } = Bounds::parse(&from.0, &until.0, &head.zone)?;
        let opening = reports.balances(org, affiliate, Some(from)).await?;
        let closing = reports.balances(org, affiliate, Some(until)).await?;
        let rows = reports
            .transfers(
                org,
                affiliate,
                Some(from..until),
                after(&wanted),
                wanted.to_read(),
            )
            .await?;
        let page = wanted.page(rows, place, TransferView::of);
        let (data, next_cursor) = page.into_parts();
        Ok(StatementFound::Found(Reply(Statement {
            affiliate_id: id.0,
            from: iso(from),
            until: iso(until),
            opening: balance::by_currency(&opening, &closing)?,
            closing: balance::by_currency(&closing, &opening)?,
            data,
            next_cursor,
        })))
    }
}

/// The affiliate, which must be one of the caller's.
async fn known(context: &Shared<'_>, caller: &Caller, id: i64) -> Result<AffiliateId, Problem> {
    let affiliate = AffiliateId::new(id);
    let found = context
        .reports
        .affiliate(caller.organization, affiliate)
        .await?;
    found.map(|_| affiliate).ok_or_else(|| unknown(id))
}

fn after(wanted: &Wanted) -> (Sequence, u16) {
    let position = u16::try_from(wanted.after[1]).unwrap_or(u16::MAX);
    (Sequence::new(wanted.after[0]), position)
}

fn place(row: &Posting) -> Vec<i64> {
    vec![row.sequence.number(), row.position.into()]
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
            currency: code(transfer.amount()),
            conversion_id: posting.conversion.number(),
            commission_position: posting.commission_position,
        }
    }
}
