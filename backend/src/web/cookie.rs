//! The session cookie (A1): 256 random bits that no script can read.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use warp::http::header::{COOKIE, HeaderMap, HeaderValue};

use crate::engine::session::TokenHash;
use crate::random;

/// The cookie's name.
const NAME: &str = "parlance_session";

/// Seconds that a browser keeps it: a year.
const MAX_AGE: u32 = 365 * 24 * 60 * 60;

/// A new token. It exists in the browser's cookie only; the server keeps its hash.
pub(super) fn token() -> [u8; 32] {
    random::bytes()
}

/// The hash of the token that a request carries.
pub(super) fn read(headers: &HeaderMap) -> Option<TokenHash> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == NAME)
        .find_map(|(_, value)| URL_SAFE_NO_PAD.decode(value).ok()?.try_into().ok())
        .map(|token| TokenHash::of(&token))
}

/// Gives a token to the browser.
pub(super) fn give(token: &[u8; 32], secure: bool) -> HeaderValue {
    set(&URL_SAFE_NO_PAD.encode(token), MAX_AGE, secure)
}

/// Takes it back.
pub(super) fn clear(secure: bool) -> HeaderValue {
    set("", 0, secure)
}

fn set(value: &str, max_age: u32, secure: bool) -> HeaderValue {
    // Lax, not Strict: who follows a link to a room is signed in. Foreign pages are kept out by the Origin.
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{NAME}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={max_age}{secure}");
    // Base64 and the rest are visible ASCII.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A1
    #[test]
    fn what_is_given_can_be_read_among_other_cookies() {
        let token = token();
        let given = give(&token, false);
        let pair = given
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let mut headers = HeaderMap::new();
        let line = format!("theme=dark; parlance_session=short; {pair}; a=b");
        headers.insert(COOKIE, line.parse().unwrap());
        assert_eq!(read(&headers), Some(TokenHash::of(&token)));
    }

    /// A1
    #[test]
    fn over_https_the_cookie_is_secure() {
        let attributes = |secure| give(&token(), secure).to_str().unwrap().to_owned();
        assert!(attributes(true).ends_with("; Secure"));
        for needed in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"] {
            assert!(attributes(false).contains(needed), "{needed}");
        }
    }
}
