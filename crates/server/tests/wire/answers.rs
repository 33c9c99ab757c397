//! What is answered, logged and counted around the handler.

use std::sync::Arc;

use accrual_server::health::{Readiness, with_probes};
use accrual_server::http::deadline::bounded;
use accrual_server::http::observe::{Hooks, observed};
use accrual_server::metrics::Metrics;
use async_trait::async_trait;
use poem::endpoint::make;
use poem::{Endpoint, Request, Route, get, handler};

use crate::harness::{SHORT, Server, generous};

struct Database {
    verdict: Result<(), String>,
}

#[async_trait]
impl Readiness for Database {
    async fn check(&self) -> Result<(), String> {
        self.verdict.clone()
    }
}

#[handler]
fn sale(request: &Request) -> String {
    request.data::<String>().cloned().unwrap_or_default()
}

#[handler]
fn broken() -> String {
    panic!("on purpose")
}

fn served(metrics: &Arc<Metrics>, verdict: Result<(), String>) -> impl Endpoint + 'static {
    let dialect = Route::new()
        .at("/sales/:id", get(sale))
        .at("/broken", get(broken))
        .at("/stuck", get(make(|_| std::future::pending::<String>())));
    let routes = Route::new().nest("/v1", dialect);
    let hooks = Hooks {
        organization: |_| Some(7),
        hand_on: |request, id| {
            request.set_data(id.to_string());
        },
    };
    let probed = with_probes(routes, Arc::new(Database { verdict }), Arc::clone(metrics));
    observed(bounded(probed, SHORT), metrics.requests.clone(), hooks)
}

/// What `request` is answered, without the date.
async fn answer(verdict: Result<(), String>, requests: &[&str]) -> String {
    let metrics = Arc::new(Metrics::new());
    let server = Server::start(generous(), served(&metrics, verdict)).await;
    let mut client = server.client().await;
    let mut answers = String::new();
    for request in requests {
        client.send(&format!("{request}\r\nhost: a\r\n\r\n")).await;
        let (head, body) = client.whole_answer().await;
        let head: Vec<_> = head
            .trim()
            .lines()
            .filter(|line| !line.starts_with("date"))
            .collect();
        answers.push_str(&format!("{}\n\n{body}\n", head.join("\n")));
    }
    answers
}

#[tokio::test]
async fn a_sane_request_id_is_handed_on_and_echoed() {
    expect_test::expect![[r#"
        http/1.1 200 ok
        content-type: text/plain; charset=utf-8
        x-request-id: order-1
        content-length: 7

        order-1
    "#]]
    .assert_eq(
        &answer(
            Ok(()),
            &["GET /v1/sales/9 HTTP/1.1\r\nx-request-id: order-1"],
        )
        .await,
    );
}

#[tokio::test]
async fn a_panic_is_answered() {
    expect_test::expect![[r#"
        http/1.1 500 internal server error
        content-type: application/json
        x-request-id: p
        content-length: 86

        {"error":"Something went wrong here. Send the request again with the same reference."}
    "#]]
    .assert_eq(&answer(Ok(()), &["GET /v1/broken HTTP/1.1\r\nx-request-id: p"]).await);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered() {
    expect_test::expect![[r#"
        http/1.1 503 service unavailable
        content-type: application/json
        retry-after: 1
        x-request-id: s
        content-length: 141

        {"error":"The request took too long. Send it again with the same reference: what was already recorded is recognised and not recorded twice."}
    "#]]
        .assert_eq(&answer(Ok(()), &["GET /v1/stuck HTTP/1.1\r\nx-request-id: s"]).await);
}

#[tokio::test]
async fn health_and_readiness_are_told_apart() {
    let requests = [
        "GET /healthz HTTP/1.1\r\nx-request-id: h",
        "GET /readyz HTTP/1.1\r\nx-request-id: r",
    ];
    let unready = Err("The database cannot be reached.".to_owned());
    expect_test::expect![[r#"
        http/1.1 200 ok
        content-type: text/plain; charset=utf-8
        x-request-id: h
        content-length: 3

        ok

        http/1.1 503 service unavailable
        content-type: text/plain
        x-request-id: r
        content-length: 32

        The database cannot be reached.

    "#]]
    .assert_eq(&answer(unready, &requests).await);
}

#[tokio::test]
async fn requests_are_counted_by_template() {
    let metrics = Arc::new(Metrics::new());
    let server = Server::start(generous(), served(&metrics, Ok(()))).await;
    let mut client = server.client().await;
    for path in ["/v1/sales/1", "/v1/sales/2", "/v1/nothing", "/elsewhere"] {
        client
            .send(&format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n"))
            .await;
        client.answer().await;
    }
    client
        .send("GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n")
        .await;
    let text = client.answer().await.1;
    let mut requests: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("accrual_http_requests_"))
        .collect();
    requests.sort_unstable();
    expect_test::expect![[r#"
        accrual_http_requests_in_flight 1
        accrual_http_requests_total{method="GET",route="-",status="4xx"} 1
        accrual_http_requests_total{method="GET",route="/v1",status="4xx"} 1
        accrual_http_requests_total{method="GET",route="/v1/sales/:id",status="2xx"} 2"#]]
    .assert_eq(&requests.join("\n"));
}
