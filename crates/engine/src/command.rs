//! What can be asked for.

use accrual_attribution::{
    AffiliateId, Code, Email, EnrollmentId, Identifier, ProgramId, PromoCodeId, ReferralId, Slug,
    Tag, TouchKind,
};
use accrual_commission::Change;
use accrual_money::{Money, Rate};
use time::OffsetDateTime;

use crate::{
    Amendment, ConversionId, Facts, IdempotencyKey, Identity, KeyId, PromoLimits, ShopKey,
    ShopPlatform, TermsChange, TermsDraft, Text,
};

/// What can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Make a program.
    CreateProgram {
        /// What people call it.
        name: Text,
        /// Its first terms.
        terms: TermsDraft,
        /// Whether it is an ambassador program.
        is_ambassador: bool,
    },
    /// Change a program; what is `None` stays. New terms are a new version.
    ChangeProgram {
        /// Which one.
        program: ProgramId,
        /// What people call it from now on.
        name: Option<Text>,
        /// What changes of its terms: a new version of them.
        terms: Option<TermsChange>,
        /// Whether it is an ambassador program from now on.
        is_ambassador: Option<bool>,
    },
    /// Make an affiliate.
    CreateAffiliate {
        /// What people call it.
        name: Text,
        /// Where to write to.
        email: Option<Text>,
        /// The caller's own id of it as a customer.
        customer: Option<Identifier>,
    },
    /// Change an affiliate; what is `None` stays.
    ChangeAffiliate {
        /// Which one.
        affiliate: AffiliateId,
        /// What people call it from now on.
        name: Option<Text>,
        /// Where to write to from now on; `Some(None)` is nowhere.
        email: Option<Option<Text>>,
        /// The caller's own id of it as a customer from now on; `Some(None)` is none.
        customer: Option<Option<Identifier>>,
    },
    /// Put an affiliate into a program.
    Enroll(Enrolling),
    /// Ask that somebody be put into a program: once, however often it is asked.
    Apply(Application),
    /// Change an enrollment; what is `None` stays.
    ChangeEnrollment {
        /// Which one.
        enrollment: EnrollmentId,
        /// Its tag from now on; the former one is free again.
        tag: Option<Tag>,
        /// What its links end with from now on; `Some(None)` is the tag.
        slug: Option<Option<Slug>>,
        /// Its own rate from now on; `Some(None)` is the program's.
        rate: Option<Option<Rate>>,
        /// Whether it can be credited from now on.
        is_active: Option<bool>,
    },
    /// Make a promo code.
    CreatePromoCode {
        /// The code.
        code: Code,
        /// Who is credited when it is entered.
        enrollment: EnrollmentId,
        /// What limits it.
        limits: PromoLimits,
    },
    /// Change a promo code; what is `None` stays.
    ChangePromoCode {
        /// Which one.
        promo_code: PromoCodeId,
        /// Whether it can be redeemed from now on.
        is_active: Option<bool>,
        /// What limits it from now on.
        limits: Option<PromoLimits>,
    },
    /// Make a store known, or call one that is known otherwise.
    RegisterShop {
        /// Its platform.
        platform: ShopPlatform,
        /// The platform's own id of it.
        key: ShopKey,
        /// What people call it.
        name: Text,
    },
    /// Record a click.
    Click(Click),
    /// Record that somebody who was sent has signed up: a referral becomes a lead.
    SignUp(SignUp),
    /// Record a sale.
    Report(Box<Facts>),
    /// Record that the customer got money back.
    Refund(Refund),
    /// Change what a sale came to.
    Amend(Box<Amendment>),
    /// Change what has become of a conversion's commissions.
    ChangeStatus {
        /// Which conversion.
        conversion: ConversionId,
        /// The position of the commission; `None` is all of them.
        position: Option<u16>,
        /// What happens to it.
        change: Change,
    },
    /// Let every held commission become payable whose time has come.
    Mature,
}

/// Who is to be put into what, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolling {
    /// Who.
    pub affiliate: AffiliateId,
    /// In what.
    pub program: ProgramId,
    /// The code by which shops are to know it.
    pub tag: Tag,
    /// What its links end with, if that is not the tag.
    pub slug: Option<Slug>,
    /// The enrollment of the same program that recruited it.
    pub recruiter: Option<EnrollmentId>,
    /// A rate agreed with this affiliate.
    pub rate: Option<Rate>,
}

/// Somebody who wants to be in a program.
///
/// Source: Growi, `POST /campaign_applications`: known again by address and program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// In which program.
    pub program: ProgramId,
    /// The address of the affiliate; one that is not known yet makes a new affiliate.
    pub email: Email,
    /// What people are to call a new affiliate.
    pub name: Text,
    /// The code by which shops are to know a new enrollment.
    pub tag: Tag,
    /// What else was said: kept with the enrollment. What is kept already stays.
    pub details: serde_json::Map<String, serde_json::Value>,
}

/// A visitor who came by an affiliate's link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Click {
    /// Whose link.
    pub by: Sender,
    /// The caller's own id of the visit or the visitor; one of ours if nothing is said.
    pub visitor: Option<Identifier>,
    /// How it came about.
    pub kind: TouchKind,
    /// When (UTC, to the microsecond); when it is recorded, if nothing is said.
    pub at: Option<OffsetDateTime>,
}

/// How a click or a sign-up names an enrollment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// By its number.
    Enrollment(EnrollmentId),
    /// By its tag.
    Tag(Tag),
    /// By its link.
    Link(Slug),
}

/// A person who was sent, and has signed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignUp {
    /// Who sent the person.
    pub by: SignUpBy,
    /// Who it is.
    pub person: Identity,
    /// When (UTC, to the microsecond); when it is recorded, if nothing is said.
    pub at: Option<OffsetDateTime>,
}

/// How a sign-up is connected with who sent the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignUpBy {
    /// By the referral that the click made.
    Referral(ReferralId),
    /// By the visitor's last click.
    Visitor(Identifier),
    /// By whoever is named: there was no click.
    Sender(Sender),
}

/// Money that the customer got back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Of which conversion.
    pub conversion: ConversionId,
    /// Whether the merchant gave it or the bank took it.
    pub kind: RefundKind,
    /// How much, in the sale's currency, above zero; all that is left, if nothing is said.
    pub amount: Option<Money>,
    /// When (UTC, to the microsecond); when it is recorded, if nothing is said.
    pub at: Option<OffsetDateTime>,
    /// Why.
    pub note: Option<Text>,
}

/// Who moved money back to the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefundKind {
    /// The merchant has given it.
    Refund,
    /// The customer's bank has taken it.
    Chargeback,
}

/// A command, and who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// What is asked.
    pub command: Command,
    /// On whose behalf.
    pub actor: Actor,
    /// The request's id, for the journal.
    pub request_id: Text,
    /// What makes a repetition known, for a command that has no reference of its own.
    pub idempotency: Option<Idempotency>,
}

/// On whose behalf a command is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever holds this API key.
    Key(KeyId),
    /// Whoever runs the server, from the command line.
    Operator,
}

/// What makes a repeated request known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The caller's key.
    pub key: IdempotencyKey,
    /// A hash of what was asked, so that the same key for something else is noticed.
    pub fingerprint: [u8; 32],
}
