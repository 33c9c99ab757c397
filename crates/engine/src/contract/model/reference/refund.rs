//! Money goes back to the customer.

use accrual_commission::Status;

use super::{
    Done, Reference, done,
    integers::{minor, money},
};
use crate::{AmountField, Error, Refund, RefundKind, Subject};

impl Reference {
    pub(super) fn refund(&mut self, refund: &Refund) -> Done {
        let place = self.sale_place(refund.conversion)?;
        let sold = &self.sales[place];
        let (left, currency) = (sold.left(), sold.currency());
        if let Some(amount) = refund.amount {
            let field = AmountField::Refund;
            if amount.currency() != currency {
                return Err(Error::MixedCurrencies { field, amount });
            }
            if amount.minor() <= 0 {
                return Err(Error::AmountNotPositive { field, amount });
            }
        }
        if left == 0 {
            return Err(Error::NothingLeft(refund.conversion));
        }
        let back = refund.amount.map_or(left, minor);
        if back > left {
            let (amount, left) = (money(back, currency), money(left, currency));
            return Err(Error::MoreThanLeft { amount, left });
        }
        let entry = self.enter();
        let sold = &mut self.sales[place];
        match refund.kind {
            RefundKind::Refund => sold.refunded += back,
            RefundKind::Chargeback => sold.charged_back += back,
        }
        sold.entries.2 = entry;
        self.close_if_nothing_is_left(place);
        Ok(done(Subject::Conversion(refund.conversion)))
    }

    /// Of nothing left, nothing is earned any more.
    pub(super) fn close_if_nothing_is_left(&mut self, place: usize) {
        let sold = &mut self.sales[place];
        if sold.left() > 0 {
            return;
        }
        for earner in sold.earners.iter_mut().filter(|one| one.is_alive()) {
            earner.status = Status::Refunded;
        }
    }
}
