//! The release: the app packed into `frontend/dist`, and one binary that has it inside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::alike;
use crate::bindgen;
use crate::names;
use crate::pack::{self, Files, Sources};
use crate::process::{run, say};
use crate::toolchain;
use crate::workspace::Workspace;

/// What a browser downloads before the app is usable: wasm, js, css and the texts of one language, compressed with brotli.
pub(crate) const BUDGET_BYTES: usize = 300_000;

/// The flag for [`Profile::Quick`].
pub(crate) const QUICK: &str = "--quick";

/// How the server is compiled.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Profile {
    /// To be tried and tested: without what takes a third of the time and makes little faster.
    Quick,
    /// To be shipped and measured.
    Release,
}

impl Profile {
    /// Its name in `Cargo.toml` and below the target folder.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Release => "release",
        }
    }
}

/// `cargo xtask dist`
pub(crate) fn command(ws: &Workspace, args: &[String]) -> Result<ExitCode> {
    let profile = match args {
        [] => Profile::Release,
        [flag] if flag == QUICK => Profile::Quick,
        [arg, ..] => bail!("`cargo xtask dist` knows `{QUICK}` alone, and was given `{arg}`"),
    };
    let binary = build(ws, profile)?;
    let size = fs::metadata(&binary)?.len();
    println!("{} ({:.1} MB)", binary.display(), size as f64 / 1e6);
    Ok(ExitCode::SUCCESS)
}

/// Builds the app and the binary around it; each step is skipped when its inputs are what they were.
///
/// # Errors
/// When something is missing or does not compile.
pub(crate) fn build(ws: &Workspace, profile: Profile) -> Result<PathBuf> {
    let binary = ws.binary(profile);
    let ahead = (!binary.exists()).then(|| compile_server_ahead(ws, profile));
    app(ws)?;
    if let Some(Ok(mut ahead)) = ahead {
        ahead.wait()?;
    }
    say("Building the server");
    run(&mut server(ws, profile))?;
    Ok(binary)
}

/// A cargo that compiles the server around the app that is packed now. It tells which one that is, so that another app makes
/// another binary and nothing else.
pub(crate) fn server(ws: &Workspace, profile: Profile) -> Command {
    server_by(ws.cargo(), ws, profile)
}

fn server_by(mut cargo: Command, ws: &Workspace, profile: Profile) -> Command {
    let mut hash = Sha256::new();
    pack::digest_files(&read_dist(ws).unwrap_or_default(), &mut hash);
    cargo
        .args(["build", "--profile", profile.name(), "-p", "backend"])
        .env("PARLANCE_APP", hex(&hash.finalize()));
    cargo
}

/// All of the server but the binary that has the app inside: SQLite alone is one C file that keeps one core busy for
/// half a minute, while the app ends in a link that also uses one core. What fails here fails again, and is reported,
/// when the server is built. The app goes first where both want a core, for it has to be packed when it is compiled.
fn compile_server_ahead(ws: &Workspace, profile: Profile) -> std::io::Result<Child> {
    server_by(ws.patient_cargo(), ws, profile)
        .args(["--quiet", "--lib"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// Builds the app into `frontend/dist`.
///
/// # Errors
/// When something is missing or does not compile.
pub(crate) fn app(ws: &Workspace) -> Result<()> {
    toolchain::ensure_wasm_target(ws)?;
    say("Building the app");
    let wasm = bindgen::compile(ws)?;
    let sources = Sources::read(&ws.frontend().join("index.html"))?;
    let inputs = inputs(&wasm, &sources)?;
    let stamp = ws.target().join("app.stamp");
    if fs::read_to_string(&stamp)
        .is_ok_and(|old| old == seal(&inputs, &read_dist(ws).unwrap_or_default()))
    {
        return Ok(());
    }
    say("Packing the app");
    let mut program = names::shorten(bindgen::glue(&wasm)?)?;
    program.wasm = alike::together(&program.wasm)?;
    let files = pack::pack(&sources, program)?;
    install(&ws.dist(), &files)?;
    fs::write(&stamp, seal(&inputs, &files))
        .with_context(|| format!("cannot write {}", stamp.display()))?;
    say(format!(
        "The app is {:.1} KB to download; its budget is {} KB. Its parts are another {:.1} KB, later",
        download(&files) as f64 / 1e3,
        BUDGET_BYTES / 1_000,
        parts(&files) as f64 / 1e3
    ));
    Ok(())
}

/// The files that are in `frontend/dist` now.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn read_dist(ws: &Workspace) -> Result<Files> {
    let mut files = Files::new();
    pack::collect(&ws.dist(), Path::new(""), &mut files)?;
    Ok(files)
}

/// Bytes that a browser which understands brotli downloads before the first line is drawn: programs and styles that the page
/// names, and the texts of one language, the longer one.
pub(crate) fn download(files: &Files) -> usize {
    let (mut program, mut texts) = (0, 0);
    for name in files.keys().filter(|name| is_named(files, name)) {
        let size = sent(files, name);
        match name.rsplit('.').next() {
            Some("wasm" | "js" | "css") => program += size,
            Some("txt") => texts = texts.max(size),
            _ => {}
        }
    }
    program + texts
}

/// Bytes of the parts of the app, which come once there is nothing else to do.
pub(crate) fn parts(files: &Files) -> usize {
    let all = files.keys();
    let all = all.filter(|name| name.ends_with(".wasm") || name.ends_with(".css"));
    let parts = all.filter(|name| !is_named(files, name));
    parts.map(|name| sent(files, name)).sum()
}

fn is_named(files: &Files, name: &str) -> bool {
    let page = files.get("index.html").map(Vec::as_slice);
    let page = String::from_utf8_lossy(page.unwrap_or_default());
    page.contains(&format!("\"/{name}\""))
}

/// What goes over the wire for a file.
fn sent(files: &Files, name: &str) -> usize {
    let small = files.get(&format!("{name}.br"));
    small.or_else(|| files.get(name)).map_or(0, Vec::len)
}

/// Everything that decides what the packed app looks like, this program included.
fn inputs(wasm: &Path, sources: &Sources) -> Result<String> {
    let mut hash = Sha256::new();
    let program = fs::metadata(std::env::current_exe()?)?;
    let built = program.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    let built = built.duration_since(UNIX_EPOCH).unwrap_or_default();
    hash.update(built.as_nanos().to_le_bytes());
    hash.update(program.len().to_le_bytes());
    hash.update(fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?);
    sources.digest_into(&mut hash);
    Ok(hex(&hash.finalize()))
}

/// Inputs and outputs together: a file that was changed or lost in `frontend/dist` is noticed too.
fn seal(inputs: &str, files: &Files) -> String {
    let mut hash = Sha256::new();
    pack::digest_files(files, &mut hash);
    format!("{inputs} {}\n", hex(&hash.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Replaces the whole folder at once, so that nobody ever sees half of it and no old file stays.
fn install(dist: &Path, files: &Files) -> Result<()> {
    let beside = |what: &str| dist.with_file_name(format!(".dist-{}-{what}", std::process::id()));
    let (new, old) = (beside("new"), beside("old"));
    for (name, bytes) in files {
        let path = new.join(name);
        let folder = path.parent().unwrap_or(&new);
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if dist.exists() {
        fs::rename(dist, &old).with_context(|| format!("cannot move {} away", dist.display()))?;
    }
    fs::rename(&new, dist).with_context(|| format!("cannot put {} in place", dist.display()))?;
    if old.exists() {
        fs::remove_dir_all(&old).with_context(|| format!("cannot remove {}", old.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, size: usize) -> (String, Vec<u8>) {
        (name.to_owned(), vec![0; size])
    }

    #[test]
    fn the_download_is_what_brotli_leaves_of_what_the_page_names() {
        let page = r#"<script src="/tiny.js"><link href="/a.wasm"><img src="/picture.png">"#;
        let files = Files::from([
            file("a.wasm", 1000),
            file("a.wasm.br", 100),
            file("a.wasm.gz", 200),
            file("tiny.js", 7),
            file("picture.png", 5000),
            file("part.wasm", 300),
            file("part.wasm.br", 30),
            file("later.css", 4),
            file("sw.js", 50),
            ("index.html".to_owned(), page.into()),
        ]);
        assert_eq!(download(&files), 107);
        assert_eq!(parts(&files), 34);
    }

    #[test]
    fn one_language_is_downloaded() {
        let page = r#"<script src="/app.js"></script>
            <meta name="texts" content="/en-1.txt"><meta name="texts" content="/zh-2.txt">"#;
        let files = Files::from([
            file("app.js", 1000),
            file("en-1.txt", 20),
            file("en-1.txt.br", 10),
            file("zh-2.txt", 15),
            file("emoji.txt", 500),
            ("index.html".to_owned(), page.into()),
        ]);
        assert_eq!(download(&files), 1015);
    }

    #[test]
    fn no_old_file_survives_an_install() {
        let dist = std::env::temp_dir().join(format!("parlance-install-{}", std::process::id()));
        install(
            &dist,
            &Files::from([file("old.js", 1), file("sub/old.css", 1)]),
        )
        .unwrap();
        install(&dist, &Files::from([file("new.js", 1)])).unwrap();
        let mut now = Files::new();
        pack::collect(&dist, Path::new(""), &mut now).unwrap();
        fs::remove_dir_all(&dist).unwrap();
        assert_eq!(now.into_keys().collect::<Vec<_>>(), ["new.js"]);
    }

    #[test]
    fn a_changed_file_breaks_the_seal() {
        let one = seal("inputs", &Files::from([file("a", 1)]));
        assert_ne!(one, seal("inputs", &Files::from([file("a", 2)])));
        assert_ne!(one, seal("other", &Files::from([file("a", 1)])));
    }
}
