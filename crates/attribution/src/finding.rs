//! What each claim came to.

use time::OffsetDateTime;

use crate::{
    Claim, Credit, EnrollmentId, Evidence, ProgramId, SameBy, TouchKind, Unredeemable, Window,
};

/// What one claim came to, for one enrollment that it led to or for nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The claim.
    pub claim: Claim,
    /// The enrollment that it led to, if any.
    pub credit: Option<Credit>,
    /// What spoke for that enrollment, as far as it counts; none if there is no enrollment.
    ///
    /// A touch ends with the last time that is not after the sale. Where the customer does not
    /// belong to the enrollment and an open touch decides, that touch is what is here.
    pub evidence: Option<Evidence>,
    /// Whether that was taken, and why not.
    pub verdict: Verdict,
}

/// Whether what a claim led to was taken, and why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is credited with all of it.
    Credited,
    /// It is credited with a part.
    SharesCredit {
        /// Its own weight, above zero.
        weight: u64,
        /// All weights together.
        of: u64,
    },
    /// It is an enrollment that is credited already, by a stronger claim or touch.
    Agrees,
    /// Claims that must lead to one enrollment lead to several.
    Disagrees,
    /// Another enrollment is credited by a stronger claim.
    Outranked {
        /// The claim that is.
        by: Claim,
    },
    /// The same claim leads to another enrollment that goes before it.
    Outdone {
        /// That enrollment.
        by: EnrollmentId,
        /// Why it goes before this one.
        because: Advantage,
    },
    /// The caller splits the credit, and gives none of it to this claim.
    NoWeight,
    /// The caller splits the credit, which is within another program.
    OtherProgram {
        /// The program that it is within.
        program: ProgramId,
    },
    /// The affiliate is not in the program yet.
    Unapproved,
    /// The affiliate is no longer in the program.
    Ended,
    /// The customer is the affiliate itself.
    SelfReferral(SameBy),
    /// The promo code cannot be redeemed by this sale.
    Unredeemable(Unredeemable),
    /// What speaks for it was after the sale.
    NotYet,
    /// Its last touch was too long before the sale.
    WindowClosed {
        /// For how long a touch counts.
        window: Window,
    },
    /// The customer came by it, but customers belong to nobody in its program.
    Unbound,
    /// The customer no longer belongs to it.
    BindingOver {
        /// For how long it did.
        window: Window,
    },
    /// The report does not make the claim that the candidate came with.
    NotClaimed,
    /// The claim led to no enrollment.
    FoundNobody,
}

/// Why one enrollment goes before another that the same claim leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Advantage {
    /// Its program ranks this kind of claim higher.
    Precedence,
    /// The claim names it outright.
    Named,
    /// The customer belongs to it, or has for longer.
    BoundSince(OffsetDateTime),
    /// It had a stronger kind of touch.
    StrongerTouch(TouchKind),
    /// Its last touch was later, and the last touch counts.
    LaterTouch(OffsetDateTime),
    /// Its first touch was earlier, and the first touch counts.
    EarlierTouch(OffsetDateTime),
    /// Its program credits the last touch, the other's the first.
    LastTouchRule,
    /// All else is equal, and it is the older enrollment.
    SmallerNumber,
}
