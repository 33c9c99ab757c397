//! A conversion as it was after each of its journal entries, field by field.

use accrual_commission::{BeforeDispute, Status, Tax};
use accrual_money::Money;
use time::OffsetDateTime;

use super::{Command, Outcome, RecordError, outcome::CommissionRecord};
use crate::{Entry, Facts, FieldRevision, FieldValue, RevisionKind, Text};

/// A conversion's fields as they are by now, while its entries are gone through from the first on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Retold {
    /// When it was reported: then it took place, if nothing else is said.
    reported_at: Option<OffsetDateTime>,
    facts: Fields,
    given_back: Fields,
    commissions: Fields,
}

/// Fields that hold something, in their order.
type Fields = Vec<(String, FieldValue)>;

impl Retold {
    /// What the next entry is, and what it has changed.
    ///
    /// # Errors
    /// [`RecordError`] if the entry cannot be understood.
    pub(crate) fn next(
        &mut self,
        entry: &Entry,
    ) -> Result<(RevisionKind, Vec<FieldRevision>), RecordError> {
        let command = Command::parse(&entry.command)?;
        let outcome = Outcome::parse(&entry.outcome)?;
        let before = self.clone();
        match &outcome {
            Outcome::Reported(reported) => {
                self.reported_at = Some(entry.at);
                if let Some(facts) = command.facts()? {
                    self.facts = self.facts(&facts);
                }
                self.commissions = commissions(&reported.commissions)?;
            }
            Outcome::Revised(revised) => {
                if let Some(facts) = &revised.facts {
                    self.facts = self.facts(&facts.read()?);
                }
                self.given_back = Fields::new();
                let (refunded, charged_back) =
                    (revised.refunded.read()?, revised.charged_back.read()?);
                for (name, amount) in [("refunded", refunded), ("charged_back", charged_back)] {
                    let amount = Some(amount).filter(|amount| !amount.is_zero());
                    put(&mut self.given_back, name, amount.map(FieldValue::Amount));
                }
                self.commissions = commissions(&revised.after)?;
            }
            Outcome::SetUp(_) | Outcome::Repeated(_) => {}
        }
        let mut changes = differences(&before.facts, &self.facts);
        changes.extend(differences(&before.given_back, &self.given_back));
        changes.extend(differences(&before.commissions, &self.commissions));
        Ok((kind(&command, &outcome), changes))
    }

    fn facts(&self, facts: &Facts) -> Fields {
        use FieldValue as V;
        let mut fields = Fields::new();
        let text = |text: &str| V::Text(text.to_owned());
        let (tax, included) = match facts.tax {
            Some(Tax::Amount(amount)) => (Some(amount), None),
            Some(Tax::IncludedAt(rate)) => (None, Some(rate.percent().to_string())),
            None => (None, None),
        };
        let currency = facts.currency().map(|currency| text(currency.code()));
        put(&mut fields, "currency", currency);
        let mut amount = |name, amount: Option<Money>| {
            put(&mut fields, name, amount.map(V::Amount));
        };
        amount("total", facts.total);
        amount("subtotal", facts.subtotal);
        amount("tax", tax);
        amount("shipping", facts.shipping);
        amount("discount", facts.discount);
        amount("commission", facts.amount_override);
        let percent = facts.rate_override.map(|rate| rate.percent().to_string());
        put(&mut fields, "tax_percent_included", included.map(V::Text));
        put(&mut fields, "commission_percent", percent.map(V::Text));
        let occurred_at = facts.occurred_at.or(self.reported_at);
        put(&mut fields, "occurred_at", occurred_at.map(V::Time));
        put(&mut fields, "due_at", facts.due_at.map(V::Time));
        let customer = &facts.customer;
        let free = |text: &Option<Text>| text.as_ref().map(ToString::to_string);
        let texts = [
            ("customer.id", free(&customer.id)),
            ("customer.email", free(&customer.email)),
            ("customer.name", free(&customer.name)),
            ("customer.visitor_id", free(&customer.visitor_id)),
            ("platform", facts.platform.as_ref().map(ToString::to_string)),
            ("store", facts.shop.as_ref().map(ToString::to_string)),
            ("sub_id", free(&facts.sub_id)),
        ];
        for (name, value) in texts {
            put(&mut fields, name, value.map(V::Text));
        }
        fields
    }
}

fn put(fields: &mut Fields, name: impl Into<String>, value: Option<FieldValue>) {
    fields.extend(value.map(|value| (name.into(), value)));
}

fn commissions(all: &[CommissionRecord]) -> Result<Fields, RecordError> {
    let mut fields = Fields::new();
    for (commission, position) in all.iter().zip(1..) {
        let status = commission.status.read()?;
        let paid = Some(commission.paid_out()?).filter(|paid| !paid.is_zero());
        let amount = FieldValue::Amount(commission.amount.read()?);
        let own = [
            ("amount", Some(amount)),
            ("paid_out", paid.map(FieldValue::Amount)),
            ("status", Some(FieldValue::Status(status.kind()))),
            ("payable_at", held_until(status).map(FieldValue::Time)),
            (
                "paid_externally",
                is_external(status).then_some(FieldValue::Flag(true)),
            ),
        ];
        for (name, value) in own {
            put(
                &mut fields,
                format!("commissions[{position}].{name}"),
                value,
            );
        }
    }
    Ok(fields)
}

fn held_until(status: Status) -> Option<OffsetDateTime> {
    match status {
        Status::Pending { until } => Some(until),
        Status::AwaitingApproval { until } => until,
        Status::Disputed { before } => match before {
            BeforeDispute::Pending { until } => Some(until),
            BeforeDispute::AwaitingApproval { until } => until,
            BeforeDispute::Payable | BeforeDispute::Paid { .. } => None,
        },
        Status::Payable
        | Status::InPayout
        | Status::Paid { .. }
        | Status::Declined
        | Status::Cancelled
        | Status::Refunded => None,
    }
}

fn is_external(status: Status) -> bool {
    status == Status::Paid { externally: true }
}

/// What is other in `after`: first what was before, in its order, then what is new.
fn differences(before: &Fields, after: &Fields) -> Vec<FieldRevision> {
    let value = |fields: &Fields, name: &str| {
        let found = fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.clone())
    };
    let new = after
        .iter()
        .filter(|(name, _)| value(before, name).is_none());
    let names = before.iter().chain(new).map(|(name, _)| name);
    let all = names.map(|name| FieldRevision {
        field: name.clone(),
        before: value(before, name),
        after: value(after, name),
    });
    all.filter(|one| one.before != one.after).collect()
}

fn kind(command: &Command, outcome: &Outcome) -> RevisionKind {
    use RevisionKind as K;
    match (command, outcome) {
        (_, Outcome::Repeated(_)) => K::ReportedAgain,
        (Command::Refund(_), _) => K::Refunded,
        (Command::Amend(_), _) => K::Amended,
        (Command::ChangeStatus(_), _) => K::StatusChanged,
        (Command::Mature, _) => K::Matured,
        (Command::Lift { .. }, _) => K::Lifted,
        // The others are not about conversions.
        (
            Command::Report(_)
            | Command::CreateProgram(_)
            | Command::ChangeProgram(_)
            | Command::CreateAffiliate(_)
            | Command::ChangeAffiliate(_)
            | Command::Enroll(_)
            | Command::Apply(_)
            | Command::ChangeEnrollment(_)
            | Command::CreatePromoCode(_)
            | Command::ChangePromoCode(_)
            | Command::RegisterShop(_)
            | Command::Click(_)
            | Command::SignUp(_),
            _,
        ) => K::Reported,
    }
}
