//! Refusals over HTTP: a problem as JSON, with the status that belongs to it.

use shared::http::Refusal;
use shared::limits::SAFE_INTEGER;
use shared::problem::Problem;
use shared::wire;
use warp::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use warp::http::{Method, StatusCode};
use warp::reply::{Reply, Response};

/// A JSON answer.
pub(super) fn json(status: StatusCode, body: &impl serde::Serialize) -> Response {
    let mut response = wire::encode(body).into_response();
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// A refusal with a status of its own.
pub(super) fn refusal(status: StatusCode, problem: Problem) -> Response {
    let wait = problem.retry_after_ms();
    let mut response = json(status, &Refusal { error: problem });
    if let Some(milliseconds) = wait {
        let seconds = milliseconds.min(SAFE_INTEGER).div_ceil(1_000);
        let headers = response.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A refusal of a request that is wrong in form.
pub(super) fn malformed(status: StatusCode, detail: &str) -> Response {
    let detail = detail.to_owned();
    refusal(status, Problem::Malformed { detail })
}

/// A refusal with the status of section 11 of the protocol.
pub(super) fn problem(problem: Problem) -> Response {
    refusal(status(&problem), problem)
}

/// There is nothing at this address.
pub(super) fn not_found(path: &str) -> Response {
    /// Characters of a path that are repeated.
    const QUOTED: usize = 80;
    let kind = path.chars().take(QUOTED).collect();
    refusal(StatusCode::NOT_FOUND, Problem::NotUnderstood { kind })
}

/// There is something at this address, but not for this method.
pub(super) fn method_not_allowed(method: &Method, allowed: &'static str) -> Response {
    let kind = method.to_string();
    let problem = Problem::NotUnderstood { kind };
    let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED, problem);
    let allowed = HeaderValue::from_static(allowed);
    response.headers_mut().insert(ALLOW, allowed);
    response
}

fn status(problem: &Problem) -> StatusCode {
    match problem {
        Problem::Unauthenticated | Problem::WrongPassword => StatusCode::UNAUTHORIZED,
        Problem::ForeignOrigin | Problem::InviteNeeded | Problem::NotAllowed | Problem::ShutOut => {
            StatusCode::FORBIDDEN
        }
        Problem::NoSuchLink | Problem::NoSuchPerson | Problem::NoSuchRoom | Problem::NoSuchFile => {
            StatusCode::NOT_FOUND
        }
        Problem::NameTaken
        | Problem::LastOwner
        | Problem::TooManyInvites { .. }
        | Problem::WrongPlace { .. }
        | Problem::TooManyUploads { .. } => StatusCode::CONFLICT,
        Problem::BadFileSize { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Problem::NoRoomForFiles => StatusCode::INSUFFICIENT_STORAGE,
        Problem::BadBody { .. }
        | Problem::BadName { .. }
        | Problem::BadPassword { .. }
        | Problem::BadStatus { .. }
        | Problem::ImageTooLarge { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Problem::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Problem::Overloaded { .. } | Problem::StorageUnavailable { .. } | Problem::Draining => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        _ => StatusCode::BAD_REQUEST,
    }
}
