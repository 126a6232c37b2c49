//! Section 1: who may be called what.

use serde_json::json;

use crate::support::Parlance;
use crate::support::http::Reply;

async fn come(server: &Parlance, name: &str) -> Reply {
    server.post("/api/session", json!({"name": name})).await
}

/// A2: what is drawn alike from other code points is the same name.
#[tokio::test]
async fn names_are_kept_composed() {
    let server = Parlance::start().await;
    let guest = server.sign_in("Jose\u{301}").await;
    assert_eq!(&*guest.me.name, "José");
}

/// A6: who is here is not to be mistaken for somebody else, whatever alphabet it takes.
#[tokio::test]
async fn a_name_that_looks_like_that_of_somebody_who_is_here_is_refused() {
    let server = Parlance::start().await;
    let ada = server.sign_in("Alice").await;
    for name in [
        "Alice",
        "ALICE",
        "AIice",
        "\u{410}lice",
        " Al ice",
        "Аliсе",
        "Parlance",
        "parIance",
    ] {
        let reply = come(&server, name).await;
        assert_eq!(
            (reply.status, reply.problem()),
            (409, "name_taken".into()),
            "{name}"
        );
        assert_eq!(reply.header("set-cookie"), None);
    }
    assert_eq!(come(&server, "Alicia").await.status, 201);
    ada.sign_out().await;
    assert_eq!(
        come(&server, "Alice").await.status,
        201,
        "who has left needs no name"
    );
}

/// A6: the name of an account stays its own, with or without a session, and over a restart.
#[tokio::test]
async fn the_name_of_an_account_is_held_for_ever() {
    let server = Parlance::start().await;
    let ada = server.member("Ada").await;
    ada.sign_out().await;
    let server = server.restart().await;
    assert_eq!(come(&server, "ada").await.problem(), "name_taken");
}

/// A6: of many who come at once under one name, one gets it.
#[tokio::test]
async fn one_of_many_at_once_gets_the_name() {
    let server = Parlance::start().await;
    let all = (0..20).map(|_| come(&server, "Ada"));
    let replies = futures_util::future::join_all(all).await;
    let status = |status| {
        replies
            .iter()
            .filter(|reply| reply.status == status)
            .count()
    };
    assert_eq!((status(201), status(409)), (1, 19));
}

/// A6: a guest who was not here for a week loses the name to who takes it, and is signed out then.
#[tokio::test]
async fn a_guest_who_stays_away_holds_the_name_for_a_week() {
    let server = Parlance::start().await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let carol = server.sign_in("Carol").await;
    let away = |name: &str, days: u64| {
        let milliseconds = days * 24 * 60 * 60 * 1_000;
        format!(
            "UPDATE sessions SET used_at = used_at - {milliseconds}
             WHERE person = (SELECT id FROM people WHERE name = '{name}');"
        )
    };
    let away = away("Ada", 8) + &away("Bob", 6) + &away("Carol", 8);
    let server = server.change_file(&away).await;
    assert_eq!(come(&server, "Bob").await.problem(), "name_taken");
    carol.at(&server).join().await;
    let back_in_time = come(&server, "Carol").await;
    assert_eq!(back_in_time.problem(), "name_taken");
    assert_eq!(come(&server, "Ada").await.status, 201);
    let mut late = ada.at(&server).connect().await;
    assert_eq!(late.close_code().await, Some(4401));
    bob.at(&server).join().await;
}

/// A7: a change of the name is held to the same rules.
#[tokio::test]
async fn a_new_name_may_not_look_like_that_of_somebody_else() {
    let server = Parlance::start().await;
    let (ada, _bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let rename = |name: &str| ada.post("/api/account", json!({"name": name}));
    assert_eq!(rename("b0B").await.problem(), "name_taken");
    assert_eq!(rename("x\u{202e}y").await.problem(), "bad_name");
    assert_eq!(
        rename("ADA").await.status,
        200,
        "one is not mistaken for oneself"
    );
    assert_eq!(come(&server, "Ada").await.problem(), "name_taken");
}
