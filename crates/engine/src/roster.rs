//! Who is in the programs, with what they have sold.

use std::collections::{BTreeMap, BTreeSet};

use accrual_attribution::{ProgramId, Tag};

use crate::{Affiliate, Enrollment, EnrollmentState, Listed, Stage, Text};

/// What is asked of the enrollments in a roster: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterQuery {
    /// The program.
    pub program: Option<ProgramId>,
    /// How far it has come: one of these, or anything if there are none.
    pub states: BTreeSet<EnrollmentState>,
    /// The tag.
    pub tag: Option<Tag>,
}

impl RosterQuery {
    /// Whether `enrollment` is asked for.
    pub fn fits(&self, enrollment: &Enrollment) -> bool {
        let Self {
            program,
            states,
            tag,
        } = self;
        program.is_none_or(|program| enrollment.program == program)
            && (states.is_empty() || states.contains(&enrollment.state))
            && tag.as_ref().is_none_or(|tag| enrollment.tag == *tag)
    }
}

/// A page of a roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// The enrollments of the page, by their numbers.
    pub members: Vec<Member>,
    /// How many enrollments the whole roster has.
    pub count: u64,
}

/// An enrollment, with whatever a roster shows besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The enrollment.
    pub enrollment: Enrollment,
    /// Who it is.
    pub affiliate: Affiliate,
    /// What people call the program.
    pub program: Text,
    /// How many sales of each stage there are of which it has the first commission, and their sums,
    /// as in lists; without those of which there are none.
    pub totals: BTreeMap<Stage, (i64, Listed)>,
}
