//! `shared` computes: time, randomness and the network come in as arguments and go out as effects.

use std::fs;

use anyhow::{Context, Result};

use super::source::{self, Source, code, paths};
use crate::checks::Tally;
use crate::workspace::Workspace;

/// A path that begins with one of these, or ends in it, reaches outside.
const OUTSIDE: [&str; 20] = [
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "Instant",
    "SystemTime",
    "chrono",
    "futures_util",
    "getrandom",
    "gloo_timers",
    "js_sys",
    "rand",
    "tokio",
    "uuid",
    "wasm_bindgen",
    "web_sys",
    "yew",
];

/// A length of time is a number, not a clock.
const ALLOWED: [&str; 1] = ["std::time::Duration"];

pub(crate) fn purity(ws: &Workspace) -> Result<Tally> {
    let sources = source::below(ws.root(), "shared/src", &[".rs"])?;
    let mut complaints: Vec<String> = sources.iter().flat_map(reaches_outside).collect();
    let manifest = fs::read_to_string(ws.root().join("shared/Cargo.toml"))
        .context("cannot read shared/Cargo.toml")?;
    complaints.extend(depends_outside(&manifest));
    Ok(Tally::of_rule(&complaints))
}

fn reaches_outside(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    for (number, line) in source.product() {
        let outside = paths(code(line)).filter(|path| is_outside(path));
        complaints.extend(
            outside.map(|path| format!("{}:{number}: {path} is not for shared", source.path)),
        );
    }
    complaints
}

fn is_outside(path: &str) -> bool {
    if ALLOWED.contains(&path) {
        return false;
    }
    let clock = ["std::time", "core::time"]
        .iter()
        .any(|time| path.starts_with(time));
    clock || OUTSIDE.iter().any(|name| reaches(path, name))
}

/// Whether a path begins with `name`, or ends in it; a crate's name alone may be any variable.
fn reaches(path: &str, name: &str) -> bool {
    let inside = path
        .strip_prefix(name)
        .is_some_and(|rest| rest.starts_with("::"));
    let last = path
        .strip_suffix(name)
        .is_some_and(|rest| rest.ends_with("::"));
    let is_crate = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    inside || last || path == name && !is_crate
}

/// Only what the product depends on; tests may use what they like.
fn depends_outside(manifest: &str) -> Vec<String> {
    let section = manifest
        .split_once("\n[dependencies]")
        .map_or("", |(_, rest)| rest);
    let section = section
        .split_once("\n[")
        .map_or(section, |(section, _)| section);
    let names = section
        .lines()
        .filter_map(|line| line.split(['.', '=', ' ']).next());
    let outside = names.filter(|name| OUTSIDE.contains(&name.replace('-', "_").as_str()));
    outside
        .map(|name| format!("shared/Cargo.toml: {name} is not for shared"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(line: &str) -> usize {
        reaches_outside(&Source::new("shared/src/x.rs", line)).len()
    }

    #[test]
    fn clocks_files_and_chance_are_found() {
        for line in [
            "use std::time::Instant;",
            "let now = Instant::now();",
            "use std::time::{Duration, SystemTime};",
            "fn f(now: Instant) {}",
            "std::fs::read(path)",
            "let x = rand::random();",
            "tokio::spawn(f)",
            "use web_sys::WebSocket;",
            "std::thread::sleep(d)",
        ] {
            assert!(complaints(line) > 0, "{line}");
        }
    }

    #[test]
    fn numbers_comments_and_tests_are_fine() {
        for line in [
            "use std::time::Duration;",
            "// never Instant::now()",
            "let random = Random::from_seed(7);",
            "let rand = 1;",
            "use crate::session::time::Moment;",
            "#[cfg(test)]\nuse std::time::Instant;",
        ] {
            assert_eq!(complaints(line), 0, "{line}");
        }
    }

    #[test]
    fn a_dependency_that_reaches_outside_is_found() {
        let manifest = "[package]\n\n[dependencies]\nserde.workspace = true\nweb-sys = \"0.3\"\n\n[dev-dependencies]\ntokio = \"1\"\n";
        assert_eq!(depends_outside(manifest).len(), 1);
    }
}
