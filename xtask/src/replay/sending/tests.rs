//! Against a small server of our own, which records no sale until a refund has come too early, and
//! lets totals only get less.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
};

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde_json::{Value, json};

use super::*;
use crate::replay::{
    expectation::{Sums, commission},
    order::Orders,
};

/// The sales that are recorded, and the refunds that were made: keys and amounts.
#[derive(Debug, Default)]
struct Books {
    sales: Vec<(String, Decimal)>,
    refunds: HashMap<String, (usize, Decimal)>,
    /// The keys of those that were not; of updates, `early`.
    not_found: Vec<String>,
    /// The numbers of the sales that were cancelled.
    cancelled: Vec<usize>,
}

#[derive(Debug, Default)]
struct Shop {
    books: Mutex<Books>,
    has_missed_one: Condvar,
}

impl Shop {
    fn serve(self: &Arc<Self>) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shop = Arc::clone(self);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let shop = Arc::clone(&shop);
                std::thread::spawn(move || shop.answer_all(stream.unwrap()));
            }
        });
        address
    }

    fn answer_all(&self, mut stream: TcpStream) {
        let mut buffer = [0; 2048];
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
            let (status, body) = self.answer(&request);
            let (replay, body) = (status == 200, body.to_string());
            let replay = if replay {
                "X-Accrual-Replay: x\r\n"
            } else {
                ""
            };
            let length = body.len();
            let head = format!("HTTP/1.1 {status} X\r\n{replay}Content-Length: {length}\r\n\r\n");
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    }

    fn answer(&self, request: &str) -> (u16, Value) {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let (_, path) = head.split_once(' ').unwrap();
        let path = path.split(' ').next().unwrap();
        if let Some((_, reference)) = path.split_once("&reference=") {
            return self.look_up(reference);
        }
        let body: Value = serde_json::from_str(body).unwrap();
        if let Some(number) = path.strip_prefix("/api/public/v1/affiliate_sales/") {
            return self.update(number.parse().unwrap(), &body);
        }
        match path.strip_prefix("/accrual/v1/conversions/") {
            None => self.record(&body),
            Some(rest) => {
                let number = rest.trim_end_matches("/refunds").parse().unwrap();
                let (_, key) = head.split_once("Idempotency-Key: ").unwrap();
                let amount = body["amount"].as_str().unwrap().parse().unwrap();
                self.give_back(number, key.split("\r\n").next().unwrap(), amount)
            }
        }
    }

    fn look_up(&self, reference: &str) -> (u16, Value) {
        let books = self.books.lock().unwrap();
        let found = books.sales.iter().position(|sale| sale.0 == reference);
        let found: Vec<Value> = found.map(|index| books.shown(index)).into_iter().collect();
        (200, json!({ "data": found }))
    }

    fn record(&self, body: &Value) -> (u16, Value) {
        let total = Decimal::new(body["total"].as_i64().unwrap(), 2);
        if total <= Decimal::ZERO {
            return (422, json!({ "error": "Total must be greater than 0." }));
        }
        let books = self.books.lock().unwrap();
        let too_soon = |books: &mut Books| !books.not_found.iter().any(|key| key == "early");
        let mut books = self.has_missed_one.wait_while(books, too_soon).unwrap();
        let reference = body["order_id"].as_str().unwrap();
        books.sales.push((reference.to_owned(), total));
        let earned = commission(total, 2) * Decimal::ONE_HUNDRED;
        let sale = json!({
            "id": books.sales.len(), "external_id": reference,
            "total": body["total"], "commission": earned.to_i64(),
        });
        (201, json!({ "data": sale }))
    }

    fn update(&self, number: usize, body: &Value) -> (u16, Value) {
        let mut books = self.books.lock().unwrap();
        let Some(index) = number.checked_sub(1) else {
            books.not_found.push("early".to_owned());
            self.has_missed_one.notify_all();
            return (404, json!({}));
        };
        if books.cancelled.contains(&number) {
            return (422, json!({}));
        }
        let status = match body["total"].as_i64().map(|total| Decimal::new(total, 2)) {
            None => {
                books.cancelled.push(number);
                "cancelled"
            }
            Some(total) if total < books.sales[index].1 => {
                books.sales[index].1 = total;
                "unpaid"
            }
            Some(_) => return (422, json!({})),
        };
        let (reference, total) = &books.sales[index];
        let earned = match status {
            "cancelled" => Decimal::ZERO,
            _ => commission(*total, 2) * Decimal::ONE_HUNDRED,
        };
        let total = *total * Decimal::ONE_HUNDRED;
        let sale = json!({
            "external_id": reference, "status": status,
            "total": total.to_i64(), "commission": earned.to_i64(),
        });
        (200, json!({ "data": sale }))
    }

    fn give_back(&self, number: usize, key: &str, amount: Decimal) -> (u16, Value) {
        let mut books = self.books.lock().unwrap();
        if number == 0 || number > books.sales.len() {
            books.not_found.push(key.to_owned());
            self.has_missed_one.notify_all();
            return (404, json!({}));
        }
        books.refunds.insert(key.to_owned(), (number, amount));
        (201, books.shown(number - 1))
    }
}

impl Books {
    fn shown(&self, index: usize) -> Value {
        let (reference, total) = &self.sales[index];
        let of_it = self.refunds.values().filter(|(of, _)| *of == index + 1);
        let refunded: Decimal = of_it.map(|(_, amount)| amount).sum();
        let earned = commission(total - refunded, 2).to_string();
        json!({
            "id": index + 1, "reference": reference, "total": total.to_string(),
            "refunded": refunded.to_string(),
            "commissions": [{
                "affiliate_id": 1, "program_id": 1, "amount": earned, "status": "payable",
            }],
        })
    }
}

fn sale(reference: &str, total: i64) -> Event {
    Event::Sale(Order {
        reference: reference.to_owned(),
        occurred_at: "2010-12-01T08:26:00".to_owned(),
        customer: None,
        currency: "GBP".to_owned(),
        total: Decimal::new(total, 2),
    })
}

fn refund(key: &str, reference: &str, amount: i64) -> Event {
    Event::Refund(Refund {
        key: key.to_owned(),
        document: "C1".to_owned(),
        reference: reference.to_owned(),
        amount: Decimal::new(amount, 2),
    })
}

#[test]
fn a_refund_that_comes_before_its_sale_is_made_after_it() {
    let events = vec![
        refund("early", "1", 300),
        refund("refused", "2", 100),
        refund("nowhere", "3", 100),
        sale("1", 1000),
        sale("2", 0),
        refund("rest", "1", 800),
        refund("nothing", "1", 1),
    ];
    let orders = Orders {
        events,
        ..Orders::default()
    };
    let expected = Rc::new(Expectation::of(&orders, 2, Way::Refunds).unwrap());
    let shop = Arc::new(Shop::default());
    let client = Client {
        address: shop.serve(),
        key: "key".to_owned(),
    };
    let events: Vec<&Event> = orders.events.iter().collect();
    let pass = send("test", &client, &events, &expected, Sent::First).unwrap();
    assert_eq!(pass.wrong, Vec::<String>::new());
    assert_eq!(pass.recorded, expected.reported);
    assert_eq!(pass.replayed, Sums::default());
    assert_eq!(pass.refunds, expected.refunds);
    let (made, not_found) = (pass.refunds.made, pass.refunds.not_found);
    assert_eq!((made, not_found), (2, 2));
    let books = shop.books.lock().unwrap();
    assert!(pass.early >= 1, "{pass:?}");
    // Those of no sale were missed for good.
    assert_eq!(books.not_found.len() as u64, pass.early + not_found);
    let given_back: Decimal = books.refunds.values().map(|(_, amount)| amount).sum();
    assert_eq!(given_back, Decimal::new(1000, 2));
}

#[test]
fn updates_of_one_sale_follow_one_another() {
    let mut events = vec![refund("first", "1", 300)];
    events.extend([sale("1", 1000), sale("2", 500), refund("all", "2", 500)]);
    events.extend((0..20).map(|number| refund(&format!("{number}"), "1", 35)));
    let orders = Orders {
        events,
        ..Orders::default()
    };
    let expected = Rc::new(Expectation::of(&orders, 2, Way::Updates).unwrap());
    let shop = Arc::new(Shop::default());
    let client = Client {
        address: shop.serve(),
        key: "key".to_owned(),
    };
    let events: Vec<&Event> = orders.events.iter().collect();
    let pass = send("test", &client, &events, &expected, Sent::First).unwrap();
    assert_eq!(pass.wrong, Vec::<String>::new());
    assert_eq!(pass.refunds, expected.refunds);
    assert_eq!(pass.refunds.made, 22);
    let books = shop.books.lock().unwrap();
    assert!(pass.early >= 1, "{pass:?}");
    assert_eq!(books.cancelled.len(), 2);
    assert_eq!(expected.recorded.undone, 2);
}
