//! The whole engine in one process: a sale is reported twice, counts once, and is explained.

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

    for entry in store.history(org, ConversionId::new(1)).await? {
        if let Some(reported) = record::Outcome::parse(&entry.outcome)?.decision()? {
            println!("{}", reported.words().join("\n"));
        }
    }
    for (account, amount) in store.balances(org, AffiliateId::new(1)).await? {
        println!("In the account {account}: {amount}");
    }
    engine.shut_down().await;
    Ok(())
}

/// A program at 5 %, held for 30 days, and an affiliate in it. Numbers are given in order, from 1.
fn set_up(tag: Tag) -> Result<[Command; 3], Box<dyn Error>> {
    let terms = TermsDraft {
        currency: Currency::USD,
        incentives: vec![Incentive::new(Pay::Share(Rate::parse_percent("5")?))],
        hold_days: 30,
    };
    let (summer, sarah) = (Text::parse("Summer")?, Text::parse("Sarah")?);
    Ok([
        Command::CreateProgram {
            name: summer,
            terms,
        },
        Command::CreateAffiliate {
            name: sarah,
            email: None,
        },
        Command::Enroll {
            affiliate: AffiliateId::new(1),
            program: ProgramId::new(1),
            tag,
            rate: None,
        },
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
