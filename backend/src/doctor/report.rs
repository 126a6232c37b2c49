//! What came of it, for people and for programs.

use std::fmt::Write as _;

use serde::Serialize;
use shared::doctor::diagnosis::{Finding, ahead_ms};
use shared::doctor::{Body, Socket};
use shared::limits;

use super::Unreachable;
use super::probes::Gathered;
use super::remedy::{Proxy, Remedy, remedies};
use super::target::Target;
use super::words::{advice, explained};

/// Everything that is to be told.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) target: Target,
    pub(super) gathered: Gathered,
    pub(super) findings: Vec<Finding>,
}

/// One thing that was looked at, as it is.
#[derive(Debug, Serialize)]
struct Fact {
    what: &'static str,
    says: String,
}

#[derive(Debug, Serialize)]
struct Found {
    name: &'static str,
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remedies: Vec<Remedy>,
}

#[derive(Debug, Serialize)]
struct Told {
    url: String,
    facts: Vec<Fact>,
    findings: Vec<Found>,
}

#[derive(Debug, Serialize)]
struct NotTold<'a> {
    url: &'a str,
    unreachable: String,
}

/// The JSON that says that nothing can be said.
pub(super) fn unreachable(url: &str, unreachable: &Unreachable) -> String {
    let unreachable = unreachable.to_string();
    shared::wire::encode(&NotTold { url, unreachable })
}

impl Report {
    pub(super) fn is_well(&self) -> bool {
        self.findings.is_empty()
    }

    /// For programs: one line.
    pub(super) fn json(&self) -> String {
        let findings = self.findings.iter().map(|finding| Found {
            name: finding.name(),
            says: explained(finding),
            advice: advice(finding, &self.target),
            remedies: remedies(finding),
        });
        shared::wire::encode(&Told {
            url: self.target.origin(),
            facts: self.facts(),
            findings: findings.collect(),
        })
    }

    /// For people. Without a proxy that they chose, it is the one that the answers name, or all.
    pub(super) fn text(&self, chosen: Option<Proxy>) -> String {
        let named = self.gathered.server.as_deref().and_then(Proxy::named);
        let proxy = chosen.or(named);
        let mut text = format!("{}\n\n", self.target.origin());
        for Fact { what, says } in self.facts() {
            text += &format!("  {what:<12} {says}\n");
        }
        text.push('\n');
        if self.is_well() {
            text += "All is well.\n";
            return text;
        }
        for (place, finding) in self.findings.iter().enumerate() {
            let number = place + 1;
            text += &format!("{number}. {}: {}\n", finding.name(), explained(finding));
            if let Some(advice) = advice(finding, &self.target) {
                text += &format!("   {advice}\n");
            }
            let all = remedies(finding).into_iter();
            for remedy in all.filter(|one| proxy.is_none_or(|proxy| proxy == one.proxy)) {
                write_remedy(&mut text, &remedy);
            }
            text.push('\n');
        }
        if chosen.is_none()
            && let Some(named) = named
        {
            let named = named.name();
            text += &format!(
                "The lines are for {named}, which is what answers; --proxy prints others.\n"
            );
        }
        text
    }

    fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        let mut add = |what, says| facts.push(Fact { what, says });
        let addresses = self.gathered.addresses.iter();
        let addresses: Vec<_> = addresses.map(|address| address.ip().to_string()).collect();
        add(
            "name",
            format!("{} is {}", self.target.host, addresses.join(", ")),
        );
        if let Some(tls) = &self.gathered.tls {
            let http = match tls.alpn.as_deref() {
                Some("h2") => "pages come over HTTP/2, WebSockets over HTTP/1.1",
                _ => "HTTP/1.1",
            };
            let until = tls.until.as_deref().unwrap_or("an unknown day");
            add(
                "TLS",
                format!("{}, certificate until {until}, {http}", tls.version),
            );
        }
        let found = &self.gathered.facts;
        if let Some(echo) = &found.echo {
            let took = echo.answered.0.saturating_sub(echo.sent.0);
            let host = echo.seen.header("host").unwrap_or("no host");
            let http = &echo.seen.http;
            add(
                "request",
                format!("arrives as HTTP/{http} for {host}, {took} ms there and back"),
            );
            add("clock", clock(ahead_ms(echo)));
        }
        if let Some(socket) = &found.socket {
            add("WebSocket", socket_says(socket));
        }
        if let Some(drip) = &found.drip {
            let times: Vec<_> = drip.iter().map(ToString::to_string).collect();
            let apart = limits::DOCTOR_DRIP_MS;
            add(
                "stream",
                format!(
                    "pieces sent every {apart} ms came after {} ms",
                    times.join(", ")
                ),
            );
        }
        if let Some(body) = &found.body {
            add("large body", body_says(*body));
        }
        facts
    }
}

fn clock(ahead_ms: i64) -> String {
    match ahead_ms {
        0 => "the same as here, as far as can be seen".to_owned(),
        ahead => format!("{:+.1} s from here", ahead as f64 / 1_000.0),
    }
}

fn socket_says(socket: &Socket) -> String {
    match socket {
        Socket::Opened {
            closed_after_ms: Some(ms),
            ..
        } => {
            format!(
                "opens; closed after {:.1} s of silence",
                *ms as f64 / 1_000.0
            )
        }
        Socket::Opened { patience_ms, .. } => {
            format!(
                "opens; still open after {} s of silence",
                patience_ms / 1_000
            )
        }
        Socket::Refused { status, .. } => format!("refused with {status}"),
        Socket::Broken => "does not come about".to_owned(),
    }
}

fn body_says(body: Body) -> String {
    match body {
        Body::Taken { bytes } => format!("{bytes} bytes arrive"),
        Body::Refused {
            status: Some(status),
            bytes,
        } => {
            format!("{bytes} bytes are refused with {status}")
        }
        Body::Refused {
            status: None,
            bytes,
        } => format!("{bytes} bytes are cut off"),
    }
}

fn write_remedy(text: &mut String, remedy: &Remedy) {
    let (name, place) = (remedy.proxy.name(), remedy.place);
    let mut told = |how: &str, lines: Vec<&str>| {
        if lines.is_empty() {
            return;
        }
        // Writing to a string does not fail.
        let _ = writeln!(text, "   {name}, {how} {place}:");
        for line in lines {
            let _ = writeln!(text, "       {line}");
        }
    };
    told("into", remedy.with.iter().map(String::as_str).collect());
    told("out of", remedy.without.to_vec());
}
