//! Deciding what a conversion earns.

use std::fmt;

use accrual_money::{Currency, Money, MoneyError, Rate};

use crate::{
    Base, IncentiveNumber, Nothing, Pay, RateSource, Reason, Sale, Scope, Terms, TermsVersion,
};

/// What there is to decide: a sale, the terms it falls under, and what its enrollment has agreed.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    sale: &'a Sale,
    terms: &'a Terms,
    rate_override: Option<Rate>,
}

impl<'a> Case<'a> {
    /// This sale under these terms.
    pub const fn new(sale: &'a Sale, terms: &'a Terms) -> Self {
        Self {
            sale,
            terms,
            rate_override: None,
        }
    }

    /// The same for an enrollment that has agreed a rate of its own.
    pub const fn with_rate_override(self, rate: Rate) -> Self {
        Self {
            rate_override: Some(rate),
            ..self
        }
    }
}

/// What a conversion earns, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The commission, in the sale's currency; below zero only as a share of an amount below zero.
    pub amount: Money,
    /// Why it is that: [`Reason::amount`] computes it again.
    pub reason: Reason,
    /// What became of each incentive, in the order of the terms; empty if an override came before.
    pub tried: Vec<Tried>,
    /// The version of the terms that it was decided under.
    pub terms_version: TermsVersion,
}

/// What became of one incentive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Its place in the terms.
    pub incentive: IncentiveNumber,
    /// What became of it.
    pub outcome: TriedOutcome,
}

/// Whether an incentive paid, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriedOutcome {
    /// It paid.
    Pays,
    /// It covers other sales.
    DoesNotCover {
        /// The sales that it covers.
        scope: Scope,
    },
    /// Another covers the sale too, and is more specific or comes first.
    Yields {
        /// The one that paid.
        to: IncentiveNumber,
    },
}

/// Why nothing could be decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    /// A fixed amount or an override is in another currency than the sale.
    #[error("{amount} cannot be paid for a sale in {currency}: no exchange rate is known")]
    OtherCurrency {
        /// The amount.
        amount: Money,
        /// The sale's currency.
        currency: Currency,
    },
    /// The caller's override is below zero.
    #[error("a commission cannot be below zero, and {amount} is")]
    NegativeOverride {
        /// The override.
        amount: Money,
    },
    /// The amounts are beyond what can be computed exactly.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What `case` earns, and why.
///
/// The order is: an amount set by the caller, then a rate agreed with the enrollment, then the most
/// specific incentive that covers the sale (of equals the first), then nothing.
/// The amount follows from the reason, so the two cannot disagree.
///
/// # Errors
/// [`DecideError::OtherCurrency`] if an override or a fixed amount is in another currency than the
/// sale, [`DecideError::NegativeOverride`] if the override is below zero, [`DecideError::Money`] if
/// an amount is out of range.
/// Source: Growi `POST /affiliate_sales` (override), Affonso (matching priority).
pub fn decide(case: &Case<'_>) -> Result<Decision, DecideError> {
    let Case {
        sale,
        terms,
        rate_override,
    } = *case;
    let base = Base::of(sale);
    let (reason, tried) = match (sale.amount_override(), rate_override) {
        (Some(amount), _) => {
            if amount.is_negative() {
                return Err(DecideError::NegativeOverride { amount });
            }
            (
                Reason::SetByCaller(in_currency(amount, base.currency())?),
                Vec::new(),
            )
        }
        (None, Some(rate)) => (
            Reason::Share {
                base,
                rate,
                source: RateSource::Enrollment,
            },
            Vec::new(),
        ),
        (None, None) => by_incentive(sale, base, terms)?,
    };
    Ok(Decision {
        amount: reason.amount()?,
        reason,
        tried,
        terms_version: terms.version(),
    })
}

fn by_incentive(
    sale: &Sale,
    base: Base,
    terms: &Terms,
) -> Result<(Reason, Vec<Tried>), DecideError> {
    let covers = |scope: Scope| match scope {
        Scope::All => true,
        Scope::Type(sale_type) => sale_type == sale.sale_type(),
    };
    let numbered = || (1..).map(IncentiveNumber::new).zip(terms.incentives());
    // The least of the reversed keys: `max_by_key` would keep the last of equals, not the first.
    let winner = numbered()
        .filter(|(_, incentive)| covers(incentive.scope()))
        .min_by_key(|(_, incentive)| std::cmp::Reverse(incentive.scope().specificity()));

    let tried = numbered().map(|(number, incentive)| Tried {
        incentive: number,
        outcome: match winner {
            Some((paid, _)) if paid == number => TriedOutcome::Pays,
            Some((to, _)) if covers(incentive.scope()) => TriedOutcome::Yields { to },
            _ => TriedOutcome::DoesNotCover {
                scope: incentive.scope(),
            },
        },
    });
    let reason = match winner {
        Some((number, incentive)) => match incentive.pay() {
            Pay::Share(rate) => Reason::Share {
                base,
                rate,
                source: RateSource::Incentive(number),
            },
            Pay::Fixed(amount) => Reason::Fixed {
                amount: in_currency(amount, base.currency())?,
                incentive: number,
            },
        },
        None => {
            let why = match terms.incentives() {
                [] => Nothing::NoIncentives,
                _ => Nothing::NoneCovers,
            };
            Reason::Nothing { base, why }
        }
    };
    Ok((reason, tried.collect()))
}

fn in_currency(amount: Money, currency: Currency) -> Result<Money, DecideError> {
    if amount.currency() == currency {
        Ok(amount)
    } else {
        Err(DecideError::OtherCurrency { amount, currency })
    }
}

impl fmt::Display for Tried {
    /// One sentence for a person.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { incentive, outcome } = self;
        match outcome {
            TriedOutcome::Pays => write!(formatter, "Incentive {incentive} pays."),
            TriedOutcome::DoesNotCover { scope } => {
                write!(
                    formatter,
                    "Incentive {incentive} does not pay: it covers {scope} only."
                )
            }
            TriedOutcome::Yields { to } => {
                write!(
                    formatter,
                    "Incentive {incentive} does not pay: incentive {to} goes before it."
                )
            }
        }
    }
}
