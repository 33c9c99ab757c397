//! What the server answered and keeps, and where it differs from the file.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::{
    expectation::{Expectation, Fate, Refusal, Sums},
    kept::{Kept, Sale},
    sending::Pass,
};

/// What sending must have done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// Recorded everything: nothing was known.
    First,
    /// Recorded nothing: everything was known.
    Again,
    /// Recorded what was not known yet.
    Perhaps,
}

/// One pass over a file, and what the server kept after it.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) title: &'static str,
    pub(super) sent: Sent,
    pub(super) pass: Pass,
    pub(super) kept: Kept,
}

impl Account {
    /// How many sales all answers together say are recorded, now or before, and their totals.
    pub(super) fn answered(&self) -> (u64, Decimal) {
        let (new, old) = (self.pass.recorded, self.pass.replayed);
        (new.count + old.count, new.total + old.total)
    }

    /// How many sales were refused for `refusal`.
    pub(super) fn refused(&self, refusal: Refusal) -> u64 {
        let sentence = refusal.sentence();
        self.pass.refused.get(sentence).copied().unwrap_or(0)
    }

    /// Everything that is not as `expected`, in words; none if it agrees to the last digit.
    pub(super) fn differences(&self, expected: &Expectation) -> Vec<String> {
        let mut found = Found::default();
        self.compare_answers(expected, &mut found);
        self.compare_refunds(expected, &mut found);
        self.compare_sales(expected, &mut found);
        found.compare_sums("conversions", self.kept.sums(), expected.recorded);
        self.compare_affiliates(expected, &mut found);
        for (day, sums) in &expected.by_day {
            let kept = self.kept.days.get(day).copied().unwrap_or_default();
            found.compare_sums(&format!("totals of {day}"), kept, *sums);
        }
        for day in self.kept.days.keys() {
            if !expected.by_day.contains_key(day) {
                found.add(format!("totals of {day} are kept: no sale was then"));
            }
        }
        self.compare_list(expected, &mut found);
        found.list.extend(self.pass.wrong.iter().cloned());
        let title = self.title;
        let named = found.list.into_iter();
        named.map(|what| format!("{title}: {what}")).collect()
    }

    fn compare_answers(&self, expected: &Expectation, found: &mut Found) {
        let (count, total) = self.answered();
        found.compare("answers, count", count, expected.recorded.count);
        found.compare("answers, total", total, expected.reported.total);
        let (new, old) = (self.pass.recorded, self.pass.replayed);
        let nothing = Sums::default();
        let must_be = match self.sent {
            Sent::First => Some((expected.reported, nothing)),
            Sent::Again => Some((nothing, expected.recorded)),
            Sent::Perhaps => None,
        };
        if let Some((recorded, replayed)) = must_be {
            found.compare("recorded", new.count, recorded.count);
            let earned = "answers, commission";
            found.compare(earned, new.commission, recorded.commission);
            found.compare(
                "answers, commission of what was known",
                old.commission,
                replayed.commission,
            );
        }
        for refusal in Refusal::ALL {
            let what = format!("refused, {refusal}");
            found.compare(&what, self.refused(refusal), expected.refused(refusal));
        }
    }

    fn compare_refunds(&self, expected: &Expectation, found: &mut Found) {
        let (is, must_be) = (&self.pass.refunds, &expected.refunds);
        found.compare("refunds, count", is.made, must_be.made);
        found.compare("refunds, amount", is.amount, must_be.amount);
        found.compare("refunds not found", is.not_found, must_be.not_found);
        for refusal in Refusal::ALL {
            let what = format!("refunds refused, {refusal}");
            found.compare(&what, is.refused(refusal), must_be.refused(refusal));
        }
    }

    fn compare_sales(&self, expected: &Expectation, found: &mut Found) {
        let mut seen = HashSet::new();
        for sale in &self.kept.sales {
            let reference = &sale.reference;
            if !seen.insert(reference) {
                found.add(format!("order {reference} is kept twice"));
            }
            match expected.fates.get(reference) {
                Some(Fate::Recorded(due)) => {
                    let due = Sale::due(reference, due, expected);
                    if *sale != due {
                        found.add(format!("order {reference}: {sale:?} is kept, not {due:?}"));
                    }
                }
                Some(Fate::Refused(refusal)) => {
                    found.add(format!("order {reference} is kept: it is {refusal}"));
                }
                None => found.add(format!("order {reference} is kept: it was never sent")),
            }
        }
        for (reference, fate) in &expected.fates {
            if matches!(fate, Fate::Recorded(_)) && !seen.contains(reference) {
                found.add(format!("order {reference} is not kept"));
            }
        }
    }

    fn compare_affiliates(&self, expected: &Expectation, found: &mut Found) {
        for (tag, must_be) in &expected.by_tag {
            let balance = self.kept.balances.get(tag).copied().unwrap_or_default();
            found.compare(&format!("balance of {tag}"), balance, must_be.balance());
            let is = self.kept.moved.get(tag).copied().unwrap_or_default();
            let what = format!("transfers to {tag}");
            found.compare(&what, is.earned, must_be.earned);
            let what = format!("transfers back from {tag}");
            found.compare(&what, is.taken_back, must_be.taken_back);
        }
    }

    fn compare_list(&self, expected: &Expectation, found: &mut Found) {
        let (is, must_be) = (&self.kept.listed, &expected.listed);
        found.compare("list, row_count", is.row_count, must_be.row_count);
        found.compare("list, rows", is.rows_read, must_be.rows_read);
        let (sums, sums_must_be) = (is.sums, must_be.sums);
        found.compare("list, total_orders", sums.orders, sums_must_be.orders);
        for (what, is, must_be) in [
            ("total_gmv", sums.gmv, sums_must_be.gmv),
            ("total_commission", sums.commission, sums_must_be.commission),
            ("paid_commission", sums.paid, sums_must_be.paid),
            ("unpaid_commission", sums.unpaid, sums_must_be.unpaid),
            ("total_vat", sums.vat, sums_must_be.vat),
            (
                "total_refunded_amount",
                sums.refunded,
                sums_must_be.refunded,
            ),
        ] {
            found.compare(&format!("list, {what}"), is, must_be);
        }
        for (reference, row) in &is.rows {
            if must_be.rows.get(reference) != Some(row) {
                found.add(format!("list, order {reference}: {row:?} is listed"));
            }
        }
        for reference in must_be.rows.keys() {
            if !is.rows.contains_key(reference) {
                found.add(format!("list, order {reference} is not listed"));
            }
        }
    }

    /// What has changed since `before`, in words.
    pub(super) fn changes_since(&self, before: &Kept) -> Vec<String> {
        let after = &self.kept;
        let mut changed = Vec::new();
        for (what, is_same) in [
            ("the conversions", after.texts == before.texts),
            ("the balances", after.balances == before.balances),
            ("the transfers", after.moved == before.moved),
            ("the daily totals", after.days == before.days),
            ("Growi's list", after.listed == before.listed),
            ("the journal", after.head == before.head),
        ] {
            if !is_same {
                changed.push(format!("{}: {what} changed", self.title));
            }
        }
        changed
    }
}

/// What differs.
#[derive(Debug, Default)]
struct Found {
    list: Vec<String>,
}

impl Found {
    fn add(&mut self, what: String) {
        self.list.push(what);
    }

    fn compare<T: PartialEq + std::fmt::Display>(&mut self, what: &str, is: T, must_be: T) {
        if is != must_be {
            self.add(format!("{what}: {is}, but by the file {must_be}"));
        }
    }

    fn compare_sums(&mut self, what: &str, is: Sums, must_be: Sums) {
        self.compare(&format!("{what}, count"), is.count, must_be.count);
        self.compare(&format!("{what}, undone"), is.undone, must_be.undone);
        self.compare(&format!("{what}, total"), is.total, must_be.total);
        self.compare(&format!("{what}, refunded"), is.refunded, must_be.refunded);
        let what = format!("{what}, commission");
        self.compare(&what, is.commission, must_be.commission);
    }
}

#[cfg(test)]
mod tests;
