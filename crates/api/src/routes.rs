//! Everything that is served, under its paths.

use std::sync::{Arc, OnceLock};

use accrual_engine::{Access, Engine, Reports};
use bytes::Bytes;
use poem::{
    Endpoint, IntoEndpoint, Route,
    endpoint::make_sync,
    web::{Html, Redirect},
};
use poem_openapi::{OpenApi, OpenApiService};

use crate::{
    access::Keys,
    currencies::Currencies,
    growi::{self, RateLimits, Usages},
    native,
    shape::{Methods, Shaped},
};

/// What the operations work with.
pub struct Context {
    pub(crate) engine: Arc<Engine>,
    pub(crate) reports: Arc<dyn Reports>,
    pub(crate) access: Arc<dyn Access>,
    pub(crate) keys: Keys,
    pub(crate) currencies: Currencies,
    pub(crate) usages: Usages,
}

impl Context {
    /// Commands go to `engine`, everything else is read from `reports` and `access`.
    pub fn new(engine: Arc<Engine>, reports: Arc<dyn Reports>, access: Arc<dyn Access>) -> Self {
        Self {
            engine,
            reports,
            access,
            keys: Keys::new(),
            currencies: Currencies::new(),
            usages: Usages::new(None),
        }
    }

    /// The same, with the limits that Growi documents for its API.
    #[must_use]
    pub fn with_rate_limits(self, limits: RateLimits) -> Self {
        let usages = Usages::new(Some(limits));
        Self { usages, ..self }
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Context")
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

/// The names of the generated specs.
pub const SPECS: [&str; 2] = ["growi", "accrual"];

/// The OpenAPI document with this name, as JSON.
pub fn spec(name: &str) -> Option<String> {
    match name {
        "growi" => Some(growi::service().spec()),
        "accrual" => Some(native::service().spec()),
        _ => None,
    }
}

/// Every dialect under its base path, and the documentation under `/docs`.
pub fn routes(context: Context) -> impl Endpoint {
    let context = Arc::new(context);
    Route::new()
        .at("/", make_sync(|_| Redirect::see_other("/docs")))
        .at("/docs", make_sync(|_| Html(INDEX)))
        .at("/docs/", make_sync(|_| Redirect::see_other("/docs")))
        .at("/docs/growi", page(growi::service))
        .at("/docs/growi/openapi.json", document(growi::service))
        .at("/docs/accrual", page(native::service))
        .at("/docs/accrual/openapi.json", document(native::service))
        .nest(
            growi::BASE_PATH,
            Shaped {
                service: growi::service().into_endpoint(),
                context: context.clone(),
                methods: Methods::of::<growi::Growi>(),
                say: growi::say,
            },
        )
        .nest(
            native::BASE_PATH,
            Shaped {
                service: native::service().into_endpoint(),
                context,
                methods: Methods::of::<native::Native>(),
                say: native::say,
            },
        )
}

/// A page that browses one spec; all that it needs is in it.
fn page<T: OpenApi + 'static>(service: fn() -> OpenApiService<T, ()>) -> impl Endpoint {
    kept("text/html; charset=utf-8", move || {
        service().swagger_ui_html()
    })
}

/// The spec itself.
fn document<T: OpenApi + 'static>(service: fn() -> OpenApiService<T, ()>) -> impl Endpoint {
    kept("application/json", move || service().spec())
}

/// Written when it is asked for first: a megabyte that most servers never need. Kept as bytes: a
/// further request copies a pointer.
fn kept(
    content_type: &'static str,
    write: impl Fn() -> String + Send + Sync + 'static,
) -> impl Endpoint {
    let bytes = OnceLock::<Bytes>::new();
    make_sync(move |_| {
        poem::Response::builder()
            .content_type(content_type)
            .body(bytes.get_or_init(|| write().into()).clone())
    })
}

const INDEX: &str = include_str!("docs.html");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spec_that_is_named_is_written() {
        for name in SPECS {
            let spec = spec(name).unwrap();
            let spec: serde_json::Value = serde_json::from_str(&spec).unwrap();
            assert!(spec["paths"].is_object(), "{name}");
        }
        assert_eq!(spec("nobody"), None);
    }

    #[test]
    fn no_path_is_written_twice() {
        // Two groups of operations that share a path would each write it.
        let paths = native::Native::meta().into_iter().flat_map(|api| api.paths);
        let mut paths: Vec<String> = paths.map(|path| path.path).collect();
        let all = paths.len();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), all);
    }
}
