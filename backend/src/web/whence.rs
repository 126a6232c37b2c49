//! Where a request comes from, and under which address its sender can be reached again by a link.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use warp::http::header::{HOST, HeaderMap, HeaderName, ORIGIN, USER_AGENT};

use super::App;
use super::accept::Peer;
use super::api::Asked;
use crate::people::arrival::From;

/// What a proxy says about whom it speaks for.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Characters of a program's name that are kept.
const PROGRAM_CHARS: usize = 60;

/// Browsers and systems by the word that tells them from those below, which name themselves after them.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// The address and the program of a request.
pub(super) fn from(asked: &Asked) -> From {
    let agent = asked.headers.get(USER_AGENT);
    let agent = agent.and_then(|value| value.to_str().ok());
    From {
        address: address(asked.peer, &asked.headers),
        program: program(agent.unwrap_or_default()),
    }
}

/// The address for whose requests this one counts.
pub(super) fn address(peer: Option<Peer>, headers: &HeaderMap) -> IpAddr {
    let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let peer = peer.map_or(unknown, |peer| peer.address.ip());
    let forwarded = headers.get(FORWARDED_FOR);
    behind_proxy(peer, forwarded.and_then(|value| value.to_str().ok()))
}

/// Whoever a proxy on this machine speaks for: the last address is the one that it has seen itself.
fn behind_proxy(peer: IpAddr, forwarded: Option<&str>) -> IpAddr {
    let last = forwarded.and_then(|list| list.rsplit(',').next());
    let last = last.and_then(|address| address.trim().parse().ok());
    last.filter(|_| peer.is_loopback()).unwrap_or(peer)
}

fn program(agent: &str) -> String {
    let find = |names: &[(&str, &'static str)]| {
        let named = names.iter().find(|(word, _)| agent.contains(word));
        named.map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        _ => {
            let word = agent.split_whitespace().next().unwrap_or_default();
            let shown = word.chars().filter(|c| !c.is_control());
            shown.take(PROGRAM_CHARS).collect()
        }
    }
}

/// What a link of this server begins with: its public address if it was told one, else the page that asks. From a page on
/// this machine the address in the network is taken, so that another device finds it.
pub(super) fn base(app: &App, headers: &HeaderMap) -> String {
    if let Some(url) = &app.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let base = match (text(ORIGIN), text(HOST)) {
        (Some(origin), _) if origin.contains("://") => origin.to_owned(),
        (_, host) => format!("http://{}", host.unwrap_or_default()),
    };
    in_network(&base, app.in_network).unwrap_or(base)
}

/// The same address for other machines, if it names this one and they can reach it.
fn in_network(base: &str, ip: Option<IpAddr>) -> Option<String> {
    let host = base.strip_prefix("http://")?;
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    let local = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    let address = SocketAddr::new(ip.filter(|_| local)?, port.parse().ok()?);
    Some(format!("http://{address}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_known_by_name() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox · Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0 Safari/537.36 Edg/149.0",
                "Edge · Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
                "Safari · iPhone",
            ),
            ("Python-urllib/3.11", "Python-urllib/3.11"),
            ("", ""),
        ] {
            assert_eq!(program(agent), expected);
        }
    }

    /// A9
    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let (here, there) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([192, 0, 2, 1]));
        let client = IpAddr::from([198, 51, 100, 7]);
        assert_eq!(
            behind_proxy(here, Some("203.0.113.9, 198.51.100.7")),
            client
        );
        assert_eq!(behind_proxy(there, Some("198.51.100.7")), there);
        assert_eq!(behind_proxy(here, Some("nonsense")), here);
        assert_eq!(behind_proxy(here, None), here);
    }

    /// A12
    #[test]
    fn a_link_made_on_this_machine_works_from_another() {
        let lan = Some(IpAddr::from([192, 168, 1, 5]));
        let found = |base| in_network(base, lan);
        let expected = Some("http://192.168.1.5:8080".to_owned());
        assert_eq!(found("http://localhost:8080"), expected);
        assert_eq!(found("http://127.0.0.1:8080"), expected);
        assert_eq!(found("http://chat.local:8080"), None);
        assert_eq!(found("https://localhost:8080"), None);
        assert_eq!(in_network("http://localhost:8080", None), None);
    }
}
