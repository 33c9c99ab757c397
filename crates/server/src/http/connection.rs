//! One connection: HTTP/1.1 on one side, a poem endpoint on the other.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::Watcher;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Request, RequestParts};
use tokio::net::TcpStream;

use crate::http::body::CappedBody;
use crate::http::limits::Limits;
use crate::http::pace::{Paced, Phase};

/// The largest head of a request, in bytes; larger ones are answered 431.
const HEAD_BYTES: usize = 64 * 1024;

/// How much of a body is read ahead of the handler, in bytes.
const BUFFER_BYTES: usize = 2 * HEAD_BYTES;

/// The two ends of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ends {
    pub(crate) local: SocketAddr,
    pub(crate) remote: SocketAddr,
}

/// Serves `stream` until its client is done or stalls, or `watcher` says to stop after the request
/// that is being served.
pub(crate) async fn serve<E: Endpoint + 'static>(
    stream: TcpStream,
    ends: Ends,
    endpoint: Arc<E>,
    limits: Limits,
    watcher: Watcher,
) {
    let phase = Arc::new(Phase::default());
    let io = TokioIo::new(Paced::new(stream, Arc::clone(&phase), limits));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        phase.answering();
        let answered = Answered(Arc::clone(&phase));
        let endpoint = Arc::clone(&endpoint);
        async move {
            let response = endpoint
                .get_response(request_from(request, ends, &limits))
                .await;
            let response: hyper::Response<BoxBody<Bytes, io::Error>> = response.into();
            Ok::<_, Infallible>(response.map(|body| AnswerBody {
                body,
                _answered: answered,
            }))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // `Paced` is the finer clock. This one makes hyper look at the socket again after each
        // answer, without which nothing would notice that a connection stays idle.
        .header_read_timeout(limits.keep_alive + limits.header_timeout)
        .max_header_size(HEAD_BYTES)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(io, service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

fn request_from(request: hyper::Request<Incoming>, ends: Ends, limits: &Limits) -> Request {
    let (head, incoming) = request.into_parts();
    let body = CappedBody::new(incoming, &head.headers, limits).boxed();
    let local = LocalAddr(Addr::SocketAddr(ends.local));
    let remote = RemoteAddr(Addr::SocketAddr(ends.remote));
    Request::from_parts(
        RequestParts::from((head, local, remote, Scheme::HTTP)),
        body.into(),
    )
}

/// Tells the phase, when dropped, that an answer has been handed to the socket.
struct Answered(Arc<Phase>);

impl Drop for Answered {
    fn drop(&mut self) {
        self.0.idle();
    }
}

/// The body of an answer, which hyper drops when it has taken all of it.
struct AnswerBody {
    body: BoxBody<Bytes, io::Error>,
    _answered: Answered,
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
