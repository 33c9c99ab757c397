//! What became of sales, as the journal writes it: refunds and changes of status.

use accrual_commission::Change;
use serde::{Deserialize, Serialize};

use super::RecordError;
use super::value::{ChangeRecord, MoneyRecord, at, mirror, optional, text};
use crate::{Command, ConversionId, Refund, RefundKind, micros};

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
