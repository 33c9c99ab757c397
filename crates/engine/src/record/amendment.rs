//! What was changed of a sale, as the journal writes it.

use accrual_commission::Tax;
use accrual_money::Money;
use serde::{Deserialize, Serialize};

use super::value::{MoneyRecord, at, currency, mirror, percent, rate, text};
use super::{RecordError, given};
use crate::{Amendment, ConversionId, Redecision, SaleStatus, Sequence, Text, micros};

mirror!(SaleStatusRecord of SaleStatus { Unpaid, Paid, PaidExternally, Cancelled });
mirror!(RedecisionRecord of Redecision { AnyAmount, SaleAmount });

/// What is changed of a sale; what is absent stays, what is `null` is taken away.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AmendmentRecord {
    conversion: i64,
    #[serde(skip_serializing_if = "Option::is_none", with = "given")]
    total: Option<Option<MoneyRecord>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "given")]
    subtotal: Option<Option<MoneyRecord>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "given")]
    tax: Option<Option<TaxRecord>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "given")]
    shipping: Option<Option<MoneyRecord>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "given")]
    discount: Option<Option<MoneyRecord>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "given")]
    commission: Option<Option<MoneyRecord>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    occurred_at_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none", with = "given")]
    due_at_us: Option<Option<i64>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "given")]
    customer_email: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "given")]
    customer_name: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "given")]
    sub_id: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<SaleStatusRecord>,
    /// [`Redecision::AnyAmount`], if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    redecision: Option<RedecisionRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_version: Option<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TaxRecord {
    Amount(MoneyRecord),
    PercentIncluded(String),
}

impl AmendmentRecord {
    pub(super) fn of(amendment: &Amendment) -> Self {
        let amount = |amount: Option<Option<Money>>| amount.map(|one| one.map(MoneyRecord::of));
        let owned = |text: &Text| text.as_str().to_owned();
        let text = |text: &Option<Option<Text>>| text.as_ref().map(|text| text.as_ref().map(owned));
        let redecision = Some(amendment.redecision).filter(|one| *one != Redecision::AnyAmount);
        Self {
            conversion: amendment.conversion.number(),
            total: amount(amendment.total),
            subtotal: amount(amendment.subtotal),
            tax: amendment.tax.map(|tax| tax.map(TaxRecord::of)),
            shipping: amount(amendment.shipping),
            discount: amount(amendment.discount),
            commission: amount(amendment.amount_override),
            currency: amendment
                .currency
                .map(|currency| currency.code().to_owned()),
            occurred_at_us: amendment.occurred_at.map(micros),
            due_at_us: amendment.due_at.map(|at| at.map(micros)),
            customer_email: text(&amendment.customer_email),
            customer_name: text(&amendment.customer_name),
            sub_id: text(&amendment.sub_id),
            status: amendment.status.map(SaleStatusRecord::of),
            redecision: redecision.map(RedecisionRecord::of),
            expected_version: amendment.expected_version.map(Sequence::number),
        }
    }

    pub(super) fn read(&self) -> Result<Amendment, RecordError> {
        let amount = |amount: &Option<Option<MoneyRecord>>| changed(amount, MoneyRecord::read);
        let texts = |given: &Option<Option<String>>| changed(given, |given| text(given));
        let currency = self.currency.as_deref().map(currency).transpose()?;
        let redecision = self.redecision.map(RedecisionRecord::read);
        Ok(Amendment {
            conversion: ConversionId::new(self.conversion),
            expected_version: self.expected_version.map(Sequence::new),
            total: amount(&self.total)?,
            subtotal: amount(&self.subtotal)?,
            tax: changed(&self.tax, TaxRecord::read)?,
            shipping: amount(&self.shipping)?,
            discount: amount(&self.discount)?,
            currency,
            amount_override: amount(&self.commission)?,
            occurred_at: self.occurred_at_us.map(at).transpose()?,
            due_at: changed(&self.due_at_us, |micros| at(*micros))?,
            customer_email: texts(&self.customer_email)?,
            customer_name: texts(&self.customer_name)?,
            sub_id: texts(&self.sub_id)?,
            status: self.status.map(SaleStatusRecord::read),
            redecision: redecision.unwrap_or(Redecision::AnyAmount),
        })
    }
}

impl TaxRecord {
    fn of(tax: Tax) -> Self {
        match tax {
            Tax::Amount(amount) => Self::Amount(MoneyRecord::of(amount)),
            Tax::IncludedAt(rate) => Self::PercentIncluded(percent(rate)),
        }
    }

    fn read(&self) -> Result<Tax, RecordError> {
        Ok(match self {
            Self::Amount(amount) => Tax::Amount(amount.read()?),
            Self::PercentIncluded(percent) => Tax::IncludedAt(rate(percent)?),
        })
    }
}

/// A value that is changed, taken away or left as it is.
fn changed<T, R>(
    given: &Option<Option<T>>,
    read: impl Fn(&T) -> Result<R, RecordError>,
) -> Result<Option<Option<R>>, RecordError> {
    let read = |given: &Option<T>| given.as_ref().map(&read).transpose();
    given.as_ref().map(read).transpose()
}
