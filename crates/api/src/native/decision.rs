//! How credit and commission came about: in words, and as data.

use accrual_attribution::{Finding, Verdict};
use accrual_commission::{BaseKind, Decision, Nothing, RateSource, Reason, Tried, TriedOutcome};
use accrual_engine::{ConversionId, Entry, record::Reported};
use poem_openapi::{Enum, Object};
use serde::Serialize;

use super::{
    conversions::show::ClaimView,
    view::{ScopeWord, StatusWord, decimal, iso},
};

/// How the credit and the commission of a conversion came about.
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
    /// What each claim came to, strongest first.
    findings: Vec<FindingView>,
    /// What became of each incentive, in the order of the terms; empty if the report or the
    /// enrollment has set what is earned.
    incentives: Vec<TriedView>,
    /// Why the commission is what it is.
    reason: ReasonView,
    /// The commission.
    amount: String,
    /// ISO 4217 code.
    currency: String,
    /// The version of the program's terms that it was decided under.
    terms_version: u32,
    /// The status that the commission began with.
    status: StatusWord,
}

/// What one claim came to.
#[derive(Object, Serialize)]
#[oai(rename = "Finding")]
struct FindingView {
    /// The claim.
    claim: ClaimView,
    /// The enrollment that it led to.
    #[serde(skip_serializing_if = "Option::is_none")]
    enrollment_id: Option<i64>,
    /// Whether that was taken, and why not.
    verdict: VerdictWord,
    /// The same in a sentence.
    words: String,
}

/// What became of one incentive.
#[derive(Object, Serialize)]
#[oai(rename = "TriedIncentive")]
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

/// Why a commission is what it is: enough to compute it again.
#[derive(Object, Serialize)]
#[oai(rename = "Reason")]
struct ReasonView {
    /// Which kind of reason.
    kind: ReasonWord,
    /// The incentive that pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    incentive: Option<u32>,
    /// Who set the rate of a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_set_by: Option<RateSourceWord>,
    /// The rate of a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<String>,
    /// Which amount of the sale a share is taken of.
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<BaseWord>,
    /// That amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    base_amount: Option<String>,
    /// The share before rounding.
    #[serde(skip_serializing_if = "Option::is_none")]
    exact: Option<String>,
    /// How a share is rounded: once.
    #[serde(skip_serializing_if = "Option::is_none")]
    rounding: Option<RoundingWord>,
}

/// Whether what a claim led to was taken, and why not.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "Verdict", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum VerdictWord {
    /// It is credited.
    Credited,
    /// A stronger claim has led to the same enrollment.
    Agrees,
    /// A stronger claim is credited.
    Outranked,
    /// The enrollment has ended.
    Ended,
    /// No enrollment is known by it.
    FoundNobody,
}

/// Whether an incentive paid, and why not.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "IncentiveOutcome", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum TriedWord {
    /// It paid.
    Pays,
    /// It covers other sales.
    DoesNotCover,
    /// A more specific or an earlier one paid.
    Yields,
}

/// Which kind of reason.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "ReasonKind", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum ReasonWord {
    /// The report of the sale set the commission.
    SetByCaller,
    /// A share of the sale.
    Share,
    /// The same for every sale.
    Fixed,
    /// Nothing: the program has no incentives.
    NoIncentives,
    /// Nothing: no incentive covers the sale.
    NoneCovers,
}

/// Who set a rate.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "RateSource", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum RateSourceWord {
    /// The enrollment has a rate of its own.
    Enrollment,
    /// An incentive.
    Incentive,
}

/// Which amount of a sale.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "Base", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum BaseWord {
    /// The total.
    Total,
    /// The subtotal, because no total is known.
    Subtotal,
}

/// How an amount is rounded.
#[derive(Clone, Copy, Debug, Enum, Serialize)]
#[oai(rename = "Rounding", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum RoundingWord {
    /// To the nearest smallest unit of the currency; a half goes away from zero.
    HalfAwayFromZero,
}

impl DecisionView {
    pub(super) fn of(conversion: ConversionId, entry: &Entry, decided: &Reported) -> Self {
        let Reported {
            attribution,
            decision,
            status,
        } = decided;
        Self {
            conversion_id: conversion.number(),
            sequence: entry.sequence.number(),
            decided_at: iso(entry.at),
            words: decided.words(),
            findings: attribution.findings.iter().map(FindingView::of).collect(),
            incentives: decision.tried.iter().map(TriedView::of).collect(),
            reason: ReasonView::of(decision),
            amount: decimal(decision.amount),
            currency: decision.amount.currency().code().to_owned(),
            terms_version: decision.terms_version.number(),
            status: StatusWord::of(status.kind()),
        }
    }
}

impl FindingView {
    fn of(finding: &Finding) -> Self {
        let verdict = match &finding.verdict {
            Verdict::Credited => VerdictWord::Credited,
            Verdict::Agrees => VerdictWord::Agrees,
            Verdict::Outranked { .. } => VerdictWord::Outranked,
            Verdict::Ended => VerdictWord::Ended,
            Verdict::FoundNobody => VerdictWord::FoundNobody,
        };
        Self {
            claim: ClaimView::of(&finding.claim),
            enrollment_id: finding.credit.map(|credit| credit.enrollment.number()),
            verdict,
            words: finding.to_string(),
        }
    }
}

impl TriedView {
    fn of(tried: &Tried) -> Self {
        let (outcome, covers, yields_to) = match tried.outcome {
            TriedOutcome::Pays => (TriedWord::Pays, None, None),
            TriedOutcome::DoesNotCover { scope } => {
                (TriedWord::DoesNotCover, Some(ScopeWord::of(scope)), None)
            }
            TriedOutcome::Yields { to } => (TriedWord::Yields, None, Some(to.number())),
        };
        let (incentive, words) = (tried.incentive.number(), tried.to_string());
        Self {
            incentive,
            outcome,
            covers,
            yields_to,
            words,
        }
    }
}

impl ReasonView {
    fn of(decision: &Decision) -> Self {
        let bare = |kind, incentive| Self {
            kind,
            incentive,
            rate_set_by: None,
            percent: None,
            base: None,
            base_amount: None,
            exact: None,
            rounding: None,
        };
        match decision.reason {
            Reason::SetByCaller(_) => bare(ReasonWord::SetByCaller, None),
            Reason::Fixed { incentive, .. } => bare(ReasonWord::Fixed, Some(incentive.number())),
            Reason::Nothing {
                why: Nothing::NoIncentives,
                ..
            } => bare(ReasonWord::NoIncentives, None),
            Reason::Nothing {
                why: Nothing::NoneCovers,
                ..
            } => bare(ReasonWord::NoneCovers, None),
            Reason::Share { base, rate, source } => {
                let (incentive, set_by) = match source {
                    RateSource::Enrollment => (None, RateSourceWord::Enrollment),
                    RateSource::Incentive(number) => {
                        (Some(number.number()), RateSourceWord::Incentive)
                    }
                };
                Self {
                    rate_set_by: Some(set_by),
                    percent: Some(rate.percent().to_string()),
                    base: Some(match base.kind {
                        BaseKind::Total => BaseWord::Total,
                        BaseKind::Subtotal => BaseWord::Subtotal,
                    }),
                    base_amount: Some(decimal(base.amount)),
                    exact: Some(base.amount.share(rate).exact.to_string()),
                    rounding: Some(RoundingWord::HalfAwayFromZero),
                    ..bare(ReasonWord::Share, incentive)
                }
            }
        }
    }
}
