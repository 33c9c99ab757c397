//! Both databases keep to the engine's contract, and to what a database adds to it.
//!
//! PostgreSQL is tried if `ACCRUAL_TEST_POSTGRES_URL` names a database of a server on which
//! databases may be made; each test makes one of its own. `ACCRUAL_REQUIRE_POSTGRES=1` fails
//! without it.

#![allow(clippy::unwrap_used)]

#[path = "contract/database.rs"]
mod database;
#[path = "contract/durable.rs"]
mod durable;
#[path = "contract/processes.rs"]
mod processes;

mod sqlite {
    accrual_engine::contract_tests!(crate::database::sqlite);
}

mod postgres {
    accrual_engine::contract_tests!(crate::database::postgres);
}
