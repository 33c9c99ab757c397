//! A tier is reached that pays for earlier sales too.

use accrual_commission::{Earning, Pay};

use super::{
    Reference,
    integers::{minor, money, share},
    pricing::Priced,
};

impl Reference {
    /// Pays the other sales of the period like the one at `cause`, as far as caps allow; nobody gets
    /// less.
    pub(super) fn lift(&mut self, priced: &Priced, cause: usize) {
        let Some(reached) = priced.retroactive else {
            return;
        };
        let sold = &self.sales[cause];
        let (own, day, version) = (sold.earners[0].clone(), sold.day, sold.version);
        let program = self
            .program_place(own.credit.program)
            .expect("it was credited");
        let rules = self.programs[program].versions[version].rules.clone();
        if own.currency() != rules.currency {
            return;
        }
        let (seller, currency) = (own.credit.enrollment, own.currency());
        let earned = self
            .earned(seller, &rules, own.customer, day, Some(cause))
            .in_period;
        let mut room = rules
            .caps
            .period
            .map(|cap| (minor(cap.amount) - earned - minor(own.earning.full)).max(0));
        let within = self.sold_in(seller, currency, reached.period, day);
        let places: Vec<usize> = within.iter().map(|one| one.place).collect();
        for place in places.into_iter().filter(|place| *place != cause) {
            if self.sales[place].version != version {
                continue;
            }
            let entry = self.entries + 1;
            let sold = &mut self.sales[place];
            let mut own = sold.earners.iter_mut().filter(|one| {
                one.credit == own.credit
                    && one.is_direct()
                    && one.incentive == Some(reached.incentive)
            });
            let Some(earner) = own.next() else {
                continue;
            };
            let target = paid(earner.earning, reached.pay);
            let (before, wanted) = (minor(earner.earning.full), minor(target.full));
            let cap = rules
                .caps
                .conversion
                .map_or(wanted, |cap| minor(cap).max(before));
            let mut gain = (wanted.min(cap) - before).max(0);
            if let Some(room) = &mut room {
                gain = gain.min(*room);
                *room -= gain;
            }
            if gain == 0 {
                continue;
            }
            earner.earning = if before + gain == wanted {
                target
            } else {
                Earning {
                    full: money(before + gain, earner.earning.full.currency()),
                    rate: None,
                    ..earner.earning
                }
            };
            sold.entries.2 = entry;
            self.entries = entry;
        }
    }
}

/// What `pay` makes of the base.
fn paid(earning: Earning, pay: Pay) -> Earning {
    let base = minor(earning.base);
    let (full, rate) = match pay {
        Pay::Share(rate) => (share(base, rate), Some(rate)),
        Pay::Fixed(amount) => (minor(amount), None),
        Pay::ShareAndFixed { share: rate, fixed } => (share(base, rate) + minor(fixed), None),
        Pay::PerItem(_) => panic!("such tiers do not pay for items"),
    };
    Earning {
        full: money(full, earning.full.currency()),
        rate,
        ..earning
    }
}
