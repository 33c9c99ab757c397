//! Which incentive covers what, found without trying each.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::{Condition, Incentive, Interval, Line, Sale, SaleType, Scope, Terms};

/// A set of incentives by their rank: bit 0 is the most specific one.
pub(crate) type Ranks = u128;

const _: () = assert!(Terms::MAX_INCENTIVES <= Ranks::BITS as usize);

/// The incentives by rank, and what covers them.
///
/// Ranks go from the most specific incentive to the least: by scope, then by the number of
/// conditions, then by their order in the terms. So of those that cover a line the lowest pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Index {
    /// The place in the terms, from 0, of each rank.
    by_rank: Vec<u8>,
    /// Those that cover every line of every sale.
    all: Ranks,
    one_time: Ranks,
    subscription: Ranks,
    monthly: Ranks,
    yearly: Ranks,
    /// Those that have conditions.
    conditional: Ranks,
    products: BTreeMap<Box<str>, Ranks>,
    prices: BTreeMap<Box<str>, Ranks>,
}

impl Index {
    pub(super) fn of(incentives: &[Incentive]) -> Self {
        let mut by_rank: Vec<u8> = (0..).take(incentives.len()).collect();
        by_rank.sort_by_key(|place| {
            let incentive = &incentives[usize::from(*place)];
            Reverse((incentive.scope.specificity(), incentive.conditions.len()))
        });
        let mut index = Self {
            by_rank: Vec::new(),
            all: 0,
            one_time: 0,
            subscription: 0,
            monthly: 0,
            yearly: 0,
            conditional: 0,
            products: BTreeMap::new(),
            prices: BTreeMap::new(),
        };
        for (rank, place) in by_rank.iter().enumerate() {
            let incentive = &incentives[usize::from(*place)];
            index.add(1 << rank, incentive);
        }
        index.by_rank = by_rank;
        index
    }

    fn add(&mut self, bit: Ranks, incentive: &Incentive) {
        if !incentive.conditions.is_empty() {
            self.conditional |= bit;
        }
        let (names, set) = match &incentive.scope {
            Scope::All => return self.all |= bit,
            Scope::Type(SaleType::OneTime) => return self.one_time |= bit,
            Scope::Type(SaleType::Subscription) => return self.subscription |= bit,
            Scope::Monthly => return self.monthly |= bit,
            Scope::Yearly => return self.yearly |= bit,
            Scope::Products(names) => (&mut self.products, names),
            Scope::Prices(names) => (&mut self.prices, names),
        };
        for name in set {
            *names.entry(name.clone()).or_default() |= bit;
        }
    }

    /// Those whose conditions hold for the sale.
    pub(crate) fn whose_conditions_hold(&self, incentives: &[Incentive], sale: &Sale) -> Ranks {
        let mut holding = Ranks::MAX;
        let mut left = self.conditional;
        while left != 0 {
            let rank = left.trailing_zeros();
            left &= left - 1;
            let incentive = &incentives[self.place(rank)];
            if first_unmet(incentive, sale).is_some() {
                holding &= !(1 << rank);
            }
        }
        holding
    }

    /// Those that cover every line of the sale, by their scope.
    pub(crate) fn whole_sale(&self, sale: &Sale) -> Ranks {
        let by_type = match sale.sale_type() {
            SaleType::OneTime => self.one_time,
            SaleType::Subscription => self.subscription,
        };
        let by_interval = match sale.interval() {
            Some(Interval::Monthly) => self.monthly,
            Some(Interval::Yearly) => self.yearly,
            None => 0,
        };
        self.all | by_type | by_interval
    }

    /// Whether any is for certain products or prices: only then do lines make a difference.
    pub(crate) fn has_names(&self) -> bool {
        !(self.products.is_empty() && self.prices.is_empty())
    }

    /// Those that cover the line by its product or price.
    pub(crate) fn line(&self, line: &Line) -> Ranks {
        let of = |names: &BTreeMap<Box<str>, Ranks>, name: &str| {
            names.get(name).copied().unwrap_or_default()
        };
        let by_price = match &line.price {
            Some(price) => of(&self.prices, price),
            None => 0,
        };
        of(&self.products, &line.product) | by_price
    }

    /// The place in the terms, from 0, of a rank.
    pub(crate) fn place(&self, rank: u32) -> usize {
        // A rank is below 100.
        self.by_rank
            .get(rank as usize)
            .copied()
            .map_or(0, usize::from)
    }

    /// Every rank with its place in the terms, most specific first.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> {
        self.by_rank.iter().copied().map(usize::from)
    }
}

/// The first condition that does not hold for the sale.
pub(crate) fn first_unmet<'a>(incentive: &'a Incentive, sale: &Sale) -> Option<&'a Condition> {
    let mut conditions = incentive.conditions.iter();
    conditions.find(|condition| match condition {
        Condition::Country(countries) => !sale
            .country()
            .is_some_and(|country| countries.contains(&country)),
        Condition::Metadata { key, value } => !sale
            .metadata()
            .iter()
            .any(|(other, has)| other == key && has == value),
    })
}
