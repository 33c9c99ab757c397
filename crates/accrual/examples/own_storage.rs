//! A platform decides a commission with its own storage: here a map of its creators by tag.

use std::{collections::HashMap, error::Error};

use accrual::{attribution::*, commission::*, money::*};
use time::macros::datetime;

/// A row of the platform's own.
struct Creator {
    credit: Credit,
    agreed_rate: Option<Rate>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let sarah = Creator {
        credit: Credit {
            enrollment: EnrollmentId::new(7),
            affiliate: AffiliateId::new(3),
            program: ProgramId::new(1),
        },
        agreed_rate: Some(Rate::parse_percent("7.5")?),
    };
    let creators = HashMap::from([(Tag::parse("sarah20")?, sarah)]);
    let five_percent = Incentive::new(Pay::Share(Rate::parse_percent("5")?));
    let rules = Rules {
        incentives: vec![five_percent],
        ..Rules::new(Currency::USD)
    };
    let terms = Terms::try_new(TermsVersion::new(1), rules)?;
    let crediting = Crediting::default();

    // What the checkout reports: a tag, in whatever case, and a total.
    let tag = Tag::parse("SARAH20")?;
    let sale = Sale::new(Money::from_minor(99_99, Currency::USD));
    let bought_at = datetime!(2026-01-31 12:00 UTC);

    let creator = creators.get(&tag).ok_or("nobody has this tag")?;
    let candidate = Candidate {
        claim: Claim::Tag(tag),
        credit: creator.credit,
        evidence: Evidence::Named,
        standing: Standing::Active,
        rules: &crediting,
    };
    let claims = [candidate.claim.clone()];
    let attribution = attribute(&Report::new(&claims, bought_at), &[candidate]);
    println!("{}", attribution.findings[0]);
    let credited = attribution.credits.first().ok_or("nobody is credited")?;
    let affiliate = credited.credit.affiliate;
    let case = Case::new(&sale, &terms, bought_at);
    let decision = decide(&match creator.agreed_rate {
        Some(rate) => case.with_agreed_rate(rate),
        None => case,
    })?;
    println!("{}", decision.words().join("\n"));

    // The commission is payable at once; then 30.00 of the sale is given back.
    let mut balances = Balances::default();
    let nothing = Money::zero(Currency::USD);
    let left = Money::from_minor(69_99, Currency::USD);
    let after = decision.earning().of_remaining(left, sale.amount())?;
    let mut before = Position::nothing(Currency::USD);
    for amount in [decision.amount, after] {
        let position = Position::of(Status::Payable, amount, nothing)?;
        for transfer in Position::transfers(&before, &position, affiliate) {
            balances.post(&transfer)?;
        }
        before = position;
    }
    let payable = balances.of(Account::Payable(affiliate), Currency::USD);
    println!("Affiliate {affiliate} can be paid {payable}.");
    Ok(())
}

#[test]
fn it_runs() {
    main().unwrap();
}
