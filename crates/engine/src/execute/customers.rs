//! Which customers belong to whom: referrals that sales make and change.

use accrual_attribution::{Attribution, Binding, Credit, EnrollmentId, ReferralId};
use time::{Duration, OffsetDateTime};

use super::{draft::Draft, report::Earned};
use crate::{Conversion, EarnedBy, Identity, Person, Program, Referral};

/// The referrals that a sale counts for, one for each who is credited; none where the program does
/// not remember customers and the customer was not known either.
pub(super) struct Customers(Vec<Referral>);

impl Customers {
    /// The customer as it was known to this enrollment before the sale.
    pub(super) fn before(&self, enrollment: EnrollmentId) -> Option<&Referral> {
        self.0
            .iter()
            .find(|referral| referral.credit.enrollment == enrollment)
    }

    /// The referral that a commission counts for.
    pub(super) fn referral_of(&self, earned: &Earned) -> Option<ReferralId> {
        match earned.by {
            EarnedBy::Sale => Some(self.before(earned.credit.enrollment)?.id),
            EarnedBy::Level(_) => None,
        }
    }
}

/// Finds or makes the referrals that a sale counts for, and binds them.
///
/// `is_redeemed`: a promo code was redeemed, which may be for first orders only.
pub(super) fn of_sale(
    draft: &mut Draft<'_>,
    conversion: &Conversion,
    attribution: &Attribution,
    is_redeemed: bool,
) -> Customers {
    let person = conversion.facts.identity();
    let ways = conversion
        .facts
        .looked_for(draft.book.head.remembers_customers);
    let mut customers = Vec::new();
    for share in &attribution.credits {
        let Some(program) = draft.book.program(share.credit.program) else {
            continue;
        };
        let known = known(draft, share.credit, &ways, attribution);
        let is_remembered = draft.book.head.remembers_customers || is_redeemed;
        let mut referral = match known {
            Some(known) => known,
            None if is_remembered && person.known_by().next().is_some() => new(draft, share.credit),
            None => continue,
        };
        referral.person.learn(&person);
        bind(&mut referral, program, conversion.occurred_at);
        draft.put_referral(referral.clone());
        customers.push(referral);
    }
    Customers(customers)
}

/// The enrollment's referral of this person: the one that a claim names, or the first of those that
/// the person is looked for by.
fn known(
    draft: &Draft<'_>,
    credit: Credit,
    ways: &[Person],
    attribution: &Attribution,
) -> Option<Referral> {
    let named = attribution.findings.iter().find_map(|finding| {
        let accrual_attribution::Claim::Referral(id) = finding.claim else {
            return None;
        };
        draft.referral(id).filter(|one| one.credit == credit)
    });
    named.cloned().or_else(|| {
        let mut ways = ways.iter();
        ways.find_map(|way| by_enrollment(draft, credit.enrollment, way))
    })
}

/// The enrollment's referral of the person that is known this way.
pub(super) fn by_enrollment(
    draft: &Draft<'_>,
    enrollment: EnrollmentId,
    way: &Person,
) -> Option<Referral> {
    let mut all = draft.book.known_as(way);
    let kept = all.find(|referral| referral.credit.enrollment == enrollment)?;
    draft.referral(kept.id).cloned()
}

/// A referral of whom nothing is known yet.
pub(super) fn new(draft: &mut Draft<'_>, credit: Credit) -> Referral {
    Referral {
        id: draft.head().next_referral(),
        credit,
        person: Identity::default(),
        touch: None,
        bound_at: None,
        payments: 0,
        first_payment_at: None,
        earned: None,
        created_at: draft.at,
    }
}

/// The customer belongs to the enrollment from now on, if it did not yet or no longer.
fn bind(referral: &mut Referral, program: &Program, occurred_at: OffsetDateTime) {
    let is_over = |since: OffsetDateTime| match program.crediting.binding {
        Binding::None | Binding::ForLife => false,
        Binding::For { days } => {
            let length = Duration::days(days.get().into());
            since
                .checked_add(length)
                .is_some_and(|end| end <= occurred_at)
        }
    };
    match referral.bound_at {
        Some(since) if !is_over(since) => referral.bound_at = Some(since.min(occurred_at)),
        Some(_) | None => referral.bound_at = Some(occurred_at),
    }
}
