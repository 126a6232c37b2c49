//! The session cookies (A1): 256 random bits that no script can read, one cookie for each person of a browser (A5).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::ids::PersonId;
use shared::limits;
use warp::http::header::{COOKIE, HeaderMap, HeaderValue};

use crate::engine::session::TokenHash;

/// What the cookies' names start with; the person's id follows.
const PREFIX: &str = "parlance_";

/// Seconds that a browser keeps it: a year.
const MAX_AGE: u32 = 365 * 24 * 60 * 60;

/// What one session cookie of a request says. Only the token proves anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Session {
    /// The person that the cookie is named after.
    pub(super) person: PersonId,
    /// The hash of the token that it carries.
    pub(super) token: TokenHash,
}

/// The sessions that a request carries, the oldest first, as browsers send them (RFC 6265 section 5.4).
pub(super) fn all(headers: &HeaderMap) -> Vec<Session> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| session(pair.trim()))
        .take(limits::SESSIONS_PER_BROWSER)
        .collect()
}

fn session(pair: &str) -> Option<Session> {
    let (name, value) = pair.split_once('=')?;
    let person = name.strip_prefix(PREFIX)?.parse().ok()?;
    let token: [u8; 32] = URL_SAFE_NO_PAD.decode(value).ok()?.try_into().ok()?;
    Some(Session {
        person,
        token: TokenHash::of(&token),
    })
}

/// The session that a request is made with: of the person that its query names with `as`, else the oldest.
pub(super) fn read(headers: &HeaderMap, query: &str) -> Option<Session> {
    let named = query.split('&').find_map(|pair| pair.strip_prefix("as="));
    let mut sessions = all(headers).into_iter();
    match named {
        Some(name) => {
            let person: PersonId = name.parse().ok()?;
            sessions.find(|session| session.person == person)
        }
        None => sessions.next(),
    }
}

/// Gives a token to the browser.
pub(super) fn give(person: PersonId, token: &[u8; 32], secure: bool) -> HeaderValue {
    set(person, &URL_SAFE_NO_PAD.encode(token), MAX_AGE, secure)
}

/// Takes it back.
pub(super) fn clear(person: PersonId, secure: bool) -> HeaderValue {
    set(person, "", 0, secure)
}

fn set(person: PersonId, value: &str, max_age: u32, secure: bool) -> HeaderValue {
    // Lax, not Strict: who follows a link to a room is signed in. Foreign pages are kept out by the Origin.
    let secure = if secure { "; Secure" } else { "" };
    let text = format!(
        "{PREFIX}{person}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={max_age}{secure}"
    );
    // Base64 and the rest are visible ASCII.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random;

    fn token() -> [u8; 32] {
        random::bytes()
    }

    const ADA: PersonId = PersonId(1);
    const BOB: PersonId = PersonId(2);

    fn pair(given: &HeaderValue) -> String {
        given
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    }

    fn request(line: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, line.parse().unwrap())])
    }

    /// A1, A5
    #[test]
    fn each_person_of_a_browser_is_found_among_other_cookies() {
        let (first, second) = (token(), token());
        let (ada, bob) = (give(ADA, &first, false), give(BOB, &second, false));
        let headers = request(&format!(
            "theme=dark; parlance_{ADA}=short; {}; {}; a=b",
            pair(&ada),
            pair(&bob)
        ));
        let found = |query: &str| read(&headers, query).map(|session| session.token);
        assert_eq!(found(""), Some(TokenHash::of(&first)));
        assert_eq!(found(&format!("as={ADA}")), Some(TokenHash::of(&first)));
        assert_eq!(
            found(&format!("x=1&as={BOB}")),
            Some(TokenHash::of(&second))
        );
        assert_eq!(found("as=0000000000000003"), None);
        assert_eq!(found("as=bob"), None);
    }

    /// A5
    #[test]
    fn more_sessions_than_the_limit_are_not_looked_at() {
        let cookies: Vec<String> = (0..40)
            .map(|id| pair(&give(PersonId(id), &token(), false)))
            .collect();
        let headers = request(&cookies.join("; "));
        assert_eq!(all(&headers).len(), limits::SESSIONS_PER_BROWSER);
    }

    /// A1
    #[test]
    fn over_https_the_cookie_is_secure() {
        let given = |secure| give(ADA, &token(), secure);
        let attributes = |secure| given(secure).to_str().unwrap().to_owned();
        assert!(attributes(true).ends_with("; Secure"));
        for needed in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"] {
            assert!(attributes(false).contains(needed), "{needed}");
        }
    }
}
