//! The tables that batches write to.

use Kind::{Boolean, Bytes, Integer, OptionalInteger, OptionalText, Text};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    /// Never [`i64::MIN`], which stands for none.
    OptionalInteger,
    Text,
    /// Never empty, which stands for none.
    OptionalText,
    Bytes,
    Boolean,
}

/// A table that batches write to. Its first column is `organization_id`, which is not listed.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [(&'static str, Kind)],
    pub(crate) present: Present,
}

/// What becomes of a row that is there already. Its key are the first columns, as many as are said.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Present {
    /// It stays, and the batch is refused.
    Refused,
    /// The columns behind its key are added to it.
    Added { key: usize },
    /// The columns behind its key take its place.
    Replaced { key: usize },
    /// It stays as it is.
    Kept { key: usize },
}

impl Table {
    /// What stands behind the rows that are inserted.
    pub(crate) fn on_conflict(&self) -> String {
        let (key, is_added) = match self.present {
            Present::Refused => return String::new(),
            Present::Added { key } => (key, Some(true)),
            Present::Replaced { key } => (key, Some(false)),
            Present::Kept { key } => (key, None),
        };
        let (key, others) = self.columns.split_at(key);
        let key: String = key.iter().map(|(name, _)| format!(", {name}")).collect();
        let Some(is_added) = is_added else {
            return format!("ON CONFLICT (organization_id{key}) DO NOTHING");
        };
        let set = others.iter().map(|(name, _)| match is_added {
            true => format!("{name} = {}.{name} + excluded.{name}", self.name),
            false => format!("{name} = excluded.{name}"),
        });
        let set = set.collect::<Vec<_>>().join(", ");
        format!("ON CONFLICT (organization_id{key}) DO UPDATE SET {set}")
    }
}

pub(crate) const JOURNAL: &Table = &Table {
    name: "journal",
    columns: &[
        ("sequence", Integer),
        ("at_us", Integer),
        ("key_id", OptionalInteger),
        ("request_id", Text),
        ("conversion_id", OptionalInteger),
        ("is_further", Boolean),
        ("command", Text),
        ("outcome", Text),
        ("hash", Bytes),
    ],
    present: Present::Refused,
};

pub(crate) const CONVERSIONS: &Table = &Table {
    name: "conversions",
    columns: &[
        ("id", Integer),
        ("source", Text),
        ("reference", Text),
        ("day", Text),
        ("sequence", Integer),
        ("facts_sequence", Integer),
        ("version", Integer),
        ("channel", Text),
        ("sale_type", Text),
        ("total_minor", OptionalInteger),
        ("subtotal_minor", OptionalInteger),
        ("refunded_minor", Integer),
        ("charged_back_minor", Integer),
        ("currency", Text),
        ("occurred_at_us", Integer),
        ("recorded_at_us", Integer),
        ("words_key", OptionalText),
        ("sub_id", OptionalText),
        ("enrollment_id", Integer),
        ("program_id", Integer),
        ("stage", Text),
        ("commission_minor", Integer),
        ("commission_currency", Text),
        ("listed_amount", Integer),
        ("listed_returned", Integer),
        ("listed_tax", Integer),
        ("listed_commission", Integer),
        ("unconverted", Integer),
    ],
    present: Present::Refused,
};

/// Conversions that were recorded before.
pub(crate) const REVISED_CONVERSIONS: &Table = &Table {
    present: Present::Replaced { key: 1 },
    ..*CONVERSIONS
};

pub(crate) const COMMISSIONS: &Table = &Table {
    name: "commissions",
    columns: &[
        ("conversion_id", Integer),
        ("position", Integer),
        ("enrollment_id", Integer),
        ("affiliate_id", Integer),
        ("program_id", Integer),
        ("day", Text),
        ("level", Integer),
        ("incentive", OptionalInteger),
        ("liftable", Boolean),
        ("referral_id", OptionalInteger),
        ("terms_version", Integer),
        ("base_minor", Integer),
        ("full_minor", Integer),
        ("percent", OptionalText),
        ("amount_minor", Integer),
        ("paid_out_minor", Integer),
        ("currency", Text),
        ("status", Text),
        ("until_us", OptionalInteger),
        ("paid_externally", Boolean),
        ("before_dispute", OptionalText),
        ("due_at_us", OptionalInteger),
    ],
    present: Present::Refused,
};

/// Commissions of conversions that were recorded before.
pub(crate) const REVISED_COMMISSIONS: &Table = &Table {
    present: Present::Replaced { key: 2 },
    ..*COMMISSIONS
};

pub(crate) const TRANSFERS: &Table = &Table {
    name: "transfers",
    columns: &[
        ("sequence", Integer),
        ("position", Integer),
        ("at_us", Integer),
        ("conversion_id", Integer),
        ("commission_position", Integer),
        ("affiliate_id", Integer),
        ("from_account", Text),
        ("to_account", Text),
        ("amount_minor", Integer),
        ("currency", Text),
    ],
    present: Present::Refused,
};

/// The columns of totals that are sums.
pub(crate) const SUMS: [&str; 13] = [
    "conversions",
    "amount_minor",
    "refunded_minor",
    "charged_back_minor",
    "commission_minor",
    "sold",
    "base_minor",
    "earned_minor",
    "listed_amount",
    "listed_returned",
    "listed_tax",
    "listed_commission",
    "unconverted",
];

/// The columns of a table of totals: its key, then [`SUMS`].
const fn totals<const N: usize>(key: &[(&'static str, Kind)]) -> [(&'static str, Kind); N] {
    let mut columns = [("", Integer); N];
    let mut index = 0;
    while index < N {
        columns[index] = if index < key.len() {
            key[index]
        } else {
            (SUMS[index - key.len()], Integer)
        };
        index += 1;
    }
    columns
}

pub(crate) const ENROLLMENT_TOTALS: &Table = &Table {
    name: "enrollment_totals",
    columns: &totals::<18>(&[
        ("enrollment_id", Integer),
        ("day", Text),
        ("currency", Text),
        ("stage", Text),
        ("channel", Text),
    ]),
    present: Present::Added { key: 5 },
};

pub(crate) const PROGRAM_TOTALS: &Table = &Table {
    name: "program_totals",
    columns: &totals::<18>(&[
        ("program_id", Integer),
        ("day", Text),
        ("currency", Text),
        ("stage", Text),
        ("channel", Text),
    ]),
    present: Present::Added { key: 5 },
};

pub(crate) const ORGANIZATION_TOTALS: &Table = &Table {
    name: "organization_totals",
    columns: &totals::<17>(&[
        ("day", Text),
        ("currency", Text),
        ("stage", Text),
        ("channel", Text),
    ]),
    present: Present::Added { key: 4 },
};

/// What is searched of conversions: once for all that have the same words.
pub(crate) const SEARCHED: &Table = &Table {
    name: "searched",
    columns: &[
        ("words_key", Text),
        ("words", Text),
        ("address", OptionalText),
    ],
    present: Present::Kept { key: 1 },
};

pub(crate) const PROMO_CODES: &Table = &Table {
    name: "promo_codes",
    columns: &[
        ("id", Integer),
        ("code", Text),
        ("enrollment_id", Integer),
        ("active", Boolean),
        ("limits", Text),
        ("redeemed", Integer),
        ("created_at_us", Integer),
    ],
    present: Present::Replaced { key: 1 },
};

pub(crate) const REFERRALS: &Table = &Table {
    name: "referrals",
    columns: &[
        ("id", Integer),
        ("enrollment_id", Integer),
        ("affiliate_id", Integer),
        ("program_id", Integer),
        ("click", OptionalText),
        ("external_user", OptionalText),
        ("customer", OptionalText),
        ("email", OptionalText),
        ("name", OptionalText),
        ("touch_kind", OptionalText),
        ("first_touch_us", OptionalInteger),
        ("last_touch_us", OptionalInteger),
        ("bound_at_us", OptionalInteger),
        ("payments", Integer),
        ("first_payment_at_us", OptionalInteger),
        ("earned_minor", OptionalInteger),
        ("earned_currency", OptionalText),
        ("created_at_us", Integer),
    ],
    present: Present::Replaced { key: 1 },
};

pub(crate) const IDEMPOTENCY_KEYS: &Table = &Table {
    name: "idempotency_keys",
    columns: &[
        ("idempotency_key", Text),
        ("fingerprint", Bytes),
        ("subject_kind", Text),
        ("subject_id", Integer),
    ],
    present: Present::Refused,
};

/// The tables that sales are written to: every batch has rows for them.
pub(crate) const OF_SALES: [&Table; 8] = [
    JOURNAL,
    CONVERSIONS,
    COMMISSIONS,
    TRANSFERS,
    ENROLLMENT_TOTALS,
    PROGRAM_TOTALS,
    ORGANIZATION_TOTALS,
    SEARCHED,
];
