//! Rosters, in memory: plainly, by looking at everything.

use std::collections::BTreeMap;

use accrual_money::MoneyError;

use super::{Kept, load::out_of_range};
use crate::{
    Affiliate, Enrollment, Listed, ListedSale, Member, Page, Roster, RosterQuery, Stage, StoreError,
};

impl Kept {
    pub(super) fn roster(&self, wanted: &RosterQuery, page: Page) -> Result<Roster, StoreError> {
        let fitting = self.enrollments.values().filter(|one| wanted.fits(one));
        let count = u64::try_from(fitting.clone().count()).unwrap_or(u64::MAX);
        let skip = usize::try_from(page.skip).unwrap_or(usize::MAX);
        let shown = fitting.skip(skip).take(page.limit as usize);
        let members = shown.filter_map(|one| self.member(one).transpose());
        let members = members.collect::<Result<_, _>>().map_err(out_of_range)?;
        Ok(Roster { members, count })
    }

    fn member(&self, enrollment: &Enrollment) -> Result<Option<Member>, MoneyError> {
        let affiliate = self.affiliates.get(&enrollment.affiliate);
        let program = self.programs.get(&enrollment.program);
        let (Some(affiliate), Some(program)) = (affiliate, program) else {
            return Ok(None);
        };
        Ok(Some(Member {
            enrollment: enrollment.clone(),
            affiliate: Affiliate::clone(affiliate),
            program: program.name.clone(),
            totals: self.sold_by(enrollment)?,
        }))
    }

    fn sold_by(
        &self,
        enrollment: &Enrollment,
    ) -> Result<BTreeMap<Stage, (i64, Listed)>, MoneyError> {
        let currency = self.head.currency;
        let mut totals = BTreeMap::new();
        for recorded in self.conversions.values() {
            let Some(sale) = ListedSale::of(recorded, currency)? else {
                continue;
            };
            if sale.enrollment == enrollment.id {
                let (count, sum) = totals.entry(sale.stage).or_insert((0, Listed::default()));
                *count += 1;
                *sum = sum.checked_add(sale.listed, currency)?;
            }
        }
        Ok(totals)
    }
}
