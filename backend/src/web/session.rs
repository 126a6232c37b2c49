//! `/api/session`: signing in, asking who one is, signing out.

use shared::http::{SignIn, SignedIn};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::Person;
use warp::http::header::{HeaderMap, SET_COOKIE};
use warp::http::{Method, StatusCode};
use warp::reply::Response;

use super::api::{Answer, Asked};
use super::refusal::{json, problem};
use super::{App, cookie, whence};
use crate::engine::operations::arriving::Ticket;
use crate::people::arrival::{Entered, ticket};
use crate::people::code::Code;

pub(super) async fn answer(app: &App, method: &Method, path: &[&str], asked: &Asked) -> Answer {
    match *method {
        Method::POST => sign_in(app, path, asked).await,
        Method::DELETE => sign_out(app, asked).await,
        _ => who(app, &asked.headers).await,
    }
}

/// Everyone whose session this browser has. A session that was revoked is passed over.
async fn who(app: &App, headers: &HeaderMap) -> Answer {
    let mut people = Vec::new();
    for session in cookie::all(headers) {
        let identity = app.rooms.identify(session.token).await.map_err(problem)?;
        people.extend(identity.map(|identity| identity.person));
    }
    let mut people = people.into_iter();
    let Some(me) = people.next() else {
        return Err(problem(nobody(app, headers).await?));
    };
    let also = people.collect();
    Ok(json(StatusCode::OK, &SignedIn { me, also }))
}

/// Why there is nobody: most often because nobody has come yet.
async fn nobody(app: &App, headers: &HeaderMap) -> Result<Problem, Response> {
    for session in cookie::all(headers) {
        let engine = app.rooms.engine();
        if engine.is_shut_out(session.token).await.map_err(problem)? {
            return Ok(Problem::ShutOut);
        }
    }
    Ok(Problem::Unauthenticated)
}

/// Signs in in one of the ways there are. With a link, and as somebody (`as`), a guest becomes an account; else it
/// makes a new person.
async fn sign_in(app: &App, path: &[&str], asked: &Asked) -> Answer {
    let shown: SignIn = asked.body().map_err(problem)?;
    let from = whence::from(asked);
    let (name, code) = (&*shown.name, shown.code.as_deref().unwrap_or_default());
    let password = shown.password.as_deref();
    let people = &app.people;
    let ticket = match path {
        ["setup"] => ticket(code, Ticket::Setup).map_err(problem)?,
        ["invite"] => ticket(code, Ticket::Invite).map_err(problem)?,
        _ => Ticket::None,
    };
    let stays = ticket != Ticket::None && asked.query.contains("as=");
    let entered = match (path, password) {
        (["pass"], _) => people.use_pass(code, from).await,
        ([], Some(password)) => people.sign_in(name, password, from).await,
        _ if stays => return settle(app, asked, &shown, ticket).await,
        (["setup"], None) => people.arrive(name, Some(""), ticket, from).await,
        _ => people.arrive(name, password, ticket, from).await,
    };
    enter(app, &asked.headers, entered.map_err(problem)?).await
}

async fn settle(app: &App, asked: &Asked, shown: &SignIn, ticket: Ticket) -> Answer {
    let me = asked.me(app).await?.person;
    let password = shown.password.as_deref().unwrap_or_default();
    let name = Some(&*shown.name).filter(|name| !name.is_empty());
    let settled = app.people.settle(me.id, name, password, ticket).await;
    settled.map_err(problem)?;
    let me = asked.me(app).await?.person;
    Ok(json(StatusCode::CREATED, &signed_in(me)))
}

/// Gives the browser the cookie of a session that has begun.
async fn enter(app: &App, headers: &HeaderMap, (me, token): Entered) -> Answer {
    let id = me.id;
    let mut response = json(StatusCode::CREATED, &signed_in(me));
    let mut give = |cookie| response.headers_mut().append(SET_COOKIE, cookie);
    give(cookie::give(id, Code::bytes(&token), app.https));
    let before = cookie::all(headers);
    // Somebody who was signed in here already has the new session in place of the old one.
    if let Some(same) = before.iter().find(|session| session.person == id) {
        app.rooms.sign_out(same.token).await.map_err(problem)?;
    } else if before.len() >= limits::SESSIONS_PER_BROWSER {
        // A5: one more than the limit takes the place of the oldest.
        app.rooms.sign_out(before[0].token).await.map_err(problem)?;
        give(cookie::clear(before[0].person, app.https));
    }
    Ok(response)
}

fn signed_in(me: Person) -> SignedIn {
    let also = Vec::new();
    SignedIn { me, also }
}

/// Without a session there is nothing left to do, which is what was asked for.
async fn sign_out(app: &App, asked: &Asked) -> Answer {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    if let Some(session) = cookie::read(&asked.headers, &asked.query) {
        app.rooms.sign_out(session.token).await.map_err(problem)?;
        let cookie = cookie::clear(session.person, app.https);
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}
