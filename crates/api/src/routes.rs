//! Everything that is served, under its paths.

use std::sync::Arc;

use accrual_engine::{Access, Engine, Reports};
use poem::{
    Endpoint, IntoEndpoint, Route,
    endpoint::make_sync,
    web::{Html, Redirect},
};
use poem_openapi::OpenApiService;

use crate::{
    access::Keys,
    growi, native,
    shape::{Methods, Shaped},
};

/// What the operations work with.
pub struct Context {
    pub(crate) engine: Arc<Engine>,
    pub(crate) reports: Arc<dyn Reports>,
    pub(crate) access: Arc<dyn Access>,
    pub(crate) keys: Keys,
}

impl Context {
    /// Commands go to `engine`, everything else is read from `reports` and `access`.
    pub fn new(engine: Arc<Engine>, reports: Arc<dyn Reports>, access: Arc<dyn Access>) -> Self {
        Self {
            engine,
            reports,
            access,
            keys: Keys::new(),
        }
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
    let growi = growi::service();
    let native = native::service();
    Route::new()
        .at("/", make_sync(|_| Redirect::see_other("/docs")))
        .at("/docs", make_sync(|_| Html(INDEX)))
        .at("/docs/", make_sync(|_| Redirect::see_other("/docs")))
        .at("/docs/growi", page(&growi))
        .at("/docs/growi/openapi.json", document(&growi))
        .at("/docs/accrual", page(&native))
        .at("/docs/accrual/openapi.json", document(&native))
        .nest(
            growi::BASE_PATH,
            Shaped {
                service: growi.into_endpoint(),
                context: context.clone(),
                methods: Methods::of::<growi::Growi>(),
                say: growi::say,
            },
        )
        .nest(
            native::BASE_PATH,
            Shaped {
                service: native.into_endpoint(),
                context,
                methods: Methods::of::<native::Native>(),
                say: native::say,
            },
        )
}

/// A page that browses one spec; all that it needs is in it.
fn page<T: poem_openapi::OpenApi + 'static>(
    service: &OpenApiService<T, ()>,
) -> impl Endpoint + use<T> {
    kept("text/html; charset=utf-8", service.swagger_ui_html())
}

/// The spec itself.
fn document<T: poem_openapi::OpenApi + 'static>(
    service: &OpenApiService<T, ()>,
) -> impl Endpoint + use<T> {
    kept("application/json", service.spec())
}

/// Kept as bytes: a request copies a pointer, not a megabyte.
fn kept(content_type: &'static str, text: String) -> impl Endpoint {
    let bytes = bytes::Bytes::from(text);
    make_sync(move |_| {
        poem::Response::builder()
            .content_type(content_type)
            .body(bytes.clone())
    })
}

const INDEX: &str = include_str!("docs.html");
