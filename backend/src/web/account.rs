//! `/api/account`: what people arrange about themselves.

use shared::http::Link;
use shared::problem::Problem;
use warp::http::{Method, StatusCode};
use warp::reply::Response;

use super::api::{Answer, Asked};
use super::refusal::{json, not_found, problem};
use super::{App, whence};
use crate::people::code::Code;
use crate::people::qr;

pub(super) async fn answer(app: &App, method: &Method, path: &[&str], asked: &Asked) -> Answer {
    let me = asked.me(app).await?;
    match (path, method) {
        (["pass"], _) => {
            let code = app.people.make_pass(&me).await.map_err(problem)?;
            link(app, asked, "pass", &code).map_err(problem)
        }
        (["sessions"], _) => {
            let ended = app.people.sign_out_elsewhere(&me, None).await;
            ended.map_err(problem)?;
            Ok(nothing())
        }
        (["sessions", id], _) => {
            let none = || not_found(id);
            let id = id.parse().map_err(|_| none())?;
            let ended = app.people.sign_out_elsewhere(&me, Some(id)).await;
            match ended.map_err(problem)? {
                true => Ok(nothing()),
                false => Err(none()),
            }
        }
        _ => {
            if *method == Method::POST {
                let address = whence::from(asked).address;
                let changed = app
                    .people
                    .change(&me, asked.body().map_err(problem)?, address)
                    .await;
                changed.map_err(problem)?;
            }
            let account = app.people.account(&me).await.map_err(problem)?;
            Ok(json(StatusCode::OK, &account))
        }
    }
}

/// A link that carries a code where no log sees it.
pub(super) fn link(app: &App, asked: &Asked, page: &str, code: &Code) -> Result<Response, Problem> {
    let url = format!("{}/{page}#{code}", whence::base(app, &asked.headers));
    let qr = qr::code(&url).ok_or_else(|| Problem::Malformed {
        detail: "the address of this server is too long for a QR code".to_owned(),
    })?;
    Ok(json(StatusCode::CREATED, &Link { url, qr }))
}

pub(super) fn nothing() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}
