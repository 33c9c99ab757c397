//! A program's terms, as they are shown.

mod incentive;

use accrual_attribution::Crediting;
use accrual_commission::{BaseRule, Caps, Level, Terms};
use poem_openapi::Object;
use serde::Serialize;

use super::{
    crediting::CreditingView,
    word::{ApprovalWord, BaseAmountWord, LevelBaseWord},
};
use crate::{
    native::{
        view::{decimal, percent},
        word::PeriodWord,
    },
    wire::Word,
};
use incentive::IncentiveView;

/// The rules of a program, in one version.
#[derive(Object, Serialize)]
#[oai(rename = "Terms")]
pub(super) struct TermsView {
    /// 1 is the first; each change makes the next.
    version: u32,
    /// The program's currency: that of every amount in the rules.
    currency: String,
    /// What of a sale shares are taken of.
    base: BaseView,
    /// The rules: the most specific that covers a sale or its line pays, of equals the one with more
    /// conditions, then the first.
    incentives: Vec<IncentiveView>,
    /// The least that the base of a sale must be, so that it earns anything.
    #[oai(nullable)]
    minimum_sale: Option<String>,
    /// What is earned at most.
    caps: CapsView,
    /// What those earn who recruited the seller, the nearest first.
    levels: Vec<LevelView>,
    /// For how many days (of 24 hours) after the sale a commission is held.
    hold_days: u16,
    /// Who lets a commission become payable.
    approval: ApprovalWord,
    /// Who is credited.
    crediting: CreditingView,
}

/// What of a sale shares are taken of.
#[derive(Object, Serialize)]
#[oai(rename = "BaseRule")]
struct BaseView {
    /// Which amount is preferred; the other where it is not known.
    amount: BaseAmountWord,
    /// Whether tax is taken out.
    less_tax: bool,
    /// Whether shipping is taken off.
    less_shipping: bool,
    /// Whether the discount is taken off.
    less_discount: bool,
}

/// What is earned at most, in the program's currency; `null` is without limit.
#[derive(Object, Serialize)]
#[oai(rename = "Caps")]
struct CapsView {
    /// What one conversion earns at most.
    #[oai(nullable)]
    per_conversion: Option<String>,
    /// What one customer's conversions earn an enrollment at most, together.
    #[oai(nullable)]
    per_customer: Option<String>,
    /// What an enrollment's conversions of a period earn at most, together.
    #[oai(nullable)]
    per_period: Option<PeriodCapView>,
}

/// What an enrollment's conversions of a period earn at most, together.
#[derive(Object, Serialize)]
#[oai(rename = "PeriodCap", skip_serializing_if_is_none)]
struct PeriodCapView {
    /// The period.
    period: PeriodWord,
    /// How many days in a row, with `rolling_days`.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u16>,
    /// How much.
    amount: String,
}

/// What one level above the seller earns.
#[derive(Object, Serialize)]
#[oai(rename = "Level")]
struct LevelView {
    /// How much, in percent.
    percent: String,
    /// Of what.
    of: LevelBaseWord,
}

impl TermsView {
    pub(super) fn of(terms: &Terms, crediting: &Crediting) -> Self {
        let rules = terms.rules();
        Self {
            version: terms.version().number(),
            currency: rules.currency.code().to_owned(),
            base: BaseView::of(rules.base),
            incentives: rules.incentives.iter().map(IncentiveView::of).collect(),
            minimum_sale: rules.minimum_sale.map(decimal),
            caps: CapsView::of(rules.caps),
            levels: rules.levels.iter().map(LevelView::of).collect(),
            hold_days: rules.hold_days,
            approval: ApprovalWord::of(rules.approval),
            crediting: CreditingView::of(crediting),
        }
    }
}

impl BaseView {
    fn of(rule: BaseRule) -> Self {
        Self {
            amount: BaseAmountWord::of(rule.amount),
            less_tax: rule.less_tax,
            less_shipping: rule.less_shipping,
            less_discount: rule.less_discount,
        }
    }
}

impl CapsView {
    fn of(caps: Caps) -> Self {
        Self {
            per_conversion: caps.conversion.map(decimal),
            per_customer: caps.customer.map(decimal),
            per_period: caps.period.map(|cap| {
                let (period, days) = PeriodWord::and_days(cap.period);
                PeriodCapView {
                    period,
                    days,
                    amount: decimal(cap.amount),
                }
            }),
        }
    }
}

impl LevelView {
    fn of(level: &Level) -> Self {
        Self {
            percent: percent(level.rate),
            of: LevelBaseWord::of(level.of),
        }
    }
}
