//! A keep-alive connection that takes answers of any length.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{Answer, Head};

/// A keep-alive connection: one request after another.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    /// # Errors
    /// If nobody listens at `address`.
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("{address} cannot be reached"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            received: Vec::with_capacity(4096),
        })
    }

    /// Sends one whole request and waits for its answer.
    ///
    /// # Errors
    /// If the connection ends before the answer does, or the answer is not HTTP/1.1.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        self.received.clear();
        loop {
            if let Some(head) = Head::parse(&self.received)?
                && self.received.len() >= head.total_length
            {
                return Ok(Answer {
                    status: head.status,
                    is_replay: head.is_replay,
                    body: self.received[head.head_length..head.total_length].to_vec(),
                });
            }
            if self.stream.read_buf(&mut self.received).await? == 0 {
                bail!(
                    "the server closed a connection after {} bytes of an answer",
                    self.received.len()
                );
            }
        }
    }
}
