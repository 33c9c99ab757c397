//! Who was sent by whom: one record of a person from the first click to the last payment.

use accrual_attribution::{Claim, Credit, Email, Identifier, ReferralId, Touch};
use accrual_money::Money;
use time::OffsetDateTime;

use crate::Text;

/// Something that a person is known by. Several referrals have it, if several enrollments sent the
/// same person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Person {
    /// The visit, or the visitor, that clicked.
    Click(Identifier),
    /// The caller's own id of the person as a user.
    ExternalUser(Identifier),
    /// The caller's own id of the person as a customer.
    Customer(Identifier),
    /// The person's e-mail address.
    Email(Email),
}

impl Person {
    /// Whom a claim is about, if it names a person.
    pub fn of(claim: &Claim) -> Option<Self> {
        match claim {
            Claim::Click(id) => Some(Self::Click(id.clone())),
            Claim::ExternalUser(id) => Some(Self::ExternalUser(id.clone())),
            Claim::Customer(id) => Some(Self::Customer(id.clone())),
            Claim::Email(email) => Some(Self::Email(email.clone())),
            Claim::Referral(_)
            | Claim::Affiliate(_)
            | Claim::Membership { .. }
            | Claim::Link(_)
            | Claim::Tag(_)
            | Claim::PromoCode(_) => None,
        }
    }

    /// The claim that names this person.
    pub fn claim(&self) -> Claim {
        match self {
            Self::Click(id) => Claim::Click(id.clone()),
            Self::ExternalUser(id) => Claim::ExternalUser(id.clone()),
            Self::Customer(id) => Claim::Customer(id.clone()),
            Self::Email(email) => Claim::Email(email.clone()),
        }
    }
}

/// What a person is known by, as far as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The visit, or the visitor, that clicked.
    pub click: Option<Identifier>,
    /// The caller's own id of the person as a user.
    pub external_user: Option<Identifier>,
    /// The caller's own id of the person as a customer.
    pub customer: Option<Identifier>,
    /// The person's e-mail address.
    pub email: Option<Email>,
    /// The person's name.
    pub name: Option<Text>,
}

impl Identity {
    /// Somebody of whom nothing else is known.
    pub fn of(person: Person) -> Self {
        let mut identity = Self::default();
        match person {
            Person::Click(id) => identity.click = Some(id),
            Person::ExternalUser(id) => identity.external_user = Some(id),
            Person::Customer(id) => identity.customer = Some(id),
            Person::Email(email) => identity.email = Some(email),
        }
        identity
    }

    /// All that the person can be found by, the surest first.
    pub fn known_by(&self) -> impl Iterator<Item = Person> + '_ {
        let customer = self.customer.clone().map(Person::Customer);
        let user = self.external_user.clone().map(Person::ExternalUser);
        let email = self.email.clone().map(Person::Email);
        let click = self.click.clone().map(Person::Click);
        [customer, user, email, click].into_iter().flatten()
    }

    /// Adds what `other` knows besides; what is known already stays.
    pub fn learn(&mut self, other: &Self) {
        fn fill<T: Clone>(known: &mut Option<T>, other: &Option<T>) {
            if known.is_none() {
                known.clone_from(other);
            }
        }
        fill(&mut self.click, &other.click);
        fill(&mut self.external_user, &other.external_user);
        fill(&mut self.customer, &other.customer);
        fill(&mut self.email, &other.email);
        fill(&mut self.name, &other.name);
    }
}

/// A person whom an enrollment has sent: a click, later a lead, then a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// Its identity.
    pub id: ReferralId,
    /// Who sent the person.
    pub credit: Credit,
    /// Who it is.
    pub person: Identity,
    /// The clicks: `None` if the person came otherwise.
    pub touch: Option<Touch>,
    /// Since when the person belongs to the enrollment (UTC): since signing up or buying first.
    pub bound_at: Option<OffsetDateTime>,
    /// How many payments were credited to the enrollment, but for those that were withdrawn.
    pub payments: u32,
    /// When the first of them took place (UTC).
    pub first_payment_at: Option<OffsetDateTime>,
    /// What the enrollment has earned from them, as far as it is in the currency of the first payment
    /// that was credited to it; `None` is nothing.
    pub earned: Option<Money>,
    /// When it was made (UTC).
    pub created_at: OffsetDateTime,
}
