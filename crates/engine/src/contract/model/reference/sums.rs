//! Sums over all sales as they stand.

use std::collections::{BTreeMap, BTreeSet};

use accrual_attribution::{AffiliateId, EnrollmentId};
use accrual_commission::{AccountKind, Status, StatusKind, Tax};
use accrual_money::{Currency, Money};
use time::OffsetDateTime;

use super::{
    Earner, Reference, Sold,
    history::Living,
    integers::{minor, money},
};
use crate::{Channel, DayKey, DayTally, EarnedBy, Listed, Stage, Totals, TotalsKey};

impl Earner {
    pub(super) fn currency(&self) -> Currency {
        self.earning.full.currency()
    }

    pub(super) fn is_direct(&self) -> bool {
        match self.by {
            EarnedBy::Sale => true,
            EarnedBy::Level(_) => false,
        }
    }

    pub(super) fn is_alive(&self) -> bool {
        match self.status.kind() {
            StatusKind::Declined | StatusKind::Cancelled | StatusKind::Refunded => false,
            StatusKind::Pending
            | StatusKind::AwaitingApproval
            | StatusKind::Payable
            | StatusKind::InPayout
            | StatusKind::Paid
            | StatusKind::Disputed => true,
        }
    }
}

impl Sold {
    fn stage(&self, earner: &Earner) -> Stage {
        Stage {
            status: earner.status.kind(),
            is_due: earner.status == Status::Payable && earner.due_at.is_some(),
        }
    }

    /// Where it was made: a website, unless something else was said.
    fn channel(&self) -> Channel {
        let facts = self.current();
        let platform = facts.platform.as_ref().map(|platform| platform.as_str());
        let shop = facts.shop.as_ref().map(|shop| format!(":{shop}"));
        let text = [platform.unwrap_or("website"), &shop.unwrap_or_default()].concat();
        Channel::parse(&text).expect("a platform")
    }

    /// What it adds to the sums of a list, in the organization's currency.
    fn listed(&self, home: Currency) -> Listed {
        let (facts, first) = (self.current(), &self.earners[0]);
        let tax = match facts.tax {
            Some(Tax::Amount(tax)) => tax,
            Some(Tax::IncludedAt(rate)) => {
                let price = money(self.whole(), self.currency());
                price
                    .checked_sub(price.without_included(rate))
                    .expect("less than the price")
            }
            None => money(0, self.currency()),
        };
        let back = self.refunded + self.charged_back;
        let amounts = [
            money(self.whole(), self.currency()),
            money(back, self.currency()),
            tax,
            money(self.amount(first), first.currency()),
        ];
        let at_home = amounts.map(|amount| {
            if amount.currency() == home {
                return Some(amount.minor());
            }
            let rate = facts.exchange.as_ref()?;
            let fits = (rate.from(), rate.to()) == (amount.currency(), home);
            fits.then(|| rate.convert(amount).expect("small amounts").minor())
        });
        match at_home {
            [Some(amount), Some(returned), Some(tax), Some(commission)] => Listed {
                amount,
                returned,
                tax,
                commission,
                unconverted: 0,
            },
            _ => Listed {
                unconverted: 1,
                ..Listed::default()
            },
        }
    }
}

/// What is in the three accounts of one affiliate, in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Accounts {
    pending: i128,
    payable: i128,
    paid: i128,
}

impl Reference {
    /// How often somebody has paid, but for sales that were withdrawn or given back.
    pub(super) fn payments(&self, customer: usize) -> u32 {
        let sales = self.sales.iter().filter(|sold| {
            let mut earners = sold.earners.iter();
            earners.any(|one| one.customer == Some(customer) && one.is_direct() && one.is_alive())
        });
        u32::try_from(sales.count()).expect("few sales")
    }

    /// Whoever has no payments any more pays for the first time next.
    pub(super) fn forget_first_payments(&mut self) {
        for place in 0..self.people.len() {
            if self.payments(place) == 0 {
                self.people[place].first_payment_at = None;
            }
        }
    }

    /// What somebody's payments have earned whoever has sent them, in the currency that the first
    /// was reported in.
    pub(super) fn earned_of(&self, customer: usize) -> Option<Money> {
        let all = self.sales.iter().flat_map(|sold| {
            let earners = sold.earners.iter();
            earners.map(move |earner| (sold, earner))
        });
        let own = all.filter(|(_, one)| one.customer == Some(customer));
        let own: Vec<(&Sold, &Earner)> = own.collect();
        let currency = own.first()?.1.first_currency;
        let counted = own.iter().filter(|(_, one)| one.currency() == currency);
        let sum = counted.map(|(sold, earner)| sold.amount(earner)).sum();
        Some(money(sum, currency))
    }

    /// How many sales a promo code was redeemed with.
    pub(super) fn redeemed(&self, code: usize) -> u32 {
        let sales = self
            .sales
            .iter()
            .filter(|sold| sold.redeemed.contains(&code));
        u32::try_from(sales.count()).expect("few sales")
    }

    /// What is in an affiliate's accounts, by currency.
    fn balances(&self, affiliate: AffiliateId) -> BTreeMap<Currency, Accounts> {
        let mut balances: BTreeMap<Currency, Accounts> = BTreeMap::new();
        for sold in &self.sales {
            for earner in sold
                .earners
                .iter()
                .filter(|one| one.credit.affiliate == affiliate)
            {
                let accounts = balances.entry(earner.currency()).or_default();
                let rest = sold.amount(earner) - earner.paid_out;
                match earner.status {
                    Status::Pending { .. }
                    | Status::AwaitingApproval { .. }
                    | Status::Disputed { .. } => accounts.pending += rest,
                    Status::Payable
                    | Status::InPayout
                    | Status::Paid { .. }
                    | Status::Declined
                    | Status::Cancelled
                    | Status::Refunded => accounts.payable += rest,
                }
                accounts.paid += earner.paid_out;
            }
        }
        balances
    }

    /// What is in an affiliate's accounts, but for those with nothing in them.
    pub(in super::super) fn shown_balances(
        &self,
        affiliate: AffiliateId,
    ) -> Vec<(AccountKind, Money)> {
        let mut shown = Vec::new();
        for (currency, accounts) in self.balances(affiliate) {
            let all = [
                (AccountKind::Pending, accounts.pending),
                (AccountKind::Payable, accounts.payable),
                (AccountKind::Paid, accounts.paid),
            ];
            let some = all.into_iter().filter(|(_, amount)| *amount != 0);
            shown.extend(some.map(|(kind, amount)| (kind, money(amount, currency))));
        }
        shown
    }

    pub(super) fn payable(&self, affiliate: AffiliateId, currency: Currency) -> i128 {
        let balances = self.balances(affiliate);
        balances
            .get(&currency)
            .map_or(0, |accounts| accounts.payable)
    }

    /// The totals of every day, without those that come to nothing.
    pub(in super::super) fn totals(&self) -> Vec<(TotalsKey, Totals)> {
        let mut keys = BTreeSet::new();
        for sold in &self.sales {
            for earner in &sold.earners {
                for currency in [earner.currency(), sold.currency()] {
                    keys.insert(TotalsKey {
                        day: sold.day,
                        program: earner.credit.program,
                        currency,
                        stage: sold.stage(earner),
                        channel: sold.channel(),
                    });
                }
            }
        }
        let totals = keys.into_iter().map(|key| {
            let total = self.total(&key);
            (key, total)
        });
        totals
            .filter(|(key, total)| *total != Totals::zero(key.currency))
            .collect()
    }

    /// A sale counts where its first commission does, each commission by its own stage.
    fn total(&self, key: &TotalsKey) -> Totals {
        let currency = key.currency;
        let is_meant = |sold: &Sold, one: &Earner| {
            (sold.day, one.credit.program) == (key.day, key.program)
                && (sold.stage(one), sold.channel()) == (key.stage, key.channel.clone())
        };
        let of_key = |sold: &&Sold| sold.currency() == currency && is_meant(sold, &sold.earners[0]);
        let sales: Vec<&Sold> = self.sales.iter().filter(of_key).collect();
        let sum = |of: fn(&Sold) -> i128| money(sales.iter().map(|sold| of(sold)).sum(), currency);
        let mut commission = 0;
        let (mut count, mut base, mut earned) = (0, 0, 0);
        for sold in &self.sales {
            for earner in &sold.earners {
                if !is_meant(sold, earner) || earner.currency() != currency {
                    continue;
                }
                commission += sold.amount(earner);
                if earner.is_direct() {
                    count += 1;
                    base += sold.left_of(minor(earner.earning.base));
                    earned += sold.amount(earner);
                }
            }
        }
        let listed = sales.iter().map(|sold| sold.listed(Currency::USD));
        Totals {
            conversions: i64::try_from(sales.len()).expect("few sales"),
            amount: sum(Sold::whole),
            refunded: sum(|sold| sold.refunded),
            charged_back: sum(|sold| sold.charged_back),
            commission: money(commission, currency),
            sold: DayTally {
                conversions: count,
                base: money(base, currency),
                earned: money(earned, currency),
            },
            listed: listed.fold(Listed::default(), |sum, one| {
                sum.checked_add(one, Currency::USD).expect("small amounts")
            }),
        }
    }

    /// What an enrollment has sold and earned each day, without days that come to nothing.
    pub(in super::super) fn tallies(&self, enrollment: EnrollmentId) -> Vec<(DayKey, DayTally)> {
        let own = || {
            self.direct()
                .filter(|one| one.earner.credit.enrollment == enrollment)
        };
        let key = |one: Living<'_>| DayKey {
            enrollment,
            currency: one.earner.currency(),
            day: one.sold.day,
        };
        let keys: BTreeSet<DayKey> = own().map(key).collect();
        let tally = |wanted: DayKey| {
            let of_day: Vec<Living<'_>> = own().filter(|one| key(*one) == wanted).collect();
            let bases = of_day
                .iter()
                .map(|one| one.sold.left_of(minor(one.earner.earning.base)));
            let earned = of_day.iter().map(Living::amount);
            DayTally {
                conversions: i64::try_from(of_day.len()).expect("few sales"),
                base: money(bases.sum(), wanted.currency),
                earned: money(earned.sum(), wanted.currency),
            }
        };
        keys.into_iter().map(|key| (key, tally(key))).collect()
    }

    /// When the next held commission becomes payable.
    pub(in super::super) fn next_due(&self) -> Option<OffsetDateTime> {
        self.sales.iter().filter_map(Sold::due_at).min()
    }
}
