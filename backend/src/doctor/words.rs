//! What a finding means, in words.

use shared::doctor::diagnosis::Finding;

use super::target::Target;

/// The cause, and what comes of it.
pub(super) fn explained(finding: &Finding) -> String {
    match finding {
        Finding::DeadAddress { address } => format!(
            "the name also leads to {address}, which takes no connection; browsers try it as well, and people wait"
        ),
        Finding::Certificate { detail } => format!("browsers refuse the certificate: {detail}"),
        Finding::OnlyHttp2 => {
            "only HTTP/2 is spoken here, but a WebSocket begins in HTTP/1.1".to_owned()
        }
        Finding::Http10 => "the proxy asks Parlance in HTTP/1.0, which has neither upgrades nor answers \
            that come bit by bit"
            .to_owned(),
        Finding::UpgradeHeaders { missing } => format!(
            "the proxy does not pass on what asks for a WebSocket ({}), so that every connection is refused \
             and the app falls back to slower ways",
            missing.join(", ")
        ),
        Finding::UpgradeRefused { status: Some(status) } => format!(
            "something on the way refuses WebSockets by itself, with {status}; Parlance has not seen the request"
        ),
        Finding::UpgradeRefused { status: None } => {
            "something on the way breaks WebSockets off, or passes nothing on".to_owned()
        }
        Finding::IdleTimeout { after_ms, ping_ms } => format!(
            "a connection on which nothing is said is closed after {:.1} s, but Parlance pings every {} s: whoever \
             only reads is cut off again and again",
            *after_ms as f64 / 1_000.0,
            ping_ms / 1_000
        ),
        Finding::Buffered => "answers are kept back until they are whole, by buffers or by compression, so that without WebSockets messages come late"
            .to_owned(),
        Finding::BodyTooLarge { status, bytes, .. } => {
            let how = match status {
                Some(status) => format!("refused with {status} on the way"),
                None => "cut off on the way".to_owned(),
            };
            format!("a file of {bytes} bytes, which Parlance would take, is {how}")
        }
        Finding::ForeignOrigin { host, seen } => format!(
            "a page of {host} is taken for a foreign one, because the request arrives for {seen:?}: nobody can \
             sign in or connect"
        ),
        Finding::ForwardedFor => "the proxy does not say for whom it asks, so that all people share the limits of \
            one address (wrong passwords, guests)"
            .to_owned(),
        Finding::InsecureCookies => {
            "people come over https, but Parlance was not told, and its cookies would go over http too".to_owned()
        }
        Finding::Clock { ahead_ms } => format!(
            "the server's clock is {} s {} that of this machine: times beside messages are wrong on one of them",
            ahead_ms.unsigned_abs() / 1_000,
            if *ahead_ms > 0 { "ahead of" } else { "behind" }
        ),
    }
}

/// What to do where no proxy is to blame, or besides.
pub(super) fn advice(finding: &Finding, target: &Target) -> Option<String> {
    let origin = target.origin();
    Some(match finding {
        Finding::DeadAddress { address } => {
            format!("Make the server listen there, or take {address} out of the name's records.")
        }
        Finding::Certificate { .. } => {
            format!("Renew the certificate for {}, with its chain.", target.host)
        }
        Finding::ForeignOrigin { .. } => {
            format!(
                "Either start Parlance with --public-url {origin}, or let the proxy pass the host on:"
            )
        }
        Finding::InsecureCookies => format!("Start Parlance with --public-url {origin}"),
        Finding::Clock { .. } => {
            "Let both be set by NTP, for instance with systemd-timesyncd.".to_owned()
        }
        Finding::Http10 => "HAProxy and Traefik cannot be wrong in this way.".to_owned(),
        _ => return None,
    })
}
