//! Interim.
use crate::{cleanup::Cleanup, process, workspace};
use anyhow::{Context, Result, bail};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    cleanup: Option<Cleanup>,
    pub(super) address: SocketAddr,
}

fn binary() -> std::path::PathBuf {
    workspace::root().join("target/release/accrual")
}

impl Server {
    pub(super) fn start(url: &str) -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let log = std::fs::File::create("/tmp/bench-server.log")?;
        let (child, cleanup) = process::spawn(
            Command::new(binary())
                .args([
                    "serve",
                    "--database-url",
                    url,
                    "--listen",
                    &address.to_string(),
                ])
                .env(
                    "ACCRUAL_LOG_LEVEL",
                    std::env::var("BENCH_LOG").unwrap_or("info".into()),
                )
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(log),
        )?;
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if start.elapsed() > Duration::from_secs(10) {
                bail!("the server does not start");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(Self {
            child,
            cleanup: Some(cleanup),
            address,
        })
    }
    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }
    pub(super) fn post(&self, path: &str, key: &str, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let (head, body) = text.split_once("\r\n\r\n").context("no answer")?;
        if !head.starts_with("HTTP/1.1 201") {
            bail!("{text}");
        }
        Ok(body.to_owned())
    }
}
impl Drop for Server {
    fn drop(&mut self) {
        drop(self.cleanup.take());
        let _ = self.child.wait();
    }
}
pub(super) fn create_organization(url: &str) -> Result<String> {
    process::capture(Command::new(binary()).args([
        "org",
        "create",
        "Bench",
        "--currency",
        "USD",
        "--database-url",
        url,
    ]))?;
    let key = process::capture(Command::new(binary()).args([
        "key",
        "create",
        "--org",
        "Bench",
        "--name",
        "bench",
        "--role",
        "full",
        "--database-url",
        url,
    ]))?;
    Ok(key.trim().to_owned())
}
