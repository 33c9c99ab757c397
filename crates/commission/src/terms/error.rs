//! Why rules cannot be a program's terms.

use accrual_money::{Currency, Money};

use crate::{Incentive, IncentiveNumber, PeriodCap, Terms, Tiers};

/// Why rules cannot be a program's terms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// An amount of the rules is in another currency than the program.
    #[error("{amount} is not in the program's currency {currency}")]
    OtherCurrency {
        /// The amount.
        amount: Money,
        /// The program's currency.
        currency: Currency,
    },
    /// An amount of the rules is below zero.
    #[error("{amount} is below zero")]
    NegativeAmount {
        /// The amount.
        amount: Money,
    },
    /// More incentives than terms have.
    #[error("terms have at most {max} incentives, not {given}", max = Terms::MAX_INCENTIVES)]
    TooManyIncentives {
        /// How many were given.
        given: usize,
    },
    /// More levels than terms have.
    #[error("terms have at most {max} levels, not {given}", max = Terms::MAX_LEVELS)]
    TooManyLevels {
        /// How many were given.
        given: usize,
    },
    /// An incentive has more conditions than there may be.
    #[error(
        "incentive {incentive} has {given} conditions, and {max} is the most",
        max = Incentive::MAX_CONDITIONS
    )]
    TooManyConditions {
        /// The incentive.
        incentive: IncentiveNumber,
        /// How many were given.
        given: usize,
    },
    /// An incentive names more products, prices or countries than it may.
    #[error(
        "incentive {incentive} names {given} products, prices or countries, and {max} is the most",
        max = Incentive::MAX_NAMES
    )]
    TooManyNames {
        /// The incentive.
        incentive: IncentiveNumber,
        /// How many were given.
        given: usize,
    },
    /// An incentive is for products, prices or countries and names none: it would never pay.
    #[error("incentive {incentive} is for products, prices or countries, and names none")]
    NoNames {
        /// The incentive.
        incentive: IncentiveNumber,
    },
    /// An incentive has more steps than there may be.
    #[error("incentive {incentive} has {given} steps, and {max} is the most", max = Incentive::MAX_STEPS)]
    TooManySteps {
        /// The incentive.
        incentive: IncentiveNumber,
        /// How many were given.
        given: usize,
    },
    /// A step does not begin after the one before it of the same kind.
    #[error("step {step} of incentive {incentive} does not begin after the step before it")]
    StepsNotAscending {
        /// The incentive.
        incentive: IncentiveNumber,
        /// The step, counted from 1.
        step: usize,
    },
    /// An incentive has more tiers than there may be.
    #[error("incentive {incentive} has {given} tiers, and {max} is the most", max = Tiers::MAX_TIERS)]
    TooManyTiers {
        /// The incentive.
        incentive: IncentiveNumber,
        /// How many were given.
        given: usize,
    },
    /// An incentive has tiers, but none among them.
    #[error("the tiers of incentive {incentive} are none")]
    NoTiers {
        /// The incentive.
        incentive: IncentiveNumber,
    },
    /// A tier's threshold is not above that of the tier before it.
    #[error("tier {tier} of incentive {incentive} is not above the tier before it")]
    TiersNotAscending {
        /// The incentive.
        incentive: IncentiveNumber,
        /// The tier, counted from 1.
        tier: usize,
    },
    /// Some thresholds are amounts and some are counts.
    #[error("the tiers of incentive {incentive} begin at amounts and at counts of sales")]
    MixedThresholds {
        /// The incentive.
        incentive: IncentiveNumber,
    },
    /// Tiers by a sale's own size or piece by piece begin at counts of sales.
    #[error("the tiers of incentive {incentive} begin at counts of sales: its mode needs amounts")]
    TiersNeedAmounts {
        /// The incentive.
        incentive: IncentiveNumber,
    },
    /// An incentive that pays piece by piece pays something else than shares.
    #[error("incentive {incentive} pays tiers piece by piece, so it can pay shares only")]
    MarginalNeedsShares {
        /// The incentive.
        incentive: IncentiveNumber,
    },
    /// A cap over more rolling days than there may be.
    #[error("a cap is over at most {max} rolling days, not {days}", max = PeriodCap::MAX_ROLLING_DAYS)]
    CapTooLong {
        /// How many were given.
        days: u16,
    },
    /// Tiers that lift earlier commissions are combined with what makes it unclear to what.
    #[error(
        "incentive {incentive} lifts earlier commissions, which cannot be combined with {with}"
    )]
    Retroactive {
        /// The incentive.
        incentive: IncentiveNumber,
        /// With what.
        with: NotWithRetroactive,
    },
}

/// What tiers that lift earlier commissions cannot be combined with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotWithRetroactive {
    /// Pay for each item: an earlier commission does not say how many there were.
    PerItem,
    /// Steps: what an earlier commission would have been depends on the customer.
    Steps,
    /// A cap for each customer: it would be passed.
    CustomerCap,
    /// A cap for another period: it would be passed.
    OtherPeriodCap,
    /// A cap over rolling days: what is lifted counts in other days' periods too, and would pass it.
    RollingCap,
    /// An incentive for certain products or prices: only a part of a commission would be lifted.
    Lines,
}

impl std::fmt::Display for NotWithRetroactive {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::PerItem => "pay for each item",
            Self::Steps => "steps",
            Self::CustomerCap => "a cap for each customer",
            Self::OtherPeriodCap => "a cap for another period",
            Self::RollingCap => "a cap over rolling days",
            Self::Lines => "an incentive for certain products or prices",
        })
    }
}
