//! What a list is asked for, read or refused by the name of the parameter.

use accrual_attribution::{AffiliateId, Email, ProgramId, Tag};
use accrual_commission::StatusKind;
use accrual_engine::{
    Channel, Listing, Page, Reference, ShopKey, ShopPlatform, Stage, Text as EngineText,
};
use time::Date;

use crate::{
    growi::{
        failure::Failure,
        parameter::{flag, integer, page},
    },
    wire::{self, Flag, Given, Integer, OneOf, Text, Word},
};

/// How many sales a page has, if nothing is said, and at most.
const USUAL: i64 = 20;
const MOST: i64 = 100;

/// The parameters, as they were sent.
#[derive(Debug, Default)]
pub(in crate::growi) struct Parameters {
    pub(in crate::growi) page: Option<Given<Integer>>,
    pub(in crate::growi) per_page: Option<Given<Integer>>,
    pub(in crate::growi) start_date: Option<Given<Text>>,
    pub(in crate::growi) end_date: Option<Given<Text>>,
    pub(in crate::growi) search: Option<Given<Text>>,
    pub(in crate::growi) creator_id: Option<Given<Integer>>,
    pub(in crate::growi) creator_email: Option<Given<Text>>,
    pub(in crate::growi) campaign_id: Option<Given<Integer>>,
    pub(in crate::growi) order_id: Option<Given<Text>>,
    pub(in crate::growi) status: Option<Given<OneOf<StatusFilter>>>,
    pub(in crate::growi) affiliate_tag: Option<Given<Text>>,
    pub(in crate::growi) sub_id: Option<Given<Text>>,
    pub(in crate::growi) store_id: Option<Given<Text>>,
    pub(in crate::growi) store_platform: Option<Given<OneOf<StorePlatform>>>,
    pub(in crate::growi) ambassador_program: Option<Given<Flag>>,
}

/// Which sales, and which page of them.
pub(in crate::growi) struct Wanted {
    /// `None` where no sale can fit.
    pub(in crate::growi) listing: Option<Listing>,
    pub(in crate::growi) page: Page,
    /// The page's number, from 1.
    pub(in crate::growi) number: i64,
}

impl Wanted {
    pub(in crate::growi) fn read(given: &Parameters) -> Result<Self, Failure> {
        let number = page(given.page.as_ref())?;
        let limit = integer("per_page", given.per_page.as_ref())?.unwrap_or(USUAL);
        if limit < 1 {
            return Err(Failure::invalid("per_page must be 1 or greater."));
        }
        let limit = limit.min(MOST);
        let skip = (number - 1).saturating_mul(limit);
        Ok(Self {
            listing: listing(given)?,
            page: Page {
                skip: skip.unsigned_abs(),
                limit: u32::try_from(limit).unwrap_or(u32::MAX),
            },
            number,
        })
    }
}

fn listing(given: &Parameters) -> Result<Option<Listing>, Failure> {
    let first = date("start_date", given.start_date.as_ref())?;
    let last = date("end_date", given.end_date.as_ref())?;
    if let (Some(first), Some(last)) = (first, last)
        && last < first
    {
        return Err(Failure::invalid("end_date must not be before start_date."));
    }
    let mut listing = Listing {
        first,
        last,
        program: integer("campaign_id", given.campaign_id.as_ref())?.map(ProgramId::new),
        of_ambassadors: flag("ambassador_program", given.ambassador_program.as_ref())?,
        affiliate: integer("creator_id", given.creator_id.as_ref())?.map(AffiliateId::new),
        sub_id: exact("sub_id", given.sub_id.as_ref())?,
        search: text("search", given.search.as_ref())?,
        ..Listing::default()
    };
    if let Some(status) = given.status.as_ref().filter(|given| !given.is_blank()) {
        let words = "status must be one of: paid, due, unpaid, canceled, refunded.";
        let status = status.word().map_err(|_| Failure::invalid(words))?;
        listing.stages = status.stages().collect();
    }
    // What cannot be a store, an address, a tag or an order id is nobody's.
    let Some(channel) = channel(given)? else {
        return Ok(None);
    };
    listing.channel = channel;
    let email = text("creator_email", given.creator_email.as_ref())?;
    let tag = text("affiliate_tag", given.affiliate_tag.as_ref())?;
    let order_id = exact("order_id", given.order_id.as_ref())?;
    if let Some(email) = email {
        let Ok(email) = Email::parse(email.as_str()) else {
            return Ok(None);
        };
        listing.affiliate_email = Some(email);
    }
    if let Some(tag) = tag {
        let Ok(tag) = Tag::parse(tag.as_str()) else {
            return Ok(None);
        };
        listing.tag = Some(tag);
    }
    if let Some(order_id) = order_id {
        let Ok(reference) = Reference::parse(order_id.as_str()) else {
            return Ok(None);
        };
        listing.reference = Some(reference);
    }
    Ok(Some(listing))
}

/// What `status` asks for. The vendor spells one of them in two ways.
#[derive(Clone, Copy, Debug)]
pub(in crate::growi) enum StatusFilter {
    Paid,
    Due,
    Unpaid,
    Canceled,
    Refunded,
}

impl Word for StatusFilter {
    type Meaning = Self;
    const ALL: &'static [(&'static str, Self)] = &[
        ("paid", Self::Paid),
        ("due", Self::Due),
        ("unpaid", Self::Unpaid),
        ("canceled", Self::Canceled),
        ("cancelled", Self::Canceled),
        ("refunded", Self::Refunded),
    ];

    fn of(meaning: Self) -> Self {
        meaning
    }
}

impl StatusFilter {
    fn stages(self) -> impl Iterator<Item = Stage> {
        use StatusKind as K;
        let (statuses, is_due): (&[StatusKind], bool) = match self {
            Self::Paid => (&[K::Paid], false),
            Self::Due => (&[K::Payable], true),
            Self::Unpaid => {
                let open = &[
                    K::Pending,
                    K::AwaitingApproval,
                    K::Payable,
                    K::InPayout,
                    K::Disputed,
                ];
                (open, false)
            }
            Self::Canceled => (&[K::Declined, K::Cancelled], false),
            Self::Refunded => (&[K::Refunded], false),
        };
        let statuses = statuses.iter();
        statuses.map(move |&status| Stage { status, is_due })
    }
}

/// Where sales were made.
#[derive(Clone, Copy, Debug)]
pub(in crate::growi) enum StorePlatform {
    Website,
    ShopifyStore,
}

impl Word for StorePlatform {
    type Meaning = Self;
    const ALL: &'static [(&'static str, Self)] = &[
        ("website", Self::Website),
        ("shopify_store", Self::ShopifyStore),
    ];

    fn of(meaning: Self) -> Self {
        meaning
    }
}

/// Where the sales were made that are asked for, if only those of one place are; `None` where no sale
/// can have been made there.
fn channel(given: &Parameters) -> Result<Option<Option<Channel>>, Failure> {
    let store = exact("store_id", given.store_id.as_ref())?;
    let platform = given.store_platform.as_ref();
    let platform = platform.filter(|given| !given.is_blank()).map(|given| {
        let words = "store_platform must be one of: website, shopify_store.";
        given.word().map_err(|_| Failure::invalid(words))
    });
    match (platform.transpose()?, store) {
        (None, None) => Ok(Some(None)),
        // The vendor says that the store is not needed there.
        (Some(StorePlatform::Website), _) => Ok(Some(Some(Channel::website()))),
        (Some(StorePlatform::ShopifyStore), None) => Err(Failure::invalid(
            "store_id is required for store_platform shopify_store.",
        )),
        (None | Some(StorePlatform::ShopifyStore), Some(store)) => {
            let shop = ShopKey::parse(store.as_str()).ok();
            Ok(shop.map(|shop| Some(Channel::of_shop(ShopPlatform::Shopify, &shop))))
        }
    }
}

/// A text without the white space around it.
fn text(name: &str, given: Option<&Given<Text>>) -> Result<Option<EngineText>, Failure> {
    read(name, given, str::trim)
}

/// A text of the caller's own, in which white space counts.
fn exact(name: &str, given: Option<&Given<Text>>) -> Result<Option<EngineText>, Failure> {
    read(name, given, |text| text)
}

fn read(
    name: &str,
    given: Option<&Given<Text>>,
    cut: fn(&str) -> &str,
) -> Result<Option<EngineText>, Failure> {
    let Some(given) = given.filter(|given| !given.is_blank()) else {
        return Ok(None);
    };
    let text = given.text().map_err(|_| Failure::internal())?;
    let text = EngineText::parse(cut(&text));
    text.map(Some)
        .map_err(|error| Failure::invalid(format!("{name} {error}.")))
}

fn date(name: &str, given: Option<&Given<Text>>) -> Result<Option<Date>, Failure> {
    let Some(said) = text(name, given)? else {
        return Ok(None);
    };
    day(said.as_str()).map(Some).ok_or_else(|| {
        Failure::invalid(format!(
            "{name} must be a date: MM/DD/YYYY, such as 01/31/2025, or YYYY-MM-DD."
        ))
    })
}

fn day(said: &str) -> Option<Date> {
    if let Ok(day) = wire::day(said) {
        return Some(day);
    }
    let (month, rest) = said.split_once('/')?;
    let (day, year) = rest.split_once('/')?;
    let is_number = |text: &str, digits: &[usize]| {
        digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !(is_number(month, &[1, 2]) && is_number(day, &[1, 2]) && is_number(year, &[2, 4])) {
        return None;
    }
    let century = if year.len() == 2 { "20" } else { "" };
    wire::day(&format!("{century}{year}-{month:0>2}-{day:0>2}")).ok()
}
