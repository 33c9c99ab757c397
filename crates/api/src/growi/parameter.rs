//! Parameters of a query, read or refused by their names; one that says nothing counts as absent.

use super::failure::Failure;
use crate::wire::{Flag, Given, Integer};

pub(super) fn integer(name: &str, given: Option<&Given<Integer>>) -> Result<Option<i64>, Failure> {
    let Some(given) = given.filter(|given| !given.is_blank()) else {
        return Ok(None);
    };
    let number = given.integer();
    let number = number.map_err(|_| Failure::invalid(format!("{name} must be an integer.")))?;
    Ok(Some(number))
}

/// Whether it is there, and says yes.
pub(super) fn flag(name: &str, given: Option<&Given<Flag>>) -> Result<bool, Failure> {
    let Some(given) = given.filter(|given| !given.is_blank()) else {
        return Ok(false);
    };
    given
        .flag()
        .map_err(|_| Failure::invalid(format!("{name} must be true or false.")))
}
