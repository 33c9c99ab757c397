//! Sales one after the other: of one customer, all within every period.

use accrual_commission::*;
use accrual_money::{Money, MoneyError};
use time::OffsetDateTime;

/// What has been sold under terms so far, and what it has come to.
pub(crate) struct Course<'a> {
    terms: &'a Terms,
    history: History,
    /// What each sale earns by now, and the incentive that lifts it.
    pub(crate) earnings: Vec<(Option<IncentiveNumber>, Earning)>,
}

impl<'a> Course<'a> {
    /// Before the first sale.
    pub(crate) fn new(terms: &'a Terms) -> Self {
        Self {
            terms,
            history: History::default(),
            earnings: Vec::new(),
        }
    }

    /// Sells, and lifts what is to be lifted.
    pub(crate) fn sell(
        &mut self,
        sale: &Sale,
        at: OffsetDateTime,
    ) -> Result<Decision, DecideError> {
        let case = Case::new(sale, self.terms, at).with_history(&self.history);
        let decision = decide(&case)?;
        if let Some(lift) = &decision.lift {
            self.lift(lift);
        }
        self.earnings
            .push((decision.incentive(), decision.earning()));
        self.remember(decision.base.amount(), at)?;
        Ok(decision)
    }

    fn lift(&mut self, lift: &Lift) {
        let of_incentive = |(incentive, _): &&mut (_, _)| *incentive == Some(lift.incentive);
        let mut lifted: Vec<_> = self.earnings.iter_mut().filter(of_incentive).collect();
        let before: Vec<_> = lifted.iter().map(|(_, earning)| *earning).collect();
        let after = lift.applied(&before).unwrap();
        for ((_, earning), after) in lifted.iter_mut().zip(after) {
            *earning = after;
        }
    }

    fn remember(&mut self, base: Money, at: OffsetDateTime) -> Result<(), MoneyError> {
        let currency = base.currency();
        let earned = self.earnings.iter().map(|(_, earning)| earning.full);
        let earned = Money::sum(earned, currency)?;
        for period in self.terms.periods() {
            let before = self.history.tally(*period, currency);
            let tally = Tally {
                conversions: before.conversions + 1,
                amount: before.amount.checked_add(base)?,
                earned,
            };
            self.history.tallies.retain(|(of, _)| of != period);
            self.history.tallies.push((*period, tally));
        }
        self.history.payments += 1;
        self.history.first_payment_at.get_or_insert(at);
        self.history.customer_earned = Some(earned);
        Ok(())
    }
}
