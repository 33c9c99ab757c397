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

/// The number of a page: 1 is the first, and so is what is less.
pub(super) fn page(given: Option<&Given<Integer>>) -> Result<i64, Failure> {
    let number = integer("page", given).map_err(|_| {
        let most = i64::MAX;
        Failure::invalid(format!("page must be a positive integer up to {most}."))
    })?;
    Ok(number.unwrap_or(1).max(1))
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
