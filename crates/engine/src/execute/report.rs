//! A sale is reported: it is credited, priced and recorded, or known already.

use std::sync::Arc;

use accrual_attribution::{Attribution, Candidate, Claim, Credit, Precedence, attribute};
use accrual_commission::{Case, Decision, Sale, Status, Terms, decide, movement};
use accrual_money::Money;
use time::{Duration, OffsetDateTime};

use super::draft::Draft;
use crate::{
    AmountField, Answer, Book, Changes, Commission, Conversion, Error, Facts, Outcome, Posting,
    Recorded, Replay, Totals, TotalsKey, as_kept, record,
};

/// Records the sale, or answers what it came to the first time.
///
/// A reference that is known is answered before anything is resolved, so that a retry succeeds
/// after its affiliate has left.
pub(super) fn report(mut draft: Draft<'_>, facts: &Facts) -> Result<(Answer, Changes), Error> {
    let amount = checked_amount(facts)?;
    let known = (facts.source.clone(), facts.reference.clone());
    if let Some(Some(first)) = draft.book.recorded.get(&known) {
        return Ok(replay(draft, facts, first.clone()));
    }
    let attribution = credit(draft.book, facts);
    let Some(credit) = attribution.credit else {
        return Err(Error::NobodyCredited {
            findings: attribution.findings,
        });
    };
    let program = draft.book.program(credit.program);
    let terms = &program.ok_or(Error::ProgramNotFound(credit.program))?.terms;
    let decision = price(draft.book, facts, credit, terms)?;

    let occurred_at = facts.occurred_at.unwrap_or(draft.at);
    let held_until = facts.due_at.or_else(|| end_of_hold(terms, occurred_at));
    let conversion = Conversion {
        id: draft.head().next_conversion(),
        facts: facts.clone(),
        occurred_at,
        recorded_at: draft.at,
        sequence: draft.sequence(),
    };
    let commission = Commission {
        conversion: conversion.id,
        position: 1,
        credit,
        terms_version: decision.terms_version,
        amount: decision.amount,
        status: Status::at_creation(held_until, draft.at),
    };
    post(&mut draft, &commission);
    count(&mut draft, &conversion, amount, &commission);
    let outcome = record::Outcome::reported(&attribution, &decision, &commission);
    draft.record(Some(conversion.id), &outcome);

    let recorded = Arc::new(Recorded {
        conversion,
        commissions: vec![commission],
    });
    draft.changes.recorded.push(recorded.clone());
    let answer = Answer {
        outcome: Outcome::Conversion(recorded),
        replay: Replay::No,
    };
    Ok((answer, draft.finish()))
}

/// The first outcome again; an attempt with other facts is kept in the journal.
fn replay(mut draft: Draft<'_>, facts: &Facts, first: Arc<Recorded>) -> (Answer, Changes) {
    let differences = first.conversion.facts.differences(facts);
    let replay = if differences.is_empty() {
        Replay::Same
    } else {
        draft.record(
            Some(first.conversion.id),
            &record::Outcome::repeated(&differences),
        );
        Replay::Differs(differences)
    };
    (
        Answer {
            outcome: Outcome::Conversion(first),
            replay,
        },
        draft.finish(),
    )
}

/// The sale's amount, above zero, with every other amount in its currency.
fn checked_amount(facts: &Facts) -> Result<Money, Error> {
    use AmountField as F;
    let sale = facts.amount().ok_or(Error::AmountMissing)?;
    for (field, amount) in [(F::Total, facts.total), (F::Subtotal, facts.subtotal)] {
        if let Some(amount) = amount.filter(|amount| !amount.is_positive()) {
            return Err(Error::AmountNotPositive { field, amount });
        }
    }
    let named = [
        (F::Subtotal, facts.subtotal),
        (F::Commission, facts.amount_override),
    ];
    let lines = facts.lines.iter().map(|line| (F::Line, Some(line.amount)));
    for (field, amount) in named.into_iter().chain(lines) {
        if let Some(amount) = amount.filter(|amount| amount.currency() != sale.currency()) {
            return Err(Error::MixedCurrencies { field, amount });
        }
    }
    Ok(sale)
}

fn credit(book: &Book, facts: &Facts) -> Attribution {
    let candidates: Vec<Candidate> = facts
        .claims
        .iter()
        .filter_map(|claim| {
            let enrollment = match claim {
                Claim::Tag(tag) => book.by_tag(tag),
                Claim::Membership { affiliate, program } => {
                    book.by_membership(*affiliate, *program)
                }
            }?;
            let (claim, standing) = (claim.clone(), enrollment.standing);
            Some(Candidate {
                claim,
                credit: enrollment.credit(),
                standing,
            })
        })
        .collect();
    attribute(&facts.claims, &candidates, &Precedence::default())
}

fn price(book: &Book, facts: &Facts, credit: Credit, terms: &Terms) -> Result<Decision, Error> {
    let sale = match (facts.total, facts.subtotal) {
        (Some(total), None) => Sale::new(total),
        (Some(total), Some(subtotal)) => Sale::new(total).with_subtotal(subtotal),
        (None, Some(subtotal)) => Sale::of_subtotal(subtotal),
        (None, None) => return Err(Error::AmountMissing),
    };
    let sale = sale.with_type(facts.sale_type);
    let sale = match facts.amount_override {
        Some(amount) => sale.with_amount_override(amount),
        None => sale,
    };
    let case = Case::new(&sale, terms);
    let case = match book
        .enrollment(credit.enrollment)
        .and_then(|enrollment| enrollment.rate)
    {
        Some(rate) => case.with_rate_override(rate),
        None => case,
    };
    Ok(decide(&case)?)
}

/// When the terms' hold ends; `None` without one. Beyond the last day that there is, it never does.
fn end_of_hold(terms: &Terms, occurred_at: OffsetDateTime) -> Option<OffsetDateTime> {
    match terms.hold_days() {
        0 => None,
        days => Some(as_kept(
            occurred_at.saturating_add(Duration::days(days.into())),
        )),
    }
}

fn post(draft: &mut Draft<'_>, commission: &Commission) {
    let affiliate = commission.credit.affiliate;
    if let Some(transfer) = movement(affiliate, None, commission.status, commission.amount) {
        let posting = Posting {
            sequence: draft.sequence(),
            position: 1,
            at: draft.at,
            conversion: commission.conversion,
            commission_position: commission.position,
            transfer,
        };
        draft.changes.postings.push(posting);
    }
}

fn count(draft: &mut Draft<'_>, conversion: &Conversion, amount: Money, commission: &Commission) {
    let key = TotalsKey {
        day: conversion.occurred_at.date(),
        program: commission.credit.program,
        currency: amount.currency(),
        status: commission.status.kind(),
    };
    let totals = Totals {
        conversions: 1,
        amount,
        commission: commission.amount,
    };
    draft.changes.totals.insert(key, totals);
}
