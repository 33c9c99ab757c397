//! What was reported of a sale.

use accrual_attribution::{Claim, Email, Identifier};
use accrual_commission::{Country, Interval, Sale, SaleType, Tax};
use accrual_money::{Currency, ExchangeRate, Money, Rate};
use time::OffsetDateTime;

use crate::{
    Channel, Identity, Person, Platform, Reference, ShopKey, Source, Text, channel::platform_name,
};

/// What was reported of a sale, as it was reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The space that the reference is unique in.
    pub source: Source,
    /// The caller's own id of the sale: the idempotency key.
    pub reference: Reference,
    /// Who is said to have sent the customer, in the order given.
    pub claims: Vec<Claim>,
    /// How the sale is shared between those whom the claims lead to: a weight for each claim, or
    /// none.
    pub weights: Vec<u32>,
    /// Whether all claims that lead to an enrollment must lead to the same one.
    pub agreement: bool,
    /// What the customer paid in all.
    pub total: Option<Money>,
    /// What the customer paid before shipping and tax.
    pub subtotal: Option<Money>,
    /// The tax in it.
    pub tax: Option<Tax>,
    /// What shipping cost.
    pub shipping: Option<Money>,
    /// What was taken off the price.
    pub discount: Option<Money>,
    /// What the sale's currency is worth in the program's.
    pub exchange: Option<ExchangeRate>,
    /// Whether it stands alone or renews.
    pub sale_type: SaleType,
    /// How often it renews.
    pub interval: Option<Interval>,
    /// Where the customer is.
    pub country: Option<Country>,
    /// When it took place (UTC, to the microsecond); when it is recorded, if nothing is said.
    pub occurred_at: Option<OffsetDateTime>,
    /// When its commission becomes payable (UTC, to the microsecond); by the terms, if nothing is said.
    pub due_at: Option<OffsetDateTime>,
    /// The commission, set by the caller.
    pub amount_override: Option<Money>,
    /// The commission's share of the base, set by the caller.
    pub rate_override: Option<Rate>,
    /// Where it was made, such as `website`.
    pub platform: Option<Platform>,
    /// The store of that platform: one that is registered.
    pub shop: Option<ShopKey>,
    /// Who bought.
    pub customer: Customer,
    /// The caller's label for where the visitor came from.
    pub sub_id: Option<Text>,
    /// What was bought, in the order given.
    pub lines: Vec<Line>,
    /// Whatever else the caller wants kept.
    pub metadata: serde_json::Map<String, serde_json::Value>,
}

impl Facts {
    /// A sale about which nothing more is known.
    pub fn new(source: Source, reference: Reference) -> Self {
        Self {
            source,
            reference,
            claims: Vec::new(),
            weights: Vec::new(),
            agreement: false,
            total: None,
            subtotal: None,
            tax: None,
            shipping: None,
            discount: None,
            exchange: None,
            sale_type: SaleType::OneTime,
            interval: None,
            country: None,
            occurred_at: None,
            due_at: None,
            amount_override: None,
            rate_override: None,
            platform: None,
            shop: None,
            customer: Customer::default(),
            sub_id: None,
            lines: Vec::new(),
            metadata: serde_json::Map::new(),
        }
    }

    /// The amount that counts as the sale's: the total if there is one, else the subtotal.
    pub fn amount(&self) -> Option<Money> {
        self.total.or(self.subtotal)
    }

    /// Where the sale was made, as totals and lists tell it.
    pub fn channel(&self) -> Channel {
        Channel::of(self.platform.as_ref(), self.shop.as_ref())
    }

    /// The sale's currency.
    pub fn currency(&self) -> Option<Currency> {
        self.amount().map(Money::currency)
    }

    /// Gives the amounts another currency, at the same minor units; a commission that was set in the
    /// currency of the exchange stays.
    pub(crate) fn relabel(&mut self, to: Currency) {
        let from = self.currency();
        let relabelled = |amount: Money| match Some(amount.currency()) == from {
            true => Money::from_minor(amount.minor(), to),
            false => amount,
        };
        let amounts = [
            &mut self.total,
            &mut self.subtotal,
            &mut self.shipping,
            &mut self.discount,
            &mut self.amount_override,
        ];
        for amount in amounts {
            *amount = amount.map(relabelled);
        }
        self.tax = self.tax.map(|tax| match tax {
            Tax::Amount(amount) => Tax::Amount(relabelled(amount)),
            Tax::IncludedAt(rate) => Tax::IncludedAt(rate),
        });
        for line in &mut self.lines {
            line.amount = relabelled(line.amount);
        }
    }

    /// The part that decides what it earns; `None` without an amount.
    pub fn sale(&self) -> Option<Sale> {
        let sale = match (self.total, self.subtotal) {
            (Some(total), None) => Sale::new(total),
            (Some(total), Some(subtotal)) => Sale::new(total).with_subtotal(subtotal),
            (None, Some(subtotal)) => Sale::of_subtotal(subtotal),
            (None, None) => return None,
        };
        let sale = sale.with_type(self.sale_type);
        let sale = with(sale, self.tax, Sale::with_tax);
        let sale = with(sale, self.shipping, Sale::with_shipping);
        let sale = with(sale, self.discount, Sale::with_discount);
        let sale = with(sale, self.interval, Sale::with_interval);
        let sale = with(sale, self.country, Sale::with_country);
        let sale = with(sale, self.amount_override, Sale::with_amount_override);
        let sale = with(sale, self.rate_override, Sale::with_rate_override);
        let sale = with(sale, self.exchange.clone(), Sale::with_exchange);
        let sale = with(sale, self.conditions(), Sale::with_metadata);
        // A line below zero is taken off the others: they share what was paid in all.
        let lines = self.lines.iter().filter(|line| !line.amount.is_negative());
        let lines = lines.map(Line::priced).collect::<Vec<_>>();
        Some(with(
            sale,
            Some(lines).filter(|lines| !lines.is_empty()),
            Sale::with_lines,
        ))
    }

    /// Who bought, as far as the person can be known again: by what the claims and the customer say.
    pub fn identity(&self) -> Identity {
        let customer = &self.customer;
        let id = |text: &Option<Text>| Identifier::parse(text.as_ref()?.as_str()).ok();
        let mut identity = Identity {
            click: id(&customer.visitor_id),
            external_user: None,
            customer: id(&customer.id),
            email: customer
                .email
                .as_ref()
                .and_then(|email| Email::parse(email.as_str()).ok()),
            name: customer.name.clone(),
        };
        for person in self.claims.iter().filter_map(Person::of) {
            identity.learn(&Identity::of(person));
        }
        identity
    }

    /// By what the customer is looked for, the surest first: where customers are not remembered and
    /// no promo code is entered, by what the claims name and nothing else.
    pub(crate) fn looked_for(&self, is_remembered: bool) -> Vec<Person> {
        let by_code = |claim: &Claim| matches!(claim, Claim::PromoCode(_));
        let by_person = |claim: &Claim| Person::of(claim).is_some();
        let is_all = is_remembered || self.claims.iter().any(by_code);
        if !is_all && !self.claims.iter().any(by_person) {
            return Vec::new();
        }
        let identity = self.identity();
        let ways = identity.known_by();
        ways.filter(|way| is_all || self.claims.contains(&way.claim()))
            .collect()
    }

    /// What of the metadata an incentive can ask for: texts, numbers and truth values.
    fn conditions(&self) -> Option<Vec<(Box<str>, Box<str>)>> {
        use serde_json::Value as V;
        let plain = self.metadata.iter().filter_map(|(key, value)| {
            let value = match value {
                V::String(text) => text.clone(),
                V::Number(number) => number.to_string(),
                V::Bool(truth) => truth.to_string(),
                V::Null | V::Array(_) | V::Object(_) => return None,
            };
            Some((key.as_str().into(), value.into()))
        });
        Some(plain.collect()).filter(|plain: &Vec<_>| !plain.is_empty())
    }

    /// Which facts of `other` are not the same, in the order of the fields.
    pub fn differences(&self, other: &Self) -> Vec<FactsField> {
        use FactsField as F;
        let same = [
            (F::Claims, self.claims == other.claims),
            (F::Weights, self.weights == other.weights),
            (F::Total, self.total == other.total),
            (F::Subtotal, self.subtotal == other.subtotal),
            (F::Tax, self.tax == other.tax),
            (F::Shipping, self.shipping == other.shipping),
            (F::Discount, self.discount == other.discount),
            (F::Exchange, self.exchange == other.exchange),
            (F::SaleType, self.sale_type == other.sale_type),
            (F::Interval, self.interval == other.interval),
            (F::Country, self.country == other.country),
            (F::OccurredAt, self.occurred_at == other.occurred_at),
            (F::DueAt, self.due_at == other.due_at),
            (
                F::AmountOverride,
                self.amount_override == other.amount_override,
            ),
            (F::RateOverride, self.rate_override == other.rate_override),
            (
                F::Platform,
                platform_name(self.platform.as_ref()) == platform_name(other.platform.as_ref()),
            ),
            (F::Shop, self.shop == other.shop),
            (F::Customer, self.customer == other.customer),
            (F::SubId, self.sub_id == other.sub_id),
            (F::Lines, self.lines == other.lines),
            (F::Metadata, self.metadata == other.metadata),
        ];
        same.into_iter()
            .filter(|(_, same)| !same)
            .map(|(field, _)| field)
            .collect()
    }
}

/// `sale` with `value`, if there is one.
fn with<T>(sale: Sale, value: Option<T>, add: impl FnOnce(Sale, T) -> Sale) -> Sale {
    match value {
        Some(value) => add(sale, value),
        None => sale,
    }
}

/// A fact that two reports of one reference can differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FactsField {
    /// [`Facts::claims`].
    Claims,
    /// [`Facts::weights`].
    Weights,
    /// [`Facts::total`], its currency included.
    Total,
    /// [`Facts::subtotal`], its currency included.
    Subtotal,
    /// [`Facts::tax`].
    Tax,
    /// [`Facts::shipping`].
    Shipping,
    /// [`Facts::discount`].
    Discount,
    /// [`Facts::exchange`].
    Exchange,
    /// [`Facts::sale_type`].
    SaleType,
    /// [`Facts::interval`].
    Interval,
    /// [`Facts::country`].
    Country,
    /// [`Facts::occurred_at`].
    OccurredAt,
    /// [`Facts::due_at`].
    DueAt,
    /// [`Facts::amount_override`].
    AmountOverride,
    /// [`Facts::rate_override`].
    RateOverride,
    /// [`Facts::platform`].
    Platform,
    /// [`Facts::shop`].
    Shop,
    /// [`Facts::customer`].
    Customer,
    /// [`Facts::sub_id`].
    SubId,
    /// [`Facts::lines`].
    Lines,
    /// [`Facts::metadata`].
    Metadata,
}

impl FactsField {
    /// Its name in the journal and in our own API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Weights => "weights",
            Self::Total => "total",
            Self::Subtotal => "subtotal",
            Self::Tax => "tax",
            Self::Shipping => "shipping",
            Self::Discount => "discount",
            Self::Exchange => "exchange",
            Self::SaleType => "sale_type",
            Self::Interval => "interval",
            Self::Country => "country",
            Self::OccurredAt => "occurred_at",
            Self::DueAt => "due_at",
            Self::AmountOverride => "commission",
            Self::RateOverride => "commission_percent",
            Self::Platform => "platform",
            Self::Shop => "store",
            Self::Customer => "customer",
            Self::SubId => "sub_id",
            Self::Lines => "lines",
            Self::Metadata => "metadata",
        }
    }
}

/// Who bought, as far as the caller says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Customer {
    /// The caller's own id of the customer.
    pub id: Option<Text>,
    /// The customer's e-mail address.
    pub email: Option<Text>,
    /// The customer's name.
    pub name: Option<Text>,
    /// The visit that the customer came by.
    pub visitor_id: Option<Text>,
}

/// One line of a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The caller's own id of the product.
    pub product: Text,
    /// The caller's own id of the price, such as a plan's.
    pub price: Option<Text>,
    /// How many were bought: one or more.
    pub quantity: u32,
    /// What they cost together, in the sale's currency.
    pub amount: Money,
}

impl Line {
    fn priced(&self) -> accrual_commission::Line {
        accrual_commission::Line {
            product: self.product.as_str().into(),
            price: self.price.as_ref().map(|price| price.as_str().into()),
            quantity: self.quantity,
            amount: self.amount,
        }
    }
}
