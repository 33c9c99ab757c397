//! How it is kept: SQLite and PostgreSQL through sea-orm.
