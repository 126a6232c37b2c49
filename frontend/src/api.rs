//! The HTTP requests: who this browser is, signing in and out, and what people arrange about themselves.

use gloo_net::http::{Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::http::{Refusal, SignIn, SignedIn};
use shared::ids::PersonId;
use shared::problem::Problem;
use shared::protocol::Person;
use web_sys::AbortSignal;

const SESSION: &str = "/api/session";

/// Milliseconds after which an unanswered request counts as unreachable.
const ANSWER_MS: u32 = 10_000;

/// Why a request came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// No answer, or none that can be read: the server or the way to it is down.
    Unreachable,
    /// The server answered no.
    Refused(Problem),
}

/// Everyone who is signed in in this browser.
pub async fn who() -> Result<Vec<Person>, Failure> {
    match read(send(Method::GET, SESSION, None).await) {
        Ok(SignedIn { me, mut also }) => {
            also.insert(0, me);
            Ok(also)
        }
        Err(Failure::Refused(Problem::Unauthenticated)) => Ok(Vec::new()),
        Err(failure) => Err(failure),
    }
}

/// Signs in: as a guest or with a password, or with a link. `stays`: the guest of this browser who is meant.
pub async fn sign_in(
    shown: &SignIn,
    link: Option<&str>,
    stays: Option<PersonId>,
) -> Result<Person, Failure> {
    let mut path = SESSION.to_owned();
    if let Some(link) = link {
        path += "/";
        path += link;
    }
    if let Some(person) = stays {
        path += &format!("?as={person}");
    }
    let signed_in: SignedIn = post(&path, shown).await?;
    Ok(signed_in.me)
}

/// Signs out. Being signed out already is success.
pub async fn sign_out(me: PersonId) -> Result<(), Failure> {
    match send(Method::DELETE, &address("/session", me), None).await {
        Ok(_) | Err(Failure::Refused(Problem::Unauthenticated)) => Ok(()),
        Err(failure) => Err(failure),
    }
}

/// The address of what concerns a person.
#[must_use]
pub fn address(path: &str, me: PersonId) -> String {
    let more = if path.contains('?') { '&' } else { '?' };
    format!("/api{path}{more}as={me}")
}

/// Asks for something.
pub async fn get<T: DeserializeOwned>(address: &str) -> Result<T, Failure> {
    read(send(Method::GET, address, None).await)
}

/// Says something, and is told something.
pub async fn post<T: DeserializeOwned>(address: &str, body: &impl Serialize) -> Result<T, Failure> {
    let body = shared::wire::encode(body);
    read(send(Method::POST, address, Some(body)).await)
}

/// Says something to which the answer is that it is done.
pub async fn tell(address: &str, body: &impl Serialize) -> Result<(), Failure> {
    let body = shared::wire::encode(body);
    send(Method::POST, address, Some(body)).await.map(drop)
}

/// Ends something.
pub async fn delete(address: &str) -> Result<(), Failure> {
    send(Method::DELETE, address, None).await.map(drop)
}

async fn send(method: Method, address: &str, body: Option<String>) -> Result<String, Failure> {
    let deadline = AbortSignal::timeout_with_u32(ANSWER_MS);
    let request = RequestBuilder::new(address)
        .method(method)
        .abort_signal(Some(&deadline));
    let request = match body {
        Some(body) => request
            .header("Content-Type", "application/json")
            .body(body),
        None => request.build(),
    };
    let request = request.map_err(|_| Failure::Unreachable)?;
    let response = request.send().await.map_err(|_| Failure::Unreachable)?;
    let text = response.text().await.map_err(|_| Failure::Unreachable)?;
    if response.ok() {
        return Ok(text);
    }
    // A proxy in between answers in its own way when the server is down: that is "unreachable".
    let refusal = serde_json::from_str(&text);
    Err(refusal.map_or(Failure::Unreachable, |refusal: Refusal| {
        Failure::Refused(refusal.error)
    }))
}

fn read<T: DeserializeOwned>(answer: Result<String, Failure>) -> Result<T, Failure> {
    serde_json::from_str(&answer?).map_err(|_| Failure::Unreachable)
}
