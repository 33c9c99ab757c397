//! Deciding what a conversion earns.

mod base;
mod caps;
mod coverage;
mod error;
mod incentive;
mod tiers;

use accrual_money::{Currency, Money, Rate};
use time::OffsetDateTime;

use coverage::Coverage;
pub use error::DecideError;

use crate::{
    BaseFigures, Cut, Earning, History, IncentiveNumber, Lift, Nothing, PartPay, Pay, RateSource,
    Reason, Sale, Terms, TermsVersion, Tried,
};

/// What there is to decide: a sale, the terms it falls under, and what happened before.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    pub(crate) sale: &'a Sale,
    pub(crate) terms: &'a Terms,
    pub(crate) occurred_at: OffsetDateTime,
    history: Option<&'a History>,
    agreed_rate: Option<Rate>,
    is_shared: bool,
}

impl<'a> Case<'a> {
    /// This sale, made at this time, under these terms, with nothing before it.
    pub const fn new(sale: &'a Sale, terms: &'a Terms, occurred_at: OffsetDateTime) -> Self {
        Self {
            sale,
            terms,
            occurred_at,
            history: None,
            agreed_rate: None,
            is_shared: false,
        }
    }

    /// The same after what happened before.
    #[must_use]
    pub const fn with_history(self, history: &'a History) -> Self {
        Self {
            history: Some(history),
            ..self
        }
    }

    /// The same for an enrollment that has agreed a rate of its own.
    #[must_use]
    pub const fn with_agreed_rate(self, rate: Rate) -> Self {
        Self {
            agreed_rate: Some(rate),
            ..self
        }
    }

    /// The same for a sale that several enrollments share: the caps of a customer and of a period are
    /// each one's own, so it is the parts that they cut.
    #[must_use]
    pub const fn shared(self) -> Self {
        Self {
            is_shared: true,
            ..self
        }
    }

    /// The rate that goes before the terms, and who set it.
    fn rate(&self) -> Option<(Rate, RateSource)> {
        match (self.sale.rate_override(), self.agreed_rate) {
            (Some(rate), _) => Some((rate, RateSource::Caller)),
            (None, Some(rate)) => Some((rate, RateSource::Enrollment)),
            (None, None) => None,
        }
    }

    /// How many payments the customer has made before.
    fn payments(&self) -> u32 {
        self.history.map_or(0, |history| history.payments)
    }

    fn first_payment_at(&self) -> Option<OffsetDateTime> {
        self.history.and_then(|history| history.first_payment_at)
    }

    /// That the base is in the program's currency, for what the terms say in it.
    ///
    /// # Errors
    /// [`DecideError::NoExchangeRate`] if it is not.
    fn needs_program_currency(&self, base: Currency) -> Result<(), DecideError> {
        let to = self.terms.currency();
        if base == to {
            return Ok(());
        }
        Err(DecideError::NoExchangeRate { from: base, to })
    }
}

/// What a conversion earns, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What of the sale shares are taken of, and how it came about.
    pub base: BaseFigures,
    /// Why the commission is what it is: [`Reason::amount`] computes it again, before caps.
    pub reason: Reason,
    /// What caps cut off, in the order in which they did; empty if nothing.
    pub cuts: Vec<Cut>,
    /// The commission, zero or more: in the program's currency if an exchange rate is known, else
    /// in the sale's.
    pub amount: Money,
    /// What became of each incentive, in the order of the terms; empty if what was set or agreed
    /// outside of them came before.
    pub tried: Vec<Tried>,
    /// The version of the terms that it was decided under.
    pub terms_version: TermsVersion,
    /// That earlier commissions are to be lifted.
    pub lift: Option<Lift>,
}

/// What `case` earns, and why.
///
/// The order is: an amount set by the caller; nothing, if the base is below the smallest sale that
/// earns something; a rate set by the caller; a rate agreed with the enrollment; the most specific
/// incentive that covers the sale or its line, of equals the first; nothing. Then caps cut, but
/// never what the caller set as an amount.
/// The amount follows from the reason and the cuts, so they cannot disagree.
///
/// # Errors
/// [`DecideError`]: each variant says when.
/// Source: Growi `POST /affiliate_sales` (override), Affonso (matching priority).
pub fn decide(case: &Case<'_>) -> Result<Decision, DecideError> {
    let Case { sale, terms, .. } = *case;
    base::check_sale(sale, terms.currency())?;
    let base = base::figures(sale, terms.rules().base)?;
    let of = base.amount();
    let reason;
    let (mut tried, mut cuts) = (Vec::new(), Vec::new());
    if let Some(set) = sale.amount_override() {
        reason = set_by_caller(sale, set)?;
    } else if let Some(why) = below_minimum(case, of)? {
        reason = nothing(why, of.currency());
    } else if let Some((rate, source)) = case.rate() {
        reason = Reason::Rate { of, rate, source };
    } else {
        let coverage = Coverage::of(sale, terms);
        reason = incentive::by_incentives(case, &coverage, of)?;
        tried = coverage.tried(&reason);
    }
    let amount = caps::cut(case, reason.amount()?, &mut cuts)?;
    Ok(Decision {
        lift: tiers::lift(case, &reason, amount)?,
        base,
        reason,
        cuts,
        amount,
        tried,
        terms_version: terms.version(),
    })
}

const fn nothing(why: Nothing, currency: Currency) -> Reason {
    Reason::Nothing { why, currency }
}

fn set_by_caller(sale: &Sale, set: Money) -> Result<Reason, DecideError> {
    if set.is_negative() {
        return Err(DecideError::NegativeOverride { amount: set });
    }
    let amount = match sale.exchange() {
        Some(rate) if set.currency() == rate.to() => set,
        Some(rate) => rate.convert(set)?,
        None => set,
    };
    Ok(Reason::SetByCaller { set, amount })
}

fn below_minimum(case: &Case<'_>, base: Money) -> Result<Option<Nothing>, DecideError> {
    let Some(minimum) = case.terms.rules().minimum_sale else {
        return Ok(None);
    };
    case.needs_program_currency(base.currency())?;
    let is_below = base.compare(minimum)?.is_lt();
    Ok(is_below.then_some(Nothing::BelowMinimum { base, minimum }))
}

impl Decision {
    /// What is frozen of it, so that refunds and lifts go by it.
    pub fn earning(&self) -> Earning {
        let rate = match &self.reason {
            Reason::Rate { rate, .. } => Some(*rate),
            Reason::Incentive(part) => match part.pay {
                PartPay::Whole(Pay::Share(rate)) => Some(rate),
                PartPay::Whole(Pay::Fixed(_) | Pay::PerItem(_) | Pay::ShareAndFixed { .. })
                | PartPay::Pieces(_)
                | PartPay::Over(_) => None,
            },
            Reason::SetByCaller { .. } | Reason::Lines { .. } | Reason::Nothing { .. } => None,
        };
        Earning {
            base: self.base.amount(),
            full: self.amount,
            rate: rate.filter(|_| self.cuts.is_empty()),
        }
    }

    /// The incentive that pays for all of it: a later [`Lift`] of that incentive lifts this one.
    ///
    /// `None` if something else came before, if several pay, or if it pays nothing any more.
    pub fn incentive(&self) -> Option<IncentiveNumber> {
        match &self.reason {
            Reason::Incentive(part) => match part.pay {
                PartPay::Whole(_) | PartPay::Pieces(_) => Some(part.incentive),
                PartPay::Over(_) => None,
            },
            Reason::SetByCaller { .. }
            | Reason::Rate { .. }
            | Reason::Lines { .. }
            | Reason::Nothing { .. } => None,
        }
    }

    /// The whole of it in sentences: the base, the incentives that do not pay, what is paid, what
    /// is cut off, the amount.
    pub fn words(&self) -> Vec<String> {
        let mut words = self.base.words();
        let others = self.tried.iter().filter(|tried| tried.is_passed_over());
        words.extend(others.map(ToString::to_string));
        words.extend(self.reason.words());
        words.extend(self.cuts.iter().map(ToString::to_string));
        if let Some(lift) = &self.lift {
            words.push(lift.to_string());
        }
        words.push(format!(
            "The commission is {}, by version {} of the terms.",
            self.amount, self.terms_version
        ));
        words
    }
}
