//! A sale came to something else after all.

use super::{
    Done, Earner, Reference, base, done,
    earning::part,
    integers::{minor, money},
    pricing::Case,
    sale::shared,
};
use crate::{Amendment, AmountField, Error, Facts, Subject};

impl Reference {
    /// Decides a sale again by the terms that it fell under, as things stood then; but caps look at
    /// what has been earned by now.
    pub(super) fn amend(&mut self, amendment: &Amendment) -> Done {
        let id = amendment.conversion;
        let place = self.sale_place(id)?;
        let sold = &self.sales[place];
        let facts = amended(sold.current(), amendment);
        let amount = base::check(&facts)?;
        if amount.currency() != sold.currency() {
            let field = AmountField::Total;
            return Err(Error::MixedCurrencies { field, amount });
        }
        let back = sold.refunded + sold.charged_back;
        if minor(amount) < back {
            let back = money(back, amount.currency());
            return Err(Error::LessThanReturned { amount, back });
        }
        let again = self.earners_again(place, &facts)?;
        let entry = self.enter();
        let sold = &mut self.sales[place];
        sold.amended = Some(facts);
        (sold.entries.1, sold.entries.2) = (entry, entry);
        for earner in sold.earners.iter_mut().filter(|one| one.is_alive()) {
            let mut same = again.iter().filter(|one| (one.credit, one.by) == (earner.credit, earner.by));
            earner.earning = match same.next() {
                Some(again) => again.earning,
                None => part(minor(earner.earning.base), 0, earner.currency()),
            };
        }
        self.close_if_nothing_is_left(place);
        Ok(done(Subject::Conversion(id)))
    }

    fn earners_again(&self, place: usize, facts: &Facts) -> Result<Vec<Earner>, Error> {
        let sold = &self.sales[place];
        let first = sold.credits[0].0;
        let program = &self.programs[self.program_place(first.program)?];
        let rules = &program.versions[sold.version].rules;
        let customer = sold.earners[0].customer;
        let earned = self.earned(first.enrollment, rules, customer, sold.day, Some(place));
        let case = Case { facts, rules, occurred_at: sold.occurred_at, known: &sold.known };
        let priced = case.priced(earned)?;
        let customers = vec![None; sold.credits.len()];
        let mut earners = shared(&priced, &sold.credits, &customers, sold.earners[0].status);
        // Who has earned by it stays one who does, also after having left.
        self.add_levels(rules, &mut earners, true);
        Ok(earners)
    }
}

fn amended(facts: &Facts, amendment: &Amendment) -> Facts {
    Facts {
        total: amendment.total.unwrap_or(facts.total),
        subtotal: amendment.subtotal.unwrap_or(facts.subtotal),
        tax: amendment.tax.unwrap_or(facts.tax),
        shipping: amendment.shipping.unwrap_or(facts.shipping),
        discount: amendment.discount.unwrap_or(facts.discount),
        amount_override: amendment.amount_override.unwrap_or(facts.amount_override),
        ..facts.clone()
    }
}
