//! The accept loop, over loopback, with real sockets and clients that misbehave.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod crowd;
mod harness;
mod large;
mod slow;
mod stop;
