//! The currencies of ISO 4217 and how fine each one is.

use std::cmp::Ordering;
use std::fmt;
use std::sync::LazyLock;

use iso_currency::Currency as Iso;

use crate::MoneyError;

/// A currency of ISO 4217 that amounts can be kept in.
///
/// These are the codes of list A.1 as published on 2024-06-25 and those added to it since.
/// Two kinds of codes are refused: those without a minor unit (`XAU`, `XDR`, `XXX`, `XTS` …),
/// since no amount in them has a smallest part, and those withdrawn before (`HRK`, `DEM` …),
/// since the standard no longer says how fine they were.
///
/// Ordered by code.
/// Source: ISO 4217, list A.1.
///
/// ```
/// use accrual_money::Currency;
///
/// let dinar = Currency::parse("kwd")?;
/// assert_eq!((dinar.code(), dinar.minor_digits()), ("KWD", 3));
/// assert!(Currency::parse("XAU").is_err());
/// # Ok::<(), accrual_money::MoneyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency {
    listed: Listed,
    minor_digits: u8,
}

/// Where a currency's entry comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Listed {
    /// The table of the `iso_currency` crate.
    Table(Iso),
    /// `ANG`, which the table has dropped; see [`Currency::ANG`].
    AntilleanGuilder,
}

/// Codes that the table has kept although they are no longer in list A.1 of 2024-06-25.
const WITHDRAWN: [Iso; 3] = [
    // Croatia has had the euro since 2023-01.
    Iso::HRK,
    // Sierra Leone has had SLE since 2023-12.
    Iso::SLL,
    // Zimbabwe has ZWG instead.
    Iso::ZWL,
];

/// Every currency with its code in upper case, in the order of the codes.
///
/// A search of our own: the table's compares a text with some 180 codes one after another.
static BY_CODE: LazyLock<Vec<([u8; 3], Currency)>> = LazyLock::new(|| {
    let mut entries: Vec<_> = (0..=999)
        .filter_map(Iso::from_numeric)
        .filter_map(Currency::from_table)
        .chain([Currency::ANG])
        .filter_map(|currency| {
            Some((
                <[u8; 3]>::try_from(currency.code().as_bytes()).ok()?,
                currency,
            ))
        })
        .collect();
    entries.sort_unstable_by_key(|(code, _)| *code);
    entries
});

impl Currency {
    /// The US dollar.
    pub const USD: Self = Self {
        listed: Listed::Table(Iso::USD),
        minor_digits: 2,
    };
    /// The euro.
    pub const EUR: Self = Self {
        listed: Listed::Table(Iso::EUR),
        minor_digits: 2,
    };
    /// The pound sterling.
    pub const GBP: Self = Self {
        listed: Listed::Table(Iso::GBP),
        minor_digits: 2,
    };
    /// The Japanese yen, which has no part smaller than itself.
    pub const JPY: Self = Self {
        listed: Listed::Table(Iso::JPY),
        minor_digits: 0,
    };
    /// The Kuwaiti dinar, of 1000 fils.
    pub const KWD: Self = Self {
        listed: Listed::Table(Iso::KWD),
        minor_digits: 3,
    };

    /// The Antillean guilder: in list A.1 of 2024-06-25, withdrawn 2025-03, not in the table.
    const ANG: Self = Self {
        listed: Listed::AntilleanGuilder,
        minor_digits: 2,
    };

    /// Reads a code of exactly three letters, in any case, without spaces around it.
    ///
    /// # Errors
    /// - [`MoneyError::CurrencyWithoutMinorUnit`] if it is listed, but not for amounts (`XAU`).
    /// - [`MoneyError::UnknownCurrency`] for any other text.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        <[u8; 3]>::try_from(code.as_bytes())
            .ok()
            .and_then(|letters| Self::find(letters.map(|letter| letter.to_ascii_uppercase())))
            .ok_or_else(|| Self::refusal(code))
    }

    /// The code: three letters, upper case.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self.listed {
            Listed::Table(iso) => iso.code(),
            Listed::AntilleanGuilder => "ANG",
        }
    }

    /// How many decimal digits the minor unit takes: JPY 0, USD 2, KWD 3, CLF 4; at most 4.
    #[must_use]
    pub const fn minor_digits(self) -> u32 {
        self.minor_digits as u32
    }

    /// Every currency, about 170 of them, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        BY_CODE.iter().map(|(_, currency)| *currency)
    }

    fn from_table(iso: Iso) -> Option<Self> {
        let minor_digits = u8::try_from(iso.exponent()?).ok()?;
        let in_use = !WITHDRAWN.contains(&iso);
        in_use.then_some(Self {
            listed: Listed::Table(iso),
            minor_digits,
        })
    }

    fn find(upper: [u8; 3]) -> Option<Self> {
        let entries = &*BY_CODE;
        let at = entries
            .binary_search_by_key(&upper, |(code, _)| *code)
            .ok()?;
        entries.get(at).map(|(_, currency)| *currency)
    }

    fn refusal(code: &str) -> MoneyError {
        match Iso::from_code(&code.to_ascii_uppercase()) {
            Some(iso) if iso.exponent().is_none() => {
                MoneyError::CurrencyWithoutMinorUnit { code: iso.code() }
            }
            Some(_) | None => MoneyError::UnknownCurrency {
                code: code.to_owned(),
            },
        }
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code().cmp(other.code())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_any_case() {
        for text in ["USD", "usd", "uSd"] {
            assert_eq!(Currency::parse(text), Ok(Currency::USD));
        }
    }

    #[test]
    fn a_currency_knows_its_minor_digits() {
        for (code, digits) in [("JPY", 0), ("USD", 2), ("ANG", 2), ("KWD", 3), ("CLF", 4)] {
            let currency = Currency::parse(code).unwrap();
            assert_eq!((currency.code(), currency.minor_digits()), (code, digits));
        }
    }

    #[test]
    fn the_named_currencies_are_those_of_the_table() {
        let named = [
            Currency::USD,
            Currency::EUR,
            Currency::GBP,
            Currency::JPY,
            Currency::KWD,
        ];
        for currency in named.into_iter().chain([Currency::ANG]) {
            assert_eq!(Currency::parse(currency.code()), Ok(currency));
        }
    }

    #[test]
    fn what_has_no_minor_unit_is_no_currency_for_amounts() {
        for code in ["XAU", "XDR", "XTS", "XXX"] {
            let refused = MoneyError::CurrencyWithoutMinorUnit { code };
            assert_eq!(Currency::parse(&code.to_lowercase()), Err(refused));
        }
    }

    #[test]
    fn any_other_text_is_unknown() {
        for code in [
            "", "US", "USDT", "US ", " USD", "ABC", "€", "DEM", "HRK", "SLL", "ZWL",
        ] {
            let refused = MoneyError::UnknownCurrency {
                code: code.to_owned(),
            };
            assert_eq!(Currency::parse(code), Err(refused));
        }
    }

    #[test]
    fn all_are_in_the_order_of_their_codes() {
        let all: Vec<Currency> = Currency::all().collect();
        assert!(all.is_sorted_by(|left, right| left < right));
        assert!(all.contains(&Currency::ANG));
    }
}
