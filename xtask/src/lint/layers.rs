//! Who may know whom: `frontend -> shared <- backend`, and inside the backend `web -> files -> people -> rooms -> engine`.

use std::fs;

use anyhow::{Context, Result};

use super::source::{self, Source, code};
use crate::checks::Tally;
use crate::workspace::Workspace;

const MEMBERS: [&str; 9] = [
    "shared",
    "from-json",
    "backend",
    "frontend",
    "chaos",
    "bridge",
    "bench",
    "xtask",
    "bindgen",
];

/// From the lowest; each may use only those before it.
const LAYERS: [&str; 5] = ["engine", "rooms", "people", "files", "web"];

pub(crate) fn crates(ws: &Workspace) -> Result<Tally> {
    let mut complaints = Vec::new();
    for (folder, allowed) in [
        ("shared", &["from-json"][..]),
        ("shared/from-json", &[]),
        // Its tests run on each transport.
        ("backend", &["shared", "bridge"]),
        ("frontend", &["shared"]),
        ("chaos", &["shared", "bridge"]),
        ("chaos/bridge", &["shared"]),
        ("bench", &["shared"]),
        ("xtask", &[]),
        ("xtask/bindgen", &[]),
    ] {
        let path = ws.root().join(folder).join("Cargo.toml");
        let manifest =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let wrong = members_in(&manifest).filter(|name| !allowed.contains(name));
        complaints.extend(wrong.map(|name| format!("{folder}/Cargo.toml must not name {name}")));
    }
    Ok(Tally::of_rule(&complaints))
}

/// The workspace members among the dependencies of a manifest.
fn members_in(manifest: &str) -> impl Iterator<Item = &'static str> {
    let mut in_dependencies = false;
    let names = manifest.lines().filter_map(move |line| {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[') {
            in_dependencies = section.trim_end_matches(']').ends_with("dependencies");
        }
        let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
        in_dependencies.then_some(name)
    });
    let named: Vec<_> = names.collect();
    MEMBERS
        .into_iter()
        .filter(move |member| named.contains(member))
}

pub(crate) fn layers(ws: &Workspace) -> Result<Tally> {
    let sources = source::below(ws.root(), "backend/src", &[".rs"])?;
    Ok(Tally::of_rule(&upward(&sources)))
}

/// Each place where a layer of the backend names one above it.
fn upward(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources {
        let Some(level) = level(&source.path) else {
            continue;
        };
        for above in &LAYERS[level + 1..] {
            let named = roots(&source.text);
            let lines = named.iter().filter(|(_, module)| module == above);
            complaints.extend(lines.map(|(line, _)| {
                format!(
                    "{}:{line}: {} must not use {above}",
                    source.path, LAYERS[level]
                )
            }));
        }
    }
    complaints
}

fn level(path: &str) -> Option<usize> {
    let inside = path.strip_prefix("backend/src/")?;
    let module = inside.split(['/', '.']).next()?;
    LAYERS.iter().position(|layer| *layer == module)
}

/// The modules at the top of this crate that a file names, with the line: `crate::a::b`, `crate::{a, b::c}`.
fn roots(text: &str) -> Vec<(usize, String)> {
    let text: String = text
        .lines()
        .map(|line| format!("{}\n", code(line)))
        .collect();
    let mut found = Vec::new();
    for (at, matched) in text.match_indices("crate::") {
        let line = text[..at].matches('\n').count() + 1;
        let rest = &text[at + matched.len()..];
        for name in heads(rest) {
            found.push((line, name));
        }
    }
    found
}

/// The first name of each path in what follows `crate::`.
fn heads(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        return vec![word(rest)];
    };
    let (mut depth, mut names) = (1, vec![word(group)]);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(word(&group[at + 1..])),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> Vec<String> {
        upward(&[Source::new(path, text)])
    }

    #[test]
    fn a_lower_layer_that_names_a_higher_one_is_found() {
        for (path, text) in [
            ("backend/src/engine/writer.rs", "use crate::rooms::Room;"),
            ("backend/src/engine.rs", "fn f(x: crate::web::Socket) {}"),
            (
                "backend/src/rooms/hub.rs",
                "use crate::{\n    engine::Log,\n    web,\n};",
            ),
        ] {
            assert_eq!(complaints(path, text).len(), 1, "{path}");
        }
    }

    #[test]
    fn downwards_sideways_and_words_alone_are_fine() {
        for (path, text) in [
            (
                "backend/src/web/socket.rs",
                "use crate::{engine::Log, rooms::Hub, web::x};",
            ),
            ("backend/src/rooms.rs", "use crate::engine::{web, Log};"),
            (
                "backend/src/engine.rs",
                "// not crate::web\nlet rooms = crate::clock::now();",
            ),
            ("backend/src/main.rs", "use crate::web;"),
        ] {
            assert!(
                complaints(path, text).is_empty(),
                "{path}: {:?}",
                complaints(path, text)
            );
        }
    }

    #[test]
    fn members_are_found_only_among_dependencies() {
        let manifest = "[package]\nname = \"frontend\"\n[dependencies]\nshared.workspace = true\n\
            [target.'cfg(x)'.dev-dependencies]\nbackend = { path = \"..\" }\n[features]\nxtask = []\n";
        assert_eq!(
            members_in(manifest).collect::<Vec<_>>(),
            ["shared", "backend"]
        );
    }
}
