//! What is asked for, in SQL.

use accrual_engine::{Listing, OrgId, StoreError, folded};
use sea_orm::{DbBackend, Value};
use time::Date;

use super::{Grain, SumRow};
use crate::{
    statement::{
        list,
        rows::totals::{BEHIND_MONTHS, EVER, FIRST_DAY},
    },
    value,
};

/// Conditions that must all hold, with their values.
pub(super) struct Condition {
    backend: DbBackend,
    all: Vec<String>,
    values: Vec<Value>,
}

impl Condition {
    /// The rows of one organization.
    pub(super) fn of(backend: DbBackend, org: OrgId) -> Self {
        let mut condition = Self {
            backend,
            all: Vec::new(),
            values: Vec::new(),
        };
        condition.equal("organization_id", org.number());
        condition
    }

    /// Enrollments `e` of affiliates `a`.
    pub(super) fn of_sellers(mut self, listing: &Listing) -> Self {
        if let Some(affiliate) = listing.affiliate {
            self.equal("affiliate_id", affiliate.number());
        }
        if let Some(program) = listing.program {
            self.equal("program_id", program.number());
        }
        if let Some(tag) = &listing.tag {
            self.equal("tag", tag.as_str());
        }
        if let Some(email) = &listing.affiliate_email {
            let email = self.parameter(email.as_str().into());
            self.all.push(format!("a.address = {email}"));
        }
        if listing.of_ambassadors {
            self.all.push(
                "{}program_id IN (SELECT id FROM programs \
                 WHERE organization_id = $1 AND ambassador)"
                    .to_owned(),
            );
        }
        self
    }

    /// Programs of ambassadors.
    pub(super) fn of_ambassadors(mut self, listing: &Listing) -> Self {
        if let Some(program) = listing.program {
            self.equal("id", program.number());
        }
        self.all.push("ambassador".to_owned());
        self
    }

    /// What a list comes to, by stages and by whose sales they are; rows of single days are read
    /// only where it needs them.
    pub(super) fn totals(
        &mut self,
        grain: &Grain,
        listing: &Listing,
    ) -> Result<String, StoreError> {
        let totals = self.beside(grain.table(), |totals| {
            totals.summed(grain, listing);
            if listing.is_ever() {
                totals.equal("day", EVER);
                return Ok(());
            }
            totals.days(listing)
        })?;
        Ok(format!(
            "SELECT stage, {} AS owner, {} FROM {totals} GROUP BY 1, 2",
            grain.owner(),
            SumRow::sums("SUM(conversions)")
        ))
    }

    /// Of which stages a list has sales on these days, and whose: the two columns that an index begins
    /// with.
    pub(super) fn branches(
        &mut self,
        grain: &Grain,
        listing: &Listing,
        days: (&str, &str),
    ) -> Result<String, StoreError> {
        self.branched(grain, listing, days, "")
    }

    /// The same for each day by itself, of which sales are from then on: no index is by channel, so
    /// that only days are read on which something was sold in the one that is asked for.
    pub(super) fn branches_of_days(
        &mut self,
        grain: &Grain,
        listing: &Listing,
        days: (&str, &str),
    ) -> Result<String, StoreError> {
        let branches = self.branched(grain, listing, days, ", day AS wanted_day")?;
        self.channel(listing);
        self.all.push("day = wanted_day".to_owned());
        Ok(branches)
    }

    fn branched(
        &mut self,
        grain: &Grain,
        listing: &Listing,
        (oldest, newest): (&str, &str),
        more: &str,
    ) -> Result<String, StoreError> {
        let totals = self.beside(grain.table(), |totals| {
            totals.summed(grain, listing);
            totals.between(oldest, newest);
            Ok(())
        })?;
        Ok(format!(
            "(SELECT DISTINCT stage AS wanted_stage, {} AS wanted_owner{more} \
             FROM {totals} AND conversions > 0) AS wanted",
            grain.owner()
        ))
    }

    /// Rows of another table for which other conditions hold, with their values among these.
    fn beside(
        &mut self,
        table: &str,
        conditions: impl FnOnce(&mut Self) -> Result<(), StoreError>,
    ) -> Result<String, StoreError> {
        let of_organization = vec!["organization_id = $1".to_owned()];
        let own = std::mem::replace(&mut self.all, of_organization);
        conditions(self)?;
        let rows = format!("{table} WHERE {}", self.sql(""));
        self.all = own;
        Ok(rows)
    }

    /// Rows of totals, day by day.
    pub(super) fn of_days(mut self, grain: &Grain, listing: &Listing) -> Result<Self, StoreError> {
        self.summed(grain, listing);
        self.days(listing)?;
        Ok(self)
    }

    /// Rows of totals, month by month.
    pub(super) fn of_months(mut self, grain: &Grain, listing: &Listing) -> Self {
        self.summed(grain, listing);
        self.all
            .push(format!("day > '{EVER}' AND day < '{BEHIND_MONTHS}'"));
        self
    }

    fn summed(&mut self, grain: &Grain, listing: &Listing) {
        self.owned(grain);
        self.channel(listing);
        self.stages(listing);
    }

    /// Rows of sales; `is_address` says that what is searched is the whole e-mail address of one.
    pub(super) fn of_sales(
        mut self,
        grain: &Grain,
        listing: &Listing,
        is_address: bool,
    ) -> Result<Self, StoreError> {
        self.owned(grain);
        self.channel(listing);
        self.days_of_sales(listing)?;
        self.stages(listing);
        if let Some(reference) = &listing.reference {
            self.equal("reference", reference.as_str());
        }
        if let Some(sub_id) = &listing.sub_id {
            self.equal("sub_id", sub_id.as_str());
        }
        if let Some(search) = &listing.search {
            let part = folded(search.as_str());
            match is_address {
                true => self.address(&part),
                false => self.search(&part),
            }
        }
        Ok(self)
    }

    /// Sales of the days that a list is of, if it is of some.
    pub(super) fn days_of_sales(&mut self, listing: &Listing) -> Result<(), StoreError> {
        match listing.is_ever() {
            true => Ok(()),
            false => self.days(listing),
        }
    }

    /// On these days only.
    pub(super) fn between(&mut self, oldest: &str, newest: &str) {
        let (oldest, newest) = (self.parameter(oldest.into()), self.parameter(newest.into()));
        self.all
            .push(format!("day >= {oldest} AND day <= {newest}"));
    }

    fn owned(&mut self, grain: &Grain) {
        match grain {
            Grain::Organization => {}
            Grain::Programs(programs) => self.owned_by("program_id", programs),
            Grain::Enrollments(enrollments) => self.owned_by("enrollment_id", enrollments),
        }
    }

    fn owned_by(&mut self, column: &'static str, owners: &[i64]) {
        match owners {
            [only] => self.equal(column, *only),
            several => {
                let several = list::numbers(self.backend, several.iter().copied());
                self.one_of(column, several);
            }
        }
    }

    fn days(&mut self, listing: &Listing) -> Result<(), StoreError> {
        let day = |day: Option<Date>| day.map(value::day).transpose();
        let first = day(listing.first)?.unwrap_or_else(|| FIRST_DAY.to_owned());
        let first = self.parameter(first.into());
        self.all.push(format!("day >= {first}"));
        if let Some(last) = day(listing.last)? {
            let last = self.parameter(last.into());
            self.all.push(format!("day <= {last}"));
        }
        Ok(())
    }

    /// Sales of the channel that a list is of, if it is of one.
    pub(super) fn channel(&mut self, listing: &Listing) {
        if let Some(channel) = &listing.channel {
            self.equal("channel", channel.as_str());
        }
    }

    fn stages(&mut self, listing: &Listing) {
        if listing.stages.is_empty() {
            return;
        }
        let names = listing.stages.iter().copied().map(value::stage);
        let names = list::texts(self.backend, names);
        self.one_of("stage", names);
    }

    /// Sales whose customers have this e-mail address, which is folded.
    pub(super) fn address(&mut self, address: &str) {
        let address = self.parameter(address.into());
        self.all.push(format!(
            "words_key IN (SELECT words_key FROM searched \
             WHERE organization_id = $1 AND address = {address})"
        ));
    }

    /// Sales whose words have `part` in them, which is folded.
    fn search(&mut self, part: &str) {
        let organization = "$1";
        let found = match self.backend {
            DbBackend::Sqlite if part.chars().count() >= 3 => {
                let phrase = format!("\"{}\"", part.replace('"', "\"\""));
                let phrase = self.parameter(phrase.into());
                format!(
                    "SELECT s.words_key FROM searched_words CROSS JOIN searched s \
                     ON s.row_number = searched_words.rowid \
                     WHERE searched_words MATCH {phrase} AND s.organization_id = {organization}"
                )
            }
            DbBackend::Sqlite => {
                let part = self.parameter(part.into());
                format!(
                    "SELECT words_key FROM searched \
                     WHERE organization_id = {organization} AND instr(words, {part}) > 0"
                )
            }
            _ => {
                let escaped = part.replace('\\', "\\\\");
                let escaped = escaped.replace('%', "\\%").replace('_', "\\_");
                let pattern = self.parameter(format!("%{escaped}%").into());
                format!(
                    "SELECT words_key FROM searched \
                     WHERE organization_id = {organization} AND words LIKE {pattern}"
                )
            }
        };
        self.all.push(format!("words_key IN ({found})"));
    }

    fn equal(&mut self, column: &'static str, value: impl Into<Value>) {
        let value = self.parameter(value.into());
        self.all.push(format!("{{}}{column} = {value}"));
    }

    fn one_of(&mut self, column: &'static str, values: Value) {
        let values = self.parameter(values);
        self.all.push(match self.backend {
            DbBackend::Sqlite => {
                format!("{column} IN (SELECT value FROM json_each({values}))")
            }
            _ => format!("{column} = ANY({values})"),
        });
    }

    pub(super) fn backend(&self) -> DbBackend {
        self.backend
    }

    /// The place of a further value.
    pub(super) fn parameter(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// All conditions; columns that several tables have are those of `table`, if it has a name.
    pub(super) fn sql(&self, table: &str) -> String {
        let prefix = match table {
            "" => String::new(),
            table => format!("{table}."),
        };
        self.all.join(" AND ").replace("{}", &prefix)
    }

    pub(super) fn into_values(self) -> Vec<Value> {
        self.values
    }
}
