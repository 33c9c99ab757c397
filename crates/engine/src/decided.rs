//! What was known when a sale was decided: enough to decide it again, and to explain it.

use accrual_attribution::{Attribution, Weighted};
use accrual_commission::{Case, DecideError, Decision, History, Terms, TermsVersion, decide};
use accrual_money::Rate;

use crate::Conversion;

/// What was known when a sale was decided, besides its facts and the terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// Who was credited, and why.
    pub attribution: Attribution,
    /// What had been sold and earned before, as far as the terms look at it.
    pub history: History,
    /// The rate that was agreed with the enrollment.
    pub agreed_rate: Option<Rate>,
    /// The version of the program's terms.
    pub terms_version: TermsVersion,
}

impl Decided {
    /// The decision on what was reported of `conversion`, once more: the same inputs give the same
    /// answer.
    ///
    /// # Errors
    /// [`DecideError`] if it cannot be decided with these facts.
    pub fn decision(
        &self,
        conversion: &Conversion,
        terms: &Terms,
    ) -> Result<Option<Decision>, DecideError> {
        let Some(sale) = conversion.facts.sale() else {
            return Ok(None);
        };
        let occurred_at = conversion.first_occurred_at();
        let case = Case::new(&sale, terms, occurred_at).with_history(&self.history);
        decide(&known(case, &self.attribution.credits, self.agreed_rate)).map(Some)
    }
}

/// `case` for those who are credited: several share the sale, and one may have agreed a rate.
pub(crate) fn known<'a>(
    case: Case<'a>,
    credits: &[Weighted],
    agreed_rate: Option<Rate>,
) -> Case<'a> {
    match (credits, agreed_rate) {
        ([_], Some(rate)) => case.with_agreed_rate(rate),
        ([_], None) => case,
        _ => case.shared(),
    }
}
