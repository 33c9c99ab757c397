//! Sequences of what is asked: what the next step can be depends on what those before it came to.

use std::fmt;

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;
use time::OffsetDateTime;

use super::{
    any::{any_ask, any_setup, made},
    ask::{Ask, Asked, Names},
    reference::Reference,
};
use crate::{Facts, Submission, TermsDraft, Zone, contract::fixture::NOW};

/// Where a sequence stands, by the reference.
#[derive(Clone)]
pub(super) struct Plan {
    /// The terms of the programs that it begins with.
    pub(super) terms: Vec<TermsDraft>,
    pub(super) zone: Zone,
    pub(super) now: OffsetDateTime,
    pub(super) reference: Reference,
    names: Names,
    /// How many commands were asked for.
    asked: usize,
    /// The sales that were reported, whether they were accepted or not.
    pub(super) reports: Vec<Facts>,
}

impl fmt::Debug for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "in {}, {}", self.zone, self.now)
    }
}

/// What proptest makes sequences by.
pub(super) struct Sequences;

impl ReferenceStateMachine for Sequences {
    type State = Plan;
    type Transition = Ask;

    fn init_state() -> BoxedStrategy<Plan> {
        let zone = proptest::sample::select(vec!["UTC", "America/New_York"]);
        (any_setup(), zone)
            .prop_map(|(terms, zone)| Plan::new(terms, Zone::parse(zone).unwrap()))
            .boxed()
    }

    fn transitions(plan: &Plan) -> BoxedStrategy<Ask> {
        any_ask(plan)
    }

    fn apply(mut plan: Plan, ask: &Ask) -> Plan {
        match ask {
            Ask::Wait(time) => plan.now += *time,
            Ask::Restart | Ask::Look => {}
            Ask::Command(asked) => {
                let _ = plan.ask(asked);
            }
        }
        plan
    }
}

impl Plan {
    /// Where every sequence begins: with programs, affiliates in them, and a promo code.
    fn new(terms: Vec<TermsDraft>, zone: Zone) -> Self {
        let mut plan = Self {
            reference: Reference::new(zone.clone()),
            terms,
            zone,
            now: NOW,
            names: Names::default(),
            asked: 0,
            reports: Vec::new(),
        };
        for asked in made(&plan.terms) {
            let _ = plan.ask(&asked);
        }
        plan
    }

    /// The same with nothing asked yet.
    pub(super) fn before(&self) -> Self {
        Self {
            reference: Reference::new(self.zone.clone()),
            names: Names::default(),
            asked: 0,
            reports: Vec::new(),
            ..self.clone()
        }
    }

    /// What is asked, and what it comes to.
    pub(super) fn ask(&mut self, asked: &Asked) -> (Submission, super::reference::Expected) {
        self.asked += 1;
        let submission = self.names.submission(asked, &self.reference, self.asked);
        let expected = self.reference.ask(&submission, self.now);
        if let Ok((outcome, _)) = &expected {
            self.names.note(asked, outcome);
        }
        if let crate::Command::Report(facts) = &asked.command {
            self.reports.push((**facts).clone());
        }
        (submission, expected)
    }
}
