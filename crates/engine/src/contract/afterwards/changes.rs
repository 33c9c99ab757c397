//! Which facts of a sale a caller can change, and what follows from each.

use accrual_commission::{AccountKind, Change, Status, StatusKind};
use accrual_money::{Currency, Money};
use time::Duration;

use super::{FIRST, become_of, refund_of};
use crate::contract::{Shared, fixture::*};
use crate::{
    Amendment, Command, Commission, Customer, Error, Facts, FieldRevision, FieldValue, Recorded,
    Redecision, RevisionKind, SaleStatus, Sequence, explain, history,
};

/// Changes of the first sale, decided again by the sale's amount only.
pub(super) fn changes() -> Amendment {
    Amendment {
        redecision: Redecision::SaleAmount,
        ..Amendment::new(FIRST)
    }
}

pub(super) fn status(status: SaleStatus) -> Amendment {
    Amendment {
        status: Some(status),
        ..changes()
    }
}

pub(super) fn amend(amendment: Amendment) -> Command {
    Command::Amend(Box::new(amendment))
}

impl Shop {
    pub(super) async fn amended(&self, amendment: Amendment) -> Recorded {
        let after = self.changed(amend(amendment)).await;
        let kept = self.store.conversion(self.org, after.conversion.id).await;
        assert_eq!(kept.unwrap().as_ref(), Some(&after));
        after
    }

    pub(super) async fn commission_after(&self, amendment: Amendment) -> Commission {
        self.amended(amendment).await.commissions[0].clone()
    }

    pub(super) async fn refused(&self, amendment: Amendment) -> Error {
        let head = self.head().await;
        let refused = self.submit(amend(amendment)).await.unwrap_err();
        assert_eq!(self.head().await, head);
        refused
    }

    /// What the last chapter of the first sale's explanation says.
    pub(super) async fn told(&self) -> Vec<String> {
        let told = explain(&*self.store, self.org, FIRST).await;
        told.unwrap().unwrap().chapters.pop().unwrap().words
    }
}

/// The total decides again, and a commission that was set gives way; the subtotal does only where
/// there never was a total.
pub async fn only_the_amount_that_counts_decides_a_sale_again(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;
    let subtotal = |minor| Amendment {
        subtotal: Some(Some(usd(minor))),
        ..changes()
    };
    let after = shop.amended(subtotal(5_000)).await;
    assert_eq!(after.commissions[0].amount, usd(1_000));
    assert_eq!(after.conversion.current().subtotal, Some(usd(5_000)));

    let set = Amendment {
        amount_override: Some(Some(usd(77))),
        ..changes()
    };
    assert_eq!(shop.commission_after(set).await.amount, usd(77));
    let total = Amendment {
        total: Some(Some(usd(20_000))),
        ..changes()
    };
    let after = shop.amended(total).await;
    assert_eq!(after.commissions[0].amount, usd(2_000));
    assert_eq!(after.conversion.current().amount_override, None);

    let without_total = Facts {
        total: None,
        subtotal: Some(usd(3_000)),
        ..sale("order-2", 0)
    };
    let id = recorded(&shop.report(without_total).await).conversion.id;
    let second = Amendment {
        conversion: id,
        ..subtotal(6_000)
    };
    assert_eq!(shop.commission_after(second).await.amount, usd(600));
}

/// What is not about amounts changes nothing of what is earned; the explanation says each thing.
pub async fn what_is_known_of_a_customer_can_be_corrected(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    let customer = Customer {
        email: Some(text("old@example.com")),
        name: Some(text("Zoe")),
        ..Customer::default()
    };
    let facts = Facts {
        customer,
        ..sale("order-1", 10_000)
    };
    let before = recorded(&shop.report(facts).await).clone();
    let after = shop
        .amended(Amendment {
            customer_email: Some(Some(text("new@example.com"))),
            customer_name: Some(None),
            sub_id: Some(Some(text("mail"))),
            ..changes()
        })
        .await;
    let current = after.conversion.current();
    assert_eq!(current.customer.email, Some(text("new@example.com")));
    assert_eq!(current.customer.name, None);
    assert_eq!(current.sub_id, Some(text("mail")));
    assert_eq!(after.conversion.facts, before.conversion.facts);
    assert_eq!(after.commissions, before.commissions);
    let expected = [
        "The customer's e-mail address is new@example.com.",
        "The customer's name was taken away.",
        "The sub id is mail.",
    ];
    assert_eq!(shop.told().await, expected);
}

/// A sale that took place on another day is counted on that day, and on no other.
pub async fn a_sale_that_took_place_on_another_day_is_counted_there(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;
    let day_before = NOW - Duration::days(1);
    let after = shop
        .amended(Amendment {
            occurred_at: Some(day_before),
            ..changes()
        })
        .await;
    assert_eq!(after.conversion.occurred_at, day_before);
    assert_eq!(after.conversion.day, day_before.date());
    let totals = store.totals(shop.org).await.unwrap();
    let counted = totals.iter().filter(|(_, totals)| totals.conversions != 0);
    let counted: Vec<_> = counted
        .map(|(key, totals)| (key.day, totals.conversions, totals.commission))
        .collect();
    assert_eq!(counted, [(day_before.date(), 1, usd(1_000))]);
    let tallies = store.tallies(shop.org, shop.enrollment).await.unwrap();
    let tallied = tallies.iter().filter(|(_, tally)| tally.conversions != 0);
    let days: Vec<_> = tallied.map(|(key, _)| key.day).collect();
    assert_eq!(days, [day_before.date()]);
    let told = explain(&*store, shop.org, FIRST).await.unwrap().unwrap();
    assert_eq!(told.decision.amount, usd(1_000));
}

/// In another currency the amounts keep their figures, until something was paid or given back.
pub async fn a_currency_is_corrected_until_something_was_settled(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    let set = Facts {
        subtotal: Some(usd(9_000)),
        ..sale("order-1", 10_000)
    };
    shop.report(set).await;
    let euros = |minor| Money::from_minor(minor, Currency::EUR);
    let currency = |currency| Amendment {
        currency: Some(currency),
        ..changes()
    };
    let after = shop.amended(currency(Currency::EUR)).await;
    let current = after.conversion.current();
    assert_eq!(current.total, Some(euros(10_000)));
    assert_eq!(current.subtotal, Some(euros(9_000)));
    assert_eq!(after.conversion.refunded, euros(0));
    assert_eq!(after.commissions[0].amount, euros(1_000));
    let balances = shop.balances().await;
    assert_eq!(balances, [(AccountKind::Payable, euros(1_000))]);

    shop.amended(status(SaleStatus::Paid)).await;
    let settled = Error::CurrencySettled(FIRST);
    assert_eq!(shop.refused(currency(Currency::USD)).await, settled);
    shop.amended(currency(Currency::EUR)).await;
    let mixed = Amendment {
        total: Some(Some(usd(100))),
        ..changes()
    };
    let refused = shop.refused(mixed).await;
    assert!(matches!(refused, Error::MixedCurrencies { .. }));
}

/// All of it is changed, or nothing is.
pub async fn a_change_that_is_refused_in_part_is_refused(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;
    shop.run(become_of(FIRST, Change::Dispute)).await;
    let before = shop.conversions().await;
    let refused = shop
        .refused(Amendment {
            total: Some(Some(usd(5_000))),
            sub_id: Some(Some(text("mail"))),
            ..status(SaleStatus::Paid)
        })
        .await;
    assert!(matches!(refused, Error::Status(_)), "{refused:?}");
    assert_eq!(shop.conversions().await, before);
}

/// A sale that was cancelled stays as it is; one that was refunded can still be corrected.
pub async fn a_cancelled_sale_is_frozen_and_a_refunded_one_is_not(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;
    shop.run(refund_of(10_000)).await;
    let total = Amendment {
        total: Some(Some(usd(12_000))),
        sub_id: Some(Some(text("mail"))),
        ..changes()
    };
    let after = shop.amended(total).await;
    assert_eq!(after.conversion.current().total, Some(usd(12_000)));
    let commission = &after.commissions[0];
    assert_eq!(
        (commission.status, commission.amount),
        (Status::Refunded, usd(0))
    );

    let second = recorded(&shop.report(sale("order-2", 10_000)).await)
        .conversion
        .id;
    shop.run(become_of(second, Change::Cancel)).await;
    let frozen = Amendment {
        conversion: second,
        customer_name: Some(None),
        ..changes()
    };
    assert_eq!(shop.refused(frozen).await, Error::CalledOff(second));
}

/// The journal says of each change what was before and after.
pub async fn the_history_says_what_each_change_has_changed(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    let facts = Facts {
        sub_id: Some(text("mail")),
        ..sale("order-1", 10_000)
    };
    shop.report(facts).await;
    shop.amended(Amendment {
        total: Some(Some(usd(20_000))),
        sub_id: Some(None),
        ..status(SaleStatus::Paid)
    })
    .await;
    shop.run(refund_of(20_000)).await;
    let read = async |conversion, after, limit| {
        let after = Sequence::new(after);
        let read = history(&*store, shop.org, conversion, after, limit).await;
        read.unwrap()
    };
    let revisions = read(FIRST, 0, 10).await.unwrap();
    let kinds: Vec<_> = revisions.iter().map(|one| one.kind).collect();
    use RevisionKind as K;
    assert_eq!(kinds, [K::Reported, K::Amended, K::Refunded]);
    let reported = &revisions[0].fields;
    assert!(
        reported.iter().all(|one| one.before.is_none()),
        "{reported:?}"
    );
    let amount = |minor| Some(FieldValue::Amount(usd(minor)));
    let status = |kind| Some(FieldValue::Status(kind));
    let field = |name: &str, before, after| FieldRevision {
        field: name.to_owned(),
        before,
        after,
    };
    let expected = [
        field("total", amount(10_000), amount(20_000)),
        field("sub_id", Some(FieldValue::Text("mail".to_owned())), None),
        field("commissions[1].amount", amount(1_000), amount(2_000)),
        field(
            "commissions[1].status",
            status(StatusKind::Payable),
            status(StatusKind::Paid),
        ),
        field("commissions[1].paid_out", None, amount(2_000)),
    ];
    assert_eq!(revisions[1].fields, expected);
    let refunded = &revisions[2].fields;
    assert_eq!(refunded[0], field("refunded", None, amount(20_000)));
    // A page says the same of its entries, also without those before.
    let first = revisions[0].sequence.number();
    assert_eq!(read(FIRST, first, 1).await.unwrap(), revisions[1..2]);
    assert_eq!(read(FIRST, first, 10).await.unwrap(), revisions[1..]);
    let nowhere = crate::ConversionId::new(99);
    assert_eq!(read(nowhere, 0, 10).await, None);
}

/// However long a history is, all of it is told.
pub async fn a_long_history_is_told_whole(store: Shared) {
    let shop = Shop::open_with(&store, "The shop", share("10")).await;
    shop.report(sale("order-1", 10_000)).await;
    let labels = (1..200).map(|number| {
        let label = text(&number.to_string());
        submission(amend(Amendment {
            sub_id: Some(Some(label)),
            ..changes()
        }))
    });
    let answers = shop.engine.submit_all(shop.org, labels).await;
    assert!(answers.iter().all(Result::is_ok));
    let read = async |after, limit| {
        let read = history(&*store, shop.org, FIRST, after, limit).await;
        read.unwrap().unwrap()
    };
    let whole = read(Sequence::new(0), 1_000).await;
    assert_eq!(whole.len(), 200);
    assert_eq!(read(whole[149].sequence, 20).await, whole[150..170]);
    let told = explain(&*store, shop.org, FIRST).await.unwrap().unwrap();
    assert_eq!(told.chapters.len(), 200);
}
