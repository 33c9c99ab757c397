//! How amounts, rates and times are shown.

use accrual_money::{Money, Rate};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// `29.70`: in major units, with all the currency's decimals.
pub(super) fn decimal(amount: Money) -> String {
    amount.major().to_string()
}

/// `7.5`: in percent, without trailing zeros.
pub(super) fn percent(rate: Rate) -> String {
    rate.percent().to_string()
}

/// `2026-01-31T12:00:00Z`.
pub(super) fn iso(time: OffsetDateTime) -> String {
    // Every time that is kept lies in the years 1970 to 9999, all of which have this form; a hold
    // can end later, and is shown as the last of them.
    time.format(&Rfc3339)
        .unwrap_or_else(|_| "9999-12-31T23:59:59Z".to_owned())
}

/// The ISO 4217 code of an amount.
pub(super) fn code(amount: Money) -> String {
    amount.currency().code().to_owned()
}
