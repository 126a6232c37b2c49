//! `/api/files`: bringing files, and getting those that one may see.
//!
//! What people have brought is shown by browsers as nothing but an image of a kind that was made sure of; all else is saved.

use bytes::Buf;
use futures_util::Stream;
use shared::ids::FileId;
use shared::problem::Problem;
use shared::text::FileName;
use tokio_util::io::ReaderStream;
use warp::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
};
use warp::http::{Method, StatusCode};
use warp::reply::{Reply, Response};

use super::App;
use super::api::{Answer, identify};
use super::assets::is_known;
use super::order::{decoded, field};
use super::refusal::{json, malformed, problem, refusal};
use crate::engine::blobs::Blobs;
use crate::engine::queries::files::Seen;
use crate::files::Part;

/// For a browser that opens a file as a page in spite of everything.
const POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// A request for a file.
pub(super) struct Asked<'a> {
    pub(super) id: &'a str,
    /// The small form of an image.
    pub(super) small: bool,
    pub(super) headers: &'a HeaderMap,
    pub(super) query: &'a str,
}

pub(super) async fn answer<B: Buf>(
    app: &App,
    method: &Method,
    asked: &Asked<'_>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Answer {
    if *method == Method::PUT {
        return receive(app, asked, body).await;
    }
    give(app, method, asked).await
}

/// B1: takes part of a file.
async fn receive<B: Buf>(
    app: &App,
    asked: &Asked<'_>,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Answer {
    if !app.origins.admit(asked.headers) {
        return Err(refusal(StatusCode::FORBIDDEN, Problem::ForeignOrigin));
    }
    let me = identify(app, asked.headers, asked.query).await?.person.id;
    let part = part(asked).ok_or_else(|| {
        let detail = "an upload has an id of 32 digits, name, size and from";
        malformed(StatusCode::BAD_REQUEST, detail)
    })?;
    let body = has_body(asked.headers).then_some(body);
    let upload = app.files.receive(me, part, body).await.map_err(problem)?;
    let status = match upload.file {
        Some(_) => StatusCode::CREATED,
        None => StatusCode::OK,
    };
    Ok(json(status, &upload))
}

fn part(asked: &Asked<'_>) -> Option<Part> {
    let value = |name| field(asked.query, name);
    Some(Part {
        id: asked.id.parse().ok()?,
        name: FileName::of(&decoded(value("name")?)),
        size: value("size")?.parse().ok()?,
        from: value("from").unwrap_or("0").parse().ok()?,
    })
}

fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(CONTENT_LENGTH);
    headers.contains_key(TRANSFER_ENCODING) || length.is_some_and(|length| length != "0")
}

/// B6: gives a file to somebody who may see it. For everybody else it is one that never was.
async fn give(app: &App, method: &Method, asked: &Asked<'_>) -> Answer {
    let me = identify(app, asked.headers, asked.query).await?.person.id;
    let no_such_file = || problem(Problem::NoSuchFile);
    let id: FileId = asked.id.parse().map_err(|_| no_such_file())?;
    let engine = app.rooms.engine();
    let seen = engine.see_file(me, id).await.map_err(problem)?;
    let seen = seen.ok_or_else(no_such_file)?;
    if asked.small && seen.kind.is_none() {
        return Err(no_such_file());
    }
    let etag = format!(
        "\"{}{}\"",
        seen.hash,
        if asked.small { ".small" } else { "" }
    );
    let mut response = if is_known(asked.headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let opened = open(engine.blobs(), &seen, asked.small, method).await;
        // It was deleted a moment ago.
        opened.map_err(|_| no_such_file())?
    };
    let how = if seen.kind.is_some() {
        "inline"
    } else {
        "attachment"
    };
    set(
        &mut response,
        CONTENT_DISPOSITION,
        &disposition(how, &seen.file.name),
    );
    set(&mut response, CONTENT_SECURITY_POLICY, POLICY);
    // Whether one may still see it is asked each time.
    set(&mut response, CACHE_CONTROL, "private, no-cache");
    set(&mut response, ETAG, &etag);
    Ok(response)
}

/// The bytes with their type and number. An image without a small form is small enough itself.
async fn open(
    blobs: &Blobs,
    seen: &Seen,
    small: bool,
    method: &Method,
) -> std::io::Result<Response> {
    if small && let Ok(bytes) = tokio::fs::read(blobs.path(seen.hash, true)).await {
        let is_jpeg = bytes.starts_with(b"\xff\xd8");
        let mut response = Response::new(bytes.into());
        let kind = if is_jpeg { "image/jpeg" } else { "image/png" };
        set(&mut response, CONTENT_TYPE, kind);
        return Ok(response);
    }
    let file = tokio::fs::File::open(blobs.path(seen.hash, false)).await?;
    let length = file.metadata().await?.len();
    let mut response = match *method {
        Method::HEAD => StatusCode::OK.into_response(),
        _ => warp::reply::stream(ReaderStream::new(file)).into_response(),
    };
    let kind = seen.kind.as_deref();
    set(
        &mut response,
        CONTENT_TYPE,
        kind.unwrap_or("application/octet-stream"),
    );
    set(&mut response, CONTENT_LENGTH, &length.to_string());
    Ok(response)
}

/// How a file is to be saved, under which name (RFC 6266; RFC 8187 for what is not ASCII).
fn disposition(how: &str, name: &FileName) -> String {
    use std::fmt::Write as _;
    let plain = |c: char| c.is_ascii_alphanumeric() || " !#$&+-.^_`|~()[]".contains(c);
    let ascii: String = name
        .chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect();
    let mut text = format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// The values are visible ASCII.
fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B7
    #[test]
    fn a_name_is_said_in_ascii_and_in_full() {
        let said = |name: &str| disposition("attachment", &FileName::of(name));
        assert_eq!(
            said("../a \"b\";\r\nX: y.txt"),
            "attachment; filename=\"a _b__X_ y.txt\"; filename*=UTF-8''a%20%22b%22%3BX%3A%20y.txt"
        );
        assert_eq!(
            said("图 1.png"),
            "attachment; filename=\"_ 1.png\"; filename*=UTF-8''%E5%9B%BE%201.png"
        );
    }
}
