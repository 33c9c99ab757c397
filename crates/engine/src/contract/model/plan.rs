//! Sequences of what is asked: what the next step can be depends on those before it.

use accrual_money::Currency;
use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;
use time::OffsetDateTime;

use super::{
    any::{any_ask, any_setup},
    ask::Ask,
};
use crate::{Command, Facts, TermsDraft, Zone, contract::fixture::NOW};

/// As much of a sequence as the choice of its next step depends on.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The terms of the programs that it begins with.
    pub(super) terms: Vec<TermsDraft>,
    pub(super) zone: Zone,
    pub(super) now: OffsetDateTime,
    /// The sales that were reported, by their numbers, each with its currency.
    pub(super) orders: Vec<(i64, Currency)>,
    pub(super) reports: Vec<Facts>,
    /// How many clicks and sign-ups there were.
    pub(super) referrals: i64,
}

/// What proptest makes sequences by.
pub(super) struct Sequences;

impl ReferenceStateMachine for Sequences {
    type State = Plan;
    type Transition = Ask;

    fn init_state() -> BoxedStrategy<Plan> {
        let zone = proptest::sample::select(vec!["UTC", "America/New_York"]);
        (any_setup(), zone)
            .prop_map(|(terms, zone)| Plan {
                terms,
                zone: Zone::parse(zone).unwrap(),
                now: NOW,
                orders: Vec::new(),
                reports: Vec::new(),
                referrals: 0,
            })
            .boxed()
    }

    fn transitions(plan: &Plan) -> BoxedStrategy<Ask> {
        any_ask(plan)
    }

    fn apply(mut plan: Plan, ask: &Ask) -> Plan {
        match ask {
            Ask::Wait(time) => plan.now += *time,
            Ask::Restart | Ask::Look => {}
            Ask::Command(asked) => match &asked.command {
                Command::Report(facts) => plan.note(facts),
                Command::Click(_) | Command::SignUp(_) => plan.referrals += 1,
                Command::CreateProgram { .. }
                | Command::ChangeProgram { .. }
                | Command::CreateAffiliate { .. }
                | Command::ChangeAffiliate { .. }
                | Command::Enroll(_)
                | Command::ChangeEnrollment { .. }
                | Command::CreatePromoCode { .. }
                | Command::ChangePromoCode { .. }
                | Command::Refund(_)
                | Command::Amend(_)
                | Command::ChangeStatus { .. }
                | Command::Mature => {}
            },
        }
        plan
    }
}

impl Plan {
    fn note(&mut self, facts: &Facts) {
        let reference = facts.reference.as_str();
        let number = reference.strip_prefix("order-").and_then(|text| text.parse().ok());
        if let (Some(number), Some(currency)) = (number, facts.currency()) {
            self.orders.push((number, currency));
            self.reports.push(facts.clone());
        }
    }
}
