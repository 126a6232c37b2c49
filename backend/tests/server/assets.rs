//! The app's files, and the headers of every answer. Whether the app is built does not matter here.

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

/// A person who opens any address of the app gets the app, or is told how to build it.
#[tokio::test]
async fn the_addresses_of_the_app_give_a_page() {
    let server = Parlance::start().await;
    let accept = "text/html,application/xhtml+xml,*/*;q=0.8";
    for path in ["/", "/index.html", "/r/00000000000000ff", "/settings"] {
        let reply = server
            .http(Request::get(path).header("Accept", accept))
            .await;
        assert_eq!(
            reply.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        match reply.status {
            200 => assert_eq!(reply.header("cache-control"), Some("no-cache")),
            503 => assert!(reply.body.contains("cargo xtask run"), "{}", reply.body),
            other => panic!("{path}: {other}"),
        }
    }
}

/// What looks like a file and is none is not the app.
#[tokio::test]
async fn a_file_that_is_not_there_is_not_found() {
    let server = Parlance::start().await;
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

/// Of a built app: the page is checked anew each time, and an unchanged one costs nothing.
#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let server = Parlance::start().await;
    let page = || Request::get("/").header("Accept-Encoding", "br;q=0.9, gzip;q=1.0");
    let reply = server.http(page()).await;
    if reply.status == 503 {
        return; // Without the app there is only the page that says how to build it.
    }
    let etag = reply.header("etag").unwrap();
    assert_eq!(reply.header("vary"), Some("accept-encoding"));
    let again = server.http(page().header("If-None-Match", etag)).await;
    assert_eq!((again.status, &*again.body), (304, ""));
    let plain = server
        .http(Request::get("/").header("If-None-Match", etag))
        .await;
    if reply.header("content-encoding").is_some() {
        assert_eq!(plain.status, 200, "another form is another entity");
    }
    let head = server.http(Request::new("HEAD", "/")).await;
    assert_eq!((head.status, &*head.body), (200, ""));
}
