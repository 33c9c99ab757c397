//! SQLite goes by the index that finds what is asked for, not by the organization alone, although
//! nobody has analyzed its tables.

use accrual_store::test_database;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};

/// How SQLite finds the rows of a table that this holds for.
async fn plan(connection: &DatabaseConnection, table: &str, condition: &str) -> String {
    let sql = format!(
        "EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE organization_id = 1 AND {condition}"
    );
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let steps = connection.query_all_raw(statement).await.unwrap();
    steps[0].try_get("", "detail").unwrap()
}

#[tokio::test]
async fn whatever_is_looked_up_has_an_index_that_is_used() {
    let database = test_database::new_sqlite().await;
    database.store().await;
    let connection = Database::connect(database.url()).await.unwrap();
    let wanted = "IN (SELECT value FROM json_each('[]'))";
    for (table, column) in [
        ("conversions", "id"),
        ("enrollments", "id"),
        ("enrollments", "tag"),
        ("enrollments", "slug"),
        ("enrollments", "affiliate_id"),
        ("shops", "id"),
        ("promo_codes", "code"),
        ("referrals", "click"),
        ("referrals", "external_user"),
        ("referrals", "customer"),
        ("referrals", "email"),
        ("idempotency_keys", "idempotency_key"),
    ] {
        let plan = plan(&connection, table, &format!("{column} {wanted}")).await;
        let both = format!("(organization_id=? AND {column}=?)");
        assert!(plan.contains(&both), "{table} by {column}: {plan}");
    }
    let condition = format!("platform = 'shopify' AND shop_key {wanted}");
    let by_key = plan(&connection, "shops", &condition).await;
    assert!(by_key.contains("platform=? AND shop_key=?"), "{by_key}");
    let condition = "is_further AND conversion_id = 1 AND sequence > 0";
    let further = plan(&connection, "journal", condition).await;
    assert!(further.contains("journal_further"), "{further}");
    let plan = plan(
        &connection,
        "commissions",
        "liftable AND enrollment_id = 1 AND day >= 'a' AND day <= 'b'",
    );
    let plan = plan.await;
    assert!(
        plan.contains("enrollment_id=? AND day>? AND day<?"),
        "{plan}"
    );
}
