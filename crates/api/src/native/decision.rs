//! How credit and commission came about, and what became of them: in words, and as data.

mod base;
mod finding;
mod part;
mod reason;

use accrual_commission::{Cap, Cut, Lift, Tried, TriedOutcome};
use accrual_engine::{Chapter, Explanation};
use poem_openapi::{Enum, Object};
use serde::Serialize;

use super::{
    conversions::show::CommissionView,
    view::{code, decimal, iso},
    word::{PeriodWord, ScopeWord},
};
use crate::wire::Word;
use base::BaseView;
use finding::FindingView;
use reason::ReasonView;

/// How the credit and the commission of a conversion came about, and what became of them.
#[derive(Object, Serialize)]
#[oai(rename = "Decision")]
pub(super) struct DecisionView {
    /// The conversion's number.
    conversion_id: i64,
    /// The journal entry that holds the decision.
    sequence: i64,
    /// When it was made.
    decided_at: String,
    /// The whole of it in sentences, in order.
    words: Vec<String>,
    /// What happened, in sentences, oldest first: the first chapter is the decision, each later one
    /// what one journal entry made of it.
    chapters: Vec<ChapterView>,
    /// What each claim came to, strongest first.
    findings: Vec<FindingView>,
    /// What of the sale shares are taken of.
    base: BaseView,
    /// What became of each incentive, in the order of the terms; empty if the report or the
    /// enrollment has set what is earned.
    incentives: Vec<TriedView>,
    /// Why the commission is what it is, before anything was cut off.
    reason: ReasonView,
    /// What caps cut off, in the order in which they did.
    cuts: Vec<CutView>,
    /// What earlier commissions were lifted to, if the sale was the first to reach a tier that lifts
    /// them.
    #[oai(nullable)]
    lift: Option<LiftView>,
    /// The commission that was decided, before it was split.
    amount: String,
    /// ISO 4217 code of it.
    currency: String,
    /// The version of the program's terms that it was decided under.
    terms_version: u32,
    /// What it earns whom, as it is now.
    commissions: Vec<CommissionView>,
}

/// What one journal entry says of a conversion.
#[derive(Object, Serialize)]
#[oai(rename = "Chapter")]
struct ChapterView {
    /// The journal entry.
    sequence: i64,
    /// When it was written.
    at: String,
    /// It in sentences, in order.
    words: Vec<String>,
}

/// What became of one incentive.
#[derive(Object, Serialize)]
#[oai(rename = "TriedIncentive", skip_serializing_if_is_none)]
struct TriedView {
    /// Its place in the terms, counted from 1.
    incentive: u32,
    /// Whether it paid, and why not.
    outcome: TriedWord,
    /// What it covers, if that is not the sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    covers: Option<ScopeWord>,
    /// The incentive that it yields to.
    #[serde(skip_serializing_if = "Option::is_none")]
    yields_to: Option<u32>,
    /// The same in a sentence.
    words: String,
}

/// Whether an incentive paid, and why not.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "IncentiveOutcome", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum TriedWord {
    /// It paid, for the sale or for some lines of it.
    Pays,
    /// It would pay, but pays nothing any more for this customer.
    IsOver,
    /// It covers other sales.
    DoesNotCover,
    /// It covers the sale but for a condition.
    ConditionNotMet,
    /// A more specific or an earlier one paid.
    Yields,
}

/// What a cap made of a commission.
#[derive(Object, Serialize)]
#[oai(rename = "Cut", skip_serializing_if_is_none)]
struct CutView {
    /// Which cap.
    cap: CapWord,
    /// The period of a cap for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<PeriodWord>,
    /// How many days in a row, with `rolling_days`.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u16>,
    /// The most that it allows.
    limit: String,
    /// What was earned under it before this sale.
    earned: String,
    /// The commission before the cut.
    before: String,
    /// The commission after it.
    after: String,
    /// The same in a sentence.
    words: String,
}

/// A cap.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "Cap")]
enum CapWord {
    /// For one conversion.
    #[oai(rename = "per_conversion")]
    #[serde(rename = "per_conversion")]
    Conversion,
    /// For one customer's conversions.
    #[oai(rename = "per_customer")]
    #[serde(rename = "per_customer")]
    Customer,
    /// For an enrollment's conversions of a period.
    #[oai(rename = "per_period")]
    #[serde(rename = "per_period")]
    Period,
}

/// What earlier commissions were lifted to.
#[derive(Object, Serialize)]
#[oai(rename = "Lift")]
struct LiftView {
    /// The incentive that they were earned by.
    incentive: u32,
    /// The tier that is reached, counted from 1.
    tier: u32,
    /// It in a sentence.
    words: String,
}

impl DecisionView {
    pub(super) fn of(explanation: &Explanation) -> Self {
        let Explanation {
            recorded,
            decided,
            decision,
            chapters,
        } = explanation;
        let conversion = &recorded.conversion;
        let first = chapters.first();
        let findings = decided.attribution.findings.iter();
        let commissions = recorded.commissions.iter();
        Self {
            conversion_id: conversion.id.number(),
            sequence: conversion.sequence.number(),
            decided_at: iso(conversion.recorded_at),
            words: first.map_or_else(Vec::new, |chapter| chapter.words.clone()),
            chapters: chapters.iter().map(ChapterView::of).collect(),
            findings: findings.map(FindingView::of).collect(),
            base: BaseView::of(&decision.base),
            incentives: decision.tried.iter().map(TriedView::of).collect(),
            reason: ReasonView::of(&decision.reason),
            cuts: decision.cuts.iter().map(CutView::of).collect(),
            lift: decision.lift.as_ref().map(LiftView::of),
            amount: decimal(decision.amount),
            currency: code(decision.amount),
            terms_version: decision.terms_version.number(),
            commissions: commissions.map(CommissionView::of).collect(),
        }
    }
}

impl ChapterView {
    fn of(chapter: &Chapter) -> Self {
        Self {
            sequence: chapter.sequence.number(),
            at: iso(chapter.at),
            words: chapter.words.clone(),
        }
    }
}

impl TriedView {
    fn of(tried: &Tried) -> Self {
        let (outcome, covers, yields_to) = match tried.outcome {
            TriedOutcome::Pays => (TriedWord::Pays, None, None),
            TriedOutcome::IsOver => (TriedWord::IsOver, None, None),
            TriedOutcome::DoesNotCover { scope } => {
                (TriedWord::DoesNotCover, Some(ScopeWord::of(scope)), None)
            }
            TriedOutcome::ConditionNotMet { .. } => (TriedWord::ConditionNotMet, None, None),
            TriedOutcome::Yields { to } => (TriedWord::Yields, None, Some(to.number())),
        };
        Self {
            incentive: tried.incentive.number(),
            outcome,
            covers,
            yields_to,
            words: tried.to_string(),
        }
    }
}

impl CutView {
    fn of(cut: &Cut) -> Self {
        let (cap, period) = match cut.cap {
            Cap::Conversion => (CapWord::Conversion, None),
            Cap::Customer => (CapWord::Customer, None),
            Cap::Period(period) => (CapWord::Period, Some(PeriodWord::and_days(period))),
        };
        Self {
            cap,
            period: period.map(|(word, _)| word),
            days: period.and_then(|(_, days)| days),
            limit: decimal(cut.limit),
            earned: decimal(cut.earned),
            before: decimal(cut.before),
            after: decimal(cut.after),
            words: cut.to_string(),
        }
    }
}

impl LiftView {
    fn of(lift: &Lift) -> Self {
        Self {
            incentive: lift.incentive.number(),
            tier: lift.tier,
            words: lift.to_string(),
        }
    }
}
