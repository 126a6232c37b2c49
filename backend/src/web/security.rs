//! The headers that every response carries, so that a page of ours does only what we wrote.

use warp::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use warp::reply::Response;

/// Nothing but our own files. WebAssembly needs a word of its own; images may also be made in the page.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const FIXED: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// One of them, by which an answer that has them is known.
pub(super) const POLICY_NAME: &str = "content-security-policy";

/// For two years, when people come over https.
const ONLY_HTTPS: (HeaderName, &str) = (STRICT_TRANSPORT_SECURITY, "max-age=63072000");

fn all(https: bool) -> impl Iterator<Item = (HeaderName, &'static str)> {
    FIXED.into_iter().chain(https.then_some(ONLY_HTTPS))
}

/// The headers as lines of a response's head.
pub(super) fn lines(https: bool) -> String {
    all(https)
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect()
}

/// Adds them. `https`: the server was told that people come over https.
pub(super) fn secure(response: &mut Response, https: bool) {
    let headers = response.headers_mut();
    for (name, value) in all(https) {
        // What a person has brought has a stricter policy of its own.
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}
