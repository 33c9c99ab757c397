//! The words of a program's rules.

use accrual_attribution::{ClaimKind, TouchRule};
use accrual_commission::{Approval, BaseAmount, LevelBase};

use crate::wire::words;

words! {
    /// Which amount of a sale is preferred.
    BaseAmountWord "BaseAmount" of BaseAmount {
        /// The total, and the subtotal where no total is known.
        Total "total" (BaseAmount::Total),
        /// The subtotal, and the total where no subtotal is known.
        Subtotal "subtotal" (BaseAmount::Subtotal),
    }
}

words! {
    /// Who lets a commission become payable.
    ApprovalWord "Approval" of Approval {
        /// Nobody has to.
        Automatic "automatic" (Approval::Automatic),
        /// A person.
        ByPerson "by_person" (Approval::ByPerson),
    }
}

words! {
    /// What the share of a level is taken of.
    LevelBaseWord "LevelBase" of LevelBase {
        /// The base of the sale.
        Sale "sale" (LevelBase::Sale),
        /// The seller's commission.
        Direct "direct" (LevelBase::Direct),
        /// What the level below earns.
        LevelBelow "level_below" (LevelBase::LevelBelow),
    }
}

words! {
    /// A kind of claim.
    ClaimKindWord "ClaimKind" of ClaimKind {
        /// `affiliate_id` and `program_id` together.
        Membership "membership" (ClaimKind::Membership),
        /// `referral_id`.
        Referral "referral" (ClaimKind::Referral),
        /// `external_user_id`.
        ExternalUser "external_user" (ClaimKind::ExternalUser),
        /// `click_id`.
        Click "click" (ClaimKind::Click),
        /// `customer_id`.
        Customer "customer" (ClaimKind::Customer),
        /// `customer_email`.
        Email "email" (ClaimKind::Email),
        /// `affiliate_id` alone.
        Affiliate "affiliate" (ClaimKind::Affiliate),
        /// `promo_code`.
        PromoCode "promo_code" (ClaimKind::PromoCode),
        /// `link`.
        Link "link" (ClaimKind::Link),
        /// `tag`.
        Tag "tag" (ClaimKind::Tag),
    }
}

words! {
    /// Which of several clicks goes first.
    TouchRuleWord "TouchRule" of TouchRule {
        /// The latest one that counts.
        Last "last" (TouchRule::Last),
        /// The earliest one that counts.
        First "first" (TouchRule::First),
    }
}

words! {
    /// For how long a customer belongs to the enrollment that brought it.
    BindingWord "Binding" of BindingWord {
        /// Not at all.
        None "none" (BindingWord::None),
        /// For every sale.
        ForLife "for_life" (BindingWord::ForLife),
        /// For so many days.
        ForDays "for_days" (BindingWord::ForDays),
    }
}

words! {
    /// Whether those who sent the customer share the credit.
    SharingWord "Sharing" of SharingWord {
        /// One is credited with all of it.
        One "one" (SharingWord::One),
        /// Each gets the same part.
        Equal "equal" (SharingWord::Equal),
        /// The first gets a bonus, and all share the rest equally.
        FirstBonus "first_bonus" (SharingWord::FirstBonus),
        /// The last gets a bonus, and all share the rest equally.
        LastBonus "last_bonus" (SharingWord::LastBonus),
    }
}
