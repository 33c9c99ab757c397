//! Comparing what the engine shows with what the reference says.

use std::{
    collections::BTreeMap,
    fmt::{self, Debug},
    mem::discriminant,
};

use accrual_attribution::{AffiliateId, EnrollmentId, ProgramId, PromoCodeId, ReferralId};
use accrual_commission::{Account, AccountKind};
use accrual_money::{Currency, Money};

use super::reference::{Expected, IsReplay, Reference};
use crate::{
    Answer, ConversionId, Entry, Error, OrgId, Posting, Sequence, ShopId, contract::Shared,
    first_broken_seal, record,
};

/// More than there is of anything.
const ALL: u32 = 100_000;

/// Where the engine and the reference do not agree.
#[derive(Debug)]
pub(super) struct Mismatch {
    pub(super) about: String,
    pub(super) says: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}\n{}", self.about, self.says)
    }
}

/// That the engine answers what the reference says.
pub(super) fn answers(
    about: &str,
    expected: &Expected,
    answer: &Result<Answer, Error>,
) -> Result<(), Mismatch> {
    match (expected, answer) {
        (Ok((outcome, replay)), Ok(answer)) => {
            same(about, outcome, &answer.outcome)?;
            same(about, replay, &IsReplay::from(&answer.replay))
        }
        (Err(expected), Err(error)) if is_same(expected, error) => Ok(()),
        (expected, answer) => {
            let expected = expected.as_ref().map_err(ToString::to_string).err();
            let answer = answer.as_ref().map_err(ToString::to_string).err();
            let says = format!("--- expected refusal\n{expected:?}\n--- refusal found\n{answer:?}");
            Err(Mismatch {
                about: about.to_owned(),
                says,
            })
        }
    }
}

/// Whether two refusals say the same; what findings and checks say besides is not foretold.
fn is_same(expected: &Error, error: &Error) -> bool {
    match (expected, error) {
        (Error::NobodyCredited { .. }, Error::NobodyCredited { .. })
        | (Error::Terms(_), Error::Terms(_)) => true,
        (Error::Undecidable(expected), Error::Undecidable(error)) => {
            discriminant(expected) == discriminant(error)
        }
        (expected, error) => expected == error,
    }
}

pub(super) fn same<T: Debug + PartialEq>(
    about: &str,
    expected: &T,
    found: &T,
) -> Result<(), Mismatch> {
    if expected == found {
        return Ok(());
    }
    let (expected, found) = (format!("{expected:#?}"), format!("{found:#?}"));
    Err(Mismatch {
        about: about.to_owned(),
        says: difference(&expected, &found),
    })
}

/// The lines in which two texts differ, with the last line before that says what they are about.
fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<_>, Vec<_>) = (expected.lines().collect(), found.lines().collect());
    let mut ends = (expected.len(), found.len());
    let mut start = 0;
    while start < ends.0.min(ends.1) && expected[start] == found[start] {
        start += 1;
    }
    while ends.0 > start && ends.1 > start && expected[ends.0 - 1] == found[ends.1 - 1] {
        ends = (ends.0 - 1, ends.1 - 1);
    }
    let from = start.saturating_sub(12);
    format!(
        "…\n{}\n--- expected\n{}\n--- found\n{}\n…",
        expected[from..start].join("\n"),
        expected[start..ends.0].join("\n"),
        found[start..ends.1].join("\n"),
    )
}

/// That all that can be read is as the reference says.
pub(super) async fn everything(
    store: &Shared,
    org: OrgId,
    reference: &Reference,
) -> Result<(), Mismatch> {
    let programs = store.programs(org, ProgramId::new(0), ALL).await.unwrap();
    same("the programs", &reference.shown_programs(), &programs)?;
    for program in &programs {
        let versions = store.versions(org, program.id).await.unwrap();
        same(
            "the versions",
            &reference.shown_versions(program.id),
            &versions,
        )?;
    }
    let affiliates = store
        .affiliates(org, AffiliateId::new(0), ALL)
        .await
        .unwrap();
    same("the affiliates", &reference.shown_affiliates(), &affiliates)?;
    let from = EnrollmentId::new(0);
    let enrollments = store.enrollments(org, None, None, from, ALL).await.unwrap();
    same(
        "the enrollments",
        &reference.shown_enrollments(),
        &enrollments,
    )?;
    let codes = store
        .promo_codes(org, PromoCodeId::new(0), ALL)
        .await
        .unwrap();
    same("the promo codes", &reference.shown_codes(), &codes)?;
    let shops = store.shops(org, ShopId::new(0), ALL).await.unwrap();
    same("the stores", &reference.shown_shops(), &shops)?;
    let people = store.referrals(org, ReferralId::new(0), ALL).await.unwrap();
    same("the referrals", &reference.shown_people(), &people)?;
    let sales = store
        .conversions(org, ConversionId::new(0), ALL)
        .await
        .unwrap();
    same("the conversions", &reference.shown_sales(), &sales)?;
    let mut totals = store.totals(org).await.unwrap();
    totals.retain(|(key, total)| *total != crate::Totals::zero(key.currency));
    same("the totals", &reference.totals(), &totals)?;
    for enrollment in &enrollments {
        let mut tallies = store.tallies(org, enrollment.id).await.unwrap();
        tallies.retain(|(key, tally)| *tally != crate::DayTally::zero(key.currency));
        let about = format!("the tallies of enrollment {}", enrollment.id);
        same(&about, &reference.tallies(enrollment.id), &tallies)?;
    }
    let due = store.next_due(org).await.unwrap();
    same("when the next is due", &reference.next_due(), &due)?;
    for affiliate in &affiliates {
        balances(store, org, affiliate.id, reference).await?;
    }
    journal(store, org, reference).await
}

/// That an affiliate's balances are where its commissions are, and the sums of its transfers.
async fn balances(
    store: &Shared,
    org: OrgId,
    affiliate: AffiliateId,
    reference: &Reference,
) -> Result<(), Mismatch> {
    let about = format!("the balances of affiliate {affiliate}");
    let mut shown = store.balances(org, affiliate, None).await.unwrap();
    shown.retain(|(_, amount)| !amount.is_zero());
    shown.sort_by_key(|(kind, amount)| (amount.currency(), *kind));
    same(&about, &reference.shown_balances(affiliate), &shown)?;
    let transfers = transfers(store, org, affiliate).await;
    let mut sums: BTreeMap<(Currency, AccountKind), i64> = BTreeMap::new();
    for posting in &transfers {
        let (transfer, amount) = (posting.transfer, posting.transfer.amount());
        *sums
            .entry((amount.currency(), transfer.to().kind()))
            .or_default() += amount.minor();
        *sums
            .entry((amount.currency(), transfer.from().kind()))
            .or_default() -= amount.minor();
        same(&about, &true, &amount.is_positive())?;
        for account in [transfer.from(), transfer.to()] {
            let owner = match account {
                Account::Expense => affiliate,
                Account::Pending(owner) | Account::Payable(owner) | Account::Paid(owner) => owner,
            };
            same(&about, &affiliate, &owner)?;
        }
    }
    let sums = sums
        .into_iter()
        .filter(|((_, kind), sum)| *kind != AccountKind::Expense && *sum != 0);
    let sums: Vec<(AccountKind, Money)> = sums
        .map(|((currency, kind), sum)| (kind, Money::from_minor(sum, currency)))
        .collect();
    same(&about, &sums, &shown)
}

pub(super) async fn transfers(store: &Shared, org: OrgId, affiliate: AffiliateId) -> Vec<Posting> {
    let from = (Sequence::new(0), 0);
    store
        .transfers(org, affiliate, None, from, ALL)
        .await
        .unwrap()
}

/// That the journal is whole, and says of each sale who is credited with what weight.
async fn journal(store: &Shared, org: OrgId, reference: &Reference) -> Result<(), Mismatch> {
    let head = store.head(org).await.unwrap().unwrap();
    let entries = entries(store, org).await;
    same(
        "how many entries there are",
        &reference.entries,
        &head.sequence,
    )?;
    let sequences: Vec<i64> = entries
        .iter()
        .map(|entry| entry.sequence.number())
        .collect();
    same("the entries", &(1..=head.sequence).collect(), &sequences)?;
    same(
        "the first broken seal",
        &None,
        &first_broken_seal([0; 32], &entries),
    )?;
    let last = entries.last().map_or([0; 32], |entry| entry.hash);
    same("the last hash", &last, &head.hash)?;
    for entry in &entries {
        let outcome = record::Outcome::parse(&entry.outcome).unwrap();
        let (Some(decided), Some(id)) = (outcome.decided().unwrap(), entry.conversion) else {
            continue;
        };
        let credits = decided.attribution.credits.iter();
        let credits: Vec<_> = credits.map(|one| (one.credit, one.weight)).collect();
        let about = format!("who is credited with conversion {id}");
        let mut expected = reference.credits(id).to_vec();
        if let [(_, weight)] = expected.as_mut_slice() {
            // Alone it is all, whatever it was to be weighed against.
            *weight = 1;
        }
        same(&about, &expected, &credits)?;
    }
    Ok(())
}

pub(super) async fn entries(store: &Shared, org: OrgId) -> Vec<Entry> {
    store.journal(org, Sequence::new(0), ALL).await.unwrap()
}
