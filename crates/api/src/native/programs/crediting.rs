//! Who is credited: as it is given, and as it is shown.

use accrual_attribution::{Binding, Bonus, ClaimKind, Crediting, Precedence, Sharing, Window};
use accrual_money::Decimal;
use poem_openapi::Object;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use super::word::{BindingWord, ClaimKindWord, SharingWord, TouchRuleWord};
use crate::{
    native::{field, problem::Problem},
    wire::{Amount, Flag, Given, Integer, OneOf, Word},
};

/// Who is credited, of those whom the claims of a report lead to.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct CreditingInput {
    /// Which kinds of claim go before which, strongest first; those that are not named come after
    /// all that are. If absent: `membership` (`affiliate_id` and `program_id` together), `referral`,
    /// `external_user`, `click`, `customer`, `email`, `affiliate`, `promo_code`, `link`, `tag`.
    #[oai(nullable)]
    precedence: Option<Vec<Given<OneOf<ClaimKindWord>>>>,
    /// Which of several clicks counts: the `last` (if absent) or the `first`.
    #[oai(nullable)]
    touch: Option<Given<OneOf<TouchRuleWord>>>,
    /// For how many days of 24 hours a click counts; for ever, if nothing is said.
    #[oai(nullable)]
    window_days: Option<Given<Integer>>,
    /// The same in seconds, in place of `window_days`.
    #[oai(nullable)]
    window_seconds: Option<Given<Integer>>,
    /// For how long a customer belongs to the enrollment that brought it: `none` (if absent),
    /// `for_life` or `for_days`. Unless it is `none`, later sales to the same customer are credited
    /// to that enrollment where no stronger claim leads elsewhere, also without any claim.
    #[oai(nullable)]
    binding: Option<Given<OneOf<BindingWord>>>,
    /// How many days of 24 hours, with `for_days`.
    #[oai(nullable)]
    binding_days: Option<Given<Integer>>,
    /// Whether all who sent the customer share the credit: `one` gets all of it (if absent), `equal`
    /// parts, or `first_bonus` and `last_bonus`, where the first or the last gets a bonus before all
    /// share the rest equally.
    #[oai(nullable)]
    sharing: Option<Given<OneOf<SharingWord>>>,
    /// The bonus, with `first_bonus` and `last_bonus`: above `"0"` and below `"100"` percent.
    #[oai(nullable)]
    bonus_percent: Option<Given<Amount>>,
    /// Whether an affiliate is not credited that is its own customer, by e-mail address or
    /// `customer_id`; no, if absent.
    #[oai(nullable)]
    refuse_self_referral: Option<Given<Flag>>,
}

/// Who is credited, of those whom the claims of a report lead to.
#[derive(Object, Serialize)]
#[oai(rename = "Crediting")]
pub(super) struct CreditingView {
    /// Which kinds of claim go before which, strongest first.
    precedence: Vec<ClaimKindWord>,
    /// Which of several clicks counts.
    touch: TouchRuleWord,
    /// For how many days of 24 hours a click counts, if that is whole days.
    #[oai(nullable)]
    window_days: Option<u64>,
    /// For how many seconds a click counts, if that is not whole days.
    #[oai(nullable)]
    window_seconds: Option<u64>,
    /// For how long a customer belongs to the enrollment that brought it.
    binding: BindingWord,
    /// How many days of 24 hours, with `for_days`.
    #[oai(nullable)]
    binding_days: Option<u16>,
    /// Whether all who sent the customer share the credit.
    sharing: SharingWord,
    /// The bonus in percent, with `first_bonus` and `last_bonus`.
    #[oai(nullable)]
    bonus_percent: Option<String>,
    /// Whether an affiliate is not credited that is its own customer.
    refuse_self_referral: bool,
}

impl CreditingInput {
    pub(super) fn crediting(&self) -> Result<Crediting, Problem> {
        let touch = field::optional("crediting.touch", self.touch.as_ref(), field::word)?;
        let refuses = self.refuse_self_referral.as_ref();
        Ok(Crediting {
            precedence: self.precedence()?,
            touch: touch.unwrap_or_default(),
            window: self.window()?,
            binding: self.binding()?,
            sharing: self.sharing()?,
            refuses_self_referral: field::optional(
                "crediting.refuse_self_referral",
                refuses,
                field::flag,
            )?
            .unwrap_or(false),
        })
    }

    fn precedence(&self) -> Result<Precedence, Problem> {
        let name = "crediting.precedence";
        let Some(given) = &self.precedence else {
            return Ok(Precedence::default());
        };
        let order = field::list(name, given, ClaimKind::ALL.len(), field::word)?;
        let is_twice = |(index, kind): (usize, &ClaimKind)| order[..index].contains(kind);
        if order.iter().enumerate().any(is_twice) {
            return Err(Problem::invalid(name, "must name each kind once"));
        }
        Ok(Precedence::new(order))
    }

    fn window(&self) -> Result<Option<Window>, Problem> {
        match (&self.window_days, &self.window_seconds) {
            (Some(days), None) => {
                let days = field::small_count("crediting.window_days", days)?;
                Ok(Some(Window::of_days(days)))
            }
            (None, Some(seconds)) => {
                let seconds = field::count("crediting.window_seconds", seconds)?;
                Ok(Some(Window::of_seconds(seconds)))
            }
            (None, None) => Ok(None),
            (Some(_), Some(_)) => {
                let what = "goes without window_days";
                Err(Problem::invalid("crediting.window_seconds", what))
            }
        }
    }

    fn binding(&self) -> Result<Binding, Problem> {
        let binding = field::optional("crediting.binding", self.binding.as_ref(), field::word)?;
        let (name, days) = ("crediting.binding_days", self.binding_days.as_ref());
        match (binding.unwrap_or(BindingWord::None), days) {
            (BindingWord::None, None) => Ok(Binding::None),
            (BindingWord::ForLife, None) => Ok(Binding::ForLife),
            (BindingWord::ForDays, days) => {
                let days = field::small_count(name, field::required(name, days)?)?;
                Ok(Binding::For { days })
            }
            (BindingWord::None | BindingWord::ForLife, Some(_)) => {
                Err(Problem::invalid(name, "needs the binding for_days"))
            }
        }
    }

    fn sharing(&self) -> Result<Sharing, Problem> {
        let sharing = field::optional("crediting.sharing", self.sharing.as_ref(), field::word)?;
        let (name, given) = ("crediting.bonus_percent", self.bonus_percent.as_ref());
        let bonus = || {
            let rate = field::percent(name, field::required(name, given)?)?;
            let billionths = rate.fraction() * Decimal::from(Bonus::WHOLE);
            Bonus::try_from_billionths(billionths.to_u64().unwrap_or_default())
                .map_err(|_| Problem::invalid(name, "must be above 0 and below 100"))
        };
        match (sharing.unwrap_or(SharingWord::One), given) {
            (SharingWord::One, None) => Ok(Sharing::One),
            (SharingWord::Equal, None) => Ok(Sharing::Equal),
            (SharingWord::FirstBonus, _) => bonus().map(Sharing::FirstBonus),
            (SharingWord::LastBonus, _) => bonus().map(Sharing::LastBonus),
            (SharingWord::One | SharingWord::Equal, Some(_)) => {
                let what = "needs the sharing first_bonus or last_bonus";
                Err(Problem::invalid(name, what))
            }
        }
    }
}

impl CreditingView {
    pub(super) fn of(crediting: &Crediting) -> Self {
        const DAY: u64 = 86_400;
        let seconds = crediting.window.map(Window::seconds);
        let (binding, binding_days) = match crediting.binding {
            Binding::None => (BindingWord::None, None),
            Binding::ForLife => (BindingWord::ForLife, None),
            Binding::For { days } => (BindingWord::ForDays, Some(days.get())),
        };
        let (sharing, bonus) = match crediting.sharing {
            Sharing::One => (SharingWord::One, None),
            Sharing::Equal => (SharingWord::Equal, None),
            Sharing::FirstBonus(bonus) => (SharingWord::FirstBonus, Some(bonus)),
            Sharing::LastBonus(bonus) => (SharingWord::LastBonus, Some(bonus)),
        };
        let order = crediting.precedence.order().iter();
        Self {
            precedence: order.map(|kind| ClaimKindWord::of(*kind)).collect(),
            touch: TouchRuleWord::of(crediting.touch),
            window_days: seconds
                .filter(|seconds| seconds % DAY == 0)
                .map(|seconds| seconds / DAY),
            window_seconds: seconds.filter(|seconds| seconds % DAY != 0),
            binding,
            binding_days,
            sharing,
            bonus_percent: bonus.map(|bonus| {
                let percent = Decimal::new(bonus.billionths().into(), 7);
                percent.normalize().to_string()
            }),
            refuse_self_referral: crediting.refuses_self_referral,
        }
    }
}
