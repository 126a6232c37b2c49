//! The packed app: what a visitor downloads.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use super::report::Tally;
use crate::dev;
use crate::dist::{self, BUDGET_BYTES, Profile};
use crate::pack::Files;
use crate::process::{Heard, listen};
use crate::tools::{trunk as tool, turn};
use crate::workspace::Workspace;

pub(super) fn builds(ws: &Workspace) -> Result<Tally> {
    Ok(Tally::of_one(dist(ws)?))
}

/// The binary that is tested, built from what is there now.
///
/// # Errors
/// When it does not build.
pub(crate) fn binary(ws: &Workspace) -> Result<PathBuf> {
    let heard = dist(ws)?;
    if !heard.success {
        bail!("the app does not build:\n{}", heard.output);
    }
    Ok(ws.binary(Profile::Quick))
}

/// `cargo xtask dist --quick` in a process of its own, because it lets cargo talk to the terminal. One at a time: it replaces
/// the packed app as a whole.
fn dist(ws: &Workspace) -> Result<Heard> {
    static BUILDING: Mutex<()> = Mutex::new(());
    let _turn = turn(&BUILDING);
    let program = env::current_exe().context("this program has no path")?;
    let mut building = Command::new(program);
    building
        .args(["dist", dist::QUICK])
        .current_dir(ws.root())
        .env("CARGO_TARGET_DIR", ws.target());
    listen(&mut building)
}

/// Trunk reads the same page, so the development server shows what is shipped.
pub(super) fn trunk(ws: &Workspace) -> Result<Tally> {
    let trunk = tool::ensure(ws)?;
    let bindgen = tool::bindgen(ws)?;
    let heard = listen(dev::trunk_command(ws, &trunk, &bindgen)?.arg("build"))?;
    Ok(Tally::of_one(heard))
}

pub(super) fn contents(ws: &Workspace) -> Result<Tally> {
    binary(ws)?;
    let files = dist::read_dist(ws).context("the app is not built")?;
    let private = [
        Some(ws.root().to_owned()),
        Some(ws.target().to_owned()),
        env::home_dir(),
    ];
    let mut rules = vec![within_budget(&files), no_foreign_address(&files)];
    rules.extend(private.iter().flatten().map(|path| no_path(&files, path)));
    let tallies = rules.iter().map(|complaints| Tally::of_rule(complaints));
    Ok(tallies.fold(Tally::default(), |sum, one| sum + one))
}

fn within_budget(files: &Files) -> Vec<String> {
    let size = dist::download(files);
    let over = size > BUDGET_BYTES;
    over.then(|| format!("the app is {size} bytes to download; it may have {BUDGET_BYTES}"))
        .into_iter()
        .collect()
}

/// No path of the machine that built it.
fn no_path(files: &Files, path: &Path) -> Vec<String> {
    let path = path.to_string_lossy();
    // The home folder of some build machines is `/`.
    if path.len() < 2 {
        return Vec::new();
    }
    let inside = format!("{path}/");
    let found = files
        .iter()
        .filter(|(_, bytes)| contains(bytes, inside.as_bytes()));
    found
        .map(|(name, _)| format!("{name} names {inside}"))
        .collect()
}

/// Kinds of files in which an address is something that a browser may load. (Addresses inside the wasm are texts of
/// error messages; the content security policy is what keeps the program from using any.)
const LOADING: [&str; 5] = ["html", "css", "js", "svg", "webmanifest"];

/// Nothing that a browser would load from elsewhere.
fn no_foreign_address(files: &Files) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, bytes) in files {
        let kind = name.rsplit('.').next().unwrap_or_default();
        if !LOADING.contains(&kind) {
            continue;
        }
        let text = String::from_utf8_lossy(bytes);
        // The glue explains itself in comments with links.
        let lines = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        for host in lines.flat_map(hosts) {
            complaints.push(format!("{name} names the host {host}"));
        }
    }
    complaints
}

/// The hosts of the addresses in a line.
fn hosts(line: &str) -> Vec<String> {
    let mut hosts = Vec::new();
    for (at, _) in line.match_indices("//") {
        let (before, after) = (&line[..at], &line[at + 2..]);
        let addressed = ["http:", "https:", "\"", "'", "("]
            .iter()
            .any(|start| before.ends_with(start));
        let host: String = after
            .chars()
            .take_while(|c| c.is_alphanumeric() || "-.".contains(*c))
            .collect();
        // Namespaces are names, not addresses.
        if addressed && host.contains('.') && host != "www.w3.org" {
            hosts.push(host);
        }
    }
    hosts
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, text: &str) -> Files {
        Files::from([(name.to_owned(), text.as_bytes().to_vec())])
    }

    #[test]
    fn a_byte_over_the_budget_is_over() {
        let page = ("index.html".to_owned(), b"\"/a.wasm\"".to_vec());
        let app = |size: usize| Files::from([("a.wasm".to_owned(), vec![0; size]), page.clone()]);
        assert!(within_budget(&app(BUDGET_BYTES)).is_empty());
        assert_eq!(within_budget(&app(BUDGET_BYTES + 1)).len(), 1);
    }

    #[test]
    fn a_path_of_the_build_machine_is_found_inside_wasm() {
        let files = one("a.wasm", "\0/home/ada/parlance/src/main.rs\0");
        assert_eq!(no_path(&files, Path::new("/home/ada")).len(), 1);
        assert!(no_path(&files, Path::new("/home/bob")).is_empty());
        assert!(no_path(&files, Path::new("/")).is_empty());
    }

    #[test]
    fn an_address_elsewhere_is_found_and_a_namespace_is_none() {
        for (name, text) in [
            (
                "index.html",
                r#"<script src="https://cdn.example.com/x.js">"#,
            ),
            ("a.css", "@import url(//fonts.example.com/a.css)"),
            ("a.js", "fetch('http://a.example')"),
        ] {
            assert_eq!(no_foreign_address(&one(name, text)).len(), 1, "{text}");
        }
        for (name, text) in [
            ("a.svg", r#"<svg xmlns="http://www.w3.org/2000/svg">"#),
            ("a.js", "  // https://a.example\nlet x = '/a//b'"),
            ("a.wasm", "https://example.com"),
        ] {
            assert!(no_foreign_address(&one(name, text)).is_empty(), "{text}");
        }
    }
}
