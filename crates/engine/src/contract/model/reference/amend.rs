//! A sale that was recorded is changed.

use accrual_commission::{BeforeDispute, Change, Status, Tax};
use accrual_money::{Currency, Money};
use time::OffsetDateTime;

use super::{
    Done, Earner, Reference, Sold, base, done,
    integers::{minor, money},
    pricing::{Case, Priced},
    sale::held_until,
};
use crate::{
    Amendment, AmountField, Customer, Error, Facts, Line, Redecision, SaleStatus, Sequence, Subject,
};

impl Reference {
    /// Changes a sale, or leaves it as it is.
    pub(super) fn amend(&mut self, amendment: &Amendment, now: OffsetDateTime) -> Done {
        let place = self.sale_place(amendment.conversion)?;
        let before = self.sales[place].clone();
        let priced = self.try_amend(place, amendment, now).inspect_err(|_| {
            self.sales[place] = before;
        })?;
        let entry = self.enter();
        let sold = &mut self.sales[place];
        (sold.entries.1, sold.entries.2) = (entry, entry);
        let occurred_at = sold.occurred_at;
        let alive = sold.earners.iter().filter(|one| one.is_alive());
        let customers: Vec<usize> = alive.clone().filter_map(|one| one.customer).collect();
        for customer in customers {
            let first = &mut self.people[customer].first_payment_at;
            *first = Some(first.unwrap_or(occurred_at).min(occurred_at));
        }
        if let Some(priced) = priced.filter(|_| self.is_alive(place)) {
            self.lift(&priced, place);
        }
        Ok(done(Subject::Conversion(amendment.conversion)))
    }

    /// Whether its terms limit what is earned in a period.
    fn has_period_cap(&self, sold: &Sold) -> bool {
        let place = self.program_place(sold.earners[0].credit.program);
        let versions = &self.programs[place.expect("it was credited")].versions;
        versions[sold.version].rules.caps.period.is_some()
    }

    fn is_alive(&self, place: usize) -> bool {
        self.sales[place].earners.iter().any(Earner::is_alive)
    }

    /// What it earns, if that is decided again; what is refused may have been changed in part.
    fn try_amend(
        &mut self,
        place: usize,
        amendment: &Amendment,
        now: OffsetDateTime,
    ) -> Result<Option<Priced>, Error> {
        let id = amendment.conversion;
        let sold = &self.sales[place];
        let version = Sequence::new(sold.entries.2);
        match amendment.expected_version {
            Some(expected) if expected != version => {
                return Err(Error::VersionChanged {
                    conversion: id,
                    expected,
                    version,
                });
            }
            Some(_) | None => {}
        }
        let decides = decides(sold.current(), amendment);
        if !self.is_alive(place) {
            let was_refunded = sold.earners[0].status == Status::Refunded;
            if !was_refunded || decides && amendment.redecision == Redecision::AnyAmount {
                return Err(Error::CalledOff(id));
            }
        }
        let before = sold.currency();
        let currency = amendment.currency.unwrap_or(before);
        let is_settled = sold.refunded + sold.charged_back > 0
            || sold.earners.iter().any(|one| one.paid_out > 0);
        if currency != before && is_settled {
            return Err(Error::CurrencySettled(id));
        }
        let facts = amended(sold.current(), amendment, currency);
        let amount = base::check(&facts)?;
        if amount.currency() != currency {
            let field = AmountField::Total;
            return Err(Error::MixedCurrencies { field, amount });
        }
        let back = sold.refunded + sold.charged_back;
        if minor(amount) < back {
            let back = money(back, currency);
            return Err(Error::LessThanReturned { amount, back });
        }
        let occurred_at = amendment.occurred_at.unwrap_or(sold.occurred_at);
        let day = self.zone.day(occurred_at);
        let is_moved = day != sold.day && self.has_period_cap(sold);
        let priced = match (decides || is_moved) && self.is_alive(place) {
            true => Some(self.decided_again(place, &facts, occurred_at)?),
            false => None,
        };
        let sold = &mut self.sales[place];
        (sold.amended, sold.occurred_at, sold.day) = (Some(facts), occurred_at, day);
        let priced = priced.map(|(priced, again)| {
            sold.earn(again);
            priced
        });
        if decides {
            self.close_if_nothing_is_left(place);
        }
        if let Some(wanted) = amendment.status {
            self.make_all(place, wanted, now)?;
        }
        if amendment.due_at.is_some() || amendment.occurred_at.is_some() {
            self.hold(place, now)?;
        }
        Ok(priced)
    }

    fn decided_again(
        &self,
        place: usize,
        facts: &Facts,
        occurred_at: OffsetDateTime,
    ) -> Result<(Priced, Vec<Earner>), Error> {
        let sold = &self.sales[place];
        let program = &self.programs[self.program_place(sold.credits[0].0.program)?];
        let rules = &program.versions[sold.version].rules;
        let day = self.zone.day(occurred_at);
        let known = self.known_again(place, rules, day);
        let case = Case {
            facts,
            rules,
            occurred_at,
            known: &known,
        };
        let customers: Vec<_> = sold.earners.iter().map(|one| one.customer).collect();
        let when = (day, Some(place));
        let (priced, mut earners) = self.divided(&case, &sold.credits, &customers, when)?;
        // Who has earned by it stays one who does, also after having left.
        self.add_levels(rules, &mut earners, true);
        Ok((priced, earners))
    }

    fn make_all(
        &mut self,
        place: usize,
        wanted: SaleStatus,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let is_any_alive = self.is_alive(place);
        for earner in 0..self.sales[place].earners.len() {
            if self.sales[place].earners[earner].is_alive() || !is_any_alive {
                let changes = self.ways(place, earner, wanted, now);
                for change in changes {
                    let changed = self.change_one(place, earner, change, now);
                    changed.map_err(Error::Status)?;
                }
            }
        }
        Ok(())
    }

    /// What has to happen for a commission to be what is wanted.
    fn ways(
        &self,
        place: usize,
        earner: usize,
        wanted: SaleStatus,
        now: OffsetDateTime,
    ) -> Vec<Change> {
        use Change as C;
        use SaleStatus as W;
        use Status as S;
        let sold = &self.sales[place];
        let one = &sold.earners[earner];
        let rest = sold.amount(one) - one.paid_out;
        let held = |until: Option<OffsetDateTime>| until.is_some_and(|until| now < until);
        match (wanted, one.status) {
            (W::Unpaid, S::Paid { .. } | S::Declined | S::Cancelled | S::Refunded) => {
                vec![C::Unpay]
            }
            (W::Unpaid, _) => vec![],
            (W::Paid, S::Paid { externally: false }) => {
                let there = self.payable(one.credit.affiliate, one.currency());
                match rest.min(there) > 0 {
                    true => vec![C::Pay],
                    false => vec![],
                }
            }
            (W::Paid, S::Paid { externally: true }) => vec![C::Unpay, C::Pay],
            (W::Paid, S::Pending { .. }) => vec![C::Approve, C::Pay],
            (W::Paid, S::AwaitingApproval { until }) if held(until) => {
                vec![C::Approve, C::Approve, C::Pay]
            }
            (W::Paid, S::AwaitingApproval { .. }) => vec![C::Approve, C::Pay],
            (W::Paid, _) => vec![C::Pay],
            (W::PaidExternally, S::Paid { externally: true }) if rest <= 0 => vec![],
            (W::PaidExternally, S::Paid { .. }) => vec![C::Unpay, C::PayExternally],
            (W::PaidExternally, S::AwaitingApproval { .. }) => vec![C::Approve, C::PayExternally],
            (W::PaidExternally, _) => vec![C::PayExternally],
            (W::Cancelled, _) => vec![C::Cancel],
        }
    }

    /// What is not paid waits for the end of its hold, wherever that is now.
    fn hold(&mut self, place: usize, now: OffsetDateTime) -> Result<(), Error> {
        let sold = &self.sales[place];
        let program = self.program_place(sold.credits[0].0.program)?;
        let rules = &self.programs[program].versions[sold.version].rules;
        let until = held_until(rules, sold.current(), sold.occurred_at);
        let later = until.filter(|until| now < *until);
        for earner in &mut self.sales[place].earners {
            if !earner.is_alive() || earner.due_at == until {
                continue;
            }
            earner.due_at = until;
            earner.status = match (earner.status, later) {
                (Status::Pending { .. } | Status::Payable, Some(until)) => {
                    Status::Pending { until }
                }
                (Status::Pending { .. } | Status::Payable, None) => Status::Payable,
                (Status::AwaitingApproval { .. }, _) => Status::AwaitingApproval { until },
                (Status::Disputed { before }, later) => Status::Disputed {
                    before: match (before, later) {
                        (BeforeDispute::Paid { .. }, _) => before,
                        (BeforeDispute::AwaitingApproval { .. }, _) => {
                            BeforeDispute::AwaitingApproval { until }
                        }
                        (_, Some(until)) => BeforeDispute::Pending { until },
                        (_, None) => BeforeDispute::Payable,
                    },
                },
                (status, _) => status,
            };
        }
        Ok(())
    }
}

impl super::Sold {
    /// In the order of then; who did not earn then, having left, does not earn now.
    fn earn(&mut self, again: Vec<Earner>) {
        let mut again = again.into_iter();
        for earner in &mut self.earners {
            let mut same = again
                .by_ref()
                .filter(|one| (one.credit, one.by) == (earner.credit, earner.by));
            let same = same.next().expect("whoever earned can earn again");
            if earner.is_alive() {
                earner.earning = same.earning;
            }
        }
    }
}

/// Whether the amount that counts is given anew.
fn gives_amount(facts: &Facts, amendment: &Amendment) -> bool {
    match (amendment.total, amendment.subtotal) {
        (Some(_), _) => true,
        (None, Some(_)) => facts.total.is_none(),
        (None, None) => false,
    }
}

fn decides(facts: &Facts, amendment: &Amendment) -> bool {
    let Amendment {
        total,
        subtotal,
        tax,
        shipping,
        discount,
        ..
    } = amendment;
    let before = facts.total.or(facts.subtotal).expect("checked before");
    let is_any = [total, subtotal, shipping, discount]
        .iter()
        .any(|one| one.is_some());
    let is_other = amendment
        .currency
        .is_some_and(|one| one != before.currency());
    let by_amounts = match amendment.redecision {
        Redecision::AnyAmount => is_any || tax.is_some(),
        Redecision::SaleAmount => gives_amount(facts, amendment),
    };
    by_amounts || is_other || amendment.amount_override.is_some()
}

fn amended(facts: &Facts, amendment: &Amendment, currency: Currency) -> Facts {
    let before = facts.total.or(facts.subtotal).expect("checked before");
    let same = |amount: Money| match amount.currency() == before.currency() {
        true => Money::from_minor(amount.minor(), currency),
        false => amount,
    };
    let lines = facts.lines.iter().map(|line| Line {
        amount: same(line.amount),
        ..line.clone()
    });
    let is_again = amendment.redecision == Redecision::SaleAmount && gives_amount(facts, amendment);
    let set = facts.amount_override.filter(|_| !is_again).map(same);
    let tax = facts.tax.map(|tax| match tax {
        Tax::Amount(amount) => Tax::Amount(same(amount)),
        Tax::IncludedAt(_) => tax,
    });
    Facts {
        total: amendment.total.unwrap_or(facts.total.map(same)),
        subtotal: amendment.subtotal.unwrap_or(facts.subtotal.map(same)),
        tax: amendment.tax.unwrap_or(tax),
        shipping: amendment.shipping.unwrap_or(facts.shipping.map(same)),
        discount: amendment.discount.unwrap_or(facts.discount.map(same)),
        amount_override: amendment.amount_override.unwrap_or(set),
        occurred_at: amendment.occurred_at.or(facts.occurred_at),
        due_at: amendment.due_at.unwrap_or(facts.due_at),
        customer: Customer {
            email: amendment
                .customer_email
                .clone()
                .unwrap_or(facts.customer.email.clone()),
            name: amendment
                .customer_name
                .clone()
                .unwrap_or(facts.customer.name.clone()),
            ..facts.customer.clone()
        },
        sub_id: amendment.sub_id.clone().unwrap_or(facts.sub_id.clone()),
        lines: lines.collect(),
        ..facts.clone()
    }
}
