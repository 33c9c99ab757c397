//! What a program is made and changed by.

use accrual_commission::{BaseRule, Caps, Level, PeriodCap, Rules};
use accrual_engine::{TermsChange, TermsDraft};
use accrual_money::{Currency, Money};
use poem_openapi::{Object, types::MaybeUndefined};
use serde::Deserialize;

use super::{
    crediting::CreditingInput,
    incentive::IncentiveInput,
    tiers::period,
    word::{ApprovalWord, BaseAmountWord, LevelBaseWord},
};
use crate::{
    native::{field, problem::Problem, word::PeriodWord},
    wire::{self, Amount, Flag, Given, Integer, OneOf, Required, Text},
};

/// A program to make.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateProgram {
    /// What people call it: up to 1,000 characters.
    #[serde(default)]
    pub(super) name: Required<Text>,
    /// Whether it is an ambassador program; no, if absent. Nothing that is earned depends on it:
    /// lists of sales can be of such programs only.
    #[oai(nullable)]
    pub(super) ambassador: Option<Given<Flag>>,
    /// ISO 4217 code: the currency of every amount in the rules.
    #[serde(default)]
    currency: Required<Text>,
    /// What of a sale shares are taken of: the total as it is, if absent.
    #[serde(default, deserialize_with = "wire::optional_object")]
    #[oai(nullable)]
    base: Option<BaseInput>,
    /// The rules, up to 100: the most specific that covers a sale or its line pays, of equals the
    /// one with more conditions, then the first. Without any, nothing is earned.
    #[serde(default, deserialize_with = "wire::optional_objects")]
    #[oai(nullable)]
    incentives: Option<Vec<IncentiveInput>>,
    /// The least that the base of a sale must be, so that it earns anything.
    #[oai(nullable)]
    minimum_sale: Option<Given<Amount>>,
    /// What is earned at most.
    #[serde(default, deserialize_with = "wire::optional_object")]
    #[oai(nullable)]
    caps: Option<CapsInput>,
    /// What those earn who recruited the seller, the nearest first: up to 3.
    #[serde(default, deserialize_with = "wire::optional_objects")]
    #[oai(nullable)]
    levels: Option<Vec<LevelInput>>,
    /// For how many days (of 24 hours) after the sale a commission is held; not at all, if absent.
    #[oai(nullable)]
    hold_days: Option<Given<Integer>>,
    /// Who lets a commission become payable: `automatic` (if absent) when its hold is over, or
    /// `by_person`, who approves it.
    #[oai(nullable)]
    approval: Option<Given<OneOf<ApprovalWord>>>,
    /// Who is credited.
    #[serde(default, deserialize_with = "wire::optional_object")]
    #[oai(nullable)]
    crediting: Option<CreditingInput>,
}

/// A change to a program; what is absent stays. Any change of its rules makes a new version of its
/// terms: conversions that are recorded keep the version that they were decided under. An object or
/// a list takes the place of the former one as a whole.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeProgram {
    /// What people call it from now on.
    #[oai(nullable)]
    pub(super) name: Option<Given<Text>>,
    /// Whether it is an ambassador program from now on. That is no rule, and makes no version.
    #[oai(nullable)]
    pub(super) ambassador: Option<Given<Flag>>,
    /// The currency of every amount in the rules from now on.
    #[oai(nullable)]
    currency: Option<Given<Text>>,
    /// What of a sale shares are taken of from now on.
    #[serde(default, deserialize_with = "wire::optional_object")]
    #[oai(nullable)]
    base: Option<BaseInput>,
    /// The rules from now on, all of them.
    #[serde(default, deserialize_with = "wire::optional_objects")]
    #[oai(nullable)]
    incentives: Option<Vec<IncentiveInput>>,
    /// The least that the base of a sale must be from now on; `null` is anything.
    #[serde(default)]
    #[oai(nullable)]
    minimum_sale: MaybeUndefined<Given<Amount>>,
    /// What is earned at most from now on; `null` is no limit.
    #[serde(default, deserialize_with = "wire::maybe_object")]
    #[oai(nullable)]
    caps: MaybeUndefined<CapsInput>,
    /// What those earn who recruited the seller from now on; `null` is nothing.
    #[serde(default, deserialize_with = "wire::maybe_objects")]
    #[oai(nullable)]
    levels: MaybeUndefined<Vec<LevelInput>>,
    /// For how many days commissions are held from now on.
    #[oai(nullable)]
    hold_days: Option<Given<Integer>>,
    /// Who lets a commission become payable from now on.
    #[oai(nullable)]
    approval: Option<Given<OneOf<ApprovalWord>>>,
    /// Who is credited from now on.
    #[serde(default, deserialize_with = "wire::optional_object")]
    #[oai(nullable)]
    crediting: Option<CreditingInput>,
}

/// What of a sale shares are taken of: an amount, less what is known of what is in it, and never
/// below zero.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct BaseInput {
    /// `total` (if absent), and the subtotal where no total is known; or `subtotal`, and the total
    /// where no subtotal is known.
    #[oai(nullable)]
    amount: Option<Given<OneOf<BaseAmountWord>>>,
    /// Whether tax is taken out; no, if absent. A price that includes tax is divided by 1 + its
    /// rate.
    #[oai(nullable)]
    less_tax: Option<Given<Flag>>,
    /// Whether shipping is taken off; no, if absent.
    #[oai(nullable)]
    less_shipping: Option<Given<Flag>>,
    /// Whether the discount is taken off; no, if absent.
    #[oai(nullable)]
    less_discount: Option<Given<Flag>>,
}

/// What is earned at most, in the program's currency; without limit where nothing is said. A
/// commission that the report of a sale sets is never cut.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct CapsInput {
    /// What one conversion earns at most.
    #[oai(nullable)]
    per_conversion: Option<Given<Amount>>,
    /// What one customer's conversions earn an enrollment at most, together.
    #[oai(nullable)]
    per_customer: Option<Given<Amount>>,
    /// What an enrollment's conversions of a period earn at most, together.
    #[serde(default, deserialize_with = "wire::optional_object")]
    #[oai(nullable)]
    per_period: Option<PeriodCapInput>,
}

/// What an enrollment's conversions of a period earn at most, together.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct PeriodCapInput {
    /// `calendar_month` (in the organization's time zone), `rolling_days` (whichever so many in a
    /// row) or `ever`.
    #[serde(default)]
    period: Required<OneOf<PeriodWord>>,
    /// How many days in a row, with `rolling_days`: 366 at most.
    #[oai(nullable)]
    days: Option<Given<Integer>>,
    /// How much.
    #[serde(default)]
    amount: Required<Amount>,
}

/// What one level above the seller earns.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct LevelInput {
    /// How much, from `"0"` to `"100"` percent.
    #[serde(default)]
    percent: Required<Amount>,
    /// Of what: `sale` (the base of the sale), `direct` (the seller's commission) or `level_below`
    /// (what the level below earns; the seller's commission for the first).
    #[serde(default)]
    of: Required<OneOf<LevelBaseWord>>,
}

impl CreateProgram {
    /// Its first terms.
    pub(super) fn terms(&self) -> Result<TermsDraft, Problem> {
        let currency = field::required("currency", self.currency.given())?;
        let currency = field::currency("currency", currency)?;
        let usual = Rules::new(currency);
        let base = self.base.as_ref();
        let incentives = self.incentives.as_deref().unwrap_or_default();
        let caps = self.caps.as_ref();
        let approval = self.approval.as_ref();
        let mut draft = TermsDraft::new(currency, IncentiveInput::all(incentives, currency)?);
        draft.rules = Rules {
            base: base.map_or(Ok(usual.base), BaseInput::rule)?,
            minimum_sale: field::optional(
                "minimum_sale",
                self.minimum_sale.as_ref(),
                |name, given| field::money(name, given, currency),
            )?,
            caps: caps.map_or(Ok(usual.caps), |caps| caps.caps(currency))?,
            levels: levels(self.levels.as_deref().unwrap_or_default())?,
            hold_days: field::optional("hold_days", self.hold_days.as_ref(), hold_days)?
                .unwrap_or(usual.hold_days),
            approval: field::optional("approval", approval, field::word)?.unwrap_or(usual.approval),
            ..draft.rules
        };
        if let Some(crediting) = &self.crediting {
            draft.crediting = crediting.crediting()?;
        }
        Ok(draft)
    }
}

impl ChangeProgram {
    /// What changes of the terms, which are in `currency` by now, if any part of them is named.
    pub(super) fn terms(&self, currency: Currency) -> Result<Option<TermsChange>, Problem> {
        let new_currency = field::optional("currency", self.currency.as_ref(), field::currency)?;
        let currency = new_currency.unwrap_or(currency);
        let incentives = self.incentives.as_ref();
        let crediting = self.crediting.as_ref();
        let caps = field::change("caps", &self.caps, |_, caps| caps.caps(currency))?;
        let levels = field::change("levels", &self.levels, |_, given| levels(given))?;
        let change = TermsChange {
            currency: new_currency,
            base: self.base.as_ref().map(BaseInput::rule).transpose()?,
            incentives: incentives
                .map(|given| IncentiveInput::all(given, currency))
                .transpose()?,
            minimum_sale: field::change("minimum_sale", &self.minimum_sale, |name, given| {
                field::money(name, given, currency)
            })?,
            caps: caps.map(Option::unwrap_or_default),
            levels: levels.map(Option::unwrap_or_default),
            hold_days: field::optional("hold_days", self.hold_days.as_ref(), hold_days)?,
            approval: field::optional("approval", self.approval.as_ref(), field::word)?,
            crediting: crediting.map(CreditingInput::crediting).transpose()?,
        };
        Ok(Some(change).filter(|change| *change != TermsChange::default()))
    }
}

fn hold_days(name: &str, given: &Given<Integer>) -> Result<u16, Problem> {
    u16::try_from(field::integer(name, given)?)
        .map_err(|_| Problem::invalid(name, "must be from 0 to 65,535"))
}

impl BaseInput {
    fn rule(&self) -> Result<BaseRule, Problem> {
        let flag = |name, given: &Option<Given<Flag>>| {
            let flag = field::optional(name, given.as_ref(), field::flag)?;
            Ok::<_, Problem>(flag.unwrap_or(false))
        };
        let amount = field::optional("base.amount", self.amount.as_ref(), field::word)?;
        Ok(BaseRule {
            amount: amount.unwrap_or_default(),
            less_tax: flag("base.less_tax", &self.less_tax)?,
            less_shipping: flag("base.less_shipping", &self.less_shipping)?,
            less_discount: flag("base.less_discount", &self.less_discount)?,
        })
    }
}

impl CapsInput {
    fn caps(&self, currency: Currency) -> Result<Caps, Problem> {
        let money = |name: &str, given: &Given<Amount>| field::money(name, given, currency);
        let conversion = self.per_conversion.as_ref();
        let customer = self.per_customer.as_ref();
        let period = self.per_period.as_ref();
        Ok(Caps {
            conversion: field::optional("caps.per_conversion", conversion, money)?,
            customer: field::optional("caps.per_customer", customer, money)?,
            period: field::optional("caps.per_period", period, |name, cap| cap.cap(name, money))?,
        })
    }
}

impl PeriodCapInput {
    fn cap(
        &self,
        name: &str,
        money: impl Fn(&str, &Given<Amount>) -> Result<Money, Problem>,
    ) -> Result<PeriodCap, Problem> {
        let field = format!("{name}.amount");
        let amount = field::required(&field, self.amount.given())?;
        Ok(PeriodCap {
            period: period(name, &self.period, self.days.as_ref())?,
            amount: money(&field, amount)?,
        })
    }
}

fn levels(given: &[LevelInput]) -> Result<Vec<Level>, Problem> {
    let levels = given.iter().enumerate();
    levels
        .map(|(index, level)| {
            let name = |field: &str| format!("levels[{index}].{field}");
            let percent = field::required(&name("percent"), level.percent.given())?;
            let of = field::required(&name("of"), level.of.given())?;
            Ok(Level {
                rate: field::percent(&name("percent"), percent)?,
                of: field::word(&name("of"), of)?,
            })
        })
        .collect()
}
