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
    fmt::Write,
    future::Future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use proptest_state_machine::ReferenceStateMachine;
use tokio::runtime::Builder;

use super::{Everything, Shared};
use any::made;
use ask::Ask;
use plan::{Plan, Sequences};

/// How many commands a sequence has at most.
const COMMANDS: usize = 60;

/// How many sequences are tried in memory, unless [`SEQUENCES`] says otherwise.
const USUAL_SEQUENCES: u32 = 600;

/// The variable that says how many sequences are tried in memory.
const SEQUENCES: &str = "ACCRUAL_MODEL_SEQUENCES";

/// The variable that says what the sequences are drawn from: others with each number.
const SEED: &str = "ACCRUAL_MODEL_SEED";

/// After how many sequences a new store is made; until then each has an organization of its own.
const SEQUENCES_A_STORE: usize = 100;

/// Whatever is asked, the engine does what the reference says.
///
/// Of as many sequences as are tried in memory, one in `one_in` is tried on the stores of `make`.
pub fn whatever_is_asked_the_engine_does_what_a_plain_reference_says<F, S, G>(
    make: impl Fn() -> F,
    one_in: u32,
) where
    F: Future<Output = Option<(S, G)>>,
    S: Everything + 'static,
{
    // On one thread it is certain what comes together, so that a failure comes again.
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let Some(first) = runtime.block_on(make()) else {
        println!("skipped: there is no store to try it on");
        return;
    };
    let stores = Stores {
        make,
        present: Mutex::new((Arc::new(first.0) as Shared, first.1)),
        tried: AtomicUsize::new(0),
    };
    let config = Config {
        cases: number(SEQUENCES).unwrap_or(USUAL_SEQUENCES) / one_in,
        rng_seed: RngSeed::Fixed(u64::from(number(SEED).unwrap_or(1))),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let sequences = Sequences::sequential_strategy(1..=COMMANDS);
    let tried = TestRunner::new(config).run(&sequences, |(plan, asks, seen)| {
        let seen = seen.unwrap_or_default();
        runtime.block_on(async {
            let (store, name) = stores.next().await;
            let ran = run::run(store, &name, &plan, &asks, &seen).await;
            ran.map_err(|mismatch| TestCaseError::fail(mismatch.to_string()))
        })
    });
    match tried {
        Ok(()) => {}
        Err(TestError::Fail(reason, (plan, asks, _))) => panic!("{}", told(&reason, &plan, &asks)),
        Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
    }
}

fn number(variable: &str) -> Option<u32> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
    )
}

/// The stores that sequences are tried on, one after the other.
struct Stores<M, G> {
    make: M,
    present: Mutex<(Shared, G)>,
    tried: AtomicUsize,
}

impl<M, F, S, G> Stores<M, G>
where
    M: Fn() -> F,
    F: Future<Output = Option<(S, G)>>,
    S: Everything + 'static,
{
    /// A store, and the name of an organization that it does not have.
    async fn next(&self) -> (Shared, String) {
        let tried = self.tried.fetch_add(1, Ordering::Relaxed) + 1;
        if tried.is_multiple_of(SEQUENCES_A_STORE) {
            let (store, guard) = (self.make)().await.expect("there was one before");
            *self.present.lock().unwrap() = (Arc::new(store), guard);
        }
        let store = self.present.lock().unwrap().0.clone();
        (store, format!("Sequence {tried}"))
    }
}

/// A sequence that fails, in words.
fn told(reason: &impl std::fmt::Display, plan: &Plan, asks: &[Ask]) -> String {
    let mut told = format!("in {}, {}:\n", plan.zone, plan.now);
    for asked in made(&plan.terms) {
        let _ = writeln!(told, "  {:?}", Ask::Command(Box::new(asked)));
    }
    for (ask, number) in asks.iter().zip(1..) {
        let _ = writeln!(told, "{number}. {ask:?}");
    }
    let _ = write!(told, "then {reason}");
    told
}
