//! A reason in sentences, with the arithmetic as a person would write it down.

use std::fmt;

use accrual_money::{Currency, Decimal, Money, Rate};

use super::{LinePart, Nothing, Over, Part, PartPay, Piece, RateSource, Reason, TiersMeasured};
use crate::{Pay, TierMode, words::count};

/// How many lines of a sale a sentence names one by one.
const LINES_NAMED: usize = 10;

impl Reason {
    /// Whole sentences, in the order of the arithmetic.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::SetByCaller { set, amount } if set == amount => {
                vec![format!(
                    "The report of the sale sets the commission: {amount}."
                )]
            }
            Self::SetByCaller { set, amount } => vec![format!(
                "The report of the sale sets the commission: {set}, which converted is {amount}."
            )],
            Self::Rate { of, rate, source } => {
                let who = match source {
                    RateSource::Caller => "The report of the sale sets the rate",
                    RateSource::Enrollment => "The enrollment has a rate of its own",
                };
                vec![format!("{who}, {rate} of the base: {}", share(*of, *rate))]
            }
            Self::Incentive(part) => part.words(Rounded::Here),
            Self::Lines { parts, uncovered } => self.words_by_line(parts, uncovered),
            Self::Nothing { why, .. } => vec![why.to_string()],
        }
    }

    fn words_by_line(&self, parts: &[Part], uncovered: &[LinePart]) -> Vec<String> {
        let mut words =
            vec!["The base is divided among the lines in proportion to their amounts.".to_owned()];
        for part in parts {
            let (names, of) = (lines(&part.lines), part.of);
            words.push(match part.lines.as_slice() {
                [_] => format!("Line {names} is {of} of it."),
                [] | [_, ..] => format!("Lines {names} are {of} of it."),
            });
            words.extend(part.words(Rounded::Later));
        }
        match uncovered {
            [] => {}
            [_] => words.push(format!("No incentive covers line {}.", lines(uncovered))),
            [_, ..] => words.push(format!("No incentive covers lines {}.", lines(uncovered))),
        }
        words.extend(together(parts));
        words
    }
}

impl fmt::Display for Reason {
    /// Its sentences one after the other.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.words().join(" "))
    }
}

impl fmt::Display for Nothing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoIncentives => {
                formatter.write_str("Nothing is earned: the program has no incentives.")
            }
            Self::NoneCovers => {
                formatter.write_str("Nothing is earned: no incentive covers the sale.")
            }
            Self::BelowMinimum { base, minimum } => write!(
                formatter,
                "Nothing is earned: the base, {base}, is below the smallest sale that earns \
                 something, {minimum}."
            ),
        }
    }
}

/// Whether a share is rounded by itself, or only together with others.
#[derive(Clone, Copy)]
enum Rounded {
    Here,
    Later,
}

impl Part {
    fn words(&self, is_rounded: Rounded) -> Vec<String> {
        let number = self.incentive;
        let mut words = Vec::new();
        if let Some(step) = self.step {
            words.push(format!(
                "Step {} of incentive {number} is reached: it counts {}.",
                step.number, step.from
            ));
        }
        words.extend(self.tiers.map(|tiers| tiers.words()));
        match &self.pay {
            PartPay::Whole(pay) => words.push(self.whole(*pay, is_rounded)),
            PartPay::Pieces(pieces) => {
                words.push(format!("Incentive {number} pays piece by piece."));
                words.extend(pieces.iter().map(Piece::words));
                match is_rounded {
                    Rounded::Here => words.extend(together(std::slice::from_ref(self))),
                    Rounded::Later => {}
                }
            }
            PartPay::Over(over) => {
                words.push(format!("Incentive {number} pays nothing any more: {over}"));
            }
        }
        words
    }

    fn whole(&self, pay: Pay, is_rounded: Rounded) -> String {
        let who = format!("Incentive {}", self.incentive);
        let (base, sale) = match is_rounded {
            Rounded::Here => ("the base", "the sale, whatever its size"),
            Rounded::Later => ("that", "that, however much it is"),
        };
        let share = |rate: Rate| match is_rounded {
            Rounded::Here => share(self.of, rate),
            Rounded::Later => {
                let exact = exactly(self.of.share(rate).exact, self.of.currency());
                format!("{rate} of {} is {exact}.", self.of)
            }
        };
        match pay {
            Pay::Share(rate) => format!("{who} pays {rate} of {base}: {}", share(rate)),
            Pay::Fixed(amount) => format!("{who} pays {amount} for {sale}."),
            Pay::PerItem(each) => match self.fixed() {
                Ok(Some(all)) => {
                    format!(
                        "{who} pays {each} an item: {} × {each} is {all}.",
                        self.items
                    )
                }
                Ok(None) | Err(_) => format!("{who} pays {each} an item."),
            },
            Pay::ShareAndFixed { share: rate, fixed } => format!(
                "{who} pays {rate} of {base} and {fixed} on top: {}",
                share(rate)
            ),
        }
    }
}

/// The sum of all shares and amounts, rounded once; nothing if it is out of range.
fn together(parts: &[Part]) -> Option<String> {
    let currency = parts.first()?.of.currency();
    let shares = Money::sum_of_shares(parts.iter().flat_map(Part::shares), currency).ok()?;
    let (mut exact, mut amount) = (shares.exact, shares.amount);
    for part in parts {
        if let Some(fixed) = part.fixed().ok()? {
            exact = exact.checked_add(fixed.major())?;
            amount = amount.checked_add(fixed).ok()?;
        }
    }
    Some(format!("Together that is {}", rounded(exact, amount)))
}

impl TiersMeasured {
    fn words(&self) -> String {
        let (aside, measured) = (self.period.aside(), self.measured);
        let sold = match self.mode {
            TierMode::ReachedBefore | TierMode::Marginal => {
                format!("Sold before this sale{aside}: {measured}.")
            }
            TierMode::Retroactive => format!("Sold with this sale{aside}: {measured}."),
            TierMode::OwnSize => format!("The sale's own size: {measured}."),
        };
        match self.reached {
            Some(tier) => format!(
                "{sold} That is in tier {} (from {}).",
                tier.number, tier.from
            ),
            None => format!("{sold} That is below the tiers."),
        }
    }
}

impl Piece {
    fn words(&self) -> String {
        let Self { of, rate, tier } = self;
        let exact = exactly(of.share(*rate).exact, of.currency());
        match tier {
            Some(tier) => format!(
                "{of} lies in tier {} (from {}): {rate} of it is {exact}.",
                tier.number, tier.from
            ),
            None => format!("{of} lies below the tiers: {rate} of it is {exact}."),
        }
    }
}

impl fmt::Display for Over {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payments { length, payment } => write!(
                formatter,
                "it is for {} of a customer, and this is payment {payment}.",
                count(length.get().into(), "payment")
            ),
            Self::Months { length, since } => write!(
                formatter,
                "it is for {} from a customer's first payment, which was on {}.",
                count(length.get().into(), "month"),
                since.to_offset(time::UtcOffset::UTC).date()
            ),
        }
    }
}

/// `2`, `1, 2 and 7`.
fn lines(lines: &[LinePart]) -> String {
    let named: Vec<_> = lines.iter().map(|part| part.line.to_string()).collect();
    match named.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        named if named.len() > LINES_NAMED => {
            let left = named.len() - LINES_NAMED;
            format!("{} and {left} more", named[..LINES_NAMED].join(", "))
        }
        [named @ .., last] => format!("{} and {last}", named.join(", ")),
    }
}

/// The arithmetic of a share, as a person would write it down.
fn share(of: Money, rate: Rate) -> String {
    let share = of.share(rate);
    format!("{rate} of {of} is {}", rounded(share.exact, share.amount))
}

/// What is exact, and what it is rounded to if that is something else.
fn rounded(exact: Decimal, amount: Money) -> String {
    if exact == amount.major() {
        format!("{amount}.")
    } else {
        let exact = exactly(exact, amount.currency());
        format!("{exact}, rounded half away from zero to {amount}.")
    }
}

/// `8.00 USD`, `4.9995 USD`: with no fewer digits than the currency has.
fn exactly(mut exact: Decimal, currency: Currency) -> String {
    if exact.scale() < currency.minor_digits() {
        exact.rescale(currency.minor_digits());
    }
    format!("{exact} {currency}")
}
