//! A server with an endpoint for tests, and a client that writes bytes.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use accrual_server::http::accept::{self, Stopped};
use accrual_server::http::limits::Limits;
use accrual_server::metrics::Metrics;
use http_body_util::LengthLimitError;
use poem::error::ReadBodyError;
use poem::http::StatusCode;
use poem::{Body, Endpoint, Response, handler};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Long enough that only a hang reaches it.
const HANG: Duration = Duration::from_secs(10);

/// Times so short that a test can wait for them.
pub(crate) const SHORT: Duration = Duration::from_millis(100);

/// Limits that no test meets by chance; each test shortens the one it is about.
pub(crate) fn generous() -> Limits {
    Limits {
        connections: 16,
        header_timeout: HANG,
        body_timeout: HANG,
        request_timeout: HANG,
        keep_alive: HANG,
        body_bytes: 64 * 1024,
    }
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) metrics: Arc<Metrics>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Stopped>,
}

impl Server {
    pub(crate) async fn start(limits: Limits, endpoint: impl Endpoint + 'static) -> Self {
        let shutdown_timeout = HANG;
        Self::start_to_stop_within(shutdown_timeout, limits, endpoint).await
    }

    pub(crate) async fn start_to_stop_within(
        shutdown_timeout: Duration,
        limits: Limits,
        endpoint: impl Endpoint + 'static,
    ) -> Self {
        let listener = accept::listen("127.0.0.1:0".parse().unwrap())
            .await
            .unwrap();
        let address = listener.local_addr().unwrap();
        let metrics = Arc::new(Metrics::new());
        let connections = metrics.connections.clone();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let stop = async { drop(stopped.await) };
            accept::serve(
                listener,
                endpoint,
                limits,
                connections,
                stop,
                shutdown_timeout,
            )
            .await
        });
        Self {
            address,
            metrics,
            stop,
            serving,
        }
    }

    pub(crate) async fn client(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// Asks the server to stop; what it returns is ready once it has.
    pub(crate) fn stop(self) -> impl Future<Output = Stopped> {
        drop(self.stop);
        async { within_reason(self.serving).await.unwrap() }
    }
}

pub(crate) struct Client(pub(crate) TcpStream);

impl Client {
    pub(crate) async fn send(&mut self, bytes: &str) {
        self.0.write_all(bytes.as_bytes()).await.unwrap();
    }

    /// The next answer: its status and body. The body must have a length.
    pub(crate) async fn answer(&mut self) -> (u16, String) {
        let (head, body) = self.whole_answer().await;
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body)
    }

    /// The next answer: its head, in lower case, and its body.
    pub(crate) async fn whole_answer(&mut self) -> (String, String) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(within_reason(self.0.read_u8()).await.unwrap());
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let length = head
            .split("content-length: ")
            .nth(1)
            .unwrap()
            .lines()
            .next()
            .unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        within_reason(self.0.read_exact(&mut body)).await.unwrap();
        (head, String::from_utf8(body).unwrap())
    }

    /// What still comes before the server closes the connection.
    pub(crate) async fn rest(&mut self) -> String {
        let mut rest = String::new();
        match within_reason(self.0.read_to_string(&mut rest)).await {
            Ok(_) => rest,
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => rest,
            Err(error) => panic!("{error}"),
        }
    }
}

pub(crate) async fn within_reason<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(HANG, future).await.expect("it hangs")
}

/// Answers the length of the body, or as a dialect would if it cannot be read.
#[handler]
pub(crate) async fn measure(body: Body) -> Response {
    let answer = |status, text: String| Response::builder().status(status).body(text);
    match body.into_bytes().await {
        Ok(bytes) => answer(StatusCode::OK, bytes.len().to_string()),
        Err(ReadBodyError::Io(error)) if is_too_large(&error) => {
            answer(StatusCode::PAYLOAD_TOO_LARGE, "too large".to_owned())
        }
        Err(ReadBodyError::Io(error)) if is_timed_out(&error) => {
            answer(StatusCode::REQUEST_TIMEOUT, "too slow".to_owned())
        }
        Err(error) => answer(StatusCode::BAD_REQUEST, error.to_string()),
    }
}

fn is_too_large(error: &io::Error) -> bool {
    innermost(error).is_some_and(|error| error.is::<LengthLimitError>())
}

fn is_timed_out(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::TimedOut
        || error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<io::Error>())
            .is_some_and(is_timed_out)
}

fn innermost(error: &io::Error) -> Option<&(dyn Error + Send + Sync + 'static)> {
    let inner = error.get_ref()?;
    match inner.downcast_ref::<io::Error>() {
        Some(nested) => innermost(nested),
        None => Some(inner),
    }
}
