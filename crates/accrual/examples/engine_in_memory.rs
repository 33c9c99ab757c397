//! The whole engine in one process: a sale is reported twice, counts once, is refunded in part, and
//! is explained.

use std::{error::Error, sync::Arc};

use accrual::{attribution::*, commission::*, engine::*, money::*};
use time::OffsetDateTime;

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let store = Arc::new(MemoryStore::new());
    let options = EngineOptions::default();
    let engine = Engine::new(store.clone(), Arc::new(SystemClock), options);
    let shop = NewOrganization {
        name: Text::parse("The shop")?,
        currency: Currency::USD,
        zone: Zone::parse("America/New_York")?,
    };
    let made = store.create_organization(shop, SystemClock.now()).await?;
    let org = made.ok_or("the name is taken")?.id;

    let tag = Tag::parse("SUMMER2025")?;
    for command in set_up(tag.clone())? {
        engine.submit(org, by_operator(command)?).await?;
    }
    let mut facts = Facts::new(Source::parse("checkout")?, Reference::parse("ORD-12345")?);
    facts.claims = vec![Claim::Tag(tag)];
    facts.total = Some(Money::from_minor(99_99, Currency::USD));
    let report = by_operator(Command::Report(Box::new(facts)))?;
    for _ in 0..2 {
        let answer = engine.submit(org, report.clone()).await?;
        println!("Known already: {}", answer.replay != Replay::No);
    }

    let refund = Command::Refund(Refund {
        conversion: ConversionId::new(1),
        kind: RefundKind::Refund,
        amount: Some(Money::from_minor(30_00, Currency::USD)),
        at: None,
        note: None,
    });
    engine.submit(org, by_operator(refund)?).await?;

    let explained = explain(&*store, org, ConversionId::new(1)).await?;
    for chapter in explained.ok_or("there is no conversion")?.chapters {
        println!("{}", chapter.words.join("\n"));
    }
    for (account, amount) in store.balances(org, AffiliateId::new(1), None).await? {
        println!("In the account {account}: {amount}");
    }
    engine.shut_down().await;
    Ok(())
}

/// A program at 5 %, from the second payment of a customer on at 2.5 %, held for 30 days, and an
/// affiliate in it. Numbers are given in order, from 1.
fn set_up(tag: Tag) -> Result<[Command; 3], Box<dyn Error>> {
    let renewals = Step {
        from: StepStart::Payment(2.try_into()?),
        pay: Pay::Share(Rate::parse_percent("2.5")?),
    };
    let incentive = Incentive {
        steps: vec![renewals],
        ..Incentive::new(Pay::Share(Rate::parse_percent("5")?))
    };
    let mut terms = TermsDraft::new(Currency::USD, vec![incentive]);
    terms.rules.hold_days = 30;
    Ok([
        Command::CreateProgram {
            name: Text::parse("Summer")?,
            terms,
            is_ambassador: false,
        },
        Command::CreateAffiliate {
            name: Text::parse("Sarah")?,
            email: None,
            customer: None,
        },
        Command::Enroll(Enrolling {
            affiliate: AffiliateId::new(1),
            program: ProgramId::new(1),
            tag,
            slug: None,
            recruiter: None,
            rate: None,
        }),
    ])
}

fn by_operator(command: Command) -> Result<Submission, TextError> {
    Ok(Submission {
        command,
        actor: Actor::Operator,
        request_id: Text::parse("example")?,
        idempotency: None,
    })
}

#[test]
fn it_runs() {
    main().unwrap();
}
