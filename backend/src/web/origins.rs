//! Which pages may talk to the server (H5, A4): those of the host that they talk to, and those that were allowed.
//!
//! Browsers send cookies to a WebSocket from every page; the Origin is all that tells a foreign one.

use warp::http::header::{HOST, HeaderMap, ORIGIN};
use warp::http::uri::Authority;

/// An origin that was to be allowed is none.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not an origin; expected something like https://chat.example.org")]
pub struct NotAnOrigin(String);

/// The origins that were allowed.
#[derive(Debug, Clone, Default)]
pub struct Origins(Vec<Origin>);

/// Scheme, host in lower case, port.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    https: bool,
    host: String,
    port: u16,
}

impl Origins {
    /// Reads what was configured. A path behind an origin is ignored, so that a public URL will do.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, NotAnOrigin> {
        let parse = |text: &str| {
            let text = text.trim();
            let end = text.find("://").and_then(|scheme| {
                let rest = &text[scheme + 3..];
                rest.find('/').map(|slash| scheme + 3 + slash)
            });
            Origin::parse(&text[..end.unwrap_or(text.len())])
                .ok_or_else(|| NotAnOrigin(text.to_owned()))
        };
        texts
            .into_iter()
            .map(parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether a request with these headers may do what only our own pages may do. One without
    /// `Origin` does not come from a browser's page.
    #[must_use]
    pub fn admit(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(ORIGIN).iter();
        let (origin, more) = (origins.next(), origins.next());
        let Some(origin) = origin else { return true };
        let origin = origin.to_str().ok().and_then(Origin::parse);
        match (origin, more) {
            (Some(origin), None) => self.0.contains(&origin) || origin.is_host_of(headers),
            _ => false,
        }
    }
}

impl Origin {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let https = match scheme.to_ascii_lowercase().as_str() {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let (host, port) = split_authority(authority)?;
        Some(Self {
            https,
            host,
            port: port.unwrap_or(if https { 443 } else { 80 }),
        })
    }

    /// The scheme is not compared: behind a proxy that ends TLS, the server itself sees plain http.
    fn is_host_of(&self, headers: &HeaderMap) -> bool {
        let default = if self.https { 443 } else { 80 };
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        let host = host.to_str().ok().and_then(split_authority);
        host.is_some_and(|(host, port)| host == self.host && port.unwrap_or(default) == self.port)
    }
}

fn split_authority(text: &str) -> Option<(String, Option<u16>)> {
    if text.contains('@') {
        return None;
    }
    let authority: Authority = text.parse().ok()?;
    if authority.host().is_empty() || (authority.port().is_some() && authority.port_u16().is_none())
    {
        return None;
    }
    Some((authority.host().to_ascii_lowercase(), authority.port_u16()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(host: &str, origin: &str) -> bool {
        let allowed = ["https://chat.example.org/", "http://127.0.0.1:8081"];
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        headers.insert(ORIGIN, origin.parse().unwrap());
        Origins::parse(allowed).unwrap().admit(&headers)
    }

    /// H5
    #[test]
    fn the_host_itself_and_what_was_allowed_is_admitted() {
        for (host, origin) in [
            ("localhost:8080", "http://localhost:8080"),
            ("LocalHost:8080", "HTTP://localHOST:8080"),
            ("chat.example.com", "https://chat.example.com"),
            ("chat.example.com", "https://chat.example.com:443"),
            ("chat.example.com:443", "https://chat.example.com"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("localhost:8080", "https://chat.example.org"),
            ("localhost:8080", "http://127.0.0.1:8081"),
        ] {
            assert!(admits(host, origin), "{origin} at {host}");
        }
    }

    /// H5
    #[test]
    fn everything_else_is_foreign() {
        let host = "chat.example.com";
        for origin in [
            "https://evil.example",
            "https://chat.example.com.evil.example",
            "https://evilchat.example.com",
            "https://sub.chat.example.com",
            "https://example.com",
            "https://chat.example.com:8443",
            "http://chat.example.com:443",
            "https://chat.example.com@evil.example",
            "null",
            "",
            "file://",
            "ws://chat.example.com",
            "chat.example.com",
            "https://chat.example.com.",
            "http://chat.example.org",
        ] {
            assert!(!admits(host, origin), "{origin}");
        }
    }

    #[test]
    fn what_is_no_origin_is_told_at_the_start() {
        assert!(Origins::parse(["chat.example.org"]).is_err());
        assert!(Origins::parse(["https://chat.example.org"]).is_ok());
    }
}
