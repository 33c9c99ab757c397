//! Clients that send too much.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use accrual_server::http::limits::Limits;
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use poem::endpoint::make;
use poem::{Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::harness::{SHORT, Server, generous, measure, within_reason};

const CHUNK: [u8; 1024] = [b'x'; 1024];

#[tokio::test]
async fn a_body_within_the_limit_is_read() {
    let server = Server::start(generous(), measure).await;
    let mut client = server.client().await;
    for _ in 0..2 {
        client
            .send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc")
            .await;
        assert_eq!(client.answer().await, (200, "3".to_owned()));
        client
            .send("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n")
            .await;
        client.send("2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n").await;
        assert_eq!(client.answer().await, (200, "5".to_owned()));
    }
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read() {
    let server = Server::start(
        Limits {
            body_bytes: 3,
            ..generous()
        },
        measure,
    )
    .await;
    let mut client = server.client().await;
    client
        .send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc")
        .await;
    assert_eq!(client.answer().await, (200, "3".to_owned()));
}

/// Counts what reaches the handler, then answers 413 like a dialect.
fn counting(count: &Arc<AtomicUsize>) -> impl poem::Endpoint + 'static {
    let count = Arc::clone(count);
    make(move |mut request: Request| {
        let count = Arc::clone(&count);
        async move {
            let mut body: BoxBody<_, _> = request.take_body().into();
            while let Some(frame) = body.frame().await {
                let Ok(frame) = frame else {
                    return Response::builder()
                        .status(poem::http::StatusCode::PAYLOAD_TOO_LARGE)
                        .body("too large");
                };
                count.fetch_add(
                    frame.data_ref().map_or(0, |data| data.len()),
                    Ordering::Relaxed,
                );
            }
            Response::builder().body("read")
        }
    })
}

#[tokio::test]
async fn an_endless_body_without_a_length_is_refused_at_the_limit() {
    let limits = generous();
    let count = Arc::new(AtomicUsize::new(0));
    let server = Server::start(limits, counting(&count)).await;
    let mut client = server.client().await;
    client
        .send("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n")
        .await;
    let (mut read, mut write) = client.0.split();
    let endless = async {
        loop {
            write.write_all(b"400\r\n").await.unwrap();
            write.write_all(&CHUNK).await.unwrap();
            write.write_all(b"\r\n").await.unwrap();
        }
    };
    let mut first = [0; 12];
    within_reason(async {
        tokio::select! {
            () = endless => {}
            read = read.read_exact(&mut first) => { read.unwrap(); }
        }
    })
    .await;
    assert_eq!(&first, b"HTTP/1.1 413");
    assert!(count.load(Ordering::Relaxed) <= limits.body_bytes);
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_not_read_at_all() {
    let count = Arc::new(AtomicUsize::new(0));
    let server = Server::start(generous(), counting(&count)).await;
    let mut client = server.client().await;
    client
        .send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999\r\n\r\nabc")
        .await;
    assert_eq!(client.answer().await, (413, "too large".to_owned()));
    assert_eq!(count.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_client_that_writes_all_before_it_reads_hears_the_answer_and_may_go_on() {
    let server = Server::start(generous(), measure).await;
    let mut client = server.client().await;
    let length = 8 * 1024 * 1024;
    client
        .send(&format!(
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n"
        ))
        .await;
    for _ in 0..length / CHUNK.len() {
        within_reason(client.0.write_all(&CHUNK)).await.unwrap();
    }
    assert_eq!(client.answer().await, (413, "too large".to_owned()));
    client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(client.answer().await, (200, "0".to_owned()));
}

#[tokio::test]
async fn what_is_too_large_is_not_awaited_for_ever() {
    let limits = Limits {
        body_timeout: SHORT,
        ..generous()
    };
    let server = Server::start(limits, measure).await;
    let mut client = server.client().await;
    client
        .send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999\r\n\r\nabc")
        .await;
    assert_eq!(client.answer().await, (413, "too large".to_owned()));
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_client_that_asks_first_is_not_told_to_go_on() {
    let server = Server::start(generous(), measure).await;
    let mut client = server.client().await;
    client
        .send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999\r\n")
        .await;
    client.send("expect: 100-continue\r\n\r\n").await;
    assert_eq!(client.answer().await, (413, "too large".to_owned()));
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = Server::start(generous(), measure).await;
    let mut client = server.client().await;
    client
        .send(&format!(
            "GET / HTTP/1.1\r\nx: {}\r\n\r\n",
            "x".repeat(70 * 1024)
        ))
        .await;
    assert!(client.rest().await.starts_with("HTTP/1.1 431 "));
}
