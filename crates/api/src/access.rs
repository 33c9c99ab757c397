//! Who calls: a key, and what it opens.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use accrual_engine::{Access, Actor, ApiKey, KeyHash, OrgId, Role, StoreError, Submission, Text};
use accrual_engine::{Command, Idempotency};
use poem::{Request, error::ResponseError, http::StatusCode};
use poem_openapi::auth::Bearer;

use crate::Context;

/// The id of a request, for the journal; the server puts it into the request's extensions.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Whose key a request brought; the API puts it into the answer's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenant(pub OrgId);

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The organization that the key opens.
    pub organization: OrgId,
    role: Role,
    actor: Actor,
    request_id: Text,
}

impl Caller {
    /// Who it is, for the journal.
    pub(crate) fn actor(&self) -> Actor {
        self.actor
    }

    /// A command of this caller's.
    pub(crate) fn submission(
        &self,
        command: Command,
        idempotency: Option<Idempotency>,
    ) -> Submission {
        let (actor, request_id) = (self.actor, self.request_id.clone());
        Submission {
            command,
            actor,
            request_id,
            idempotency,
        }
    }
}

/// Why a request is not let in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The key is not known, or no longer.
    #[error("Not Authenticated")]
    Unknown,
    /// The key is for reading only.
    #[error("This key is for reading only.")]
    ReadOnly,
    /// Keys cannot be looked up at the moment.
    #[error("Unavailable at the moment: try again.")]
    Unavailable,
}

impl ResponseError for Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::UNAUTHORIZED,
            Self::ReadOnly => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// Where the organization of a request is left for the answer, and for the log.
#[derive(Clone, Default)]
pub(crate) struct TenantSlot(Arc<OnceLock<OrgId>>);

impl TenantSlot {
    pub(crate) fn tenant(&self) -> Option<Tenant> {
        self.0.get().copied().map(Tenant)
    }
}

/// Finds out who sends `request`.
pub(crate) async fn authenticate(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    let context: &Arc<Context> = request
        .data()
        .ok_or(Refusal::Unavailable)
        .map_err(poem::Error::from)?;
    let key = context
        .keys
        .look_up(&*context.access, &bearer.token)
        .await
        .map_err(|error| {
            tracing::error!(%error, "keys cannot be looked up");
            Refusal::Unavailable
        })?;
    let key = key.ok_or(Refusal::Unknown)?;
    if let Some(TenantSlot(slot)) = request.data() {
        // One request has one key.
        let _ = slot.set(key.organization);
    }
    let request_id = request.data::<RequestId>().map(|RequestId(id)| id.clone());
    let request_id = request_id.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
    Ok(Caller {
        organization: key.organization,
        role: key.role,
        actor: Actor::Key(key.id),
        request_id: Text::parse(request_id).map_err(|_| Refusal::Unknown)?,
    })
}

/// Finds out who sends `request`, which is going to change something; before its body is read.
pub(crate) async fn authorize_to_write(request: &Request, bearer: Bearer) -> poem::Result<Caller> {
    let caller = authenticate(request, bearer).await?;
    match caller.role {
        Role::Full => Ok(caller),
        Role::ReadOnly => Err(Refusal::ReadOnly.into()),
    }
}

/// Keys that were seen lately: a request need not ask the database who sends it.
pub(crate) struct Keys {
    seen: Mutex<HashMap<KeyHash, (ApiKey, Instant)>>,
}

impl Keys {
    /// For how long a key is believed: so long may a revoked one still work.
    const BELIEVED: Duration = Duration::from_secs(2);
    /// How many are remembered at most.
    const LIMIT: usize = 10_000;

    pub(crate) fn new() -> Self {
        Self {
            seen: Mutex::new(HashMap::new()),
        }
    }

    async fn look_up(&self, access: &dyn Access, key: &str) -> Result<Option<ApiKey>, StoreError> {
        let hash = KeyHash::of(key);
        if let Some(key) = self.lately(hash) {
            return Ok(Some(key));
        }
        let found = access.authenticate(hash).await?;
        if let Some(key) = &found {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.len() >= Self::LIMIT {
                seen.clear();
            }
            seen.insert(hash, (key.clone(), Instant::now()));
        }
        Ok(found)
    }

    fn lately(&self, hash: KeyHash) -> Option<ApiKey> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (key, since) = seen.get(&hash)?;
        (since.elapsed() < Self::BELIEVED).then(|| key.clone())
    }
}
