//! What became of sales, as the journal writes it: refunds, amendments, changes of status.

use accrual_commission::{Change, Tax};
use accrual_money::Money;
use serde::{Deserialize, Serialize};

use super::value::{ChangeRecord, MoneyRecord, at, mirror, optional, percent, rate, text};
use super::{RecordError, given};
use crate::{Amendment, Command, ConversionId, Refund, RefundKind, micros};

mirror!(RefundKindRecord of RefundKind { Refund, Chargeback });

/// Money that the customer got back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RefundRecord {
    conversion: i64,
    kind: RefundKindRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<MoneyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// What a sale came to after all; what is absent stays, what is `null` is taken away.
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
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TaxRecord {
    Amount(MoneyRecord),
    PercentIncluded(String),
}

/// What happened to a conversion's commissions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangeStatusRecord {
    conversion: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u16>,
    change: ChangeRecord,
}

impl RefundRecord {
    pub(super) fn of(refund: &Refund) -> Self {
        Self {
            conversion: refund.conversion.number(),
            kind: RefundKindRecord::of(refund.kind),
            amount: refund.amount.map(MoneyRecord::of),
            at_us: refund.at.map(micros),
            note: refund.note.as_ref().map(|note| note.as_str().to_owned()),
        }
    }

    pub(super) fn read(&self) -> Result<Refund, RecordError> {
        Ok(Refund {
            conversion: ConversionId::new(self.conversion),
            kind: self.kind.read(),
            amount: optional(self.amount.as_ref(), MoneyRecord::read)?,
            at: self.at_us.map(at).transpose()?,
            note: optional(self.note.as_ref(), |note| text(note))?,
        })
    }
}

impl AmendmentRecord {
    pub(super) fn of(amendment: &Amendment) -> Self {
        let amount = |amount: Option<Option<Money>>| amount.map(|one| one.map(MoneyRecord::of));
        let tax = |tax| match tax {
            Tax::Amount(amount) => TaxRecord::Amount(MoneyRecord::of(amount)),
            Tax::IncludedAt(rate) => TaxRecord::PercentIncluded(percent(rate)),
        };
        Self {
            conversion: amendment.conversion.number(),
            total: amount(amendment.total),
            subtotal: amount(amendment.subtotal),
            tax: amendment.tax.map(|one| one.map(tax)),
            shipping: amount(amendment.shipping),
            discount: amount(amendment.discount),
            commission: amount(amendment.amount_override),
        }
    }

    pub(super) fn read(&self) -> Result<Amendment, RecordError> {
        let amount = |amount: &Option<Option<MoneyRecord>>| {
            let inner = |one: &Option<MoneyRecord>| one.as_ref().map(MoneyRecord::read).transpose();
            amount.as_ref().map(inner).transpose()
        };
        let tax = |tax: &Option<TaxRecord>| {
            tax.as_ref()
                .map(|tax| {
                    Ok::<_, RecordError>(match tax {
                        TaxRecord::Amount(amount) => Tax::Amount(amount.read()?),
                        TaxRecord::PercentIncluded(percent) => Tax::IncludedAt(rate(percent)?),
                    })
                })
                .transpose()
        };
        Ok(Amendment {
            conversion: ConversionId::new(self.conversion),
            total: amount(&self.total)?,
            subtotal: amount(&self.subtotal)?,
            tax: self.tax.as_ref().map(tax).transpose()?,
            shipping: amount(&self.shipping)?,
            discount: amount(&self.discount)?,
            amount_override: amount(&self.commission)?,
        })
    }
}

impl ChangeStatusRecord {
    pub(super) fn of(conversion: ConversionId, position: Option<u16>, change: Change) -> Self {
        Self {
            conversion: conversion.number(),
            position,
            change: ChangeRecord::of(change),
        }
    }

    pub(super) fn read(&self) -> Command {
        Command::ChangeStatus {
            conversion: ConversionId::new(self.conversion),
            position: self.position,
            change: self.change(),
        }
    }

    pub(super) fn change(&self) -> Change {
        self.change.read()
    }
}
