//! How HTTP is spoken: connections, what they may send and how long they may take, and the log line.
//!
//! The layers, from the socket inwards: [`accept`] takes connections up to a cap, `pace` cuts those
//! that stall, `connection` speaks HTTP/1.1, `body` caps what is read, [`observe`] logs and counts,
//! [`deadline`] bounds the whole request, and then comes whatever endpoint is served.

pub mod accept;
mod body;
pub mod client;
mod connection;
pub mod deadline;
pub mod limits;
pub mod observe;
mod pace;
pub mod request_id;
