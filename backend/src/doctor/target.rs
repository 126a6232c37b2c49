//! The address of a server, as somebody typed it.

use warp::http::Uri;

/// Where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) https: bool,
    /// Without brackets.
    pub(super) host: String,
    pub(super) port: u16,
}

impl Target {
    /// Reads an address; one without a scheme is meant to be https. Parlance is at the root of its host, so that a path says
    /// nothing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let with_scheme = match text.contains("://") {
            true => text.to_owned(),
            false => format!("https://{text}"),
        };
        let uri: Uri = with_scheme.parse().ok()?;
        let https = match uri.scheme_str()? {
            "https" | "wss" => true,
            "http" | "ws" => false,
            _ => return None,
        };
        let authority = uri.authority()?;
        if authority.as_str().contains('@') {
            return None;
        }
        let host = authority.host().trim_matches(['[', ']']);
        (!host.is_empty()).then(|| Self {
            https,
            host: host.to_ascii_lowercase(),
            port: authority.port_u16().unwrap_or(default_port(https)),
        })
    }

    /// What a browser would put into `Host`.
    pub(super) fn authority(&self) -> String {
        let host = match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.clone(),
        };
        match self.port == default_port(self.https) {
            true => host,
            false => format!("{host}:{}", self.port),
        }
    }

    /// What a browser would put into `Origin`.
    pub(super) fn origin(&self) -> String {
        let scheme = if self.https { "https" } else { "http" };
        format!("{scheme}://{}", self.authority())
    }
}

fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_a_browser_would() {
        for (typed, origin) in [
            ("chat.example.org", "https://chat.example.org"),
            (
                "https://Chat.example.org/r/lobby",
                "https://chat.example.org",
            ),
            ("https://chat.example.org:443", "https://chat.example.org"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("wss://chat.example.org/ws", "https://chat.example.org"),
            ("http://[::1]:8080/", "http://[::1]:8080"),
        ] {
            let target = Target::parse(typed).expect(typed);
            assert_eq!(target.origin(), origin, "{typed}");
        }
        for typed in [
            "",
            "ftp://chat.example.org",
            "https://ada@chat.example.org",
            "https://",
        ] {
            assert_eq!(Target::parse(typed), None, "{typed}");
        }
    }
}
