//! Anything that can become of a sale.

use accrual_commission::{Change, Tax};
use accrual_money::{Currency, Money};
use proptest::{option::weighted, prelude::*, sample::select};

use super::{any_minor, any_money, any_rate};
use crate::contract::model::{ask::Asked, plan::Plan};
use crate::{Amendment, Command, ConversionId, Refund, RefundKind};

/// A sale that was reported, with its currency; rarely one that was not.
fn any_order(plan: &Plan) -> BoxedStrategy<(ConversionId, Currency)> {
    let nothing = (99, Currency::USD);
    let orders = plan.orders.iter().map(|(number, currency)| (*number, *currency));
    let orders: Vec<_> = orders.collect();
    let order = if orders.is_empty() {
        Just(nothing).boxed()
    } else {
        prop_oneof![40 => select(orders), 1 => Just(nothing)].boxed()
    };
    order.prop_map(|(number, currency)| (ConversionId::new(number), currency)).boxed()
}

pub(super) fn any_refund(plan: &Plan) -> BoxedStrategy<Asked> {
    let kind = prop_oneof![2 => Just(RefundKind::Refund), 1 => Just(RefundKind::Chargeback)];
    let amount = prop_oneof![30 => any_minor(), 1 => Just(0)];
    let other_currency = prop::bool::weighted(0.02);
    (any_order(plan), kind, weighted(0.75, amount), other_currency)
        .prop_map(|((conversion, currency), kind, amount, other)| {
            let currency = if other { Currency::KWD } else { currency };
            Asked::new(Command::Refund(Refund {
                conversion,
                kind,
                amount: amount.map(|minor| Money::from_minor(minor, currency)),
                at: None,
                note: None,
            }))
        })
        .boxed()
}

pub(super) fn any_amendment(plan: &Plan) -> BoxedStrategy<Asked> {
    let amendment = any_order(plan).prop_flat_map(|(conversion, currency)| {
        let change = move |chance| {
            let amount = prop_oneof![5 => any_money(currency).prop_map(Some), 1 => Just(None)];
            weighted(chance, amount)
        };
        let tax = prop_oneof![
            any_money(currency).prop_map(|tax| Some(Tax::Amount(tax))),
            any_rate().prop_map(|rate| Some(Tax::IncludedAt(rate))),
            Just(None),
        ];
        let parts = (change(0.6), change(0.2), weighted(0.2, tax), change(0.2), change(0.2), change(0.15));
        parts.prop_map(move |(total, subtotal, tax, shipping, discount, commission)| Amendment {
            total,
            subtotal,
            tax,
            shipping,
            discount,
            amount_override: commission,
            ..Amendment::new(conversion)
        })
    });
    amendment.prop_map(|one| Asked::new(Command::Amend(Box::new(one)))).boxed()
}

pub(super) fn any_change_of_status(plan: &Plan) -> BoxedStrategy<Asked> {
    use Change as C;
    let change = prop_oneof![
        6 => select(vec![C::Pay, C::Approve, C::Dispute]),
        3 => select(vec![C::PayExternally, C::StartPayout, C::WinDispute]),
        2 => select(vec![C::Unpay, C::AbandonPayout, C::LoseDispute, C::Mature]),
        1 => select(vec![C::Decline, C::Cancel, C::Refund]),
    ];
    let position = weighted(0.25, 1..=3_u16);
    (any_order(plan), position, change)
        .prop_map(|((conversion, _), position, change)| {
            Asked::new(Command::ChangeStatus { conversion, position, change })
        })
        .boxed()
}
