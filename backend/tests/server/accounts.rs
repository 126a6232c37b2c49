//! Section 1: passwords and sessions.

use std::time::{Duration, Instant};

use serde_json::json;
use shared::people::Role;
use shared::protocol::Content;

use crate::support::account::{PASSWORD, code};
use crate::support::http::Request;
use crate::support::{Guest, Parlance, fresh_hello};

/// A8: the guest's id, rooms and messages stay theirs, and the password signs in as the same person.
#[tokio::test]
async fn a_guest_becomes_an_account_and_keeps_everything() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let (mut client, welcome) = guest.join().await;
    let lobby = welcome.rooms[0].id;
    let said = client.say(lobby, "as a guest").await;
    let reply = guest.post("/api/account", json!({"password": PASSWORD}));
    assert_eq!(reply.await.status, 200);
    client.say(lobby, "the socket goes on").await;
    let account = guest.account().await;
    assert_eq!(
        (account.profile.role, account.has_password),
        (Role::Member, true)
    );

    let reply = server.sign_in_with("ada", PASSWORD).await;
    let again = Guest::of(server.address(), &reply);
    assert_eq!(again.me, guest.me);
    let (mut other, welcome) = again.join().await;
    let page = other.read(lobby, said.0, said.0).await.unwrap();
    assert_eq!(page.events[0].author, welcome.me);
    assert_eq!(
        server.sign_in_with("Ada", "correct horsf").await.problem(),
        "wrong_password"
    );
}

/// A8: only the hash is in the files.
#[tokio::test]
async fn no_password_is_in_a_file() {
    let server = Parlance::start().await;
    server.member("Ada").await;
    let mut found_hash = false;
    for entry in std::fs::read_dir(server.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(PASSWORD));
        found_hash |= text.contains("$argon2id$v=19$m=19456,t=2,p=1$");
    }
    assert!(found_hash);
}

/// A8
#[tokio::test]
async fn a_password_that_is_too_short_is_refused_with_what_is_needed() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Ada").await;
    let reply = guest
        .post("/api/account", json!({"password": "1234567"}))
        .await;
    assert_eq!(
        (reply.status, reply.problem()),
        (422, "bad_password".into())
    );
    assert!(reply.body.contains("\"least\":8"), "{}", reply.body);
    assert!(!guest.account().await.has_password);
}

/// A9: who guesses learns nothing: not whether there is such a name, neither from the answer nor from its time.
#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_have_the_same_answer_after_as_long() {
    let server = Parlance::start().await;
    server.member("Ada").await;
    server.sign_in("Guest").await;
    let (mut bodies, mut times) = (Vec::new(), Vec::new());
    // From ten addresses, so that the limit does not come in between.
    for (n, name) in [
        "Ada",
        "Nobody",
        "Guest",
        "Ada",
        "Nobody",
        "Parlance",
        "Ada",
        "x\u{202e}y",
    ]
    .into_iter()
    .enumerate()
    {
        let shown = json!({"name": name, "password": "wrong password"});
        let begun = Instant::now();
        let request = Request::post_json("/api/session", &shown.to_string());
        let request = request.header("X-Forwarded-For", &format!("192.0.2.{n}"));
        let reply = server.http(request).await;
        times.push((name == "Ada", begun.elapsed()));
        assert_eq!(reply.status, 401, "{name}");
        bodies.push(reply.body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    // A hash takes some milliseconds on any machine; an answer without one takes less than one on a quiet machine. The
    // quickest of each is compared with that, because what comes on top is the load of the machine.
    let quickest = |known| {
        let those = times.iter().filter(|(is_known, _)| *is_known == known);
        those.map(|(_, time)| *time).min().unwrap()
    };
    let least = Duration::from_millis(5);
    let (known, unknown) = (quickest(true), quickest(false));
    assert!(known > least && unknown > least, "{known:?} {unknown:?}");
}

/// A9: ten wrong passwords for a name, then a wait that is told, also for the right one; others are not kept out.
#[tokio::test]
async fn the_eleventh_try_for_a_name_has_to_wait() {
    let server = Parlance::start().await;
    server.member("Ada").await;
    server.member("Bob").await;
    let attempt = |name: &'static str, password: &'static str, address: u8| {
        let shown = json!({"name": name, "password": password});
        let request = Request::post_json("/api/session", &shown.to_string());
        server.http(request.header("X-Forwarded-For", &format!("192.0.2.{address}")))
    };
    let tries = (0..30).map(|n| attempt("Ada", "wrong password", n));
    let replies = futures_util::future::join_all(tries).await;
    let count = |status| {
        replies
            .iter()
            .filter(|reply| reply.status == status)
            .count()
    };
    assert_eq!(
        (count(401), count(429)),
        (10, 20),
        "also when they come at once"
    );
    let reply = attempt("Ada", PASSWORD, 99).await;
    assert_eq!(
        (reply.status, reply.problem()),
        (429, "rate_limited".into())
    );
    let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((800..=900).contains(&wait), "{wait}");
    assert_eq!(attempt("Bob", PASSWORD, 99).await.status, 201);
}

/// A9: and ten from one address.
#[tokio::test]
async fn the_eleventh_try_from_an_address_has_to_wait() {
    let server = Parlance::start().await;
    server.member("Ada").await;
    for n in 0..10 {
        let name = format!("somebody {n}");
        let reply = server.sign_in_with(&name, "wrong password").await;
        assert_eq!(reply.status, 401);
    }
    assert_eq!(server.sign_in_with("Ada", PASSWORD).await.status, 429);
}

/// A8: with another password the other sessions end at once; the one that changed it goes on.
#[tokio::test]
async fn changing_the_password_ends_the_other_sessions() {
    let server = Parlance::start().await;
    let ada = server.member("Ada").await;
    let phone = ada.again(&server).await;
    let (mut here, welcome) = ada.join().await;
    let (mut there, _) = phone.join().await;
    let change = |old: &str| {
        ada.post(
            "/api/account",
            json!({"password": "another horse", "old_password": old}),
        )
    };
    assert_eq!(change("wrong").await.problem(), "wrong_password");
    let begun = Instant::now();
    assert_eq!(change(PASSWORD).await.status, 200);
    assert_eq!(there.close_code().await, Some(4401));
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    here.say(welcome.rooms[0].id, "still here").await;
    assert_eq!(
        server.sign_in_with("Ada", PASSWORD).await.problem(),
        "wrong_password"
    );
    assert_eq!(
        server.sign_in_with("Ada", "another horse").await.status,
        201
    );
}

/// A11: one sees where one is signed in, and ends what one wants; sockets close within a second.
#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let server = Parlance::start().await;
    let ada = server.member("Ada").await;
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let shown = json!({"name": "Ada", "password": PASSWORD}).to_string();
    let reply = Request::post_json("/api/session", &shown).header("User-Agent", firefox);
    let second = Guest::of(server.address(), &server.http(reply).await);
    let third = ada.again(&server).await;
    let (mut socket, _) = second.join().await;

    let sessions = ada.account().await.sessions;
    assert_eq!(sessions.len(), 3);
    assert!(sessions[0].this && !sessions[1].this && !sessions[2].this);
    let there = sessions.iter().find(|session| session.live).unwrap();
    assert_eq!(there.program, "Firefox · Linux");
    assert!(there.since.0 > 1_700_000_000_000 && there.used >= there.since);

    let begun = Instant::now();
    let path = format!("/api/account/sessions/{}", there.id);
    assert_eq!(ada.delete(&path).await.status, 204);
    assert_eq!(socket.close_code().await, Some(4401));
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(ada.delete(&path).await.status, 404, "it is gone");
    assert_eq!(second.get("/api/account").await.status, 401);

    let (mut socket, _) = third.join().await;
    let (mut own, welcome) = ada.join().await;
    assert_eq!(ada.delete("/api/account/sessions").await.status, 204);
    assert_eq!(socket.close_code().await, Some(4401));
    own.say(welcome.rooms[0].id, "this one stays").await;
    assert_eq!(ada.account().await.sessions.len(), 1);
}

/// A11: nobody ends or sees the sessions of somebody else.
#[tokio::test]
async fn the_sessions_of_others_do_not_exist() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.member("Ada").await, server.member("Bob").await);
    let (mut socket, welcome) = bob.join().await;
    let [session] = &bob.account().await.sessions[..] else {
        panic!("one");
    };
    let path = format!("/api/account/sessions/{}", session.id);
    let (theirs, none) = (
        ada.delete(&path).await,
        ada.delete("/api/account/sessions/999").await,
    );
    assert_eq!((theirs.status, none.status), (404, 404));
    ada.delete("/api/account/sessions").await;
    socket.say(welcome.rooms[0].id, "still here").await;
}

/// A12: a link signs the same person in elsewhere, once.
#[tokio::test]
async fn a_pass_signs_in_once_on_another_device() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let reply = ada.post("/api/account/pass", json!(null)).await;
    let first = code(&reply);
    assert!(
        reply.body.contains("/pass#"),
        "the code is where no log sees it"
    );
    let second = code(&ada.post("/api/account/pass", json!(null)).await);
    assert_eq!(
        server.follow("pass", "", &first).await.problem(),
        "no_such_link",
        "one at a time"
    );
    let uses = (0..20).map(|_| server.follow("pass", "", &second));
    let replies = futures_util::future::join_all(uses).await;
    let won: Vec<_> = replies.iter().filter(|reply| reply.status == 201).collect();
    assert_eq!(won.len(), 1);
    let phone = Guest::of(server.address(), won[0]);
    assert_eq!(phone.me, ada.me);
    let mut client = phone.connect().await;
    assert_eq!(client.hello(fresh_hello()).await.0.me, ada.me);
    ada.join().await;
    for nonsense in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert_eq!(
            server.follow("pass", "", nonsense).await.problem(),
            "no_such_link"
        );
    }
}

/// A12: after five minutes it is too late.
#[tokio::test]
async fn a_pass_runs_out() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let pass = code(&ada.post("/api/account/pass", json!(null)).await);
    let later = "UPDATE passes SET expires_at = expires_at - 5 * 60 * 1000";
    let server = server.change_file(later).await;
    assert_eq!(
        server.follow("pass", "", &pass).await.problem(),
        "no_such_link"
    );
}

/// A5: two accounts in one browser, each with its own session.
#[tokio::test]
async fn signing_in_again_takes_the_place_of_the_same_person() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.member("Ada").await, server.member("Bob").await);
    let both = format!("{}; {}", ada.cookie, bob.cookie);
    let shown = json!({"name": "Ada", "password": PASSWORD}).to_string();
    let request = Request::post_json("/api/session", &shown).header("Cookie", &both);
    let again = Guest::of(server.address(), &server.http(request).await);
    assert_eq!(ada.connect().await.close_code().await, Some(4401));
    let both = format!("{}; {}", again.cookie, bob.cookie);
    let who = server
        .http(Request::get("/api/session").header("Cookie", &both))
        .await;
    assert!(
        who.body.contains("Ada") && who.body.contains("Bob"),
        "{}",
        who.body
    );
    let path = format!("/api/account?as={}", bob.me.id);
    let account = server
        .http(Request::get(&path).header("Cookie", &both))
        .await;
    assert!(account.body.contains("Bob"), "{}", account.body);
}

/// A11: a person has at most so many sessions; the one that was not used for longest makes room.
#[tokio::test]
async fn one_session_too_many_ends_the_oldest() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let mut last = ada.clone();
    for _ in 0..shared::limits::SESSIONS_PER_PERSON {
        last = last.again(&server).await;
    }
    assert_eq!(ada.get("/api/account").await.status, 401);
    assert_eq!(
        last.account().await.sessions.len(),
        shared::limits::SESSIONS_PER_PERSON
    );
}

/// A1, A8: everything under /api/account is about who asks; nobody gets nothing.
#[tokio::test]
async fn nobody_is_told_nothing() {
    let server = Parlance::start().await;
    for request in [
        Request::get("/api/account"),
        Request::post_json("/api/account", "{}"),
        Request::post_json("/api/account/pass", "{}"),
        Request::new("DELETE", "/api/account/sessions"),
        Request::new("DELETE", "/api/account/sessions/1"),
        Request::get("/api/invites"),
        Request::post_json("/api/invites", r#"{"role":"member","days":1,"uses":1}"#),
        Request::new("DELETE", "/api/invites/1"),
        Request::get("/api/people"),
        Request::post_json("/api/people/0000000000000001", "{}"),
        Request::post_json("/api/door", r#"{"guests":false}"#),
        Request::get("/api/deeds"),
        Request::get("/api/rooms"),
        Request::get("/api/rooms/0000000000000001"),
        Request::post_json("/api/rooms/0000000000000001", r#"{"archived":true}"#),
        Request::get("/api/limits"),
    ] {
        let reply = server.http(request.clone()).await;
        assert_eq!(
            (reply.status, reply.problem()),
            (401, "unauthenticated".into()),
            "{request:?}"
        );
        let foreign = request.clone().header("Origin", "https://evil.example");
        let reply = server.http(foreign).await;
        assert!(matches!(reply.status, 401 | 403), "{request:?}");
    }
}

/// A7: what somebody said before has their name of now when it is read; what they say carries it at once.
#[tokio::test]
async fn a_new_name_stands_in_what_is_read_and_what_is_said() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Ada").await;
    let ((mut client, welcome), (mut bob, _)) = (ada.join().await, server.join("Bob").await);
    let lobby = welcome.rooms[0].id;
    let said = client.say(lobby, "before").await;
    bob.message().await;
    assert_eq!(
        ada.post("/api/account", json!({"name": "Countess"}))
            .await
            .status,
        200
    );
    client.post(lobby, "after").await;
    assert_eq!(
        &*bob.message().await.author.name,
        "Countess",
        "on a connection from before"
    );
    let page = bob.read(lobby, said.0, said.0).await.unwrap();
    assert_eq!(&*page.events[0].author.name, "Countess");
    assert!(matches!(page.events[0].content, Content::Message { .. }));
}
