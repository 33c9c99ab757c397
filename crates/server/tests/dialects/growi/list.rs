//! `GET /affiliate_sales`, as its page documents it and docs/DIALECTS.md settles it.

mod places;

use serde_json::{Value, json};

use super::SALES;
use crate::{
    client::Answer,
    harness::{Server, on_both_databases},
    shop::{Shop, with},
};
use accrual_engine::Zone;
use std::sync::Arc;

on_both_databases! {
    a_list_has_rows_where_it_is_and_what_all_of_it_comes_to,
    rows_are_newest_first_and_pages_end,
    every_filter_finds_what_fits_and_all_of_them_together,
    days_are_those_of_the_organization,
    a_status_is_found_by_either_spelling,
    what_is_due_is_not_unpaid_any_more,
    what_was_cancelled_or_refunded_counts_as_an_order,
    other_currencies_count_where_a_rate_came_with_the_sale,
    a_search_finds_part_of_a_name_or_an_address_in_any_case,
    what_cannot_be_is_said_by_the_name_of_the_parameter,
    whoever_may_only_read_may_list_and_sees_nobody_elses,
}

impl Shop {
    async fn list(&self, query: &str) -> Answer {
        self.get(&format!("{SALES}?{query}")).await
    }

    /// The order ids that a list has, as they stand in it.
    async fn listed(&self, query: &str) -> Vec<String> {
        let answer = self.list(query).await;
        assert_eq!(answer.status, 200, "{query}: {answer}");
        let rows = answer.json()["data"].as_array().unwrap().clone();
        let ids = rows.iter().map(|row| row["external_id"].as_str().unwrap());
        ids.map(str::to_owned).collect()
    }

    /// Reports a sale of that day in June 2025, at noon, by `SUMMER2025`.
    async fn sold(&self, order_id: &str, day: u8, changes: Value) {
        let sale = json!({
            "order_id": order_id,
            "total": 9999,
            "currency": "usd",
            "campaign_affiliate_id": "SUMMER2025",
            "occurred_at": format!("2025-06-{day:02}T12:00:00Z"),
        });
        self.make(SALES, with(sale, changes)).await;
    }

    async fn becomes(&self, conversion: u32, change: &str) {
        let path = format!("/accrual/v1/conversions/{conversion}/status");
        let answer = self.post(&path, &json!({ "change": change })).await;
        assert_eq!(answer.status, 200, "{answer}");
    }

    /// A second affiliate, in a second campaign that pays 10 %.
    async fn with_another_affiliate(self) -> Self {
        let shop = self.with_an_affiliate().await;
        let program =
            json!({ "name": "Ten", "currency": "USD", "incentives": [{ "percent": "10" }] });
        shop.make("/accrual/v1/programs", program).await;
        let bea = json!({ "name": "Bea", "email": "Bea@Example.com" });
        shop.make("/accrual/v1/affiliates", bea).await;
        let enrollment = json!({ "affiliate_id": 2, "program_id": 2, "tag": "WINTER2025" });
        shop.make("/accrual/v1/enrollments", enrollment).await;
        shop
    }
}

async fn a_list_has_rows_where_it_is_and_what_all_of_it_comes_to(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sold("ORD-1", 1, json!({ "sub_id": "mail" })).await;
    shop.sold("ORD-2", 2, json!({ "total": 4600 })).await;
    shop.becomes(1, "pay").await;

    let answer = shop.list("per_page=1&page=2").await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(
        answer.json(),
        json!({
            "data": [{
                "id": 1,
                "external_id": "ORD-1",
                "platform": "website",
                "status": "paid",
                "occurred_at": "2025-06-01T12:00:00.000Z",
                "total": 9999,
                "commission": 500,
                "currency": "usd",
                "sub_id": "mail",
            }],
            "meta": { "row_count": 2, "page_count": 2, "current_page": 2 },
            "additional_data": answer.json()["additional_data"],
        })
    );
    // Numbers, as exact as they are written.
    let text = answer.to_string();
    let totals = concat!(
        r#""additional_data":{"total_gmv":145.99,"total_commission":7.30,"#,
        r#""paid_commission":5.00,"unpaid_commission":2.30,"total_vat":0.00,"#,
        r#""total_orders":2,"total_refunded_amount":0.00}"#
    );
    assert!(text.contains(totals), "{text}");
}

async fn rows_are_newest_first_and_pages_end(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for (order_id, day) in [("B", 2), ("C", 3), ("A", 1), ("C2", 3)] {
        shop.sold(order_id, day, json!({})).await;
    }
    // Of one time, the later report goes first.
    assert_eq!(shop.listed("").await, ["C2", "C", "B", "A"]);
    assert_eq!(shop.listed("per_page=3&page=2").await, ["A"]);
    assert_eq!(shop.listed("per_page=1000").await.len(), 4);
    assert_eq!(shop.listed("page=0&per_page=1").await, ["C2"]);
    let beyond = shop.list("page=9").await.json();
    assert_eq!(beyond["data"], json!([]));
    let meta = json!({ "row_count": 4, "page_count": 1, "current_page": 9 });
    assert_eq!(beyond["meta"], meta);
    assert_eq!(shop.listed("page=9223372036854775807").await.len(), 0);
}

async fn every_filter_finds_what_fits_and_all_of_them_together(shop: Shop) {
    let shop = shop.with_another_affiliate().await;
    shop.sold("summer", 1, json!({ "sub_id": "a" })).await;
    let winter = json!({ "campaign_affiliate_id": "winter2025", "sub_id": "b" });
    shop.sold("winter", 2, winter).await;
    let cases = [
        "creator_id=2",
        "creator_email=bea@example.com",
        "campaign_id=2",
        "order_id=winter",
        "affiliate_tag=Winter2025",
        "sub_id=b",
        "start_date=06/02/2025",
        "start_date=2025-06-02&end_date=6/2/25",
        "creator_id=2&creator_email=BEA%40example.com&campaign_id=2&order_id=winter\
         &affiliate_tag=WINTER2025&sub_id=b&status=unpaid&store_platform=website&search=",
    ];
    for query in cases {
        assert_eq!(shop.listed(query).await, ["winter"], "{query}");
    }
    let moved = json!({ "email": "b@example.org" });
    shop.patch("/accrual/v1/affiliates/2", &moved).await;
    let by_address = shop.listed("creator_email=b@example.org").await;
    assert_eq!(by_address, ["winter"]);
    let nothing = [
        "creator_id=9",
        "creator_email=bea@example.com",
        "creator_email=nobody",
        "creator_id=1&campaign_id=2",
        "order_id=wint",
        "affiliate_tag=%20autumn",
        "start_date=06/03/2025",
        "status=paid",
        "store_platform=shopify_store&store_id=1",
        "ambassador_program=true",
        "store_id=1",
    ];
    for query in nothing {
        assert_eq!(shop.listed(query).await.len(), 0, "{query}");
    }
}

async fn days_are_those_of_the_organization(shop: Shop) {
    let zone = Zone::parse("America/New_York").unwrap();
    let server: Arc<Server> = Arc::clone(&shop.server);
    let shop = Shop::open_in(server, zone).await.with_an_affiliate().await;
    // A minute before and after midnight in New York.
    for (order_id, time) in [("before", "03:59:59.999Z"), ("after", "04:00:00Z")] {
        let changes = json!({ "occurred_at": format!("2025-06-02T{time}") });
        shop.sold(order_id, 1, changes).await;
    }
    assert_eq!(shop.listed("end_date=06/01/2025").await, ["before"]);
    assert_eq!(shop.listed("start_date=06/02/2025").await, ["after"]);
}

async fn a_status_is_found_by_either_spelling(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for (number, change) in [(1, "cancel"), (2, "pay_externally"), (3, "pay")] {
        shop.sold(&format!("order-{number}"), number, json!({}))
            .await;
        shop.becomes(number.into(), change).await;
    }
    shop.sold("order-4", 4, json!({})).await;
    for query in ["status=canceled", "status=cancelled"] {
        assert_eq!(shop.listed(query).await, ["order-1"], "{query}");
    }
    assert_eq!(shop.listed("status=paid").await, ["order-3", "order-2"]);
    assert_eq!(shop.listed("status=unpaid").await, ["order-4"]);
    let rows = shop.list("").await.json()["data"].clone();
    let words = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["status"].clone());
    let words: Vec<_> = words.collect();
    assert_eq!(json!(words), json!(["unpaid", "paid", "paid", "canceled"]));
}

async fn what_is_due_is_not_unpaid_any_more(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let times = [
        ("come", json!("2025-01-01T00:00:00Z")),
        ("to come", json!("2999-01-01T00:00:00Z")),
        ("at once", json!(null)),
    ];
    for (order_id, due_at) in times {
        shop.sold(order_id, 1, json!({ "due_at": due_at })).await;
    }
    assert_eq!(shop.listed("status=due").await, ["come"]);
    assert_eq!(shop.listed("status=unpaid").await, ["at once", "to come"]);
    let answer = shop.list("").await.json();
    let words: Vec<_> = answer["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["status"])
        .collect();
    assert_eq!(json!(words), json!(["unpaid", "unpaid", "due"]));
    let sums = &answer["additional_data"];
    assert_eq!(sums["unpaid_commission"].to_string(), "15.00");
    shop.becomes(1, "pay").await;
    assert_eq!(shop.listed("status=due").await.len(), 0);
    assert_eq!(shop.listed("status=paid").await, ["come"]);
}

async fn what_was_cancelled_or_refunded_counts_as_an_order(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    for number in 1..=3 {
        shop.sold(&format!("order-{number}"), number, json!({ "total": 1000 }))
            .await;
    }
    shop.becomes(1, "cancel").await;
    for (conversion, amount) in [(2, json!({})), (3, json!({ "amount": "4.00" }))] {
        let path = format!("/accrual/v1/conversions/{conversion}/refunds");
        shop.make(&path, amount).await;
    }
    let sums = shop.list("").await.json()["additional_data"].clone();
    let sums = |name: &str| sums[name].to_string();
    assert_eq!(sums("total_orders"), "3");
    assert_eq!(sums("total_gmv"), "10.00");
    assert_eq!(sums("total_commission"), "0.30");
    assert_eq!(sums("total_refunded_amount"), "14.00");
    assert_eq!(shop.listed("status=refunded").await, ["order-2"]);
}

async fn other_currencies_count_where_a_rate_came_with_the_sale(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sold("euro", 1, json!({ "currency": "eur" })).await;
    let exchanged = json!({
        "source": "shop",
        "reference": "exchanged",
        "tag": "SUMMER2025",
        "total": "100.00",
        "currency": "EUR",
        "tax": "20.00",
        "exchange": {
            "from_units": "1",
            "to_units": "1.1",
            "to_currency": "USD",
            "on": "2025-06-01",
            "source": "a bank",
        },
        "occurred_at": "2025-06-02T12:00:00Z",
    });
    shop.make("/accrual/v1/conversions", exchanged).await;
    let answer = shop.list("").await.json();
    assert_eq!(answer["data"][0]["total"], 10_000);
    assert_eq!(answer["data"][0]["commission_currency"], "usd");
    assert_eq!(answer["data"][1]["commission_currency"], json!(null));
    let sums = &answer["additional_data"];
    assert_eq!(sums["total_gmv"].to_string(), "110.00");
    assert_eq!(sums["total_vat"].to_string(), "22.00");
    assert_eq!(sums["total_orders"], 2);
    assert_eq!(sums["unconverted_orders"], 1);
}

async fn a_search_finds_part_of_a_name_or_an_address_in_any_case(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    let people = [
        ("1", "Zoë O'Brien", "zoe@example.com"),
        ("2", "100% Sure_Thing", "sure@example.org"),
        ("3", "Élodie \"X\" \\ Y", "elodie@example.com"),
    ];
    for (order_id, name, email) in people {
        let customer = json!({ "customer_name": name, "customer_email": email });
        shop.sold(order_id, 1, customer).await;
    }
    let cases: [(&str, &[&str]); 10] = [
        ("search=ZO%C3%8B", &["1"]),
        ("search=o%27b", &["1"]),
        ("search=EXAMPLE.com", &["3", "1"]),
        ("search=ex", &["3", "2", "1"]),
        ("search=%25", &["2"]),
        ("search=e_t", &["2"]),
        ("search=%C3%A9lodie", &["3"]),
        ("search=%22x%22", &["3"]),
        ("search=%5C", &["3"]),
        ("search=nobody", &[]),
    ];
    for (query, found) in cases {
        assert_eq!(shop.listed(query).await, found, "{query}");
    }
}

async fn what_cannot_be_is_said_by_the_name_of_the_parameter(shop: Shop) {
    let date = "must be a date: MM/DD/YYYY, such as 01/31/2025, or YYYY-MM-DD.";
    let page = "page must be a positive integer up to 9223372036854775807.";
    let cases = [
        ("page=two", page.to_owned()),
        ("page=99999999999999999999", page.to_owned()),
        ("per_page=1.5", "per_page must be an integer.".to_owned()),
        ("per_page=0", "per_page must be 1 or greater.".to_owned()),
        ("start_date=31/01/2025", format!("start_date {date}")),
        ("end_date=02/30/2025", format!("end_date {date}")),
        (
            "start_date=02/01/2025&end_date=01/31/2025",
            "end_date must not be before start_date.".to_owned(),
        ),
        (
            "creator_id=ada",
            "creator_id must be an integer.".to_owned(),
        ),
        (
            "campaign_id=%20x",
            "campaign_id must be an integer.".to_owned(),
        ),
        (
            "status=open",
            "status must be one of: paid, due, unpaid, canceled, refunded.".to_owned(),
        ),
        (
            "store_platform=etsy",
            "store_platform must be one of: website, shopify_store.".to_owned(),
        ),
        (
            "store_platform=shopify_store",
            "store_id is required for store_platform shopify_store.".to_owned(),
        ),
        (
            "ambassador_program=maybe",
            "ambassador_program must be true or false.".to_owned(),
        ),
    ];
    for (query, sentence) in cases {
        let answer = shop.list(query).await;
        assert_eq!(answer.status, 422, "{query}: {answer}");
        assert_eq!(answer.json(), json!({ "error": sentence }), "{query}");
    }
    assert_eq!(shop.list("page=&status=&start_date=").await.status, 200);
}

async fn whoever_may_only_read_may_list_and_sees_nobody_elses(shop: Shop) {
    let shop = shop.with_an_affiliate().await;
    shop.sold("ours", 1, json!({})).await;
    let neighbour = shop.neighbour().await.with_an_affiliate().await;
    neighbour
        .sold("theirs", 1, json!({ "customer_name": "Zoe" }))
        .await;
    assert_eq!(shop.listed("").await, ["ours"]);
    assert_eq!(shop.listed("search=zoe").await.len(), 0);
    let reader = Shop {
        key: shop.read_only_key.clone(),
        ..shop
    };
    assert_eq!(reader.listed("").await, ["ours"]);
}
