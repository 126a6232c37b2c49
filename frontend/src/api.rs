//! The HTTP requests: who this browser is, signing in and out, and what people arrange about themselves.

pub mod json;

use gloo_net::http::{Method, RequestBuilder};
use js_sys::JSON;
use shared::http::Refusal;
use shared::ids::PersonId;
use shared::problem::Problem;
use shared::protocol::Person;
use shared::wire;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

const SESSION: &str = "/api/session";

/// Milliseconds after which an unanswered request counts as unreachable.
pub const ANSWER_MS: u32 = 10_000;

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
    match ask(Method::GET, SESSION, None).await {
        Ok(answer) => {
            let also = json::list(&json::field(&answer, "also"));
            let all = [json::field(&answer, "me")].into_iter().chain(also);
            Ok(all.filter_map(|one| json::person(&one)).collect())
        }
        Err(Failure::Refused(Problem::Unauthenticated)) => Ok(Vec::new()),
        Err(failure) => Err(failure),
    }
}

/// Signs in: as a guest or with a password, or with a link. `stays`: the guest of this browser who is meant.
pub async fn sign_in(
    shown: String,
    link: Option<&str>,
    stays: Option<PersonId>,
) -> Result<Person, Failure> {
    let mut address = SESSION.to_owned();
    if let Some(link) = link {
        address += "/";
        address += link;
    }
    if let Some(person) = stays {
        address += &format!("?as={person}");
    }
    let answer = ask(Method::POST, &address, Some(shown)).await?;
    json::person(&json::field(&answer, "me")).ok_or(Failure::Unreachable)
}

/// Signs out. Being signed out already is success.
pub async fn sign_out(me: PersonId) -> Result<(), Failure> {
    match ask(Method::DELETE, &address("/session", me), None).await {
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

/// Makes a request, with a JSON body or none; what is answered is JSON, or nothing.
pub async fn ask(method: Method, address: &str, body: Option<String>) -> Result<JsValue, Failure> {
    let body = body.map(|body| ("application/json", body));
    let answer = request(method, address, body, ANSWER_MS).await;
    let (is_good, text) = answer.ok_or(Failure::Unreachable)?;
    if is_good {
        if text.is_empty() {
            return Ok(JsValue::UNDEFINED);
        }
        return JSON::parse(&text).map_err(|_| Failure::Unreachable);
    }
    // A proxy in between answers in its own way when the server is down: that is "unreachable".
    let refusal = wire::decode(&text);
    Err(refusal.map_or(Failure::Unreachable, |refusal: Refusal| {
        Failure::Refused(refusal.error)
    }))
}

/// Makes a request with a body of some type, or none: whether the answer is a good one, and its text. None if there is none
/// within so many milliseconds.
pub async fn request(
    method: Method,
    address: &str,
    body: Option<(&str, String)>,
    within: u32,
) -> Option<(bool, String)> {
    let deadline = AbortSignal::timeout_with_u32(within);
    let request = RequestBuilder::new(address)
        .method(method)
        .abort_signal(Some(&deadline));
    let request = match body {
        Some((kind, body)) => request.header("Content-Type", kind).body(body),
        None => request.build(),
    };
    let response = request.ok()?.send().await.ok()?;
    let text = response.text().await.ok()?;
    Some((response.ok(), text))
}
