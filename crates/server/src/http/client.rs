//! As much of an HTTP client as the demonstration needs: one request to a server on this machine.

use std::net::SocketAddr;

use anyhow::Context;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper::{HeaderMap, Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// A server and the key to speak to it with.
pub struct Client {
    address: SocketAddr,
    key: String,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status line's code.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// The body, as JSON.
    pub body: Value,
}

impl Client {
    /// A client of the server at `address` with the API key `key`.
    #[must_use]
    pub fn new(address: SocketAddr, key: String) -> Self {
        Self { address, key }
    }

    /// What is at `path`.
    ///
    /// # Errors
    /// If the server cannot be reached or answers in something other than JSON.
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    /// What `path` answers to `body`.
    ///
    /// # Errors
    /// If the server cannot be reached or answers in something other than JSON.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.send(Method::POST, path, body.to_string().into()).await
    }

    async fn send(&self, method: Method, path: &str, body: Bytes) -> anyhow::Result<Answer> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.address.to_string())
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONNECTION, "close")
            .body(Full::new(body))?;
        let stream = TcpStream::connect(self.address)
            .await
            .with_context(|| format!("{} cannot be reached", self.address))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It ends with the answer; an error of it is also one of the request's.
        tokio::spawn(connection);
        let response = sender.send_request(request).await?;
        let status = response.status();
        let headers = response.headers().clone();
        let body = response.into_body().collect().await?.to_bytes();
        let body = serde_json::from_slice(&body)
            .with_context(|| format!("{path} answered {status} without JSON"))?;
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}
