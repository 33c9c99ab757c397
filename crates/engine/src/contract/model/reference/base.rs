//! What of a sale shares are taken of.

use accrual_commission::{BaseAmount, DecideError, Rules, Tax};
use accrual_money::{Currency, Money};

use super::integers::{WHOLE, billionths, exchanged, minor, rounded};
use crate::{AmountField, Error, Facts};

/// That the amounts of a report make sense together. Answers the sale's.
pub(super) fn check(facts: &Facts) -> Result<Money, Error> {
    use AmountField as F;
    let amount = facts.total.or(facts.subtotal).ok_or(Error::AmountMissing)?;
    let tax = match facts.tax {
        Some(Tax::Amount(tax)) => Some(tax),
        Some(Tax::IncludedAt(_)) | None => None,
    };
    let paid = [(F::Total, facts.total), (F::Subtotal, facts.subtotal)];
    let parts = [
        (F::Tax, tax),
        (F::Shipping, facts.shipping),
        (F::Discount, facts.discount),
    ];
    let lines: Vec<_> = facts
        .lines
        .iter()
        .map(|line| (F::Line, Some(line.amount)))
        .collect();
    for (field, amount) in known(&paid) {
        if amount.minor() <= 0 {
            return Err(Error::AmountNotPositive { field, amount });
        }
    }
    for (field, amount) in known(&parts) {
        if amount.minor() < 0 {
            return Err(Error::AmountNegative { field, amount });
        }
    }
    let exchanged = facts.exchange.as_ref().map(|rate| rate.to());
    let first = [
        (F::Subtotal, facts.subtotal),
        (F::Commission, facts.amount_override),
    ];
    for (field, other) in known(&first).chain(known(&parts)).chain(known(&lines)) {
        let is_converted = field == F::Commission && exchanged == Some(other.currency());
        if other.currency() != amount.currency() && !is_converted {
            return Err(Error::MixedCurrencies {
                field,
                amount: other,
            });
        }
    }
    if !facts.weights.is_empty() && facts.weights.len() != facts.claims.len() {
        let (claims, weights) = (facts.claims.len(), facts.weights.len());
        return Err(Error::WeightsDoNotFit { claims, weights });
    }
    Ok(amount)
}

fn known(amounts: &[(AmountField, Option<Money>)]) -> impl Iterator<Item = (AmountField, Money)> {
    amounts
        .iter()
        .filter_map(|(field, amount)| Some((*field, (*amount)?)))
}

/// That the exchange rate of a checked report leads to the program's currency.
pub(super) fn check_exchange(facts: &Facts, rules: &Rules) -> Result<(), Error> {
    let sale = facts
        .total
        .or(facts.subtotal)
        .expect("checked before")
        .currency();
    if let Some(rate) = &facts.exchange
        && (rate.from() != sale || rate.to() != rules.currency)
    {
        return Err(Error::Undecidable(DecideError::WrongExchangeRate {
            from: rate.from(),
            to: rate.to(),
            sale,
            program: rules.currency,
        }));
    }
    match facts.amount_override {
        Some(amount) if amount.minor() < 0 => {
            Err(Error::Undecidable(DecideError::NegativeOverride { amount }))
        }
        Some(_) | None => Ok(()),
    }
}

/// The base, and its currency: the program's if the exchange rate is known.
pub(super) fn base(facts: &Facts, rules: &Rules) -> (i128, Currency) {
    let rule = rules.base;
    let preferred = match rule.amount {
        BaseAmount::Total => facts.total.or(facts.subtotal),
        BaseAmount::Subtotal => facts.subtotal.or(facts.total),
    };
    let paid = preferred.expect("checked before");
    let off = |amount: Option<Money>, is_off: bool| match amount {
        Some(amount) if is_off => minor(amount),
        Some(_) | None => 0,
    };
    let mut base = minor(paid);
    base -= off(facts.shipping, rule.less_shipping) + off(facts.discount, rule.less_discount);
    match facts.tax {
        Some(Tax::Amount(tax)) => base -= off(Some(tax), rule.less_tax),
        Some(Tax::IncludedAt(rate)) if rule.less_tax => {
            base = rounded(base * WHOLE, WHOLE + billionths(rate));
        }
        Some(Tax::IncludedAt(_)) | None => {}
    }
    let base = base.max(0);
    match &facts.exchange {
        Some(rate) => (exchanged(base, rate), rate.to()),
        None => (base, paid.currency()),
    }
}

/// The commission that the caller has set, with its currency.
pub(super) fn set(facts: &Facts) -> Option<(i128, Currency)> {
    let set = facts.amount_override?;
    Some(match &facts.exchange {
        Some(rate) if set.currency() != rate.to() => (exchanged(minor(set), rate), rate.to()),
        Some(_) | None => (minor(set), set.currency()),
    })
}
