//! Which affiliates a list is asked for.

use std::collections::BTreeSet;

use accrual_attribution::ProgramId;
use accrual_engine::{EnrollmentState, Page, RosterQuery};

use crate::{
    growi::{
        failure::Failure,
        parameter::{self, flag, integer},
    },
    wire::{Flag, Given, Integer, OneOf, Word},
};

/// How many a page has.
pub(super) const PAGE: u32 = 25;

/// Which affiliates, and which page of them.
pub(in crate::growi) struct Wanted {
    /// `None` where nobody can fit.
    pub(super) query: Option<RosterQuery>,
    pub(super) page: Page,
    /// The page's number, from 1, where pages are asked for.
    pub(super) number: Option<i64>,
}

impl Wanted {
    pub(super) fn read(
        campaign_id: Option<&Given<Integer>>,
        status: Option<&Given<OneOf<StatusWord>>>,
        pagination: Option<&Given<Flag>>,
        page: Option<&Given<Integer>>,
    ) -> Result<Self, Failure> {
        let program = integer("campaign_id", campaign_id)?.map(ProgramId::new);
        let status = match status.filter(|given| !given.is_blank()) {
            Some(status) => status.word().map_err(|_| {
                Failure::invalid(
                    "status must be one of: active, paused, left, removed, completed, archived, \
                     pending.",
                )
            })?,
            None => StatusWord::Active,
        };
        let query = status.state().map(|state| RosterQuery {
            program,
            states: BTreeSet::from([state]),
            tag: None,
        });
        let is_paged = flag("pagination", pagination)?;
        let number = parameter::page(page)?;
        let (page, number) = match is_paged {
            true => (PAGE, Some(number)),
            false => (u32::MAX, None),
        };
        let before = number.unwrap_or(1) - 1;
        let skip = before.saturating_mul(i64::from(PAGE)).unsigned_abs();
        let page = Page { skip, limit: page };
        Ok(Self {
            query,
            page,
            number,
        })
    }
}

/// Growi's words for how far an affiliate has come in a campaign.
#[derive(Clone, Copy, Debug, poem_openapi::Enum, serde::Serialize)]
#[oai(rename = "CampaignAffiliateStatus", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(in crate::growi) enum StatusWord {
    /// Sales are credited.
    Active,
    /// Nobody is.
    Paused,
    /// Nobody is.
    Left,
    /// In the campaign no longer.
    Removed,
    /// Nobody is.
    Completed,
    /// Nobody is.
    Archived,
    /// Has applied, and waits for approval.
    Pending,
}

impl StatusWord {
    /// What it stands for; `None` for what nobody ever is.
    fn state(self) -> Option<EnrollmentState> {
        match self {
            Self::Active => Some(EnrollmentState::Active),
            Self::Pending => Some(EnrollmentState::Applied),
            Self::Removed => Some(EnrollmentState::Ended),
            Self::Paused | Self::Left | Self::Completed | Self::Archived => None,
        }
    }

    pub(super) fn of_state(state: EnrollmentState) -> Self {
        match state {
            EnrollmentState::Active => Self::Active,
            EnrollmentState::Applied => Self::Pending,
            EnrollmentState::Ended => Self::Removed,
        }
    }
}

impl Word for StatusWord {
    type Meaning = Self;
    const ALL: &'static [(&'static str, Self)] = &[
        ("active", Self::Active),
        ("paused", Self::Paused),
        ("left", Self::Left),
        ("removed", Self::Removed),
        ("completed", Self::Completed),
        ("archived", Self::Archived),
        ("pending", Self::Pending),
    ];

    fn of(meaning: Self) -> Self {
        meaning
    }
}
