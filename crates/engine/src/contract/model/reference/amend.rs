//! A sale came to something else after all.

use super::{
    Done, Earner, Reference, base, done,
    integers::{minor, money},
    pricing::{Case, Priced},
};
use crate::{Amendment, AmountField, Error, Facts, Subject};

impl Reference {
    /// Decides a sale again by the terms that it fell under, as things stood then; but caps look at
    /// what has been earned by now.
    pub(super) fn amend(&mut self, amendment: &Amendment) -> Done {
        let id = amendment.conversion;
        let place = self.sale_place(id)?;
        let sold = &self.sales[place];
        if !sold.earners.iter().any(Earner::is_alive) {
            return Err(Error::CalledOff(id));
        }
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
        let (priced, again) = self.decided_again(place, &facts)?;
        let entry = self.enter();
        let sold = &mut self.sales[place];
        sold.amended = Some(facts);
        (sold.entries.1, sold.entries.2) = (entry, entry);
        // In the order of then; who did not earn then, having left, does not earn now.
        let mut again = again.into_iter();
        for earner in &mut sold.earners {
            let mut same = again
                .by_ref()
                .filter(|one| (one.credit, one.by) == (earner.credit, earner.by));
            let same = same.next().expect("whoever earned can earn again");
            if earner.is_alive() {
                earner.earning = same.earning;
            }
        }
        self.close_if_nothing_is_left(place);
        self.lift(&priced, place);
        Ok(done(Subject::Conversion(id)))
    }

    fn decided_again(&self, place: usize, facts: &Facts) -> Result<(Priced, Vec<Earner>), Error> {
        let sold = &self.sales[place];
        let program = &self.programs[self.program_place(sold.credits[0].0.program)?];
        let rules = &program.versions[sold.version].rules;
        let known = self.known_again(place, rules);
        let case = Case {
            facts,
            rules,
            occurred_at: sold.occurred_at,
            known: &known,
        };
        let customers: Vec<_> = sold.earners.iter().map(|one| one.customer).collect();
        let when = (sold.day, Some(place));
        let (priced, mut earners) = self.divided(&case, &sold.credits, &customers, when)?;
        // Who has earned by it stays one who does, also after having left.
        self.add_levels(rules, &mut earners, true);
        Ok((priced, earners))
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
