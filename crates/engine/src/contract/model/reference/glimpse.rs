//! What the choice of the next step looks at.

use accrual_attribution::{Claim, ProgramId, Tag};
use accrual_commission::StatusKind;
use accrual_money::Currency;

use super::Reference;
use crate::EnrollmentState;

/// A sale, as far as what may become of it depends on it.
#[derive(Clone, Debug)]
pub(in super::super) struct Glimpse {
    /// The number in its reference.
    pub(in super::super) number: i64,
    pub(in super::super) currency: Currency,
    pub(in super::super) left: i64,
    /// What was given back.
    pub(in super::super) back: i64,
    pub(in super::super) statuses: Vec<StatusKind>,
}

/// An enrollment that can be credited, with its program's currency.
#[derive(Clone, Debug)]
pub(in super::super) struct Member {
    pub(in super::super) tag: Tag,
    pub(in super::super) currency: Currency,
}

impl Reference {
    pub(in super::super) fn glimpses(&self) -> Vec<Glimpse> {
        let small = |amount: i128| i64::try_from(amount).expect("a moderate amount");
        let sales = self.sales.iter().map(|sold| Glimpse {
            number: {
                let reference = sold.facts.reference.as_str();
                let number = reference
                    .strip_prefix("order-")
                    .expect("a sale of a sequence");
                number.parse().expect("a number")
            },
            currency: sold.currency(),
            left: small(sold.left()),
            back: small(sold.whole() - sold.left()),
            statuses: sold.earners.iter().map(|one| one.status.kind()).collect(),
        });
        sales.collect()
    }

    pub(in super::super) fn members(&self) -> Vec<Member> {
        let active = self.enrollments.iter();
        let active = active.filter(|one| one.state == EnrollmentState::Active);
        let members = active.map(|one| Member {
            tag: one.tag.clone(),
            currency: self.currency(one.program),
        });
        members.collect()
    }

    /// The claims that name whoever was sent, each way once.
    pub(in super::super) fn known_people(&self) -> Vec<Claim> {
        let ways = self
            .people
            .iter()
            .flat_map(|sent| super::people::ways(&sent.person));
        let mut claims: Vec<Claim> = ways.map(|way| way.claim()).collect();
        claims.sort();
        claims.dedup();
        claims
    }

    pub(in super::super) fn referrals(&self) -> i64 {
        super::set_up::number(self.people.len()) - 1
    }

    pub(in super::super) fn currency(&self, program: ProgramId) -> Currency {
        self.terms(program).rules.currency
    }
}
