//! Rows of conversions and commissions.

use std::fmt::Write;

use accrual_attribution::ReferralId;
use accrual_commission::IncentiveNumber;
use accrual_engine::{Commission, ListedSale, Recorded, StoreError, micros};
use accrual_money::{Currency, Money};
use sea_orm::Value;
use sha2::{Digest, Sha256};
use time::Date;

use super::{optional, optional_text, text};
use crate::{
    error::{out_of_range, refused},
    value::{self, StatusColumns},
};

/// How many columns a commission has.
pub(super) const COMMISSION: usize = 22;

/// How many columns a conversion has.
pub(super) const CONVERSION: usize = 28;

/// `words` are what is searched of it; `home` is the organization's currency.
pub(super) fn conversion(
    recorded: &Recorded,
    words: Option<&Searched>,
    home: Currency,
) -> Result<[Value; CONVERSION], StoreError> {
    let conversion = &recorded.conversion;
    let facts = conversion.current();
    let listed = ListedSale::of(recorded, home).map_err(out_of_range)?;
    let listed = listed.ok_or_else(|| refused("a conversion earns nobody anything"))?;
    let sums = listed.listed;
    let currency = facts
        .currency()
        .ok_or_else(|| refused("a conversion has no amount"))?;
    Ok([
        conversion.id.number().into(),
        text(facts.source.as_str()),
        text(facts.reference.as_str()),
        text(&value::day(conversion.day)?),
        conversion.sequence.number().into(),
        conversion.facts_sequence.number().into(),
        conversion.version.number().into(),
        text(listed.channel.as_str()),
        text(value::sale_type(facts.sale_type)),
        facts.total.map(Money::minor).into(),
        facts.subtotal.map(Money::minor).into(),
        minor_in(currency, conversion.refunded)?,
        minor_in(currency, conversion.charged_back)?,
        text(currency.code()),
        micros(conversion.occurred_at).into(),
        micros(conversion.recorded_at).into(),
        optional(words.map(Searched::key_text).as_deref()),
        optional_text(facts.sub_id.as_ref()),
        listed.enrollment.number().into(),
        listed.program.number().into(),
        text(value::stage(listed.stage)),
        listed.commission.minor().into(),
        text(listed.commission.currency().code()),
        sums.amount.into(),
        sums.returned.into(),
        sums.tax.into(),
        sums.commission.into(),
        sums.unconverted.into(),
    ])
}

/// What stands for words in an index.
pub(crate) type WordsKey = [u8; 12];

/// What can be searched of a conversion.
pub(super) struct Searched {
    /// What stands for the words: the beginning of their SHA-256, long enough for no two words ever
    /// to have the same.
    pub(super) key: WordsKey,
    pub(super) words: String,
    pub(super) address: Option<String>,
}

impl Searched {
    pub(super) fn of(recorded: &Recorded) -> Option<Self> {
        let words = accrual_engine::searched(&recorded.conversion)?;
        let hash = Sha256::digest(words.as_bytes());
        Some(Self {
            key: std::array::from_fn(|index| hash[index]),
            words,
            address: accrual_engine::searched_address(&recorded.conversion),
        })
    }

    /// As it is kept.
    pub(super) fn key_text(&self) -> String {
        self.key.iter().fold(String::new(), |mut text, byte| {
            // Writing to memory cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// `day` is the conversion's.
pub(super) fn commission(
    commission: &Commission,
    day: Date,
) -> Result<[Value; COMMISSION], StoreError> {
    let currency = commission.amount.currency();
    let status = StatusColumns::of(commission.status);
    Ok([
        commission.conversion.number().into(),
        i64::from(commission.position).into(),
        commission.credit.enrollment.number().into(),
        commission.credit.affiliate.number().into(),
        commission.credit.program.number().into(),
        text(&value::day(day)?),
        value::level(commission.earned_by).into(),
        commission
            .incentive
            .map(IncentiveNumber::number)
            .map(i64::from)
            .into(),
        commission.is_liftable.into(),
        commission.referral.map(ReferralId::number).into(),
        i64::from(commission.terms_version.number()).into(),
        minor_in(currency, commission.earning.base)?,
        minor_in(currency, commission.earning.full)?,
        optional(commission.earning.rate.map(value::percent).as_deref()),
        commission.amount.minor().into(),
        minor_in(currency, commission.paid_out)?,
        text(currency.code()),
        text(status.status),
        status.until_us.into(),
        status.paid_externally.into(),
        optional(status.before_dispute),
        commission.due_at.map(micros).into(),
    ])
}

/// An amount in a row that names its currency once.
fn minor_in(currency: Currency, amount: Money) -> Result<Value, StoreError> {
    if amount.currency() == currency {
        Ok(amount.minor().into())
    } else {
        Err(refused(format!("{amount} is not in {currency}")))
    }
}
