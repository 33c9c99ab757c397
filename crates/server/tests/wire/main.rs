//! The accept loop, over loopback, with real sockets and clients that misbehave.

mod answers;
mod crowd;
mod harness;
mod large;
mod slow;
mod stop;
