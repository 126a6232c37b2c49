//! What a client is shown of its own handshake (H11). Scripts in a browser see neither its headers nor the answer's.
//!
//! It must never show what may be a secret: a header that is not on the list is shown by its name and length.

use shared::limits;
use shared::protocol::{Handshake, Header};
use warp::http::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, CACHE_CONTROL, CONNECTION, HOST, HeaderMap, HeaderName,
    HeaderValue, ORIGIN, PRAGMA, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE, USER_AGENT,
};

use crate::clock;

/// Headers that hold no secret. The key is none: RFC 6455 has it prove that the server speaks WebSocket, nothing else.
const SHOWN: [HeaderName; 15] = [
    HOST,
    CONNECTION,
    UPGRADE,
    ORIGIN,
    SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_VERSION,
    SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_EXTENSIONS,
    SEC_WEBSOCKET_ACCEPT,
    USER_AGENT,
    ACCEPT_ENCODING,
    ACCEPT_LANGUAGE,
    CACHE_CONTROL,
    PRAGMA,
    HeaderName::from_static("x-forwarded-proto"),
];

/// A handshake as it is shown. Everything is copied: the headers are slices of the buffer that they were read into.
pub(super) fn echo(query: &str, asked: &HeaderMap, answered: &HeaderMap) -> Handshake {
    let line = match query {
        "" => "GET /ws".to_owned(),
        query => format!("GET /ws?{query}"),
    };
    Handshake {
        at: clock::now(),
        request: format!("{} HTTP/1.1", cut(&line)),
        headers: lines(asked),
        answer: lines(answered),
    }
}

fn lines(headers: &HeaderMap) -> Vec<Header> {
    let lines = headers.iter().take(limits::SHOWN_HEADERS);
    lines.map(|(name, value)| line(name, value)).collect()
}

fn line(name: &HeaderName, value: &HeaderValue) -> Header {
    let shown = value.to_str().ok().filter(|_| SHOWN.contains(name));
    Header {
        name: cut(name.as_str()).to_owned(),
        value: shown.map(|text| cut(text).to_owned()),
        bytes: value.len(),
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(limits::SHOWN_HEADER_BYTES)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_shown_by_its_length_and_nothing_grows() {
        let mut headers = HeaderMap::new();
        let mut put = |name: &str, value: &str| {
            let name = HeaderName::try_from(name).unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
        };
        put("cookie", "parlance_1=secret");
        put("authorization", "Bearer secret");
        put("user-agent", &"x".repeat(5_000));
        for n in 0..100 {
            put(&format!("x-token-{n}"), "secret");
        }
        let shown = echo("as=1", &headers, &HeaderMap::new());
        assert_eq!(shown.request, "GET /ws?as=1 HTTP/1.1");
        assert_eq!(shown.headers.len(), limits::SHOWN_HEADERS);
        assert!(!format!("{shown:?}").contains("secret"));
        let find = |name: &str| shown.headers.iter().find(|it| it.name == name).unwrap();
        assert_eq!(find("cookie").bytes, 17);
        assert_eq!(find("user-agent").bytes, 5_000);
        let agent = find("user-agent").value.as_deref().unwrap();
        assert_eq!(agent.len(), limits::SHOWN_HEADER_BYTES);
    }
}
