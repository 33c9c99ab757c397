//! The words of our own API that are used in more than one place.

use accrual_commission::{Interval, Period, SaleType, ScopeKind, StatusKind, TierMode};
use accrual_engine::{EnrollmentState, ShopPlatform};

use crate::wire::words;

words! {
    /// Whether a sale stands alone or renews.
    SaleTypeWord "SaleType" of SaleType {
        /// A purchase by itself.
        OneTime "one_time" (SaleType::OneTime),
        /// A payment of a subscription.
        Subscription "subscription" (SaleType::Subscription),
    }
}

words! {
    /// How often a subscription is paid for.
    IntervalWord "Interval" of Interval {
        /// Every month.
        Monthly "monthly" (Interval::Monthly),
        /// Every year.
        Yearly "yearly" (Interval::Yearly),
    }
}

words! {
    /// Which sales, or which lines of them, an incentive covers.
    ScopeWord "Scope" of ScopeKind {
        /// Every sale.
        All "all" (ScopeKind::All),
        /// One-time sales.
        OneTime "one_time" (ScopeKind::Type(SaleType::OneTime)),
        /// Payments of subscriptions.
        Subscription "subscription" (ScopeKind::Type(SaleType::Subscription)),
        /// Monthly payments.
        Monthly "monthly" (ScopeKind::Monthly),
        /// Yearly payments.
        Yearly "yearly" (ScopeKind::Yearly),
        /// Certain products.
        Products "products" (ScopeKind::Products),
        /// Certain prices.
        Prices "prices" (ScopeKind::Prices),
    }
}

words! {
    /// What has become of a commission.
    StatusWord "Status" of StatusKind {
        /// Held: it becomes payable when its time comes.
        Pending "pending" (StatusKind::Pending),
        /// It becomes payable when a person approves it, and its hold is over.
        AwaitingApproval "awaiting_approval" (StatusKind::AwaitingApproval),
        /// It can be paid.
        Payable "payable" (StatusKind::Payable),
        /// It is in a payout that is under way.
        InPayout "in_payout" (StatusKind::InPayout),
        /// It was paid.
        Paid "paid" (StatusKind::Paid),
        /// It was refused.
        Declined "declined" (StatusKind::Declined),
        /// The sale was withdrawn.
        Cancelled "cancelled" (StatusKind::Cancelled),
        /// The sale was refunded in full.
        Refunded "refunded" (StatusKind::Refunded),
        /// The sale is disputed: nothing is paid until that is settled.
        Disputed "disputed" (StatusKind::Disputed),
    }
}

words! {
    /// Over which time sales are counted.
    PeriodWord "Period" of PeriodWord {
        /// The calendar month of the sale, in the organization's time zone.
        CalendarMonth "calendar_month" (PeriodWord::CalendarMonth),
        /// So many days up to the sale.
        RollingDays "rolling_days" (PeriodWord::RollingDays),
        /// Since the enrollment began.
        Ever "ever" (PeriodWord::Ever),
    }
}

words! {
    /// What tiers measure, and what they pay for.
    TierModeWord "TierMode" of TierMode {
        /// What was sold before this sale; the tier pays for this sale as a whole.
        ReachedBefore "reached_before" (TierMode::ReachedBefore),
        /// This sale's own base; the tier pays for this sale as a whole.
        OwnSize "own_size" (TierMode::OwnSize),
        /// What was sold with this sale in it, piece by piece.
        Marginal "marginal" (TierMode::Marginal),
        /// What was sold with this sale in it; earlier sales are lifted.
        Retroactive "retroactive" (TierMode::Retroactive),
    }
}

impl PeriodWord {
    /// The word of a period, and its days if it has some.
    pub(super) fn and_days(period: Period) -> (Self, Option<u16>) {
        match period {
            Period::CalendarMonth => (Self::CalendarMonth, None),
            Period::RollingDays(days) => (Self::RollingDays, Some(days.get())),
            Period::Ever => (Self::Ever, None),
        }
    }
}

words! {
    /// A platform on which there are stores.
    ShopPlatformWord "StorePlatform" of ShopPlatform {
        /// Shopify.
        Shopify "shopify" (ShopPlatform::Shopify),
    }
}

words! {
    /// How far an enrollment has come.
    EnrollmentStateWord "EnrollmentState" of EnrollmentState {
        /// The affiliate has applied, and waits for approval.
        Applied "applied" (EnrollmentState::Applied),
        /// Sales can be credited to it.
        Active "active" (EnrollmentState::Active),
        /// It was ended, or the application was declined.
        Ended "ended" (EnrollmentState::Ended),
    }
}
