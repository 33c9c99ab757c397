//! Clients that take their time.

use std::time::{Duration, Instant};

use accrual_server::http::limits::Limits;
use poem::{Response, endpoint::make_sync};
use tokio::io::AsyncWriteExt;

use crate::harness::{SHORT, Server, generous, measure, within_reason};

#[tokio::test]
async fn a_client_that_says_nothing_is_cut_off() {
    let limits = Limits {
        header_timeout: SHORT,
        ..generous()
    };
    let server = Server::start(limits, measure).await;
    assert_eq!(server.client().await.rest().await, "");
}

#[tokio::test]
async fn a_head_that_trickles_is_cut_off() {
    let limits = Limits {
        header_timeout: SHORT,
        ..generous()
    };
    let server = Server::start(limits, measure).await;
    let mut client = server.client().await;
    let begun = Instant::now();
    client.send("GET / HTTP/1.1\r\nx-endless: ").await;
    let trickle = async {
        while client.0.write_all(b"x").await.is_ok() {
            tokio::time::sleep(SHORT / 10).await;
        }
    };
    within_reason(trickle).await;
    assert!(begun.elapsed() < 10 * SHORT, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn the_second_head_of_a_connection_may_not_trickle_either() {
    let limits = Limits {
        header_timeout: SHORT,
        ..generous()
    };
    let server = Server::start(limits, measure).await;
    let mut client = server.client().await;
    client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(client.answer().await, (200, "0".to_owned()));
    client.send("GET / HT").await;
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn an_idle_connection_outlives_the_time_for_a_head() {
    let limits = Limits {
        header_timeout: SHORT,
        ..generous()
    };
    let server = Server::start(limits, measure).await;
    let mut client = server.client().await;
    for _ in 0..2 {
        client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
        assert_eq!(client.answer().await, (200, "0".to_owned()));
        tokio::time::sleep(2 * SHORT).await;
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed_in_time() {
    let limits = Limits {
        keep_alive: SHORT,
        ..generous()
    };
    let server = Server::start(limits, measure).await;
    let mut client = server.client().await;
    client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(client.answer().await, (200, "0".to_owned()));
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_answered() {
    let limits = Limits {
        body_timeout: SHORT,
        ..generous()
    };
    let server = Server::start(limits, measure).await;
    let mut client = server.client().await;
    client
        .send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf")
        .await;
    assert_eq!(client.answer().await, (408, "too slow".to_owned()));
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_body_that_trickles_is_answered() {
    let limits = Limits {
        body_timeout: SHORT,
        ..generous()
    };
    let server = Server::start(limits, measure).await;
    let mut client = server.client().await;
    client
        .send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 999\r\n\r\n")
        .await;
    let (mut read, mut write) = client.0.split();
    let trickle = async {
        while write.write_all(b"x").await.is_ok() {
            tokio::time::sleep(SHORT / 10).await;
        }
    };
    let mut first = [0; 12];
    let status = tokio::io::AsyncReadExt::read_exact(&mut read, &mut first);
    let status = async {
        tokio::select! {
            status = status => status.unwrap(),
            () = trickle => panic!("closed without an answer"),
        }
    };
    within_reason(status).await;
    assert_eq!(&first, b"HTTP/1.1 408");
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_cut_off() {
    let limits = Limits {
        request_timeout: SHORT,
        ..generous()
    };
    let large = make_sync(|_| Response::builder().body(vec![0_u8; 64 * 1024 * 1024]));
    let server = Server::start(limits, large).await;
    let mut client = server.client().await;
    client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    client.0.readable().await.unwrap();
    let begun = Instant::now();
    assert_eq!(server.stop().await.unfinished, 0);
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}
