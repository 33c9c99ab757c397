//! A reason in sentences, with the arithmetic as a person would write it down.

use std::fmt;

use accrual_money::{Money, Rate};

use super::{LinePart, Nothing, Over, Part, PartPay, Piece, RateSource, Reason, TiersMeasured};
use crate::{Pay, Threshold, TierMode, words::count};

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
            Self::Incentive(part) => part.words("of the base", "for the sale"),
            Self::Lines { parts, uncovered } => self.words_by_line(parts, uncovered),
            Self::Nothing { why, .. } => vec![why.to_string()],
        }
    }

    fn words_by_line(&self, parts: &[Part], uncovered: &[LinePart]) -> Vec<String> {
        let mut words =
            vec!["The base is divided among the lines in proportion to their amounts.".to_owned()];
        for part in parts {
            let whose = lines(&part.lines);
            let (of, is) = (part.of, if part.lines.len() == 1 { "is" } else { "are" });
            words.push(format!("{whose} {is} {of} of it."));
            words.extend(part.words("of that", "for that"));
        }
        if !uncovered.is_empty() {
            words.push(format!("No incentive covers {}.", lines(uncovered)));
        }
        if parts.len() > 1
            && let Ok(amount) = self.amount()
        {
            words.push(format!("Together, rounded once: {amount}."));
        }
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

impl Part {
    /// `of_it` and `for_it` say what it pays a share of, and what it pays an amount for.
    fn words(&self, of_it: &str, for_it: &str) -> Vec<String> {
        let mut words = Vec::new();
        let who = format!("Incentive {}", self.incentive);
        if let Some(step) = self.step {
            let (number, from) = (step.number, step.from);
            words.push(format!(
                "Step {number} of incentive {} is reached: it counts {from}.",
                self.incentive
            ));
        }
        words.extend(self.tiers.map(|tiers| tiers.words()));
        match &self.pay {
            PartPay::Whole(pay) => words.push(self.whole(&who, *pay, of_it, for_it)),
            PartPay::Pieces(pieces) => {
                words.push(format!("{who} pays piece by piece:"));
                words.extend(pieces.iter().map(Piece::words));
                if let Ok(sum) = Money::sum_of_shares(self.shares(), self.of.currency()) {
                    words.push(format!("Together {}", rounded(sum)));
                }
            }
            PartPay::Over(over) => words.push(format!("{who} pays nothing any more: {over}")),
        }
        words
    }

    fn whole(&self, who: &str, pay: Pay, of_it: &str, for_it: &str) -> String {
        let of = self.of;
        match pay {
            Pay::Share(rate) => format!("{who} pays {rate} {of_it}: {}", share(of, rate)),
            Pay::Fixed(amount) => format!("{who} pays {amount} {for_it}, whatever its size."),
            Pay::PerItem(each) => match self.fixed() {
                Ok(Some(all)) => format!(
                    "{who} pays {each} an item: {} × {each} is {all}.",
                    self.items
                ),
                Ok(None) | Err(_) => format!("{who} pays {each} an item."),
            },
            Pay::ShareAndFixed { share: rate, fixed } => format!(
                "{who} pays {rate} {of_it} and {fixed} {for_it}: {} {fixed} comes on top.",
                share(of, rate)
            ),
        }
    }
}

impl TiersMeasured {
    fn words(&self) -> String {
        let sold = match self.measured {
            Threshold::Amount(amount) => format!("{amount} sold"),
            Threshold::Count(sales) => count(sales, "sale"),
        };
        let within = self.period.within();
        let what = match self.mode {
            TierMode::ReachedBefore | TierMode::Marginal => {
                format!("Before this sale there was {sold} {within}")
            }
            TierMode::Retroactive => format!("With this sale there is {sold} {within}"),
            TierMode::OwnSize => format!("The sale's own size is {}", self.measured),
        };
        match self.reached {
            Some(tier) => format!(
                "{what}, which reaches tier {} (from {}).",
                tier.number, tier.from
            ),
            None => format!("{what}, which reaches no tier."),
        }
    }
}

impl Piece {
    fn words(&self) -> String {
        let Self { of, rate, tier } = self;
        let exact = of.share(*rate).exact;
        let currency = of.currency();
        match tier {
            Some(tier) => format!(
                "{of} lies in tier {} (from {}): {rate} of it is {exact} {currency}.",
                tier.number, tier.from
            ),
            None => format!("{of} lies below the tiers: {rate} of it is {exact} {currency}."),
        }
    }
}

impl fmt::Display for Over {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payments { length, payment } => write!(
                formatter,
                "it is for the first {} of a customer, and this is payment {payment}.",
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

/// `Line 2`, `Lines 1, 2 and 7`.
fn lines(lines: &[LinePart]) -> String {
    let named: Vec<_> = lines.iter().map(|part| part.line.to_string()).collect();
    match named.as_slice() {
        [only] => format!("line {only}"),
        named if named.len() > LINES_NAMED => {
            let left = named.len() - LINES_NAMED;
            format!("lines {} and {left} more", named[..LINES_NAMED].join(", "))
        }
        [named @ .., last] => format!("lines {} and {last}", named.join(", ")),
        [] => "no line".to_owned(),
    }
}

/// The arithmetic of a share, as a person would write it down.
fn share(of: Money, rate: Rate) -> String {
    format!("{rate} of {of} is {}", rounded(of.share(rate)))
}

/// A share and what it is rounded to, if that is something else.
fn rounded(share: accrual_money::Share) -> String {
    let amount = share.amount;
    if share.exact == amount.major() {
        format!("{amount}.")
    } else {
        let (exact, currency) = (share.exact, amount.currency());
        format!("{exact} {currency}, rounded half away from zero to {amount}.")
    }
}
