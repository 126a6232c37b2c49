//! An answer of Server-Sent Events, as nothing in between may hold it back.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::Stream;
use warp::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use warp::reply::{Reply, Response};

/// The answer with these pieces, each of which is to be seen at once.
pub(super) fn events(
    pieces: impl Stream<Item = Result<Bytes, Infallible>> + Send + Sync + 'static,
) -> Response {
    let mut response = warp::reply::stream(pieces).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/event-stream"),
        // What is compressed on the way is collected first.
        (CACHE_CONTROL, "no-store, no-transform"),
        // What nginx obeys unless it was told not to.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
