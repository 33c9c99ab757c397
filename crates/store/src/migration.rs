//! The schema, and how it came about.

mod m0001_schema;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// Every migration, oldest first; one that was published never changes.
pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_schema::Migration)]
    }
}
