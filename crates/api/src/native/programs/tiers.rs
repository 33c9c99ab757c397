//! Tiers, as they are given.

use accrual_commission::{Period, Threshold, Tier, Tiers};
use accrual_money::Currency;
use poem_openapi::Object;
use serde::Deserialize;

use super::incentive::PayInput;
use crate::{
    native::{
        field,
        problem::Problem,
        word::{PeriodWord, TierModeWord},
    },
    wire::{self, Amount, Given, Integer, OneOf, Required},
};

/// What an incentive pays from certain sales on; below the first tier it pays what it would without
/// tiers.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct TiersInput {
    /// Over which time an enrollment's sales count: `calendar_month` (in the organization's time
    /// zone), `rolling_days` (so many up to the sale) or `ever`. With the mode `own_size` it is not
    /// looked at, and `ever` if absent.
    #[oai(nullable)]
    period: Option<Given<OneOf<PeriodWord>>>,
    /// How many days in a row, with `rolling_days`.
    #[oai(nullable)]
    days: Option<Given<Integer>>,
    /// What is measured. `reached_before` (if absent): what was sold before this sale; the tier pays
    /// for the whole sale. `own_size`: this sale's base alone. `marginal`: what was sold with this
    /// sale in it, each tier paying for the piece that lies in it (percentages only).
    /// `retroactive`: what was sold with this sale in it, and earlier sales of the period are lifted
    /// to the tier.
    #[oai(nullable)]
    mode: Option<Given<OneOf<TierModeWord>>>,
    /// The tiers, lowest first: 1 to 50, all by amount or all by count.
    #[serde(default, deserialize_with = "wire::optional_objects")]
    #[oai(nullable)]
    tiers: Option<Vec<TierInput>>,
}

/// From a threshold on, this is paid: `from_amount` or `from_count`, and a pay as of an incentive.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
struct TierInput {
    /// Sales whose bases sum to this or more, in the program's currency.
    #[oai(nullable)]
    from_amount: Option<Given<Amount>>,
    /// So many sales or more.
    #[oai(nullable)]
    from_count: Option<Given<Integer>>,
    /// A share, in percent.
    #[oai(nullable)]
    percent: Option<Given<Amount>>,
    /// The same amount for every sale.
    #[oai(nullable)]
    fixed: Option<Given<Amount>>,
    /// The same amount for every item.
    #[oai(nullable)]
    per_item: Option<Given<Amount>>,
}

impl TiersInput {
    pub(super) fn tiers(&self, name: &str, currency: Currency) -> Result<Tiers, Problem> {
        let mode_name = format!("{name}.mode");
        let mode = field::optional(&mode_name, self.mode.as_ref(), field::word)?;
        let mode = mode.unwrap_or_default();
        let is_looked_at = mode != accrual_commission::TierMode::OwnSize;
        let period = if self.period.is_none() && !is_looked_at {
            Period::Ever
        } else {
            read_period(name, self.period.as_ref(), self.days.as_ref())?
        };
        let tiers = self.tiers.as_deref().unwrap_or_default();
        let tiers = field::list(
            &format!("{name}.tiers"),
            tiers,
            Tiers::MAX_TIERS,
            |name, tier| tier.tier(name, currency),
        )?;
        Ok(Tiers {
            period,
            mode,
            tiers,
        })
    }
}

impl TierInput {
    fn tier(&self, name: &str, currency: Currency) -> Result<Tier, Problem> {
        let from = match (&self.from_amount, &self.from_count) {
            (Some(amount), None) => {
                let name = format!("{name}.from_amount");
                Threshold::Amount(field::money(&name, amount, currency)?)
            }
            (None, Some(count)) => {
                let name = format!("{name}.from_count");
                let count = u64::try_from(field::integer(&name, count)?)
                    .map_err(|_| Problem::invalid(&name, "must be zero or more"))?;
                Threshold::Count(count)
            }
            (Some(_), Some(_)) | (None, None) => {
                let what = "needs from_amount or from_count, and not both";
                return Err(Problem::invalid(name, what));
            }
        };
        let pay = PayInput {
            percent: self.percent.as_ref(),
            fixed: self.fixed.as_ref(),
            per_item: self.per_item.as_ref(),
        };
        Ok(Tier {
            from,
            pay: pay.pay(name, currency)?,
        })
    }
}

/// A period that must be there.
pub(super) fn period(
    name: &str,
    period: &Required<OneOf<PeriodWord>>,
    days: Option<&Given<Integer>>,
) -> Result<Period, Problem> {
    read_period(name, period.given(), days)
}

fn read_period(
    name: &str,
    period: Option<&Given<OneOf<PeriodWord>>>,
    days: Option<&Given<Integer>>,
) -> Result<Period, Problem> {
    let (period_name, days_name) = (format!("{name}.period"), format!("{name}.days"));
    let period = field::required(&period_name, period)?;
    let period = match (field::word(&period_name, period)?, days) {
        (PeriodWord::CalendarMonth, None) => Period::CalendarMonth,
        (PeriodWord::Ever, None) => Period::Ever,
        (PeriodWord::RollingDays, days) => {
            let days = field::required(&days_name, days)?;
            Period::RollingDays(field::small_count(&days_name, days)?)
        }
        (PeriodWord::CalendarMonth | PeriodWord::Ever, Some(_)) => {
            return Err(Problem::invalid(
                &days_name,
                "needs the period rolling_days",
            ));
        }
    };
    Ok(period)
}
