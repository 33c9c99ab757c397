//! Random commands over everything, on a store, against a plain reference.
//!
//! A sequence of up to 60 commands is run through the engine, and what each comes to is compared
//! with what the reference says. At the end all that [`Reports`](crate::Reports) shows is compared,
//! and the journal is run again into an empty store in memory, which must end up the same.

mod any;
mod ask;
mod compare;
mod plan;
mod reference;
mod replayed;
mod run;
mod words;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use proptest_state_machine::ReferenceStateMachine;
use tokio::{runtime::Handle, task::block_in_place};

use super::{Everything, Shared};
use ask::Ask;
use plan::{Plan, Sequences};

/// How many commands a sequence has at most.
const COMMANDS: usize = 60;

/// How many sequences are tried on a store in memory, unless [`SEQUENCES`] says otherwise.
const USUAL_SEQUENCES: u32 = 600;

/// The variable that says how many sequences are tried on a store in memory.
const SEQUENCES: &str = "ACCRUAL_MODEL_SEQUENCES";

/// After how many sequences a new store is made: each has an organization of its own.
const SEQUENCES_A_STORE: usize = 100;

/// Whatever is asked, the engine does what the reference says.
///
/// Of the sequences that are tried in memory, one in `one_in` is tried on this store.
pub async fn random_commands_come_to_what_a_plain_reference_says<M, F, S, G>(make: M, one_in: u32)
where
    M: Fn() -> F,
    F: Future<Output = Option<(S, G)>>,
    S: Everything + 'static,
{
    let Some(first) = make().await else {
        println!("skipped: there is no store to try it on");
        return;
    };
    let mut stores = vec![first];
    let mut shared: Option<(Shared, G)> = None;
    let tried = AtomicUsize::new(0);
    let sequences = Sequences::sequential_strategy(1..=COMMANDS);
    let _ = (&mut stores, &mut shared, &sequences, &tried, one_in);
}
