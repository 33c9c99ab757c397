//! A sale that was reported, and what it came to.

use accrual_attribution::{Claim, Credit};
use accrual_commission::{SaleType, Status, TermsVersion, Transfer};
use accrual_money::{Currency, Money};
use time::OffsetDateTime;

use crate::{ConversionId, Reference, Sequence, Source, Text};

/// What was reported of a sale, as it was reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The space that the reference is unique in.
    pub source: Source,
    /// The caller's own id of the sale: the idempotency key.
    pub reference: Reference,
    /// Who is said to have sent the customer, in the order given.
    pub claims: Vec<Claim>,
    /// What the customer paid in all.
    pub total: Option<Money>,
    /// What the customer paid before shipping and tax.
    pub subtotal: Option<Money>,
    /// Whether it stands alone or renews.
    pub sale_type: SaleType,
    /// When it took place (UTC, to the microsecond); when it is recorded, if nothing is said.
    pub occurred_at: Option<OffsetDateTime>,
    /// When its commission becomes payable (UTC, to the microsecond); by the terms, if nothing is said.
    pub due_at: Option<OffsetDateTime>,
    /// The commission, set by the caller.
    pub amount_override: Option<Money>,
    /// Where it was made, such as `website`.
    pub platform: Option<Text>,
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
            total: None,
            subtotal: None,
            sale_type: SaleType::OneTime,
            occurred_at: None,
            due_at: None,
            amount_override: None,
            platform: None,
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

    /// The sale's currency.
    pub fn currency(&self) -> Option<Currency> {
        self.amount().map(Money::currency)
    }

    /// Which facts of `other` are not the same, in the order of the fields.
    pub fn differences(&self, other: &Self) -> Vec<FactsField> {
        use FactsField as F;
        let same = [
            (F::Claims, self.claims == other.claims),
            (F::Total, self.total == other.total),
            (F::Subtotal, self.subtotal == other.subtotal),
            (F::SaleType, self.sale_type == other.sale_type),
            (F::OccurredAt, self.occurred_at == other.occurred_at),
            (F::DueAt, self.due_at == other.due_at),
            (
                F::AmountOverride,
                self.amount_override == other.amount_override,
            ),
            (F::Platform, self.platform == other.platform),
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

/// A fact that two reports of one reference can differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FactsField {
    /// [`Facts::claims`].
    Claims,
    /// [`Facts::total`], its currency included.
    Total,
    /// [`Facts::subtotal`], its currency included.
    Subtotal,
    /// [`Facts::sale_type`].
    SaleType,
    /// [`Facts::occurred_at`].
    OccurredAt,
    /// [`Facts::due_at`].
    DueAt,
    /// [`Facts::amount_override`].
    AmountOverride,
    /// [`Facts::platform`].
    Platform,
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
            Self::Total => "total",
            Self::Subtotal => "subtotal",
            Self::SaleType => "sale_type",
            Self::OccurredAt => "occurred_at",
            Self::DueAt => "due_at",
            Self::AmountOverride => "commission",
            Self::Platform => "platform",
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
    /// How many were bought: one or more.
    pub quantity: u32,
    /// What they cost together, in the sale's currency.
    pub amount: Money,
}

/// A sale that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// Its identity.
    pub id: ConversionId,
    /// What was reported.
    pub facts: Facts,
    /// When it took place (UTC).
    pub occurred_at: OffsetDateTime,
    /// When it was recorded (UTC).
    pub recorded_at: OffsetDateTime,
    /// The journal entry that holds the report and the decision.
    pub sequence: Sequence,
}

/// What one enrollment earns from one conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commission {
    /// The conversion.
    pub conversion: ConversionId,
    /// Its place among the conversion's commissions, counted from 1.
    pub position: u16,
    /// Who earns it.
    pub credit: Credit,
    /// The version of the program's terms that it was decided under.
    pub terms_version: TermsVersion,
    /// How much, in the sale's currency; zero or more.
    pub amount: Money,
    /// What has become of it.
    pub status: Status,
}

/// A conversion with its commissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The sale.
    pub conversion: Conversion,
    /// What it earns whom, by position; at least one.
    pub commissions: Vec<Commission>,
}

/// A transfer, where it stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The journal entry that caused it.
    pub sequence: Sequence,
    /// Its place among that entry's transfers, counted from 1.
    pub position: u16,
    /// When it was made (UTC).
    pub at: OffsetDateTime,
    /// The conversion whose commission is moved.
    pub conversion: ConversionId,
    /// The position of that commission.
    pub commission_position: u16,
    /// What is moved, and between which accounts.
    pub transfer: Transfer,
}
