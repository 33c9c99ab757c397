//! An organization for one test: nobody else's numbers, references and keys.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use accrual_engine::{KeyHash, NewOrganization, OrgId, Role, Text, Zone};
use accrual_money::Currency;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Request},
    harness::{NOW, Server},
};

pub(crate) struct Shop {
    pub(crate) server: Arc<Server>,
    pub(crate) organization: OrgId,
    /// A key that may write.
    pub(crate) key: String,
    /// One that may not.
    pub(crate) read_only_key: String,
}

impl Shop {
    /// A new organization, without anything in it.
    pub(crate) async fn open(server: Arc<Server>) -> Self {
        Self::open_in(server, Zone::utc()).await
    }

    /// The same, whose days begin where they do in `zone`.
    pub(crate) async fn open_in(server: Arc<Server>, zone: Zone) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let organization = NewOrganization {
            name: Text::parse(format!("Shop {number}")).unwrap(),
            currency: Currency::USD,
            zone,
        };
        let made = server.access.create_organization(organization, NOW).await;
        let organization = made.unwrap().unwrap().id;
        let key = add_key(&server, organization, number, Role::Full).await;
        let read_only_key = add_key(&server, organization, number, Role::ReadOnly).await;
        Self {
            server,
            organization,
            key,
            read_only_key,
        }
    }

    /// Another organization on the same server.
    pub(crate) async fn neighbour(&self) -> Self {
        Self::open(Arc::clone(&self.server)).await
    }

    /// A request with the key and a JSON body to come.
    pub(crate) fn request(&self, method: &'static str, path: &str) -> Request {
        Request::new(self.server.address, method, path)
            .header("authorization", format!("Bearer {}", self.key))
            .header("content-type", "application/json")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send().await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request("POST", path);
        request.body(body.to_string()).send().await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        let request = self.request("PATCH", path);
        request.body(body.to_string()).send().await
    }

    /// Makes something that must succeed, and answers it.
    pub(crate) async fn make(&self, path: &str, body: Value) -> Value {
        let answer = self.post(path, &body).await;
        assert_eq!(answer.status, 201, "{path} {body}: {answer}");
        answer.json()
    }

    /// Program 1 pays 5 % in USD; affiliate 1 is in it by enrollment 1, with the tag `summer2025`.
    pub(crate) async fn with_an_affiliate(self) -> Self {
        let program =
            json!({ "name": "Five", "currency": "USD", "incentives": [{ "percent": "5" }] });
        self.make("/accrual/v1/programs", program).await;
        self.make("/accrual/v1/affiliates", json!({ "name": "Ada" }))
            .await;
        let enrollment = json!({ "affiliate_id": 1, "program_id": 1, "tag": "SUMMER2025" });
        self.make("/accrual/v1/enrollments", enrollment).await;
        self
    }
}

async fn add_key(server: &Server, organization: OrgId, number: u32, role: Role) -> String {
    let key = format!("key-{number}-{role:?}");
    let name = Text::parse(key.clone()).unwrap();
    let hash = KeyHash::of(&key);
    let added = server
        .access
        .add_key(organization, name, role, hash, NOW)
        .await;
    added.unwrap().unwrap();
    key
}

/// `base` with the fields of `changes` in place of its own.
pub(crate) fn with(mut base: Value, changes: Value) -> Value {
    let (Some(fields), Value::Object(changes)) = (base.as_object_mut(), changes) else {
        panic!("not two objects")
    };
    fields.extend(changes);
    base
}

/// `base` without a field.
pub(crate) fn lacking(mut base: Value, field: &str) -> Value {
    base.as_object_mut().unwrap().remove(field);
    base
}
