//! Each way of setting a proxy up wrongly is found by its name, and mended by the lines that are printed.

use shared::limits;
use tokio::net::TcpStream;

use crate::configuration::{Configuration, Kind};
use crate::doctor::{Said, look, told};
use crate::proxy::Proxy;
use crate::server::support::Parlance;
use crate::server::support::client::Client;

/// A server whose files are small, so that a large one is sent at once.
async fn server() -> Parlance {
    Parlance::start_with(|config| config.files.file_bytes = 2 * 1024 * 1024).await
}

async fn look_through(configuration: &Configuration, server: &Parlance) -> Said {
    let proxy = Proxy::start(configuration, server.address()).await;
    look(&format!("http://{}", proxy.address), None).await
}

/// Nothing is found.
async fn is_well(configuration: Configuration) {
    let server = server().await;
    let said = look_through(&configuration, &server).await;
    assert_eq!((said.code, said.names()), (0, vec![]), "{said:?}");
}

/// This is found, and nothing else; with the printed lines in it, nothing.
async fn is_found_and_mended(mut configuration: Configuration, expected: &[&str]) {
    let server = server().await;
    let said = look_through(&configuration, &server).await;
    assert_eq!(
        (said.code, said.names()),
        (1, expected.to_vec()),
        "{said:?}"
    );
    let mine = match configuration.kind {
        Kind::Nginx => "nginx",
        Kind::Haproxy => "haproxy",
    };
    for finding in &said.findings {
        let remedies = finding.remedies.iter();
        let mut remedies = remedies.filter(|remedy| remedy.proxy == mine).peekable();
        assert!(remedies.peek().is_some(), "no lines for {}", finding.name);
        for remedy in remedies {
            configuration.apply(remedy);
        }
    }
    let said = look_through(&configuration, &server).await;
    assert_eq!((said.code, said.names()), (0, vec![]), "{configuration:?}");
}

#[tokio::test]
async fn a_server_without_a_proxy_is_well() {
    let server = server().await;
    let said = look(&format!("http://{}", server.address()), None).await;
    assert_eq!((said.code, said.names()), (0, vec![]), "{said:?}");
}

#[tokio::test]
async fn a_good_nginx_is_well() {
    is_well(Configuration::nginx()).await;
}

#[tokio::test]
async fn a_good_haproxy_is_well() {
    is_well(Configuration::haproxy()).await;
}

/// What most people begin with.
#[tokio::test]
async fn an_nginx_that_only_passes_on_has_five_faults() {
    let all = [
        "http10-upstream",
        "upgrade-headers",
        "body-limit",
        "foreign-origin",
        "forwarded-for",
    ];
    is_found_and_mended(Configuration::bare_nginx(), &all).await;
}

/// Y6
#[tokio::test]
async fn nginx_without_the_headers_of_an_upgrade() {
    let wrong = Configuration::nginx()
        .without("proxy_set_header Upgrade")
        .without("proxy_set_header Connection");
    is_found_and_mended(wrong, &["upgrade-headers"]).await;
}

/// Y5
#[tokio::test]
async fn nginx_that_closes_what_is_silent_for_a_second() {
    let wrong = Configuration::nginx().with("proxy_read_timeout 1s;");
    is_found_and_mended(wrong, &["idle-timeout"]).await;
}

/// Y2: its buffers alone let small pieces through; before its compression they do not.
#[tokio::test]
async fn nginx_that_keeps_answers_back() {
    let wrong = Configuration::nginx().with(
        "proxy_buffering on;
         proxy_ignore_headers X-Accel-Buffering;
         gzip on;
         gzip_proxied any;
         gzip_types text/event-stream;",
    );
    is_found_and_mended(wrong, &["buffered"]).await;
}

/// Y3
#[tokio::test]
async fn nginx_that_takes_no_large_bodies() {
    let wrong = Configuration::nginx().without("client_max_body_size");
    is_found_and_mended(wrong, &["body-limit"]).await;
}

/// Y1
#[tokio::test]
async fn nginx_that_passes_its_own_host_on() {
    let wrong = Configuration::nginx().without("proxy_set_header Host");
    is_found_and_mended(wrong, &["foreign-origin"]).await;
}

/// Y1, Y6
#[tokio::test]
async fn nginx_that_asks_in_http_1_0() {
    let wrong = Configuration::nginx().without("proxy_http_version");
    is_found_and_mended(wrong, &["http10-upstream"]).await;
}

#[tokio::test]
async fn nginx_that_does_not_say_for_whom_it_asks() {
    let wrong = Configuration::nginx().without("proxy_set_header X-Forwarded-For");
    is_found_and_mended(wrong, &["forwarded-for"]).await;
}

#[tokio::test]
async fn haproxy_with_a_short_timeout_for_tunnels() {
    let wrong = Configuration::haproxy().with("timeout tunnel 1s");
    is_found_and_mended(wrong, &["idle-timeout"]).await;
}

#[tokio::test]
async fn haproxy_with_a_short_timeout_for_clients_and_none_for_tunnels() {
    let wrong = Configuration::haproxy()
        .without("timeout tunnel")
        .with("timeout client 1s\ntimeout server 1s");
    is_found_and_mended(wrong, &["idle-timeout"]).await;
}

#[tokio::test]
async fn haproxy_that_drops_the_upgrade() {
    let wrong = Configuration::haproxy().with_outer("http-request del-header Upgrade");
    is_found_and_mended(wrong, &["upgrade-headers"]).await;
}

/// Y2
#[tokio::test]
async fn haproxy_that_keeps_answers_back() {
    let wrong = Configuration::haproxy().with_outer("http-response wait-for-body time 20s");
    is_found_and_mended(wrong, &["buffered"]).await;
}

#[tokio::test]
async fn haproxy_that_changes_the_host() {
    let wrong = Configuration::haproxy().with_outer("http-request set-header Host inside.example");
    is_found_and_mended(wrong, &["foreign-origin"]).await;
}

#[tokio::test]
async fn haproxy_that_does_not_say_for_whom_it_asks() {
    let wrong = Configuration::haproxy().without("option forwardfor");
    is_found_and_mended(wrong, &["forwarded-for"]).await;
}

/// Y4: that a probe has to wait says nothing of the way.
#[tokio::test]
async fn probes_that_find_no_place_are_no_finding() {
    let server = server().await;
    let mut taken = Vec::new();
    for _ in 0..limits::DOCTOR_AT_ONCE {
        let stream = TcpStream::connect(server.address()).await.unwrap();
        let protocol = limits::DOCTOR_SUBPROTOCOL;
        taken.push(Client::over(stream, server.address(), "/ws", None, protocol).await);
    }
    let said = look(&format!("http://{}", server.address()), None).await;
    assert_eq!((said.code, said.names()), (0, vec![]), "{said:?}");
}

/// People get the lines for the proxy that answers, and others when they ask for them.
#[tokio::test]
async fn what_is_told_names_the_lines() {
    let server = server().await;
    let wrong = Configuration::nginx().without("proxy_set_header Host");
    let proxy = Proxy::start(&wrong, server.address()).await;
    let url = format!("http://{}", proxy.address);
    let text = told(&url, &[]).await;
    for expected in [
        "foreign-origin",
        "nginx, into location / { … }:",
        "proxy_set_header Host $http_host;",
        "--public-url",
    ] {
        assert!(text.contains(expected), "no {expected:?} in\n{text}");
    }
    assert!(!text.contains("ProxyPreserveHost"), "{text}");
    let text = told(&url, &["--proxy", "apache"]).await;
    assert!(text.contains("ProxyPreserveHost On"), "{text}");
}
