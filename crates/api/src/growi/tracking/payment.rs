//! `payment_completed`: a sale, or a further payment of a subscription.
//!
//! The first payment of an order is known by the order's id, as a sale is that was reported as one.
//! A further payment of a subscription has the same order and a payment id of its own; it is known by
//! that, in a space of its own, since an order and a payment may have the same number.

use accrual_attribution::Claim;
use accrual_commission::SaleType;
use accrual_engine::{
    Command, Customer, Error, Facts, Line, Outcome, Platform, Recorded, Reference, Replay, Source,
    Text as EngineText,
};
use accrual_money::{Currency, Money};
use serde_json::Map;

use super::{Asking, event::Event, not_found, refused};
use crate::growi::{
    create::{amount, filled},
    failure::Failure,
};

/// The name of the payment's id in a sale's metadata.
const PAYMENT_ID: &str = "payment_id";

impl Asking<'_> {
    pub(super) async fn payment(self, event: &Event<'_>) -> Result<Replay, Failure> {
        let money = paid(event)?;
        let Some(order) = &event.order else {
            let payment = event.payment.clone();
            let payment = payment.ok_or(Failure::invalid("order_id is required"))?;
            let known = self.known(payments(event.platform)?, &payment).await?;
            let facts = facts(event, payments(event.platform)?, payment, money);
            return Ok(self
                .report(with_claims(facts, event, None, known)?)
                .await?
                .0);
        };
        let source = orders(event.platform)?;
        let first = self.known(source.clone(), order).await?;
        if let Some(first) = &first
            && let Some(payment) = further(event, first)
        {
            return self.further(event, payment, money, first).await;
        }
        let elsewhere = match (&first, &event.tag) {
            (None, None) => self.known(orders("website")?, order).await?,
            _ => None,
        };
        if let Some(elsewhere) = &elsewhere
            && let Some(payment) = further(event, elsewhere)
        {
            return self.further(event, payment, money, elsewhere).await;
        }
        let facts = facts(event, source, order.clone(), money);
        let facts = with_claims(facts, event, elsewhere.as_ref(), first)?;
        let (replay, recorded) = self.report(facts).await?;
        // Another payment of the order may have been first in the meantime.
        if replay != Replay::No
            && let Some(payment) = further(event, &recorded)
        {
            return self.further(event, payment, money, &recorded).await;
        }
        Ok(replay)
    }

    /// Records a payment that follows the `first` of its order.
    async fn further(
        self,
        event: &Event<'_>,
        payment: Reference,
        money: Money,
        first: &Recorded,
    ) -> Result<Replay, Failure> {
        let source = payments(event.platform)?;
        let known = self.known(source.clone(), &payment).await?;
        let mut facts = facts(event, source, payment, money);
        facts.sale_type = SaleType::Subscription;
        let facts = with_claims(facts, event, Some(first), known)?;
        Ok(self.report(facts).await?.0)
    }

    async fn known(
        self,
        source: Source,
        reference: &Reference,
    ) -> Result<Option<Recorded>, Failure> {
        let (org, reports) = (self.caller.organization, &self.context.reports);
        Ok(reports
            .conversion_by_reference(org, &source, reference)
            .await?)
    }

    async fn report(self, facts: Facts) -> Result<(Replay, Recorded), Failure> {
        let command = Command::Report(Box::new(facts));
        let submission = self.caller.submission(command, None);
        let org = self.caller.organization;
        let answer = self.context.engine.submit(org, submission).await;
        let answer = answer.map_err(|error: Error| refused(error))?;
        let Outcome::Conversion(recorded) = &answer.outcome else {
            tracing::error!("a report came to something other than a conversion");
            return Err(Failure::internal());
        };
        Ok((answer.replay, Recorded::clone(recorded)))
    }
}

fn paid(event: &Event<'_>) -> Result<Money, Failure> {
    let currency = filled("currency", event.given.currency.as_ref())?;
    let currency = currency.ok_or(Failure::invalid("currency is required"))?;
    let currency = Currency::parse(&currency)
        .map_err(|_| Failure::invalid("currency must be an ISO 4217 code, such as usd."))?;
    let subtotal = amount("subtotal", event.given.subtotal.as_ref(), currency)?;
    subtotal.ok_or(Failure::invalid("subtotal is required"))
}

/// The payment's id, if it is not the one that `first` was.
///
/// A sale that was reported without a payment's id is taken for the payment, unless nobody is named:
/// the vendor asks for the affiliate with every payment but those that renew.
fn further(event: &Event<'_>, first: &Recorded) -> Option<Reference> {
    let payment = event.payment.as_ref()?;
    let facts = &first.conversion.facts;
    let renews = [event.sale_type, facts.sale_type].contains(&SaleType::Subscription);
    let known = facts.metadata.get(PAYMENT_ID).and_then(|id| id.as_str());
    let is_further = match known {
        Some(known) => known != payment.as_str(),
        None => event.tag.is_none(),
    };
    (renews && is_further).then(|| payment.clone())
}

fn facts(event: &Event<'_>, source: Source, reference: Reference, money: Money) -> Facts {
    let mut metadata = Map::new();
    if let Some(payment) = &event.payment {
        metadata.insert(PAYMENT_ID.to_owned(), payment.as_str().into());
    }
    for (name, date) in event.subscription {
        if let Some(date) = date {
            metadata.insert(name.to_owned(), date.into());
        }
    }
    let line = event.product.clone().map(|product| Line {
        product,
        price: None,
        quantity: event.quantity,
        amount: money,
    });
    let text = |id: &accrual_attribution::Identifier| EngineText::parse(id.as_str()).ok();
    Facts {
        subtotal: Some(money),
        sale_type: event.sale_type,
        occurred_at: event.occurred_at,
        platform: Platform::parse(event.platform).ok(),
        customer: Customer {
            id: event.user.as_ref().and_then(text),
            visitor_id: event.visitor.as_ref().and_then(text),
            ..Customer::default()
        },
        lines: line.into_iter().collect(),
        metadata,
        ..Facts::new(source, reference)
    }
}

/// Credits whoever is named, else whoever was credited with the first payment, else whoever has sent
/// the user or the visitor. A payment that is `known` is answered as it was, whoever is named.
fn with_claims(
    mut facts: Facts,
    event: &Event<'_>,
    first: Option<&Recorded>,
    known: Option<Recorded>,
) -> Result<Facts, Failure> {
    let first = first.and_then(|first| first.commissions.first());
    facts.claims = match (&event.tag, first) {
        (Some(tag), _) => vec![Claim::Tag(tag.clone())],
        (None, Some(first)) => vec![Claim::Membership {
            affiliate: first.credit.affiliate,
            program: first.credit.program,
        }],
        (None, None) => {
            let user = event.user.clone().map(Claim::ExternalUser);
            let visitor = event.visitor.clone().map(Claim::Click);
            user.into_iter().chain(visitor).collect()
        }
    };
    match (facts.claims.is_empty(), known, facts.sale_type) {
        (false, _, _) | (true, Some(_), _) => Ok(facts),
        (true, None, SaleType::OneTime) => {
            Err(Failure::invalid("campaign_affiliate_id is required"))
        }
        // It would not be, were the subscription known.
        (true, None, SaleType::Subscription) => Err(not_found()),
    }
}

/// The space of a platform's order ids.
fn orders(platform: &str) -> Result<Source, Failure> {
    Source::parse(format!("growi/{platform}")).map_err(|_| Failure::internal())
}

/// The space of its payments' ids.
fn payments(platform: &str) -> Result<Source, Failure> {
    Source::parse(format!("growi/{platform}/payments")).map_err(|_| Failure::internal())
}
