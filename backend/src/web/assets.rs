//! The app's files, with the compressed forms that the build put beside them.
//!
//! The binary has them inside and hands them in, so that the server is compiled while the app is.

use std::borrow::Cow;

use bytes::Bytes;
use rust_embed::EmbeddedFile;
use warp::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderName, HeaderValue, IF_NONE_MATCH, VARY,
};
use warp::http::{Method, StatusCode};
use warp::reply::{Reply, Response};

use super::negotiate::{Coding, accepts};
use super::refusal::{method_not_allowed, not_found};

/// What is served at every address that is the app's own business.
const INDEX: &str = "index.html";

/// Shown when the binary was built without the app.
const MISSING: &str = include_str!("assets/missing.html");

/// Gives a file of the app by its name, compressed forms as files of their own.
pub type Dist = fn(&str) -> Option<EmbeddedFile>;

/// No app: people are told how to build one.
pub fn none(_: &str) -> Option<EmbeddedFile> {
    None
}

/// Answers a request for a path that no other route knows.
pub(super) fn answer(dist: Dist, method: &Method, path: &str, headers: &HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return method_not_allowed(method, "GET, HEAD");
    }
    let name = path.trim_start_matches('/');
    // The compressed forms have no addresses of their own.
    let is_form = name.ends_with(".br") || name.ends_with(".gz");
    if !is_form && !name.is_empty() && dist(name).is_some() {
        return file(dist, name, headers);
    }
    if !is_page(name, headers) {
        return not_found(path);
    }
    if dist(INDEX).is_some() {
        return file(dist, INDEX, headers);
    }
    missing()
}

/// Whether a person may have typed this address: `/`, `/r/<room>` and the like, asked for by a browser as a page.
fn is_page(name: &str, headers: &HeaderMap) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    let wants_html = headers.get(ACCEPT).is_none_or(|accept| {
        let accept = accept.to_str().unwrap_or("");
        accept.contains("text/html") || accept.contains("*/*")
    });
    name == INDEX || !last.contains('.') && wants_html
}

fn missing() -> Response {
    let mut response = MISSING.into_response();
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    set(&mut response, CONTENT_TYPE, "text/html; charset=utf-8");
    set(&mut response, CACHE_CONTROL, "no-store");
    response
}

fn file(dist: Dist, name: &str, headers: &HeaderMap) -> Response {
    let Some((coding, file)) = best_form(dist, name, headers) else {
        return not_found(name);
    };
    let etag = etag(&file, coding);
    let mut response = if is_known(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let bytes = match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        let mut response = Response::new(bytes.into());
        set(&mut response, CONTENT_TYPE, content_type(name));
        if let Some(name) = coding.name() {
            set(&mut response, CONTENT_ENCODING, name);
        }
        response
    };
    set(&mut response, VARY, "accept-encoding");
    set(&mut response, CACHE_CONTROL, caching(name));
    if let Ok(value) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(ETAG, value);
    }
    response
}

/// The form that the browser likes best among those that there are.
fn best_form(dist: Dist, name: &str, headers: &HeaderMap) -> Option<(Coding, EmbeddedFile)> {
    let accepted = headers.get(ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    accepts(accepted).into_iter().find_map(|coding| {
        let file = dist(&format!("{name}{}", coding.suffix()))?;
        Some((coding, file))
    })
}

/// A strong validator: another form of the same file is another entity.
fn etag(file: &EmbeddedFile, coding: Coding) -> String {
    use std::fmt::Write as _;
    let mut text = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..16] {
        let _ = write!(text, "{byte:02x}");
    }
    text.push_str(coding.suffix());
    text.push('"');
    text
}

pub(super) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == etag || tag == "*")
}

fn caching(name: &str) -> &'static str {
    if is_hashed(name) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

/// Whether the name changes with the content: the build puts such files under `assets/`, trunk
/// gives them a hash of 16 digits.
fn is_hashed(name: &str) -> bool {
    let is_hash = |part: &str| part.len() >= 16 && part.bytes().all(|b| b.is_ascii_hexdigit());
    name.starts_with("assets/") || name.split(['-', '.', '_', '/']).any(is_hash)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn set(response: &mut Response, name: HeaderName, value: &'static str) {
    let value = HeaderValue::from_static(value);
    response.headers_mut().insert(name, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_change_with_their_content_are_kept_for_ever() {
        for name in [
            "assets/parlance-8f2c.js",
            "parlance-0123456789abcdef_bg.wasm",
            "style-0123456789abcdef.css",
        ] {
            assert!(is_hashed(name), "{name}");
        }
        for name in ["index.html", "favicon.svg", "parlance.js"] {
            assert!(!is_hashed(name), "{name}");
        }
    }

    #[test]
    fn pages_are_extensionless_and_asked_for_as_html() {
        let mut html = HeaderMap::new();
        html.insert(ACCEPT, HeaderValue::from_static("text/html,*/*;q=0.8"));
        let mut json = HeaderMap::new();
        json.insert(ACCEPT, HeaderValue::from_static("application/json"));
        assert!(is_page("", &html));
        assert!(is_page("r/00000000000000ff", &html));
        assert!(is_page("index.html", &html));
        assert!(!is_page("r/photo.png", &html));
        assert!(!is_page("r/00000000000000ff", &json));
    }

    #[test]
    fn a_known_etag_is_found_in_a_list_and_weak() {
        let mut headers = HeaderMap::new();
        let list = HeaderValue::from_static(r#""aa", W/"bb.br""#);
        headers.insert(IF_NONE_MATCH, list);
        assert!(is_known(&headers, r#""bb.br""#));
        assert!(!is_known(&headers, r#""bb""#));
    }
}
