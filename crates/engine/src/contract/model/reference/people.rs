//! Clicks, sign-ups, and how somebody is known again.

use accrual_attribution::{Credit, Email, Identifier, ReferralId, Touch};
use time::OffsetDateTime;

use super::{
    Done, Reference, Sent, done,
    set_up::{number, place},
};
use crate::{
    Click, EnrollmentState, Error, Facts, Identity, Person, Sender, SignUp, SignUpBy, Subject, Text,
};

impl Reference {
    pub(super) fn click(&mut self, click: &Click, now: OffsetDateTime) -> Done {
        let by = self.active(&click.by)?;
        let at = click.at.unwrap_or(now);
        let known = click.visitor.clone().and_then(|visitor| {
            self.known_to(
                by,
                &Identity {
                    click: Some(visitor),
                    ..Identity::default()
                },
            )
        });
        let place = known.unwrap_or_else(|| self.add(by, now));
        let own_name = || Identifier::parse(&format!("click-{}", number(place))).expect("short");
        let visitor = click.visitor.clone().unwrap_or_else(own_name);
        let sent = &mut self.people[place];
        sent.person.click = Some(visitor);
        let before = sent.touch.unwrap_or(Touch {
            kind: click.kind,
            first_at: at,
            last_at: at,
        });
        sent.touch = Some(Touch {
            kind: before.kind.max(click.kind),
            first_at: before.first_at.min(at),
            last_at: before.last_at.max(at),
        });
        self.enter();
        Ok(done(Subject::Referral(ReferralId::new(number(place)))))
    }

    pub(super) fn sign_up(&mut self, sign_up: &SignUp, now: OffsetDateTime) -> Done {
        let known = match &sign_up.by {
            SignUpBy::Referral(id) => {
                let known = place(id.number(), self.people.len());
                Some(known.ok_or(Error::ReferralNotFound(*id))?)
            }
            SignUpBy::Visitor(visitor) => {
                let clicked = (0..self.people.len())
                    .filter(|place| self.people[*place].person.click.as_ref() == Some(visitor));
                let last = |place: &usize| self.people[*place].touch.map(|touch| touch.last_at);
                let latest = clicked.max_by_key(|place| (last(place), *place));
                Some(latest.ok_or_else(|| Error::VisitorNotFound(visitor.clone()))?)
            }
            SignUpBy::Sender(sender) => self.known_to(self.active(sender)?, &sign_up.person),
        };
        if ways(&sign_up.person).is_empty() {
            return Err(Error::NobodySignedUp);
        }
        let place = match (known, &sign_up.by) {
            (Some(place), _) => place,
            (None, SignUpBy::Sender(sender)) => self.add(self.active(sender)?, now),
            (None, SignUpBy::Referral(_) | SignUpBy::Visitor(_)) => panic!("refused above"),
        };
        let sent = &mut self.people[place];
        sent.person = both(&sent.person, &sign_up.person);
        sent.bound_at = sent.bound_at.or(Some(sign_up.at.unwrap_or(now)));
        self.enter();
        Ok(done(Subject::Referral(ReferralId::new(number(place)))))
    }

    pub(super) fn add(&mut self, by: Credit, now: OffsetDateTime) -> usize {
        self.people.push(Sent {
            by,
            person: Identity::default(),
            touch: None,
            bound_at: None,
            first_payment_at: None,
            created_at: now,
        });
        self.people.len() - 1
    }

    /// The place of the person among those whom an enrollment has sent: what is asked for first
    /// goes first, then who came first.
    pub(super) fn known_to(&self, by: Credit, person: &Identity) -> Option<usize> {
        let sent = |way: &Person| {
            let mut all = self.known_as(way).into_iter();
            all.find(|place| self.people[*place].by.enrollment == by.enrollment)
        };
        ways(person).iter().find_map(sent)
    }

    /// The places of all who are known this way.
    pub(super) fn known_as(&self, way: &Person) -> Vec<usize> {
        let is_known = |place: &usize| ways(&self.people[*place].person).contains(way);
        (0..self.people.len()).filter(is_known).collect()
    }

    fn active(&self, sender: &Sender) -> Result<Credit, Error> {
        let found = match sender {
            Sender::Enrollment(id) => Some(self.enrollment(*id)?),
            Sender::Tag(tag) => self.enrollments.iter().find(|one| one.tag == *tag),
            Sender::Link(slug) => self.by_link(slug),
        };
        let found = found.ok_or_else(|| Error::SenderNotFound(sender.clone()))?;
        match found.state {
            EnrollmentState::Active => Ok(credit(found)),
            EnrollmentState::Applied => Err(Error::EnrollmentUnapproved(found.id)),
            EnrollmentState::Ended => Err(Error::EnrollmentEnded(found.id)),
        }
    }

    /// Whoever's links end so, or else whoever's tag is spelled so.
    pub(super) fn by_link(&self, slug: &accrual_attribution::Slug) -> Option<&crate::Enrollment> {
        let mut all = self.enrollments.iter();
        let by_tag = || {
            let mut all = self.enrollments.iter();
            all.find(|one| one.tag.as_str() == slug.as_str())
        };
        all.find(|one| one.slug.as_ref() == Some(slug))
            .or_else(by_tag)
    }
}

pub(super) fn credit(enrollment: &crate::Enrollment) -> Credit {
    Credit {
        enrollment: enrollment.id,
        affiliate: enrollment.affiliate,
        program: enrollment.program,
    }
}

/// By what somebody is known, in the order in which it is looked for.
pub(super) fn ways(person: &Identity) -> Vec<Person> {
    let mut ways = Vec::new();
    ways.extend(person.customer.clone().map(Person::Customer));
    ways.extend(person.external_user.clone().map(Person::ExternalUser));
    ways.extend(person.email.clone().map(Person::Email));
    ways.extend(person.click.clone().map(Person::Click));
    ways
}

/// What is known of somebody, and what `other` adds to it.
pub(super) fn both(known: &Identity, other: &Identity) -> Identity {
    Identity {
        click: known.click.clone().or(other.click.clone()),
        external_user: known.external_user.clone().or(other.external_user.clone()),
        customer: known.customer.clone().or(other.customer.clone()),
        email: known.email.clone().or(other.email.clone()),
        name: known.name.clone().or(other.name.clone()),
    }
}

/// Who bought: what is said of the customer, and then what the claims add.
pub(super) fn buyer(facts: &Facts) -> Identity {
    let id = |text: &Option<Text>| {
        text.as_ref()
            .map(|text| Identifier::parse(text.as_str()).expect("an id"))
    };
    let customer = &facts.customer;
    let mut buyer = Identity {
        click: id(&customer.visitor_id),
        external_user: None,
        customer: id(&customer.id),
        email: customer
            .email
            .as_ref()
            .and_then(|email| Email::parse(email.as_str()).ok()),
        name: customer.name.clone(),
    };
    for claim in &facts.claims {
        use accrual_attribution::Claim as C;
        let mut named = Identity::default();
        match claim {
            C::Click(id) => named.click = Some(id.clone()),
            C::ExternalUser(id) => named.external_user = Some(id.clone()),
            C::Customer(id) => named.customer = Some(id.clone()),
            C::Email(email) => named.email = Some(email.clone()),
            C::Referral(_)
            | C::Affiliate(_)
            | C::Membership { .. }
            | C::Link(_)
            | C::Tag(_)
            | C::PromoCode(_) => {}
        }
        buyer = both(&buyer, &named);
    }
    buyer
}
