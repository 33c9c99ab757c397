//! What was changed of a sale, in sentences.

use accrual_money::Money;
use time::OffsetDateTime;

use crate::{
    Amendment, SaleStatus, Text,
    record::{
        RecordError,
        outcome::{CommissionRecord, RevisedRecord},
    },
};

/// A sentence for each thing that was said anew, and one for what was decided.
pub(super) fn words(
    amendment: &Amendment,
    revised: &RevisedRecord,
) -> Result<Vec<String>, RecordError> {
    let facts = revised.facts.as_ref();
    let facts = facts.map(|facts| facts.read()).transpose()?;
    let amount = facts.and_then(|facts| facts.amount());
    let mut words = Vec::new();
    if let (Some(amount), Some(currency)) = (amount, amendment.currency) {
        words.push(format!("The sale is in {currency}: it is {amount}."));
    }
    if let Some(amount) = amount.filter(|_| names_an_amount(amendment)) {
        let decided = match revised.stands {
            true => "what it earns was not decided again",
            false => "it was decided again, by the same terms",
        };
        words.push(format!("The sale came to {amount} after all: {decided}."));
    } else if !revised.stands && amendment.amount_override.is_none() {
        words.push("The sale was decided again, by the same terms.".to_owned());
    }
    words.extend(amendment.amount_override.map(|set| match set {
        Some(set) => format!("The commission was set to {set}."),
        None => "The commission is by the terms again.".to_owned(),
    }));
    words.extend(times(amendment));
    words.extend(texts(amendment));
    words.extend(amendment.status.map(said));
    if words.is_empty() {
        words.push("The sale was changed, and nothing of it is other than before.".to_owned());
    }
    Ok(words)
}

/// That what a commission comes to now was settled before: then the difference is an adjustment.
pub(super) fn adjustment(
    before: &CommissionRecord,
    after: &CommissionRecord,
    revised: &RevisedRecord,
) -> Result<Option<String>, RecordError> {
    let (was, is) = (before.amount.read()?, after.amount.read()?);
    let back = [revised.refunded.read()?, revised.charged_back.read()?];
    let why = if before.paid_out()?.is_positive() {
        "the commission was paid before"
    } else if back.into_iter().any(Money::is_positive) {
        "a part of the sale was given back before"
    } else {
        return Ok(None);
    };
    let by = is.checked_sub(was).ok().filter(|by| !by.is_zero());
    Ok(by.map(|by| format!("An adjustment of {by} is booked, since {why}.")))
}

fn names_an_amount(amendment: &Amendment) -> bool {
    let amounts = [amendment.total, amendment.subtotal, amendment.shipping];
    let is_named = amounts.iter().any(Option::is_some);
    is_named || amendment.discount.is_some() || amendment.tax.is_some()
}

fn times(amendment: &Amendment) -> impl Iterator<Item = String> {
    let occurred_at = amendment
        .occurred_at
        .map(|at| format!("It took place on {}.", moment(at)));
    let due_at = amendment.due_at.map(|at| match at {
        Some(at) => format!("Its commission is due on {}.", moment(at)),
        None => "Its commission is due by the terms.".to_owned(),
    });
    occurred_at.into_iter().chain(due_at)
}

fn texts(amendment: &Amendment) -> impl Iterator<Item = String> {
    let all = [
        ("customer's e-mail address", &amendment.customer_email),
        ("customer's name", &amendment.customer_name),
        ("sub id", &amendment.sub_id),
    ];
    all.into_iter().filter_map(|(name, change)| {
        let words = |text: &Option<Text>| match text {
            Some(text) => format!("The {name} is {text}."),
            None => format!("The {name} was taken away."),
        };
        change.as_ref().map(words)
    })
}

fn said(status: SaleStatus) -> String {
    match status {
        SaleStatus::Unpaid => "It was said to be unpaid.",
        SaleStatus::Paid => "It was said to be paid.",
        SaleStatus::PaidExternally => "It was said to be paid elsewhere.",
        SaleStatus::Cancelled => "It was said to be cancelled.",
    }
    .to_owned()
}

/// `2026-01-31 12:00:00 (UTC)`.
fn moment(at: OffsetDateTime) -> String {
    let (hour, minute, second) = at.to_hms();
    format!("{} {hour:02}:{minute:02}:{second:02} (UTC)", at.date())
}
