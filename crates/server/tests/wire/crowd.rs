//! More clients than are served at once.

use accrual_server::http::limits::Limits;

use crate::harness::{Server, generous, measure, within_reason};

#[tokio::test]
async fn at_the_cap_a_client_waits_until_another_leaves() {
    let server = Server::start(
        Limits {
            connections: 1,
            ..generous()
        },
        measure,
    )
    .await;
    let mut first = server.client().await;
    first.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(first.answer().await, (200, "0".to_owned()));

    let mut second = server.client().await;
    second.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let full = "accrual_connections_at_capacity_total 1";
    within_reason(async {
        while !server.metrics.text().contains(full) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(server.metrics.text().contains("accrual_connections_open 1"));
    assert_eq!(
        second.0.try_read(&mut [0]).unwrap_err().kind(),
        std::io::ErrorKind::WouldBlock
    );

    drop(first);
    assert_eq!(second.answer().await, (200, "0".to_owned()));
}
