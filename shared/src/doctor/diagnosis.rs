//! From what was found on the way to what is wrong with it.

use super::{Body, Echo, Facts, Seen, Socket};
use crate::ids::Timestamp;
use crate::limits;

#[cfg(test)]
mod tests;

/// Something that is to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Browsers try this address as well, and wait.
    DeadAddress { address: String },
    /// Browsers refuse the certificate, or will soon.
    Certificate { detail: String },
    /// WebSockets begin in HTTP/1.1.
    OnlyHttp2,
    /// A proxy asks the server in HTTP/1.0, which has no upgrades and no streamed answers.
    Http10,
    /// A proxy does not pass on what asks for the upgrade.
    UpgradeHeaders { missing: Vec<&'static str> },
    /// Something refuses the upgrade by itself, or takes it and passes nothing on.
    UpgradeRefused { status: Option<u16> },
    /// Silent connections are closed before the server's next ping.
    IdleTimeout { after_ms: u64, ping_ms: u64 },
    /// Answers are kept back until they are whole.
    Buffered,
    /// Files of a size that the server takes are refused on the way.
    BodyTooLarge {
        status: Option<u16>,
        bytes: u64,
        file_bytes: u64,
    },
    /// The server takes its own pages for foreign ones.
    ForeignOrigin { host: String, seen: String },
    /// A proxy does not say for whom it asks, so that everybody shares the limits of one address.
    ForwardedFor,
    /// People come over https, but cookies are not marked so.
    InsecureCookies,
    /// The clocks differ.
    Clock { ahead_ms: i64 },
}

impl Finding {
    /// Its name, for programs and for looking it up.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::DeadAddress { .. } => "dead-address",
            Self::Certificate { .. } => "certificate",
            Self::OnlyHttp2 => "only-http2",
            Self::Http10 => "http10-upstream",
            Self::UpgradeHeaders { .. } => "upgrade-headers",
            Self::UpgradeRefused { .. } => "upgrade-refused",
            Self::IdleTimeout { .. } => "idle-timeout",
            Self::Buffered => "buffered",
            Self::BodyTooLarge { .. } => "body-limit",
            Self::ForeignOrigin { .. } => "foreign-origin",
            Self::ForwardedFor => "forwarded-for",
            Self::InsecureCookies => "insecure-cookies",
            Self::Clock { .. } => "clock",
        }
    }
}

/// What is to be changed, in the order in which one would.
#[must_use]
pub fn diagnose(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let dead = facts.dead_addresses.iter().cloned();
    findings.extend(dead.map(|address| Finding::DeadAddress { address }));
    let certificate = facts.certificate.clone();
    findings.extend(certificate.map(|detail| Finding::Certificate { detail }));
    if facts.only_http2 {
        findings.push(Finding::OnlyHttp2);
    }
    let seen = facts.echo.as_ref().map(|echo| &echo.seen);
    if seen.is_some_and(Seen::is_http_1_0) {
        findings.push(Finding::Http10);
    }
    findings.extend(upgrade(facts));
    if let Some(drip) = &facts.drip
        && is_buffered(drip)
    {
        findings.push(Finding::Buffered);
    }
    if let (Some(Body::Refused { status, bytes }), Some(seen)) = (facts.body, seen) {
        findings.push(Finding::BodyTooLarge {
            status,
            bytes,
            file_bytes: seen.file_bytes,
        });
    }
    if let Some(echo) = &facts.echo {
        findings.extend(arrived(facts, echo));
    }
    without_repeats(findings)
}

/// What two probes have shown is one thing to change.
fn without_repeats(findings: Vec<Finding>) -> Vec<Finding> {
    let mut once: Vec<Finding> = Vec::new();
    for finding in findings {
        if !once.contains(&finding) {
            once.push(finding);
        }
    }
    once
}

fn upgrade(facts: &Facts) -> Option<Finding> {
    match facts.socket.as_ref()? {
        Socket::Opened {
            closed_after_ms, ..
        } => {
            let (after_ms, ping_ms) = ((*closed_after_ms)?, facts.echo.as_ref()?.seen.ping_ms);
            let needed = ping_ms + limits::DOCTOR_PING_SLACK_MS;
            (after_ms < needed).then_some(Finding::IdleTimeout { after_ms, ping_ms })
        }
        Socket::Refused { status, seen } => {
            if let Some(seen) = seen {
                let missing = seen.missing_for_upgrade();
                if !missing.is_empty() {
                    return Some(Finding::UpgradeHeaders { missing });
                }
                if seen.is_http_1_0() {
                    return Some(Finding::Http10);
                }
                if !seen.admitted {
                    // That is said of the ordinary request already.
                    return None;
                }
            }
            Some(Finding::UpgradeRefused {
                status: Some(*status),
            })
        }
        Socket::Broken => Some(Finding::UpgradeRefused { status: None }),
    }
}

/// Pieces that were sent one by one and came at one moment or two (a head of compressed data may come before the rest) were kept
/// back.
fn is_buffered(arrived: &[u64]) -> bool {
    let (mut moments, mut last) = (0, None);
    for at in arrived {
        if last.is_none_or(|last| at - last >= limits::DOCTOR_DRIP_MS / 4) {
            moments += 1;
            last = Some(*at);
        }
    }
    moments > 0 && moments <= limits::DOCTOR_DRIPS / 2
}

/// What an ordinary request shows by how it arrived.
fn arrived(facts: &Facts, echo: &Echo) -> Vec<Finding> {
    let seen = &echo.seen;
    let mut findings = Vec::new();
    if !seen.admitted {
        findings.push(Finding::ForeignOrigin {
            host: facts.host.clone(),
            seen: seen.header("host").unwrap_or_default().to_owned(),
        });
    }
    // The server sees the other end of our own connection, or of a proxy's.
    let by_proxy = facts.https || echo.port.is_some_and(|port| seen.local_port != Some(port));
    if seen.local_port.is_some() && by_proxy && seen.header("x-forwarded-for").is_none() {
        findings.push(Finding::ForwardedFor);
    }
    if facts.https && !seen.https {
        findings.push(Finding::InsecureCookies);
    }
    let ahead_ms = ahead_ms(echo);
    if ahead_ms.unsigned_abs() > limits::DOCTOR_CLOCK_MS {
        findings.push(Finding::Clock { ahead_ms });
    }
    findings
}

/// By how much the server's clock is ahead of ours, at least: it was read somewhere between sending and answer.
#[must_use]
pub fn ahead_ms(echo: &Echo) -> i64 {
    let ms = |at: Timestamp| i64::try_from(at.0).unwrap_or(i64::MAX);
    let now = ms(echo.seen.now);
    let (sent, answered) = (ms(echo.sent), ms(echo.answered));
    now - now.clamp(sent.min(answered), answered.max(sent))
}
