//! How each client says it: the dialects, authentication, and the generated specs.
//!
//! Each dialect is one `OpenApiService` under one base path. It parses its requests into commands
//! of the engine and renders what they come to, or why they are refused, in its own words.
//! The dialects never import one another; what they share is in [`mod@wire`] and [`mod@access`].

mod access;
mod currencies;
mod described;
mod growi;
mod native;
mod routes;
mod shape;
mod tag;
mod wire;

pub use access::{Caller, RequestId, Tenant};
pub use growi::RateLimits;
pub use routes::{Context, SPECS, routes, spec};
