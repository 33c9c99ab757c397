//! What SQLite's planner must be told of the tables.
//!
//! Without statistics SQLite takes an organization for ten rows, and reads them all rather than look
//! some up by another index. These say that organizations are large: rows in all, rows of one
//! organization, then rows for each further column of the index. What matters is which is more.

pub(super) const STATISTICS: &str = "
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('enrollments', 'enrollments', '1000000 100000 1'),
    ('enrollments', 'sqlite_autoindex_enrollments_2', '1000000 100000 1'),
    ('enrollments', 'sqlite_autoindex_enrollments_3', '1000000 100000 10 1'),
    ('enrollments', 'enrollments_by_program', '1000000 100000 10000 1'),
    ('enrollments', 'enrollments_by_slug', '1000000 100000 1'),
    ('shops', 'shops', '1000000 100000 1'),
    ('shops', 'sqlite_autoindex_shops_2', '1000000 100000 100000 1'),
    ('promo_codes', 'promo_codes', '1000000 100000 1'),
    ('promo_codes', 'sqlite_autoindex_promo_codes_2', '1000000 100000 1'),
    ('referrals', 'referrals', '1000000 100000 1'),
    ('referrals', 'referrals_by_click', '1000000 100000 2'),
    ('referrals', 'referrals_by_external_user', '1000000 100000 2'),
    ('referrals', 'referrals_by_customer', '1000000 100000 2'),
    ('referrals', 'referrals_by_email', '1000000 100000 2'),
    ('journal', 'sqlite_autoindex_journal_1', '1000000 100000 1'),
    ('journal', 'journal_further', '100000 10000 2 1'),
    ('conversions', 'conversions', '1000000 100000 1'),
    ('conversions', 'sqlite_autoindex_conversions_2', '1000000 100000 2 1'),
    ('conversions', 'conversions_by_stage', '1000000 100000 20000 1000 2 1'),
    ('conversions', 'conversions_by_program', '1000000 100000 20000 5000 200 2 1'),
    ('conversions', 'conversions_by_enrollment', '1000000 100000 1000 500 10 2 1'),
    ('conversions', 'conversions_by_sub_id', '1000000 100000 20 2'),
    ('conversions', 'conversions_by_words', '1000000 100000 2'),
    ('searched', 'sqlite_autoindex_searched_1', '1000000 100000 1'),
    ('searched', 'searched_by_address', '1000000 100000 2'),
    ('commissions', 'commissions', '1000000 100000 2 1'),
    ('commissions', 'commissions_liftable', '1000000 100000 1000 10'),
    ('commissions', 'commissions_held', '1000000 100000 2 2');
ANALYZE sqlite_schema;
";
