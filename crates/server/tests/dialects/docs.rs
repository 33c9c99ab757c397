//! The documentation: whole, and at home without a network.

use serde_json::Value;

use crate::{harness::on_both_databases, shop::Shop};

on_both_databases! {
    the_index_leads_to_every_page_and_spec,
    a_page_shows_its_spec_and_asks_nobody_else,
    a_spec_is_that_of_the_repository,
}

const NAMES: [&str; 2] = ["growi", "accrual"];

async fn page(shop: &Shop, path: &str) -> String {
    let answer = shop
        .request("GET", path)
        .without("authorization")
        .send()
        .await;
    assert_eq!(answer.status, 200, "{path}");
    answer.body
}

async fn the_index_leads_to_every_page_and_spec(shop: Shop) {
    let index = page(&shop, "/docs").await;
    asks_nobody_else(&index);
    for path in ["/", "/docs/"] {
        let answer = shop.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/docs"));
    }
    let links: Vec<_> = index.split("href=\"").skip(1).collect();
    assert_eq!(links.len(), 2 * NAMES.len());
    for link in links {
        let (link, _) = link.split_once('"').unwrap();
        page(&shop, link).await;
    }
}

async fn a_page_shows_its_spec_and_asks_nobody_else(shop: Shop) {
    for name in NAMES {
        let html = page(&shop, &format!("/docs/{name}")).await;
        let spec = page(&shop, &format!("/docs/{name}/openapi.json")).await;
        assert!(html.contains(&format!("let spec = {spec};")), "{name}");
        asks_nobody_else(&html);
    }
}

async fn a_spec_is_that_of_the_repository(shop: Shop) {
    for name in NAMES {
        let served: Value =
            serde_json::from_str(&page(&shop, &format!("/docs/{name}/openapi.json")).await)
                .unwrap();
        let folder = env!("CARGO_MANIFEST_DIR");
        let path = format!("{folder}/../../openapi/{name}.json");
        let kept = std::fs::read_to_string(&path).unwrap();
        let kept: Value = serde_json::from_str(&kept).unwrap();
        assert!(served == kept, "{path}: run `cargo xtask spec`");
    }
}

/// What a browser would load by itself: only links that a person follows may lead elsewhere.
fn asks_nobody_else(html: &str) {
    for loads in [
        "src=\"http",
        "src=\"//",
        "src='http",
        "<link",
        "<iframe",
        "@import",
        "url(http",
        "url(//",
        "url(\"http",
    ] {
        assert!(!html.contains(loads), "{loads}");
    }
}
