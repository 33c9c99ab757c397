//! Stopping without dropping what was accepted.

use std::sync::Arc;

use poem::Endpoint;
use poem::endpoint::make;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crate::harness::{SHORT, Server, generous, measure};

/// Answers once it is let.
struct Gate {
    begun: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

impl Gate {
    fn new() -> Self {
        Self {
            begun: Arc::new(Semaphore::new(0)),
            open: Arc::new(Semaphore::new(0)),
        }
    }

    fn endpoint(&self) -> impl Endpoint + 'static {
        let (begun, open) = (Arc::clone(&self.begun), Arc::clone(&self.open));
        make(move |_| {
            let (begun, open) = (Arc::clone(&begun), Arc::clone(&open));
            async move {
                begun.add_permits(1);
                open.acquire().await.unwrap().forget();
                "done"
            }
        })
    }
}

#[tokio::test]
async fn an_accepted_request_is_finished() {
    let gate = Gate::new();
    let server = Server::start(generous(), gate.endpoint()).await;
    let address = server.address;
    let mut client = server.client().await;
    client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    gate.begun.acquire().await.unwrap().forget();

    let stopping = tokio::spawn(server.stop());
    // Refused as soon as the loop has seen the signal; until then it accepts.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!stopping.is_finished());

    gate.open.add_permits(1);
    assert_eq!(client.answer().await, (200, "done".to_owned()));
    assert_eq!(client.rest().await, "");
    assert_eq!(stopping.await.unwrap().unfinished, 0);
}

#[tokio::test]
async fn an_idle_connection_does_not_delay_the_end() {
    let server = Server::start(generous(), measure).await;
    let mut client = server.client().await;
    client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert_eq!(client.answer().await, (200, "0".to_owned()));
    assert_eq!(server.stop().await.unfinished, 0);
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn what_does_not_finish_is_counted_and_left() {
    let gate = Gate::new();
    let server = Server::start_to_stop_within(SHORT, generous(), gate.endpoint()).await;
    let mut client = server.client().await;
    client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    gate.begun.acquire().await.unwrap().forget();
    assert_eq!(server.stop().await.unfinished, 1);
}
