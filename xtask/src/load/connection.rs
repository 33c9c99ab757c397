//! One keep-alive connection.

use std::{net::SocketAddr, rc::Rc, time::Instant};

use anyhow::{Result, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{Requests, Shared};
use crate::http::Head;

/// More than any answer that is counted.
const BUFFER_BYTES: usize = 16 * 1024;

pub(super) async fn open(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Sends one request after another until it is time to stop.
///
/// # Errors
/// If the connection ends before that, or an answer cannot be understood.
pub(super) async fn use_up<R: Requests>(
    mut stream: TcpStream,
    shared: Rc<Shared<R>>,
) -> Result<()> {
    let mut request = Vec::with_capacity(1024);
    let mut buffer = vec![0; BUFFER_BYTES];
    while let Some(number) = shared.next() {
        request.clear();
        shared.requests.write(number, &mut request);
        let sent = Instant::now();
        stream.write_all(&request).await?;
        let head = read_answer(&mut stream, &mut buffer).await?;
        let text = &buffer[..head.total_length];
        shared.tally.borrow_mut().add(&head, text, sent);
    }
    Ok(())
}

/// Reads one answer to the beginning of `buffer`.
async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<Head> {
    let mut filled = 0;
    let mut head = None;
    loop {
        let read = stream.read(&mut buffer[filled..]).await?;
        if read == 0 {
            let text = String::from_utf8_lossy(&buffer[..filled]);
            bail!("the server closed a connection after {filled} bytes of an answer: {text}");
        }
        filled += read;
        if head.is_none() {
            head = Head::parse(&buffer[..filled])?;
        }
        let Some(head) = head else {
            ensure!(filled < buffer.len(), "an answer's head does not end");
            continue;
        };
        ensure!(head.total_length <= buffer.len(), "an answer is too long");
        ensure!(filled <= head.total_length, "more than one answer came");
        if filled == head.total_length {
            return Ok(head);
        }
    }
}
