//! What the specs declare: no answer may be another one.

use std::{collections::HashMap, sync::LazyLock};

use serde_json::Value;

/// The specs in openapi/, by the path that they are served under.
static SPECS: LazyLock<HashMap<&str, Value>> = LazyLock::new(|| {
    let read = |text| serde_json::from_str(text).unwrap();
    HashMap::from([
        (
            "/api/public/v1",
            read(include_str!("../../../../openapi/growi.json")),
        ),
        (
            "/accrual/v1",
            read(include_str!("../../../../openapi/accrual.json")),
        ),
    ])
});

/// Fails unless the spec of the operation declares `status`; what is no operation is not looked at.
pub(crate) fn check(method: &str, path: &str, status: u16) {
    let path = path.split('?').next().unwrap_or_default();
    for (base, spec) in &*SPECS {
        let Some(path) = path.strip_prefix(base) else {
            continue;
        };
        let paths = spec["paths"].as_object().unwrap();
        let operation = paths
            .iter()
            .find(|(template, _)| fits(template, path))
            .and_then(|(_, methods)| methods.get(method.to_ascii_lowercase()));
        if let Some(operation) = operation {
            let is_declared = operation["responses"].get(status.to_string()).is_some();
            assert!(is_declared, "{method} {path} does not declare {status}");
        }
    }
}

/// Whether `path` is one of `template`, in which `{id}` is any one part.
fn fits(template: &str, path: &str) -> bool {
    let (parts, given) = (template.split('/'), path.split('/'));
    parts.clone().count() == given.clone().count()
        && parts
            .zip(given)
            .all(|(part, given)| part.starts_with('{') || part == given)
}
