//! From what was reported to what shares are taken of.

use accrual_money::{Currency, Money};

use super::DecideError;
use crate::{BaseAmount, BaseChange, BaseFigures, BaseKind, BaseRule, BaseStep, Sale, Tax};

/// That all amounts of the sale are in one currency and make sense, and that its exchange rate
/// leads from that to the program's.
pub(super) fn check_sale(sale: &Sale, program: Currency) -> Result<(), DecideError> {
    let currency = sale.currency();
    let tax = match sale.tax() {
        Some(Tax::Amount(tax)) => Some(tax),
        Some(Tax::IncludedAt(_)) | None => None,
    };
    if let Some(subtotal) = sale.subtotal() {
        check_currency(subtotal, currency)?;
    }
    for amount in [sale.shipping(), sale.discount(), tax]
        .into_iter()
        .flatten()
    {
        check_currency(amount, currency)?;
        if amount.is_negative() {
            return Err(DecideError::NegativeDeduction { amount });
        }
    }
    for (line, number) in sale.lines().iter().zip(1..) {
        check_currency(line.amount, currency)?;
        if line.amount.is_negative() {
            return Err(DecideError::NegativeLine {
                line: number,
                amount: line.amount,
            });
        }
    }
    check_exchange(sale, program)
}

fn check_exchange(sale: &Sale, program: Currency) -> Result<(), DecideError> {
    let currency = sale.currency();
    if let Some(rate) = sale.exchange()
        && (rate.from(), rate.to()) != (currency, program)
    {
        return Err(DecideError::WrongExchangeRate {
            from: rate.from(),
            to: rate.to(),
            sale: currency,
            program,
        });
    }
    match sale.amount_override() {
        Some(set) if sale.exchange().is_some() && set.currency() == program => Ok(()),
        Some(set) => check_currency(set, currency),
        None => Ok(()),
    }
}

fn check_currency(amount: Money, currency: Currency) -> Result<(), DecideError> {
    if amount.currency() == currency {
        return Ok(());
    }
    Err(DecideError::OtherCurrency { amount, currency })
}

/// The base of a sale that has been checked.
#[inline]
pub(super) fn figures(sale: &Sale, rule: BaseRule) -> Result<BaseFigures, DecideError> {
    let (kind, reported) = match (rule.amount, sale.total(), sale.subtotal()) {
        (BaseAmount::Total, None, Some(subtotal)) | (BaseAmount::Subtotal, _, Some(subtotal)) => {
            (BaseKind::Subtotal, subtotal)
        }
        (BaseAmount::Total, Some(_), _) | (BaseAmount::Subtotal | BaseAmount::Total, _, None) => {
            (BaseKind::Total, sale.amount())
        }
    };
    let mut figures = BaseFigures {
        kind,
        reported,
        steps: Vec::new(),
    };
    deduct(&mut figures, sale, rule)?;
    if figures.amount().is_negative() {
        let left = Money::zero(reported.currency());
        figures.push(BaseChange::NotBelowZero, left);
    }
    if let Some(rate) = sale.exchange() {
        let left = rate.convert(figures.amount())?;
        figures.push(BaseChange::Exchanged(rate.clone()), left);
    }
    Ok(figures)
}

fn deduct(figures: &mut BaseFigures, sale: &Sale, rule: BaseRule) -> Result<(), DecideError> {
    if let Some(shipping) = sale.shipping().filter(|_| rule.less_shipping) {
        let left = figures.amount().checked_sub(shipping)?;
        figures.push(BaseChange::LessShipping(shipping), left);
    }
    if let Some(discount) = sale.discount().filter(|_| rule.less_discount) {
        let left = figures.amount().checked_sub(discount)?;
        figures.push(BaseChange::LessDiscount(discount), left);
    }
    match sale.tax().filter(|_| rule.less_tax) {
        Some(Tax::Amount(tax)) => {
            let left = figures.amount().checked_sub(tax)?;
            figures.push(BaseChange::LessTax(tax), left);
        }
        Some(Tax::IncludedAt(rate)) => {
            let left = figures.amount().without_included(rate);
            figures.push(BaseChange::WithoutTax(rate), left);
        }
        None => {}
    }
    Ok(())
}

impl BaseFigures {
    fn push(&mut self, change: BaseChange, left: Money) {
        self.steps.push(BaseStep { change, left });
    }
}
