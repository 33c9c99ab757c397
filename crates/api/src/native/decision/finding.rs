//! What each claim came to.

use accrual_attribution::{Finding, SameBy, Unredeemable, Verdict};
use poem_openapi::{Enum, Object};
use serde::Serialize;

use crate::{
    native::conversions::claims::ClaimView,
    wire::{Word, words},
};

/// What one claim came to, for one enrollment that it led to or for nobody.
#[derive(Object, Serialize)]
#[oai(rename = "Finding", skip_serializing_if_is_none)]
pub(super) struct FindingView {
    /// The claim.
    claim: ClaimView,
    /// The enrollment that it led to.
    #[serde(skip_serializing_if = "Option::is_none")]
    enrollment_id: Option<i64>,
    /// Whether that was taken, and why not.
    verdict: VerdictWord,
    /// Its weight, if it shares the credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<u64>,
    /// All weights together, if it shares the credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    of_weights: Option<u64>,
    /// Why a promo code cannot be redeemed.
    #[serde(skip_serializing_if = "Option::is_none")]
    unredeemable: Option<UnredeemableWord>,
    /// By what the customer is known to be the affiliate itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    same_by: Option<SameByWord>,
    /// The same in a sentence.
    words: String,
}

/// Whether what a claim led to was taken, and why not.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "Verdict", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum VerdictWord {
    /// It is credited with all of it.
    Credited,
    /// It is credited with a part.
    SharesCredit,
    /// It is an enrollment that is credited already, by a stronger claim.
    Agrees,
    /// Claims that must lead to one enrollment lead to several.
    Disagrees,
    /// A stronger claim is credited.
    Outranked,
    /// The same claim leads to another enrollment that goes before it.
    Outdone,
    /// The report splits the credit, and gives none of it to this claim.
    NoWeight,
    /// The report splits the credit, which is within another program.
    OtherProgram,
    /// The enrollment is not approved yet.
    Unapproved,
    /// The enrollment has ended.
    Ended,
    /// The customer is the affiliate itself.
    SelfReferral,
    /// The promo code cannot be redeemed by this sale.
    Unredeemable,
    /// What speaks for it was after the sale.
    NotYet,
    /// Its last click was too long before the sale.
    WindowClosed,
    /// Customers belong to nobody in its program, and there was no click.
    Unbound,
    /// The customer no longer belongs to it.
    BindingOver,
    /// The report does not make the claim.
    NotClaimed,
    /// No enrollment is known by it.
    FoundNobody,
}

words! {
    /// Why a promo code cannot be redeemed by a sale.
    UnredeemableWord "Unredeemable" of Unredeemable {
        /// It is switched off.
        NotActive "not_active" (Unredeemable::NotActive),
        /// It is no longer valid.
        Expired "expired" (Unredeemable::Expired),
        /// It was redeemed as often as it may be.
        UsedUp "used_up" (Unredeemable::UsedUp),
        /// It is for a customer's first order only.
        NotFirstOrder "not_first_order" (Unredeemable::NotFirstOrder),
        /// The sale is smaller than it asks for.
        BelowMinimum "below_minimum" (Unredeemable::BelowMinimum),
        /// It is for other products.
        OtherProducts "other_products" (Unredeemable::OtherProducts),
        /// It is for another customer.
        OtherCustomer "other_customer" (Unredeemable::OtherCustomer),
    }
}

words! {
    /// By what a customer is known to be the affiliate itself.
    SameByWord "SameBy" of SameBy {
        /// Both have one e-mail address.
        Email "email" (SameBy::Email),
        /// The customer's id is the affiliate's.
        Customer "customer_id" (SameBy::Customer),
    }
}

impl FindingView {
    pub(super) fn of(finding: &Finding) -> Self {
        let mut view = Self {
            claim: ClaimView::of(&finding.claim),
            enrollment_id: finding.credit.map(|credit| credit.enrollment.number()),
            verdict: VerdictWord::Credited,
            weight: None,
            of_weights: None,
            unredeemable: None,
            same_by: None,
            words: finding.to_string(),
        };
        view.verdict = match &finding.verdict {
            Verdict::Credited => VerdictWord::Credited,
            Verdict::SharesCredit { weight, of } => {
                (view.weight, view.of_weights) = (Some(*weight), Some(*of));
                VerdictWord::SharesCredit
            }
            Verdict::Agrees => VerdictWord::Agrees,
            Verdict::Disagrees => VerdictWord::Disagrees,
            Verdict::Outranked { .. } => VerdictWord::Outranked,
            Verdict::Outdone { .. } => VerdictWord::Outdone,
            Verdict::NoWeight => VerdictWord::NoWeight,
            Verdict::OtherProgram { .. } => VerdictWord::OtherProgram,
            Verdict::Unapproved => VerdictWord::Unapproved,
            Verdict::Ended => VerdictWord::Ended,
            Verdict::SelfReferral(by) => {
                view.same_by = Some(SameByWord::of(*by));
                VerdictWord::SelfReferral
            }
            Verdict::Unredeemable(why) => {
                view.unredeemable = Some(UnredeemableWord::of(*why));
                VerdictWord::Unredeemable
            }
            Verdict::NotYet => VerdictWord::NotYet,
            Verdict::WindowClosed { .. } => VerdictWord::WindowClosed,
            Verdict::Unbound => VerdictWord::Unbound,
            Verdict::BindingOver { .. } => VerdictWord::BindingOver,
            Verdict::NotClaimed => VerdictWord::NotClaimed,
            Verdict::FoundNobody => VerdictWord::FoundNobody,
        };
        view
    }
}
