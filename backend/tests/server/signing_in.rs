//! Section 1: sessions over HTTP.

use std::time::{Duration, Instant};

use shared::http::SignedIn;
use shared::protocol::Content;

use crate::support::client::Client;
use crate::support::http::Request;
use crate::support::{Guest, Parlance, fresh_hello};

/// A1: the cookie opens the session, and only its hash is in the file.
#[tokio::test]
async fn a_guest_signs_in_and_the_server_keeps_only_the_hash_of_the_token() {
    let server = Parlance::start().await;
    let reply = server
        .http(Request::post_json("/api/session", r#"{"name":"Ada"}"#))
        .await;
    assert_eq!(reply.status, 201);
    let cookie = reply.header("set-cookie").unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    let who = Request::get("/api/session").header("Cookie", pair);
    let who = server.http(who).await;
    assert_eq!((who.status, who.body), (200, reply.body.clone()));

    let token = pair.split_once('=').unwrap().1.to_owned();
    assert_eq!(token.len(), 43, "32 bytes in base64url");
    let folder = server.folder().to_owned();
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(&token), "the token itself is in a file");
    }
}

/// A1: without a session, with another's or with nonsense, one is nobody.
#[tokio::test]
async fn without_a_session_one_is_nobody() {
    let server = Parlance::start().await;
    let guess = format!("parlance_0000000000000001={}", "A".repeat(43));
    for cookie in [
        "",
        "parlance_0000000000000001=",
        "parlance_session=%%%",
        &guess,
    ] {
        let reply = server
            .http(Request::get("/api/session").header("Cookie", cookie))
            .await;
        assert_eq!(reply.status, 401, "{cookie}");
        assert_eq!(reply.problem(), "unauthenticated");
    }
}

/// A1: a revoked session opens nothing, and its sockets are closed at once.
#[tokio::test]
async fn signing_out_closes_the_sockets_of_that_session_only() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut first, _) = guest.join().await;
    let mut second = guest.connect().await;
    let (mut other, welcome) = server.join("Bob").await;
    let begun = Instant::now();
    assert_eq!(guest.sign_out().await.status, 204);
    assert_eq!(first.close_code().await, Some(4401));
    assert_eq!(second.close_code().await, Some(4401));
    assert!(begun.elapsed() < Duration::from_secs(1));

    let who = Request::get("/api/session").header("Cookie", &guest.cookie);
    assert_eq!(server.http(who).await.status, 401);
    assert_eq!(guest.connect().await.close_code().await, Some(4401));
    assert_eq!(guest.sign_out().await.status, 204, "again is no error");
    other.say(welcome.rooms[0].id, "still here").await;
}

/// A1: a restart keeps sessions, and keeps revoked ones revoked.
#[tokio::test]
async fn sessions_survive_a_restart_and_so_does_their_end() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    bob.sign_out().await;
    let server = server.restart().await;
    let (_, welcome) = ada.at(&server).join().await;
    assert_eq!(welcome.me, ada.me);
    let mut refused = bob.at(&server).connect().await;
    assert_eq!(refused.close_code().await, Some(4401));
}

/// A2: names are cleaned, and bad ones refused with the reason.
#[tokio::test]
async fn a_name_is_one_line_of_up_to_forty_characters() {
    let server = Parlance::start().await;
    let spaced = server.sign_in("  Ada \t Lovelace ").await;
    assert_eq!(&*spaced.me.name, "Ada Lovelace");
    let long = server.sign_in(&"漢".repeat(40)).await;
    assert_eq!(long.me.name.chars().count(), 40);
    for (name, reason) in [
        ("", "blank"),
        ("   ", "blank"),
        ("a\u{202e}b", "forbidden"),
        ("a\u{0}b", "forbidden"),
        (&*"a".repeat(41), "too_long"),
        (&*"a".repeat(60_000), "too_long"),
    ] {
        let body = format!("{{\"name\":{}}}", shared::wire::encode(&name));
        let reply = server.http(Request::post_json("/api/session", &body)).await;
        assert_eq!((reply.status, reply.problem()), (422, "bad_name".into()));
        assert!(reply.body.contains(reason), "{}", reply.body);
    }
}

/// A3: a new guest is in the lobby, whose log says so.
#[tokio::test]
async fn a_new_guest_is_in_the_lobby() {
    let server = Parlance::start().await;
    let (mut ada, welcome) = server.join("Ada").await;
    let [lobby] = welcome.rooms.as_slice() else {
        panic!("{welcome:?}");
    };
    assert_eq!((&*lobby.name, lobby.head.0), ("lobby", 2));
    let log = ada.log(lobby.id).await;
    assert!(matches!(&log[0].content, Content::Created { name } if **name == *"lobby"));
    assert_eq!(&*log[0].author.name, "Parlance");
    assert_eq!(log[1].content, Content::Joined);
    assert_eq!(log[1].author, welcome.me);
}

/// A4: a foreign page changes nothing; one of ours, and one that is allowed, does.
#[tokio::test]
async fn a_foreign_page_can_neither_sign_in_nor_out() {
    let allowed = "https://chat.example.org";
    let server = Parlance::start_with(|config| config.allow_origin = vec![allowed.into()]).await;
    let own = format!("http://{}", server.address());
    let sign_in = Request::post_json("/api/session", r#"{"name":"Ada"}"#);
    for origin in ["https://evil.example", "null", "http://127.0.0.1"] {
        let reply = server.http(sign_in.clone().header("Origin", origin)).await;
        assert_eq!(
            (reply.status, reply.problem()),
            (403, "foreign_origin".into())
        );
        assert_eq!(reply.header("set-cookie"), None);
    }
    for (origin, body) in [
        (own.as_str(), r#"{"name":"Bob"}"#),
        (allowed, r#"{"name":"Eve"}"#),
    ] {
        let sign_in = Request::post_json("/api/session", body);
        let reply = server.http(sign_in.header("Origin", origin)).await;
        assert_eq!(reply.status, 201, "{origin}");
    }
    let guest = server.sign_in("Ada").await;
    let sign_out = Request::new("DELETE", "/api/session").header("Cookie", &guest.cookie);
    let reply = server
        .http(sign_out.header("Origin", "https://evil.example"))
        .await;
    assert_eq!(reply.status, 403);
    guest.join().await;
}

/// A4: the body is JSON, and not over 64 KiB, whether its length is said or not.
#[tokio::test]
async fn a_body_of_another_kind_or_too_long_is_refused() {
    let server = Parlance::start().await;
    let post = |body: &str| Request::new("POST", "/api/session").body(body);
    let form = post("name=Ada").header("Content-Type", "application/x-www-form-urlencoded");
    assert_eq!(server.http(form).await.status, 415);
    assert_eq!(server.http(post(r#"{"name":"Ada"}"#)).await.status, 415);

    let with_charset = post(r#"{"name":"Ada"}"#);
    let with_charset = with_charset.header("Content-Type", "application/json; charset=utf-8");
    assert_eq!(server.http(with_charset).await.status, 201);

    let long = format!(r#"{{"name":"{}"}}"#, "a".repeat(64 * 1024));
    let reply = server.http(Request::post_json("/api/session", &long)).await;
    assert_eq!(reply.status, 413);
    let chunked = format!("{:x}\r\n{long}\r\n0\r\n\r\n", long.len());
    let chunked = Request::post_json("/api/session", &chunked);
    let reply = server
        .http(chunked.header("Transfer-Encoding", "chunked"))
        .await;
    assert_eq!(reply.status, 413);
    let short = Request::post_json("/api/session", "e\r\n{\"name\":\"Bob\"}\r\n0\r\n\r\n");
    let reply = server
        .http(short.header("Transfer-Encoding", "chunked"))
        .await;
    assert_eq!(reply.status, 201, "a body need not say its length");

    for broken in ["", "{", "[]", r#"{"nom":"Ada"}"#] {
        let reply = server
            .http(Request::post_json("/api/session", broken))
            .await;
        assert_eq!((reply.status, reply.problem()), (400, "malformed".into()));
    }
}

/// Section 1: another address or method is told as such, in JSON.
#[tokio::test]
async fn what_is_not_there_is_told_in_json() {
    let server = Parlance::start().await;
    for path in ["/api", "/api/", "/api/nothing", "/api/session/more"] {
        let reply = server.http(Request::get(path)).await;
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(reply.problem(), "not_understood");
    }
    let reply = server.http(Request::new("PUT", "/api/session")).await;
    assert_eq!(reply.status, 405);
    assert_eq!(reply.header("allow"), Some("GET, HEAD, POST, DELETE"));
    for path in ["/healthz", "/readyz"] {
        assert_eq!(server.http(Request::get(path)).await.status, 200, "{path}");
        let head = server.http(Request::new("HEAD", path)).await;
        assert_eq!((head.status, &*head.body), (200, ""));
        let post = Request::new("POST", path).body("");
        assert_eq!(server.http(post).await.status, 405);
    }
}

/// A1: with a public https address the cookie is for https only.
#[tokio::test]
async fn behind_https_the_cookie_is_secure_and_https_is_asked_for() {
    let url = "https://chat.example.org".to_owned();
    let server = Parlance::start_with(|config| config.public_url = Some(url)).await;
    let sign_in = Request::post_json("/api/session", r#"{"name":"Ada"}"#);
    let reply = server
        .http(sign_in.header("Origin", "https://chat.example.org"))
        .await;
    assert_eq!(reply.status, 201, "the public address is an origin of ours");
    assert!(reply.header("set-cookie").unwrap().ends_with("; Secure"));
    assert!(reply.header("strict-transport-security").is_some());
    let SignedIn { me, .. } = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(&*me.name, "Ada");
    let _: Guest = server.sign_in("Bob").await;
}

/// A5: two people in one browser, and a request says which of them makes it.
#[tokio::test]
async fn one_browser_holds_the_sessions_of_several_people() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let both = format!("{}; {}", ada.cookie, bob.cookie);
    let who = Request::get("/api/session").header("Cookie", &both);
    let who: SignedIn = serde_json::from_str(&server.http(who).await.body).unwrap();
    assert_eq!((who.me, who.also), (ada.me.clone(), vec![bob.me.clone()]));

    let address = server.address();
    for (query, me) in [
        (String::new(), &ada.me),
        (format!("?as={}", ada.me.id), &ada.me),
        (format!("?as={}", bob.me.id), &bob.me),
    ] {
        let mut client = Client::connect_to(address, &format!("/ws{query}"), &both).await;
        assert_eq!(client.hello(fresh_hello()).await.0.me, *me);
    }
    let mut nobody = Client::connect_to(address, "/ws?as=0000000000000003", &both).await;
    assert_eq!(nobody.close_code().await, Some(4401));

    let path = format!("/api/session?as={}", bob.me.id);
    let sign_out = Request::new("DELETE", &path).header("Cookie", &both);
    let reply = server.http(sign_out).await;
    assert_eq!(reply.status, 204);
    let cleared = format!("parlance_{}=; ", bob.me.id);
    assert!(reply.header("set-cookie").unwrap().starts_with(&cleared));
    assert_eq!(bob.connect().await.close_code().await, Some(4401));
    ada.join().await;
}

/// A5: a cookie named after somebody else does not make one that person.
#[tokio::test]
async fn the_name_of_a_cookie_proves_nothing() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let token = bob.cookie.split_once('=').unwrap().1;
    let forged = format!("parlance_{}={token}", ada.me.id);
    let path = format!("/ws?as={}", ada.me.id);
    let mut client = Client::connect_to(server.address(), &path, &forged).await;
    assert_eq!(client.hello(fresh_hello()).await.0.me, bob.me);
}

/// A5: the ninth person takes the place of the first.
#[tokio::test]
async fn a_browser_holds_at_most_eight_people() {
    let server = Parlance::start().await;
    let mut guests = Vec::new();
    for number in 0..8 {
        guests.push(server.sign_in(&format!("guest {number}")).await);
    }
    let cookies: Vec<&str> = guests.iter().map(|guest| guest.cookie.as_str()).collect();
    let ninth = Request::post_json("/api/session", r#"{"name":"ninth"}"#);
    let reply = server
        .http(ninth.header("Cookie", &cookies.join("; ")))
        .await;
    assert_eq!(reply.status, 201);
    let given: Vec<&str> = reply.headers("set-cookie").collect();
    let cleared = format!("parlance_{}=; ", guests[0].me.id);
    assert!(
        given.len() == 2 && given[1].starts_with(&cleared),
        "{given:?}"
    );
    assert_eq!(guests[0].connect().await.close_code().await, Some(4401));
    guests[1].join().await;
}
