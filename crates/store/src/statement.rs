//! The statements that are written by hand: those that every batch costs.
//!
//! [`rows`] turns changes into rows of each [`table`], the same for both databases;
//! [`postgres`] and [`sqlite`] write them, each in the way that is fastest there.

pub(crate) mod head;
mod known_words;
pub(crate) mod list;
pub(crate) mod postgres;
pub(crate) mod rows;
pub(crate) mod sqlite;
pub(crate) mod table;

pub(crate) use known_words::KnownWords;
