//! Lists of sales, in memory: plainly, by looking at everything.

use std::cmp::Reverse;

use accrual_attribution::{Email, Tag};
use accrual_money::MoneyError;

use super::{Kept, load::out_of_range};
use crate::{
    List, Listed, ListedSale, Listing, Page, Recorded, StoreError, folded, searched,
    searched_address,
};

impl Kept {
    pub(super) fn list(&self, listing: &Listing, page: Page) -> Result<List, StoreError> {
        self.listed(listing, page).map_err(out_of_range)
    }

    fn listed(&self, listing: &Listing, page: Page) -> Result<List, MoneyError> {
        let currency = self.head.currency;
        let mut list = List::default();
        let search = listing.search.as_ref().map(|part| folded(part.as_str()));
        let is_address = search.is_some_and(|part| {
            let mut all = self.conversions.values();
            all.any(|one| searched_address(&one.conversion).is_some_and(|whole| whole == part))
        });
        let fitting = self.conversions.values();
        for recorded in fitting.filter(|one| self.fits(listing, one, is_address)) {
            let Some(sale) = ListedSale::of(recorded, currency)? else {
                continue;
            };
            let nothing = (0, Listed::default());
            let (count, sum) = list.totals.entry(sale.stage).or_insert(nothing);
            *count += 1;
            *sum = sum.checked_add(sale.listed, currency)?;
            list.sales.push(sale);
        }
        list.sales
            .sort_by_key(|sale| Reverse((sale.occurred_at, sale.id)));
        let skip = usize::try_from(page.skip).unwrap_or(usize::MAX);
        let shown = list.sales.into_iter().skip(skip).take(page.limit as usize);
        list.sales = shown.collect();
        Ok(list)
    }

    /// `is_address` says that what is searched is the whole e-mail address of a sale.
    fn fits(&self, listing: &Listing, recorded: &Recorded, is_address: bool) -> bool {
        let Listing {
            first,
            last,
            program,
            of_ambassadors,
            channel,
            affiliate,
            affiliate_email,
            tag,
            stages,
            reference,
            sub_id,
            search,
        } = listing;
        let Some(commission) = recorded.commissions.first() else {
            return false;
        };
        let (conversion, credit) = (&recorded.conversion, commission.credit);
        let facts = conversion.current();
        let program_of = || self.programs.get(&credit.program);
        let is_of_ambassadors = || program_of().is_some_and(|program| program.is_ambassador);
        let by_email = |email: &Email| {
            let seller = self.affiliates.get(&credit.affiliate);
            seller.is_some_and(|seller| seller.address().as_ref() == Some(email))
        };
        let by_tag = |tag: &Tag| {
            let seller = self.enrollments.get(&credit.enrollment);
            seller.is_some_and(|seller| seller.tag == *tag)
        };
        first.is_none_or(|first| conversion.day >= first)
            && last.is_none_or(|last| conversion.day <= last)
            && program.is_none_or(|program| credit.program == program)
            && (!of_ambassadors || is_of_ambassadors())
            && channel.as_ref().is_none_or(|one| facts.channel() == *one)
            && affiliate.is_none_or(|affiliate| credit.affiliate == affiliate)
            && affiliate_email.as_ref().is_none_or(by_email)
            && tag.as_ref().is_none_or(by_tag)
            && (stages.is_empty() || stages.contains(&commission.stage()))
            && reference.as_ref().is_none_or(|one| facts.reference == *one)
            && sub_id
                .as_ref()
                .is_none_or(|one| facts.sub_id.as_ref() == Some(one))
            && search.as_ref().is_none_or(|part| {
                let part = folded(part.as_str());
                match is_address {
                    true => searched_address(conversion).is_some_and(|whole| whole == part),
                    false => searched(conversion).is_some_and(|text| text.contains(&part)),
                }
            })
    }
}
