//! The app's files, and the headers of every answer.

use rust_embed::RustEmbed;

use crate::support::Parlance;
use crate::support::http::Request;

/// Every answer carries the security headers, errors included.
#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = Parlance::start().await;
    for request in [
        Request::get("/"),
        Request::get("/healthz"),
        Request::get("/api/session"),
        Request::get("/api/nothing"),
        Request::get("/ws"),
        Request::get("/nothing.js"),
        Request::new("DELETE", "/"),
        Request::post_json("/api/session", "{"),
        Request::post_json("/api/session", r#"{"name":"Ada"}"#),
    ] {
        let reply = server.http(request.clone()).await;
        let policy = reply.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe-inline"));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{request:?}");
        }
        assert!(reply.header("permissions-policy").is_some());
    }
}

/// What is under `/api` is never kept by a browser.
#[tokio::test]
async fn answers_about_a_person_are_not_cached() {
    let server = Parlance::start().await;
    for path in ["/api/session", "/api/nothing", "/healthz", "/readyz"] {
        let reply = server.http(Request::get(path)).await;
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
    }
}

/// A page with a compressed form, and a file that changes its name with its content.
#[derive(RustEmbed)]
#[folder = "tests/server/app"]
struct App;

async fn with_app() -> Parlance {
    Parlance::start_with(|config| config.dist = App::get).await
}

const ADDRESSES: [&str; 4] = ["/", "/index.html", "/r/00000000000000ff", "/settings"];

fn page(path: &str) -> Request {
    Request::get(path).header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
}

/// A person who opens any address of the app gets the app.
#[tokio::test]
async fn the_addresses_of_the_app_give_a_page() {
    let server = with_app().await;
    for path in ADDRESSES {
        let reply = server.http(page(path)).await;
        assert_eq!(reply.status, 200);
        assert_eq!(
            reply.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert_eq!(reply.header("cache-control"), Some("no-cache"));
        assert!(reply.body.contains("the app of a test"), "{}", reply.body);
    }
}

/// A server without the app tells how to build it.
#[tokio::test]
async fn without_the_app_a_page_tells_how_to_build_it() {
    let server = Parlance::start().await;
    for path in ADDRESSES {
        let reply = server.http(page(path)).await;
        assert_eq!(reply.status, 503);
        assert!(reply.body.contains("cargo xtask run"), "{}", reply.body);
    }
}

/// What looks like a file and is none is not the app.
#[tokio::test]
async fn a_file_that_is_not_there_is_not_found() {
    let server = with_app().await;
    for path in [
        "/nothing.js",
        "/assets/nothing.css",
        "/../Cargo.toml",
        "/index.html.br",
    ] {
        let reply = server
            .http(Request::get(path).header("Accept", "text/html"))
            .await;
        assert_eq!(reply.status, 404, "{path}");
    }
    let post = Request::new("POST", "/").body("");
    assert_eq!(server.http(post).await.status, 405);
}

/// The page is checked anew each time, and an unchanged one costs nothing.
#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let server = with_app().await;
    let page = || Request::get("/").header("Accept-Encoding", "br;q=0.9, gzip;q=1.0");
    let reply = server.http(page()).await;
    assert_eq!(reply.header("content-encoding"), Some("br"));
    assert_eq!(reply.header("vary"), Some("accept-encoding"));
    let etag = reply.header("etag").unwrap();
    let again = server.http(page().header("If-None-Match", etag)).await;
    assert_eq!((again.status, &*again.body), (304, ""));
    let plain = server
        .http(Request::get("/").header("If-None-Match", etag))
        .await;
    assert_eq!(plain.status, 200, "another form is another entity");
    let head = server.http(Request::new("HEAD", "/")).await;
    assert_eq!((head.status, &*head.body), (200, ""));
}

/// A file whose name changes with its content is kept for good.
#[tokio::test]
async fn a_file_of_one_content_is_kept() {
    let server = with_app().await;
    let reply = server.http(Request::get("/assets/app-1.js")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("content-type"),
        Some("text/javascript; charset=utf-8")
    );
    let caching = reply.header("cache-control").unwrap();
    assert!(caching.contains("immutable"), "{caching}");
}
