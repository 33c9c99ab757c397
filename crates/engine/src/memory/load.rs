//! Reading what commands need, in memory: plainly, by looking at everything.

use std::collections::{BTreeMap, BTreeSet};

use accrual_commission::Account;
use accrual_money::Money;
use time::OffsetDateTime;

use super::Kept;
use crate::{
    Affiliate, ConversionId, DayTally, Enrollment, Loaded, Needs, Shop, Span, StoreError, record,
};

/// Those of `keys` that are kept, copied.
fn found<K: Ord, V: Clone, P: std::ops::Deref<Target = V>>(
    kept: &BTreeMap<K, P>,
    keys: &BTreeSet<K>,
) -> Vec<V> {
    let found = keys.iter().filter_map(|key| kept.get(key));
    found.map(|value| V::clone(value)).collect()
}

impl Kept {
    pub(super) fn load(&self, needs: &Needs) -> Result<Loaded, StoreError> {
        let by_reference = needs.references.iter();
        let by_reference = by_reference.filter_map(|key| self.references.get(key).copied());
        let mut wanted: BTreeSet<ConversionId> = needs.conversions.clone();
        wanted.extend(by_reference);
        let spans: Vec<_> = needs
            .spans
            .iter()
            .flat_map(|span| self.in_span(span).into_iter().map(|id| (*span, id)))
            .collect();
        wanted.extend(spans.iter().map(|(_, id)| *id));
        let due = needs.due.map(|until| self.due(until)).unwrap_or_default();
        wanted.extend(&due);

        let mut promo_codes = found(&self.promo_codes, &needs.promo_codes);
        let by_code = self.promo_codes.values();
        let by_code = by_code.filter(|one| needs.codes.contains(&one.code));
        promo_codes.extend(by_code.map(|one| crate::PromoCode::clone(one)));

        let mut referrals = found(&self.referrals, &needs.referrals);
        let people = self.referrals.values().filter(|referral| {
            let mut ways = referral.person.known_by();
            ways.any(|person| needs.people.contains(&person))
        });
        referrals.extend(people.map(|one| crate::Referral::clone(one)));

        Ok(Loaded {
            recorded: found(&self.conversions, &wanted),
            decided: self.decided(&needs.decided)?,
            remembered: needs
                .idempotency_keys
                .iter()
                .filter_map(|key| self.remembered.get(key).cloned())
                .collect(),
            programs: found(&self.programs, &needs.programs),
            versions: needs
                .versions
                .iter()
                .filter_map(|key| Some((key.0, self.versions.get(key)?.clone())))
                .collect(),
            affiliates: self.affiliates(needs),
            enrollments: self.enrollments(needs),
            promo_codes,
            referrals,
            shops: self.shops(needs),
            tallies: needs
                .tallies
                .iter()
                .map(|span| Ok((*span, self.tally(span)?)))
                .collect::<Result<_, StoreError>>()?,
            spans,
            payable: needs
                .payable
                .iter()
                .map(|(affiliate, currency)| {
                    let account = Account::Payable(*affiliate);
                    Ok((*affiliate, self.balance(account, *currency)?))
                })
                .collect::<Result<_, StoreError>>()?,
            due,
        })
    }

    fn affiliates(&self, needs: &Needs) -> Vec<Affiliate> {
        let is_wanted = |one: &Affiliate| {
            let address = one.address();
            needs.affiliates.contains(&one.id)
                || address.is_some_and(|address| needs.addresses.contains(&address))
        };
        let wanted = self.affiliates.values().filter(|one| is_wanted(one));
        wanted.map(|one| Affiliate::clone(one)).collect()
    }

    fn enrollments(&self, needs: &Needs) -> Vec<Enrollment> {
        let is_wanted = |one: &Enrollment| {
            needs.enrollments.contains(&one.id)
                || needs.tags.contains(&one.tag)
                || one
                    .slug
                    .as_ref()
                    .is_some_and(|slug| needs.slugs.contains(slug))
                || needs.memberships.contains(&(one.affiliate, one.program))
                || needs.enrolled.contains(&one.affiliate)
        };
        let wanted = self.enrollments.values().filter(|one| is_wanted(one));
        wanted.map(|one| Enrollment::clone(one)).collect()
    }

    fn shops(&self, needs: &Needs) -> Vec<Shop> {
        let is_wanted = |one: &Shop| {
            needs.shops.contains(&one.id)
                || needs.shop_keys.contains(&(one.platform, one.key.clone()))
        };
        let wanted = self.shops.values().filter(|one| is_wanted(one));
        wanted.map(|one| Shop::clone(one)).collect()
    }

    fn decided(
        &self,
        ids: &BTreeSet<ConversionId>,
    ) -> Result<Vec<(ConversionId, crate::Decided)>, StoreError> {
        let mut decided = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(recorded) = self.conversions.get(id) else {
                continue;
            };
            let sequence = recorded.conversion.sequence;
            let entry = self.entries.iter().find(|entry| entry.sequence == sequence);
            let read = entry.map(|entry| {
                record::Outcome::parse(&entry.outcome).and_then(|outcome| outcome.decided())
            });
            let read = read.transpose().map_err(|error| StoreError::Corrupt {
                reason: error.to_string(),
            })?;
            decided.extend(read.flatten().map(|read| (*id, read)));
        }
        Ok(decided)
    }

    fn in_span(&self, span: &Span) -> Vec<ConversionId> {
        let all = self.conversions.values().filter(|one| span.lifts(one));
        all.map(|recorded| recorded.conversion.id).collect()
    }

    fn due(&self, until: OffsetDateTime) -> Vec<ConversionId> {
        let mut due: Vec<_> = self
            .conversions
            .values()
            .filter_map(|one| Some((one.first_due()?, one.conversion.id)))
            .filter(|(held, _)| *held <= until)
            .collect();
        due.sort_unstable();
        due.truncate(Needs::MOST_DUE as usize);
        due.into_iter().map(|(_, id)| id).collect()
    }

    fn tally(&self, span: &Span) -> Result<DayTally, StoreError> {
        let days = self.totals.iter();
        let mut days = days.filter(|((enrollment, key), _)| span.counts(*enrollment, key));
        days.try_fold(DayTally::zero(span.currency), |sum, (_, day)| {
            sum.checked_add(day.sold).map_err(out_of_range)
        })
    }

    fn balance(
        &self,
        account: Account,
        currency: accrual_money::Currency,
    ) -> Result<Money, StoreError> {
        let mut sum = Money::zero(currency);
        for posting in &self.postings {
            let transfer = posting.transfer;
            if transfer.amount().currency() != currency {
                continue;
            }
            if transfer.to() == account {
                sum = sum.checked_add(transfer.amount()).map_err(out_of_range)?;
            }
            if transfer.from() == account {
                sum = sum.checked_sub(transfer.amount()).map_err(out_of_range)?;
            }
        }
        Ok(sum)
    }
}

pub(super) fn out_of_range(error: accrual_money::MoneyError) -> StoreError {
    StoreError::OutOfRange {
        reason: error.to_string(),
    }
}
