//! Lists of sales, asked for in any way: what they come to is what a plain scan of all sales says.

use accrual_attribution::Email;
use accrual_engine::{ListedSale, Listing, Page, Recorded, Reports, Text, searched};
use time::Duration;

use crate::{dice::Dice, everything, pair::Pair};

/// How many lists are tried.
const LISTS: usize = 250;

/// The store in memory looks at every sale; the database goes by its totals and indexes.
pub(crate) async fn are_alike(pair: &Pair, dice: &mut Dice) {
    let all = everything::conversions(pair).await;
    let mut has_found = 0;
    for _ in 0..LISTS {
        let listing = any_listing(pair, dice, &all).await;
        let plain = pages(pair, &listing, dice).await;
        has_found += usize::from(!plain.is_empty() && listing != Listing::default());
    }
    assert!(has_found > LISTS / 4, "only {has_found} lists had sales");
}

/// Compares the whole list, a page of it and one beyond its end.
async fn pages(pair: &Pair, listing: &Listing, dice: &mut Dice) -> Vec<ListedSale> {
    let most = dice.one_of(&[20, 400]);
    let of_any_size = Page {
        skip: u64::from(dice.up_to(most) - 1),
        limit: dice.up_to(9),
    };
    let all = Page {
        skip: 0,
        limit: 10_000,
    };
    let beyond = Page {
        skip: 10_000,
        limit: 5,
    };
    let mut whole = Vec::new();
    for page in [of_any_size, beyond, all] {
        let plain = pair.memory.list(pair.org, listing, page).await.unwrap();
        let found = pair.sql.list(pair.org, listing, page).await.unwrap();
        assert_eq!(found, plain, "{listing:?}, {page:?}");
        whole = plain.sales;
    }
    whole
}

async fn any_listing(pair: &Pair, dice: &mut Dice, all: &[Recorded]) -> Listing {
    let one = dice.one_of(all);
    let (conversion, commission) = (&one.conversion, &one.commissions[0]);
    let facts = conversion.current();
    let mut listing = Listing::default();
    if dice.once_in(3) {
        let earlier = Duration::days(i64::from(dice.up_to(9)) - 1);
        listing.first = conversion.day.checked_sub(earlier);
    }
    if dice.once_in(3) {
        let later = Duration::days(i64::from(dice.up_to(9)) - 1);
        listing.last = conversion.day.checked_add(later);
    }
    if dice.once_in(4) {
        listing.program = Some(commission.credit.program);
    }
    if dice.once_in(4) {
        listing.channel = Some(facts.channel());
    }
    listing.of_ambassadors = dice.once_in(4);
    if dice.once_in(4) {
        listing.affiliate = Some(commission.credit.affiliate);
    }
    let enrollment = commission.credit.enrollment;
    if dice.once_in(8) {
        let enrollment = pair.memory.enrollment(pair.org, enrollment).await.unwrap();
        listing.tag = enrollment.map(|enrollment| enrollment.tag);
    }
    if dice.once_in(8) {
        let affiliate = commission.credit.affiliate;
        let affiliate = pair.memory.affiliate(pair.org, affiliate).await.unwrap();
        let address = affiliate.and_then(|affiliate| affiliate.address());
        let nobody = || Email::parse("nobody@example.com").unwrap();
        listing.affiliate_email = Some(address.unwrap_or_else(nobody));
    }
    if dice.once_in(3) {
        listing.stages.insert(commission.stage());
        let another = &dice.one_of(all).commissions[0];
        listing.stages.insert(another.stage());
    }
    if dice.once_in(10) {
        listing.reference = Some(facts.reference.clone());
    }
    if dice.once_in(8) {
        listing.sub_id.clone_from(&facts.sub_id);
    }
    if dice.once_in(5) {
        listing.search = match dice.once_in(3) {
            true => facts.customer.email.clone(),
            false => any_part(dice, &searched(conversion).unwrap_or_default()),
        };
    }
    listing
}

/// Some letters of a text, in whatever case, or such as have a meaning in patterns.
fn any_part(dice: &mut Dice, text: &str) -> Option<Text> {
    let lines: Vec<&str> = text.lines().chain(["%_\"'\\*"]).collect();
    let line = dice.one_of(&lines);
    let letters: Vec<char> = line.chars().collect();
    let count = u32::try_from(letters.len()).unwrap();
    let from = dice.up_to(count) as usize - 1;
    let length = dice.up_to(8) as usize;
    let part: String = letters[from..].iter().take(length).collect();
    let part = if dice.once_in(2) {
        part.to_uppercase()
    } else {
        part
    };
    Text::parse(part).ok()
}
