//! What finds part of a text: trigrams, which each database has its own index of.

/// `btree_gin` lets the index begin with the organization. Whoever owns the database may create both
/// extensions; they come with PostgreSQL's own packages.
pub(super) const POSTGRES: &str = "
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE INDEX searched_by_words ON searched USING gin (organization_id, words gin_trgm_ops);
";

/// The index is a table of its own, which follows the texts by triggers.
pub(super) const SQLITE: &str = "
CREATE VIRTUAL TABLE searched_words USING fts5
    (words, content = 'searched', content_rowid = 'row_number', tokenize = 'trigram case_sensitive 1');
CREATE TRIGGER searched_added AFTER INSERT ON searched BEGIN
    INSERT INTO searched_words (rowid, words) VALUES (new.row_number, new.words);
END;
";
