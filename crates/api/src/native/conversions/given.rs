//! Refunds of a conversion and changes of its status, as they are given.

use accrual_commission::Change;
use accrual_engine::{Command, Conversion, Refund, RefundKind};
use poem_openapi::Object;
use serde::Deserialize;

use crate::{
    native::{field, problem::Problem},
    wire::{Amount, Given, Integer, OneOf, Required, Text, Time, words},
};

words! {
    /// Who moved money back to the customer.
    RefundKindWord "RefundKind" of RefundKind {
        /// You gave it.
        Refund "refund" (RefundKind::Refund),
        /// The customer's bank took it.
        Chargeback "chargeback" (RefundKind::Chargeback),
    }
}

words! {
    /// What can happen to a commission. That its sale is refunded is said by a refund.
    ChangeWord "Change" of ChangeWord {
        /// A person approves it.
        Approve "approve" (ChangeWord::Approve),
        /// A person refuses it.
        Decline "decline" (ChangeWord::Decline),
        /// The sale is disputed.
        Dispute "dispute" (ChangeWord::Dispute),
        /// The dispute was settled for the merchant.
        WinDispute "win_dispute" (ChangeWord::WinDispute),
        /// The dispute was settled for the customer.
        LoseDispute "lose_dispute" (ChangeWord::LoseDispute),
        /// The sale was withdrawn.
        Cancel "cancel" (ChangeWord::Cancel),
        /// It was paid, less what the affiliate owes back.
        Pay "pay" (ChangeWord::Pay),
        /// It was paid elsewhere, in full.
        PayExternally "pay_externally" (ChangeWord::PayExternally),
        /// The payment did not take place after all.
        Unpay "unpay" (ChangeWord::Unpay),
        /// It is put into a payout.
        StartPayout "start_payout" (ChangeWord::StartPayout),
        /// Its payout came to nothing.
        AbandonPayout "abandon_payout" (ChangeWord::AbandonPayout),
        /// Its hold is over.
        Mature "mature" (ChangeWord::Mature),
    }
}

/// Money that the customer got back.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateRefund {
    /// How much, in the sale's currency: above zero, and not more than is left of the sale. All that
    /// is left, if absent.
    #[oai(nullable)]
    amount: Option<Given<Amount>>,
    /// `refund` (if absent): you gave it; `chargeback`: the customer's bank took it.
    #[oai(nullable)]
    kind: Option<Given<OneOf<RefundKindWord>>>,
    /// When it was; now, if absent.
    #[oai(nullable)]
    occurred_at: Option<Given<Time>>,
    /// Why: up to 1,000 characters.
    #[oai(nullable)]
    note: Option<Given<Text>>,
}

/// What happens to a conversion's commissions.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeStatus {
    /// `approve` or `decline` one that awaits it; `dispute` the sale, and `win_dispute` or
    /// `lose_dispute`, by which all that is left of the sale is charged back; `cancel` a sale that
    /// was withdrawn; `start_payout` and `abandon_payout`; `pay`, less what the affiliate owes back;
    /// `pay_externally`, in full; `unpay` what was not paid after all; `mature` one whose hold is
    /// over, which the server does by itself too.
    #[serde(default)]
    change: Required<OneOf<ChangeWord>>,
    /// The position of the commission. If absent, all of the conversion's that are not called off
    /// yet: either all of them change or none does.
    #[oai(nullable)]
    position: Option<Given<Integer>>,
}

impl CreateRefund {
    pub(super) fn command(&self, conversion: &Conversion) -> Result<Command, Problem> {
        let currency = conversion.refunded.currency();
        let kind = field::optional("kind", self.kind.as_ref(), field::word)?;
        Ok(Command::Refund(Refund {
            conversion: conversion.id,
            kind: kind.unwrap_or(RefundKind::Refund),
            amount: field::optional("amount", self.amount.as_ref(), |name, given| {
                field::money(name, given, currency)
            })?,
            at: field::instant("occurred_at", self.occurred_at.as_ref())?,
            note: field::optional_text("note", self.note.as_ref())?,
        }))
    }
}

impl ChangeStatus {
    pub(super) fn command(
        &self,
        conversion: accrual_engine::ConversionId,
    ) -> Result<Command, Problem> {
        let change = field::required("change", self.change.given())?;
        let position = field::optional("position", self.position.as_ref(), |name, given| {
            u16::try_from(field::integer(name, given)?)
                .map_err(|_| Problem::invalid(name, "must be from 1 to 65,535"))
        })?;
        Ok(Command::ChangeStatus {
            conversion,
            position,
            change: field::word("change", change)?.change(),
        })
    }
}

impl ChangeWord {
    fn change(self) -> Change {
        match self {
            Self::Approve => Change::Approve,
            Self::Decline => Change::Decline,
            Self::Dispute => Change::Dispute,
            Self::WinDispute => Change::WinDispute,
            Self::LoseDispute => Change::LoseDispute,
            Self::Cancel => Change::Cancel,
            Self::Pay => Change::Pay,
            Self::PayExternally => Change::PayExternally,
            Self::Unpay => Change::Unpay,
            Self::StartPayout => Change::StartPayout,
            Self::AbandonPayout => Change::AbandonPayout,
            Self::Mature => Change::Mature,
        }
    }
}
