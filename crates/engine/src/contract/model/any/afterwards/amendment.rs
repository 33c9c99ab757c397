//! Anything that can be changed of a sale besides its amounts.

use accrual_money::Currency;
use proptest::{option::weighted, prelude::*, sample::select};
use time::OffsetDateTime;

use super::super::{any_currency, any_time};
use crate::contract::{fixture::text, model::plan::Plan};
use crate::{Amendment, Redecision, SaleStatus, Sequence, Text};

/// What is changed besides amounts.
#[derive(Clone, Debug)]
pub(super) struct Others {
    currency: Option<Currency>,
    occurred_at: Option<OffsetDateTime>,
    due_at: Option<Option<OffsetDateTime>>,
    customer_name: Option<Option<Text>>,
    status: Option<SaleStatus>,
    redecision: Redecision,
    /// Whether no amount is changed.
    is_all: bool,
    /// A version that no sale has.
    expected_version: Option<Sequence>,
}

impl Others {
    pub(super) fn added_to(self, amounts: Amendment) -> Amendment {
        let amounts = match self.is_all {
            true => Amendment::new(amounts.conversion),
            false => amounts,
        };
        Amendment {
            currency: self.currency,
            occurred_at: self.occurred_at,
            due_at: self.due_at,
            customer_name: self.customer_name,
            status: self.status,
            redecision: self.redecision,
            expected_version: self.expected_version,
            ..amounts
        }
    }
}

pub(super) fn any_others(plan: &Plan) -> BoxedStrategy<Others> {
    let statuses = select(vec![
        SaleStatus::Unpaid,
        SaleStatus::Paid,
        SaleStatus::Paid,
        SaleStatus::PaidExternally,
        SaleStatus::Cancelled,
    ]);
    let due_at = prop_oneof![4 => any_time(plan).prop_map(Some), 1 => Just(None)];
    let name = prop_oneof![Just(Some(text("Zoe"))), Just(None)];
    let redecision = prop_oneof![Just(Redecision::AnyAmount), Just(Redecision::SaleAmount)];
    let parts = (
        weighted(0.05, any_currency()),
        weighted(0.15, any_time(plan)),
        weighted(0.15, due_at),
        weighted(0.1, name),
        weighted(0.2, statuses),
        redecision,
        prop::bool::weighted(0.3),
        weighted(0.02, Just(Sequence::new(1))),
    );
    let others = parts.prop_map(
        |(currency, occurred_at, due_at, customer_name, status, redecision, is_all, version)| {
            Others {
                currency,
                occurred_at,
                due_at,
                customer_name,
                status,
                redecision,
                is_all,
                expected_version: version,
            }
        },
    );
    others.boxed()
}
