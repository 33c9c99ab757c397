//! JSON as it comes and goes: read strictly, numbers by their text.

mod body;
mod given;
mod version;
mod word;

pub(crate) use body::{
    Body, Reply, maybe_object, maybe_objects, optional_object, optional_objects,
};
pub(crate) use given::{
    Amount, Day, Flag, Given, Integer, Object, Required, Text, Time, Unreadable, day, instant,
};
pub(crate) use version::{etag, expected};
pub(crate) use word::{OneOf, Word, words};
