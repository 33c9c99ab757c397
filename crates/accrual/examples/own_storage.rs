//! A platform decides a commission with its own storage: here a map of its creators by tag.

use std::{collections::HashMap, error::Error};

use accrual::{attribution::*, commission::*, money::*};

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
    let terms = Terms::try_new(TermsVersion::new(1), Currency::USD, vec![five_percent])?;

    // What the checkout reports: a tag, in whatever case, and a total.
    let tag = Tag::parse("SARAH20")?;
    let sale = Sale::new(Money::from_minor(99_99, Currency::USD));

    let creator = creators.get(&tag).ok_or("nobody has this tag")?;
    let candidate = Candidate {
        claim: Claim::Tag(tag),
        credit: creator.credit,
        standing: Standing::Active,
    };
    let claims = [candidate.claim.clone()];
    let attribution = attribute(&claims, &[candidate], &Precedence::default());
    println!("{}", attribution.findings[0]);
    let affiliate = attribution.credit.ok_or("nobody is credited")?.affiliate;
    let case = Case::new(&sale, &terms);
    let decision = decide(&match creator.agreed_rate {
        Some(rate) => case.with_rate_override(rate),
        None => case,
    })?;
    println!("{}", decision.reason);
    let mut balances = Balances::default();
    if let Some(transfer) = movement(affiliate, None, Status::Payable, decision.amount) {
        balances.post(&transfer)?;
    }
    let payable = balances.of(Account::Payable(affiliate), Currency::USD);
    println!("Affiliate {affiliate} can be paid {payable}.");
    Ok(())
}

#[test]
fn it_runs() {
    main().unwrap();
}
