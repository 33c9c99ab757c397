//! What a sale that is changed needs: what it was decided by, if it is decided again.

use time::Date;

use super::{Needs, report::retroactive};
use crate::{Amendment, Book, EarnedBy, Recorded, SaleStatus, Span, capped::moves_under_cap};

impl Needs {
    pub(super) fn amended(&mut self, book: &Book, recorded: &Recorded, amendment: &Amendment) {
        let conversion = &recorded.conversion;
        if let (Some(_), Some(first)) = (amendment.occurred_at, recorded.commissions.first()) {
            self.version(book, (first.credit.program, first.terms_version));
        }
        if amendment.decides(conversion.current()) || moves_under_cap(book, recorded, amendment) {
            let moved = amendment.occurred_at.map(|at| book.head.zone.day(at));
            self.decided_again(book, recorded, moved.unwrap_or(conversion.day));
        }
        if amendment.is_about_due()
            && let Some(first) = recorded.commissions.first()
        {
            self.version(book, (first.credit.program, first.terms_version));
        }
        if amendment.status == Some(SaleStatus::Paid) {
            for commission in &recorded.commissions {
                let currencies = [Some(commission.amount.currency()), amendment.currency];
                for currency in currencies.into_iter().flatten() {
                    self.payable(book, (commission.credit.affiliate, currency));
                }
            }
        }
    }

    /// What is needed to decide a conversion again, on `day`: the terms as they were, what was known
    /// then, and what has been earned since.
    fn decided_again(&mut self, book: &Book, recorded: &Recorded, day: Date) {
        let id = recorded.conversion.id;
        if !book.decided.contains_key(&id) {
            self.decided.insert(id);
        }
        for commission in &recorded.commissions {
            let program = commission.credit.program;
            self.version(book, (program, commission.terms_version));
            let Some(version) = book.version(program, commission.terms_version) else {
                continue;
            };
            let (enrollment, currency) = (commission.credit.enrollment, version.terms.currency());
            if let EarnedBy::Sale = commission.earned_by {
                self.enrollment(book, enrollment);
                if let Some(seller) = book.enrollment(enrollment) {
                    self.upline(book, seller, &version.terms);
                }
            }
            for tiers in retroactive(&version.terms) {
                self.liftable(book, Span::of(enrollment, currency, tiers.period, day));
            }
            for period in version.terms.periods().iter().copied() {
                self.tally(book, Span::of(enrollment, currency, period, day));
            }
            self.capped(book, &version.terms, enrollment, day);
        }
    }
}
