//! Anything that can become of a sale.

mod amendment;

use accrual_commission::{Change, StatusKind, Tax};
use accrual_money::{Currency, Money};
use proptest::{option::weighted, prelude::*, sample::select};

use super::{any_minor, any_money, any_rate};
use crate::contract::model::{ask::Asked, plan::Plan, reference::Glimpse};
use crate::{Amendment, Command, ConversionId, Refund, RefundKind};

/// A sale that was recorded, late ones more often; rarely one that was not.
fn any_sold(plan: &Plan) -> BoxedStrategy<Glimpse> {
    let sales = plan.reference.glimpses();
    let nothing = Glimpse {
        number: 99,
        currency: Currency::USD,
        left: 100,
        back: 0,
        statuses: vec![StatusKind::Payable],
    };
    if sales.is_empty() {
        return Just(nothing).boxed();
    }
    let late = sales[sales.len().saturating_sub(3)..].to_vec();
    prop_oneof![20 => select(sales), 20 => select(late), 1 => Just(nothing)].boxed()
}

pub(super) fn any_refund(plan: &Plan) -> BoxedStrategy<Asked> {
    let kind = prop_oneof![2 => Just(RefundKind::Refund), 1 => Just(RefundKind::Chargeback)];
    let refund = any_sold(plan).prop_flat_map(move |sold| {
        let left = sold.left.max(1);
        let amount =
            prop_oneof![12 => 1..=left, 4 => Just(left), 1 => Just(left + 1), 1 => Just(0)];
        let is_other = prop::bool::weighted(0.02);
        (weighted(0.85, amount), kind.clone(), is_other).prop_map(
            move |(amount, kind, is_other)| {
                let currency = if is_other {
                    Currency::KWD
                } else {
                    sold.currency
                };
                Refund {
                    conversion: ConversionId::new(sold.number),
                    kind,
                    amount: amount.map(|minor| Money::from_minor(minor, currency)),
                    at: None,
                    note: None,
                }
            },
        )
    });
    refund
        .prop_map(|one| Asked::new(Command::Refund(one)))
        .boxed()
}

pub(super) fn any_amendment(plan: &Plan) -> BoxedStrategy<Asked> {
    let others = amendment::any_others(plan);
    let amendment = any_sold(plan).prop_flat_map(move |sold| {
        let currency = sold.currency;
        let money = move |minor| Money::from_minor(minor, currency);
        // Down to what was given back, or less, or more than before.
        let around = prop_oneof![
            2 => Just(sold.back),
            1 => Just(sold.back - 1),
            6 => (any_minor()).prop_map(move |more| sold.back + more),
        ];
        let total =
            prop_oneof![12 => around.prop_map(move |minor| Some(money(minor))), 1 => Just(None)];
        let change = move |chance| {
            let amount = prop_oneof![5 => any_money(currency).prop_map(Some), 1 => Just(None)];
            weighted(chance, amount)
        };
        let tax = prop_oneof![
            any_money(currency).prop_map(|tax| Some(Tax::Amount(tax))),
            any_rate().prop_map(|rate| Some(Tax::IncludedAt(rate))),
            Just(None),
        ];
        let conversion = ConversionId::new(sold.number);
        let parts = (
            weighted(0.7, total),
            change(0.15),
            weighted(0.15, tax),
            change(0.15),
            change(0.15),
            change(0.15),
        );
        let amounts = parts.prop_map(
            move |(total, subtotal, tax, shipping, discount, commission)| Amendment {
                total,
                subtotal,
                tax,
                shipping,
                discount,
                amount_override: commission,
                ..Amendment::new(conversion)
            },
        );
        (amounts, others.clone()).prop_map(|(amounts, others)| others.added_to(amounts))
    });
    amendment
        .prop_map(|one| Asked::new(Command::Amend(Box::new(one))))
        .boxed()
}

/// Mostly something that can become of the first commission, of all of them or of one.
pub(super) fn any_change_of_status(plan: &Plan) -> BoxedStrategy<Asked> {
    let change = any_sold(plan).prop_flat_map(|sold| {
        let fitting = select(fitting(sold.statuses[0]));
        let change = prop_oneof![12 => fitting, 1 => select(ANY.to_vec())];
        let count = u16::try_from(sold.statuses.len()).unwrap_or(1);
        let conversion = ConversionId::new(sold.number);
        (change, weighted(0.3, 1..=count + 1)).prop_map(move |(change, position)| {
            Asked::new(Command::ChangeStatus {
                conversion,
                position,
                change,
            })
        })
    });
    change.boxed()
}

const ANY: [Change; 13] = [
    Change::Mature,
    Change::Approve,
    Change::Decline,
    Change::StartPayout,
    Change::AbandonPayout,
    Change::Pay,
    Change::PayExternally,
    Change::Unpay,
    Change::Cancel,
    Change::Refund,
    Change::Dispute,
    Change::WinDispute,
    Change::LoseDispute,
];

/// What can become of it, and rarely ends it.
fn fitting(status: StatusKind) -> Vec<Change> {
    use Change as C;
    match status {
        StatusKind::Pending => vec![
            C::Approve,
            C::Mature,
            C::PayExternally,
            C::Dispute,
            C::Decline,
        ],
        StatusKind::AwaitingApproval => {
            vec![C::Approve, C::Approve, C::Approve, C::Dispute, C::Cancel]
        }
        StatusKind::Payable => {
            vec![
                C::Pay,
                C::Pay,
                C::Pay,
                C::StartPayout,
                C::PayExternally,
                C::Dispute,
                C::Cancel,
            ]
        }
        StatusKind::InPayout => vec![C::Pay, C::Pay, C::AbandonPayout, C::Dispute, C::Refund],
        StatusKind::Paid => vec![C::Unpay, C::Dispute, C::Decline, C::Cancel, C::Refund],
        StatusKind::Disputed => vec![C::WinDispute, C::WinDispute, C::WinDispute, C::LoseDispute],
        StatusKind::Declined | StatusKind::Cancelled | StatusKind::Refunded => ANY.to_vec(),
    }
}
