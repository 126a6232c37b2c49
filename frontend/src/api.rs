//! The few HTTP requests: who this browser is, signing in, signing out.

use gloo_net::http::{Request, RequestBuilder, Response};
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
    let response = send(Request::get(SESSION), None).await?;
    match response.status() {
        401 => Ok(Vec::new()),
        _ => {
            let SignedIn { me, mut also } = read(response).await?;
            also.insert(0, me);
            Ok(also)
        }
    }
}

/// Signs in as a guest.
pub async fn sign_in(name: String) -> Result<Person, Failure> {
    let body = shared::wire::encode(&SignIn { name });
    let response = send(Request::post(SESSION), Some(body)).await?;
    Ok(read(response).await?.me)
}

/// Signs out. Being signed out already is success.
pub async fn sign_out(me: PersonId) -> Result<(), Failure> {
    let request = Request::delete(&format!("{SESSION}?as={me}"));
    let response = send(request, None).await?;
    match response.status() {
        200..=299 | 401 => Ok(()),
        _ => Err(refusal(response).await),
    }
}

async fn send(request: RequestBuilder, body: Option<String>) -> Result<Response, Failure> {
    let deadline = AbortSignal::timeout_with_u32(ANSWER_MS);
    let request = request.abort_signal(Some(&deadline));
    let request = match body {
        Some(body) => request
            .header("Content-Type", "application/json")
            .body(body),
        None => request.build(),
    };
    let request = request.map_err(|_| Failure::Unreachable)?;
    request.send().await.map_err(|_| Failure::Unreachable)
}

async fn read(response: Response) -> Result<SignedIn, Failure> {
    if !response.ok() {
        return Err(refusal(response).await);
    }
    response.json().await.map_err(|_| Failure::Unreachable)
}

/// A proxy in between answers in its own way when the server is down: that is "unreachable".
async fn refusal(response: Response) -> Failure {
    let refusal: Result<Refusal, _> = response.json().await;
    refusal.map_or(Failure::Unreachable, |refusal| {
        Failure::Refused(refusal.error)
    })
}
