//! What those above the seller earn.

use accrual_money::{Money, Rate};

/// What one level above the seller earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// How much.
    pub rate: Rate,
    /// Of what.
    pub of: LevelBase,
}

/// What a level's share is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LevelBase {
    /// The base of the sale.
    Sale,
    /// The seller's commission.
    Direct,
    /// What the level below earns; the first level's is the seller's commission.
    LevelBelow,
}

/// What each level earns, nearest to the seller first, one amount for each of `rules`.
///
/// `base` is the base of the sale and `direct` the seller's commission. Each level is a share,
/// rounded once, half away from zero; a chained one is a share of the rounded amount below it.
///
/// Source: docs/DOMAIN.md, "Those above the seller".
pub fn levels(rules: &[Level], base: Money, direct: Money) -> Vec<Money> {
    let mut below = direct;
    let amounts = rules.iter().map(|level| {
        let of = match level.of {
            LevelBase::Sale => base,
            LevelBase::Direct => direct,
            LevelBase::LevelBelow => below,
        };
        below = of.share(level.rate).amount;
        below
    });
    amounts.collect()
}
