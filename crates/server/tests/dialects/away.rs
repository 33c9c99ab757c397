//! A database that is away: what was asked can be sent again.

use std::sync::Arc;

use accrual_engine::{
    Access, ApiKey, KeyHash, KeyId, Loaded, MemoryStore, Needs, NewOrganization, OrgId,
    Organization, Role, Session, Store, StoreError, Text,
};
use accrual_server::{
    configuration::{Configuration, Settings, Source},
    health::AlwaysReady,
    serving::Opened,
};
use async_trait::async_trait;
use serde_json::json;
use time::OffsetDateTime;

use crate::{client::Request, harness::Server, shop::Shop};

struct Away;

fn away<T>() -> Result<T, StoreError> {
    let reason = "on purpose".to_owned();
    Err(StoreError::Unavailable { reason })
}

#[async_trait]
impl Store for Away {
    async fn begin(&self, _: OrgId) -> Result<Box<dyn Session>, StoreError> {
        away()
    }

    async fn look(&self, _: OrgId, _: &Needs) -> Result<Loaded, StoreError> {
        away()
    }
}

#[async_trait]
impl Access for Away {
    async fn create_organization(
        &self,
        _: NewOrganization,
        _: OffsetDateTime,
    ) -> Result<Option<Organization>, StoreError> {
        away()
    }

    async fn organizations(&self) -> Result<Vec<Organization>, StoreError> {
        away()
    }

    async fn add_key(
        &self,
        _: OrgId,
        _: Text,
        _: Role,
        _: KeyHash,
        _: OffsetDateTime,
    ) -> Result<Option<ApiKey>, StoreError> {
        away()
    }

    async fn keys(&self, _: OrgId) -> Result<Vec<ApiKey>, StoreError> {
        away()
    }

    async fn revoke_key(&self, _: OrgId, _: KeyId, _: OffsetDateTime) -> Result<bool, StoreError> {
        away()
    }

    async fn authenticate(&self, _: KeyHash) -> Result<Option<ApiKey>, StoreError> {
        away()
    }
}

async fn serve(store: Arc<dyn Store>, access: Arc<dyn Access>) -> Server {
    let opened = Opened {
        store,
        reports: Arc::new(MemoryStore::new()),
        access,
        readiness: Arc::new(AlwaysReady),
    };
    let configuration = Configuration::load(Settings::default(), &Source::default()).unwrap();
    Server::serve(opened, configuration.http, None).await
}

const SALE: &str = r#"{"order_id":"1","currency":"usd","total":1,"campaign_affiliate_id":"a"}"#;
const AFFILIATE: &str = r#"{"name":"Ada"}"#;

#[tokio::test]
async fn what_cannot_be_kept_can_be_sent_again() {
    let server = serve(Arc::new(Away), Arc::new(MemoryStore::new())).await;
    let shop = Shop::open(Arc::new(server)).await;
    let sale = shop.request("POST", "/api/public/v1/affiliate_sales");
    let answer = sale.body(SALE).send().await;
    let said = r#"503 {"error":"Service temporarily unavailable. Please try again."}"#;
    assert_eq!(answer.to_string(), said);
    assert_eq!(answer.header("retry-after"), "1");

    let affiliate = shop.request("POST", "/accrual/v1/affiliates");
    let answer = affiliate.body(AFFILIATE).send().await;
    let said = json!({
        "type": "urn:accrual:problem:unavailable",
        "title": "Unavailable at the moment",
        "status": 503,
        "detail": "Nothing is lost: send the same request again."
    });
    assert_eq!((answer.status, answer.json()), (503, said));
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn a_key_that_cannot_be_looked_up_is_not_called_unknown() {
    let server = serve(Arc::new(MemoryStore::new()), Arc::new(Away)).await;
    let paths = ["/api/public/v1/affiliate_sales", "/accrual/v1/affiliates"];
    for (path, body) in paths.into_iter().zip([SALE, AFFILIATE]) {
        let request = Request::new(server.address, "POST", path)
            .header("authorization", "Bearer key")
            .header("content-type", "application/json");
        let answer = request.body(body).send().await;
        assert_eq!(answer.status, 503, "{answer}");
        assert_eq!(answer.header("www-authenticate"), "");
        let said = answer.json();
        let words = said["error"].as_str().or(said["detail"].as_str());
        assert_eq!(words, Some("Unavailable at the moment: try again."));
    }
}
