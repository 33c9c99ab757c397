//! Both databases keep to the engine's contract, and to what a database adds to it.
//!
//! Each test makes a database of its own: `accrual_store::test_database`.

#![allow(clippy::unwrap_used)]

#[path = "contract/durable.rs"]
mod durable;
#[path = "contract/plans.rs"]
mod plans;
#[path = "contract/processes.rs"]
mod processes;

mod sqlite {
    accrual_engine::contract_tests!(accrual_store::test_database::sqlite);
    accrual_engine::model_test!(accrual_store::test_database::sqlite, 10);
}

mod postgres {
    accrual_engine::contract_tests!(accrual_store::test_database::postgres);
    accrual_engine::model_test!(accrual_store::test_database::postgres, 25);
}
