//! JSON as it comes and goes: read strictly, numbers by their text.

mod body;
mod given;

pub(crate) use body::{Body, Reply, optional_object, optional_objects};
pub(crate) use given::{Amount, Flag, Given, Integer, Object, Required, Text, Time, Unreadable};
