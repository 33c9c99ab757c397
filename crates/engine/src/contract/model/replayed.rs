//! The journal, run again into an empty store in memory.

use std::sync::Arc;

use time::OffsetDateTime;

use super::{
    compare::{self, Mismatch, same},
    plan::Plan,
    reference::Reference,
    run::{SetClock, engine, new_organization},
};
use crate::{Command, Entry, Head, MemoryStore, OrgId, Submission, Text, contract::Shared, record};

/// Runs what `org` has in its journal again, and compares everything, value for value.
pub(super) async fn replay(
    store: &Shared,
    org: OrgId,
    reference: &Reference,
    plan: &Plan,
) -> Result<(), Mismatch> {
    let memory: Shared = Arc::new(MemoryStore::new());
    let again = new_organization(&memory, "Again", plan).await;
    let clock = SetClock::at(plan.now);
    let engine = engine(&memory, &clock);
    let entries = compare::entries(store, org).await;
    let mut matured: Option<(OffsetDateTime, Text)> = None;
    for entry in &entries {
        let command = record::Command::parse(&entry.command).unwrap();
        // What a command has led to is led to again.
        let Some(command) = command.read().unwrap() else {
            continue;
        };
        // One command lets all mature that are due, each by an entry.
        let asked = (command == Command::Mature).then(|| (entry.at, entry.request_id.clone()));
        if asked.is_some() && asked == matured {
            continue;
        }
        matured = asked;
        clock.set(entry.at);
        let answer = engine.submit(again, submission(entry, command)).await;
        if let Err(error) = answer {
            let about = format!("entry {}, run again", entry.sequence);
            return Err(Mismatch {
                about,
                says: format!("{error}\n{}", entry.command),
            });
        }
    }
    same(
        "the journal, run again",
        &entries,
        &compare::entries(&memory, again).await,
    )?;
    let head = store.head(org).await.unwrap().unwrap();
    let expected = Head {
        organization: again,
        ..head
    };
    let head = memory.head(again).await.unwrap().unwrap();
    same("the head, run again", &expected, &head)?;
    for affiliate in reference.shown_affiliates() {
        let expected = compare::transfers(store, org, affiliate.id).await;
        let found = compare::transfers(&memory, again, affiliate.id).await;
        same("the transfers, run again", &expected, &found)?;
    }
    compare::everything(&memory, again, reference).await
}

fn submission(entry: &Entry, command: Command) -> Submission {
    Submission {
        command,
        actor: entry.actor,
        request_id: entry.request_id.clone(),
        idempotency: None,
    }
}
