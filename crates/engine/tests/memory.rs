//! The store in memory keeps the contract.
#![cfg(feature = "contract")]

use accrual_engine::MemoryStore;

async fn empty_store() -> Option<(MemoryStore, ())> {
    Some((MemoryStore::new(), ()))
}

accrual_engine::contract_tests!(empty_store);
accrual_engine::model_test!(empty_store, 1);
