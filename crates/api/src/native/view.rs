//! What is shown more than once.

use accrual_commission::{Incentive, Pay, SaleType, Scope, StatusKind, Terms};
use accrual_money::Money;
use poem_openapi::{Enum, Object};
use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// The rules of a program, in one version.
#[derive(Object, Serialize)]
#[oai(rename = "Terms")]
pub(super) struct TermsView {
    /// 1 is the first; each change makes the next.
    version: u32,
    /// The program's currency: that of fixed amounts.
    currency: String,
    /// For how many days (of 24 hours) after the sale a commission is held.
    hold_days: u16,
    /// The rules: the most specific that covers a sale pays, of equals the first.
    incentives: Vec<IncentiveView>,
}

/// One rule.
#[derive(Object, Serialize)]
#[oai(rename = "Incentive", skip_serializing_if_is_none)]
pub(super) struct IncentiveView {
    /// A share of the sale, in percent, such as `"7.5"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<String>,
    /// The same amount for every sale, in the program's currency, such as `"10.00"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<String>,
    /// Which sales it covers.
    applies_to: ScopeWord,
}

impl TermsView {
    pub(super) fn of(terms: &Terms) -> Self {
        Self {
            version: terms.version().number(),
            currency: terms.currency().code().to_owned(),
            hold_days: terms.hold_days(),
            incentives: terms.incentives().iter().map(IncentiveView::of).collect(),
        }
    }
}

impl IncentiveView {
    fn of(incentive: &Incentive) -> Self {
        let (percent, fixed) = match incentive.pay() {
            Pay::Share(rate) => (Some(rate.percent().to_string()), None),
            Pay::Fixed(amount) => (None, Some(decimal(amount))),
        };
        Self {
            percent,
            fixed,
            applies_to: ScopeWord::of(incentive.scope()),
        }
    }
}

/// Which sales an incentive covers.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "Scope", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(super) enum ScopeWord {
    /// Every sale.
    All,
    /// One-time sales.
    OneTime,
    /// Payments of subscriptions.
    Subscription,
}

/// Whether a sale stands alone or renews.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "SaleType", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(super) enum SaleTypeWord {
    /// A purchase by itself.
    OneTime,
    /// A payment of a subscription.
    Subscription,
}

/// What has become of a commission.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "Status", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(super) enum StatusWord {
    /// Held: it becomes payable when its time comes.
    Pending,
    /// It becomes payable when a person approves it.
    AwaitingApproval,
    /// It can be paid.
    Payable,
    /// It is in a payout that is under way.
    InPayout,
    /// It was paid.
    Paid,
    /// It was refused.
    Declined,
    /// The sale was withdrawn.
    Cancelled,
    /// The sale was refunded in full.
    Refunded,
    /// The sale is disputed.
    Disputed,
}

impl ScopeWord {
    pub(super) fn of(scope: Scope) -> Self {
        match scope {
            Scope::All => Self::All,
            Scope::Type(SaleType::OneTime) => Self::OneTime,
            Scope::Type(SaleType::Subscription) => Self::Subscription,
        }
    }
}

impl SaleTypeWord {
    pub(super) fn of(sale_type: SaleType) -> Self {
        match sale_type {
            SaleType::OneTime => Self::OneTime,
            SaleType::Subscription => Self::Subscription,
        }
    }
}

impl StatusWord {
    pub(super) fn of(status: StatusKind) -> Self {
        match status {
            StatusKind::Pending => Self::Pending,
            StatusKind::AwaitingApproval => Self::AwaitingApproval,
            StatusKind::Payable => Self::Payable,
            StatusKind::InPayout => Self::InPayout,
            StatusKind::Paid => Self::Paid,
            StatusKind::Declined => Self::Declined,
            StatusKind::Cancelled => Self::Cancelled,
            StatusKind::Refunded => Self::Refunded,
            StatusKind::Disputed => Self::Disputed,
        }
    }
}

/// `29.70`: in major units, with all the currency's decimals.
pub(super) fn decimal(amount: Money) -> String {
    amount.major().to_string()
}

/// `2026-01-31T12:00:00Z`.
pub(super) fn iso(time: OffsetDateTime) -> String {
    // Every time that is kept lies in the years 1970 to 9999, all of which have this form; a hold
    // can end later, and is shown as the last of them.
    time.format(&Rfc3339)
        .unwrap_or_else(|_| "9999-12-31T23:59:59Z".to_owned())
}
