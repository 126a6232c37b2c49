//! From the compiled app and its page to the files that the server embeds.
//!
//! Every file that the page names carries a hash of its content in its name, so it may be cached for ever; so do the
//! texts of the languages, whose place the page tells the program.
//! The page has no inline script: `script-src 'self' 'wasm-unsafe-eval'` must be enough.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::bindgen::Glued;
use crate::compress;
use crate::minify;
use crate::page::{self, Kind, Link};
use crate::parts;

/// What begins the program, with the names that its files have before they are packed.
const START: &str = include_str!("start.js");

/// The service worker, with places for what it keeps.
const WORKER: &str = include_str!("worker.js");

/// Name within the app (with `/`), content.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The page with everything that it links, except the program itself.
#[derive(Debug)]
pub(crate) struct Sources {
    html: String,
    links: Vec<Link>,
    /// By path relative to the page.
    files: Files,
}

impl Sources {
    /// # Errors
    /// When the page is not understood or names a file that is not there.
    pub(crate) fn read(page: &Path) -> Result<Self> {
        let html =
            fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))?;
        let links = page::links(&html)?;
        if links.iter().filter(|link| link.kind == Kind::Rust).count() != 1 {
            bail!("the page must have exactly one `<link data-trunk rel=\"rust\">`");
        }
        let folder = page.parent().unwrap_or(Path::new("."));
        let mut files = Files::new();
        for link in links.iter().filter(|link| link.kind != Kind::Rust) {
            collect(folder, Path::new(&link.href), &mut files)?;
        }
        Ok(Self { html, links, files })
    }

    pub(crate) fn digest_into(&self, hash: &mut Sha256) {
        hash.update(&self.html);
        digest_files(&self.files, hash);
    }
}

/// Changes whenever a name or a content does.
pub(crate) fn digest_files(files: &Files, hash: &mut Sha256) {
    for (name, bytes) in files {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
}

/// All files of the app, the compressed forms included.
///
/// # Errors
/// When two files would get the same name.
pub(crate) fn pack(sources: &Sources, app: Glued) -> Result<Files> {
    let mut files = Files::new();
    let later = stylesheet(sources, true).into_bytes();
    let later = add_hashed(&mut files, "later.css", later);
    let glue = String::from_utf8_lossy(&app.js);
    let glue = parts::link(&glue, &app.parts, &later, |part, wasm| {
        add_hashed(&mut files, part, wasm.to_vec())
    })?;
    let js = add_hashed(&mut files, "frontend.js", minify::js(&glue).into_bytes());
    let wasm = add_hashed(&mut files, "frontend_bg.wasm", app.wasm);
    let start = minify::js(START)
        .replace("frontend.js", &js)
        .replace("frontend_bg.wasm", &wasm);
    let start = add_hashed(&mut files, "start.js", start.into_bytes());
    let css = add_hashed(
        &mut files,
        "style.css",
        stylesheet(sources, false).into_bytes(),
    );

    let mut css_done = false;
    let mut clash = None;
    let mut named = Vec::new();
    let html = page::replace(&sources.html, &sources.links, |link| match link.kind {
        Kind::Rust => program(&js, &wasm, &start),
        Kind::Css if css_done || link.later => String::new(),
        Kind::Css => {
            css_done = true;
            format!("<link rel=\"stylesheet\" href=\"/{css}\">")
        }
        Kind::Icon => {
            let name = add_hashed(
                &mut files,
                base(&link.href),
                sources.files[&link.href].clone(),
            );
            icon(&name, &link.rest)
        }
        Kind::CopyFile | Kind::CopyDir => {
            for (name, bytes) in copied(sources, link) {
                let in_page = format!("\"/{name}\"");
                if name.ends_with(".txt") && sources.html.contains(&in_page) {
                    let texts = minify::texts(&String::from_utf8_lossy(&bytes)).into_bytes();
                    let name = add_hashed(&mut files, &name, texts);
                    named.push((in_page, format!("\"/{name}\"")));
                } else if files.insert(name.clone(), bytes).is_some() {
                    clash = Some(name);
                }
            }
            String::new()
        }
    });
    if let Some(name) = clash {
        bail!("two files of the app would be called {name}");
    }
    if !css_done {
        files.remove(&css);
    }
    let html = named
        .iter()
        .fold(html, |html, (old, new)| html.replace(old, new));
    files.insert("sw.js".to_owned(), worker(&files, &html, &start));
    files.insert("index.html".to_owned(), html.into_bytes());
    compress_all(files)
}

/// What keeps the shell on the reader's machine: everything but what is fetched on demand.
fn worker(files: &Files, html: &str, start: &str) -> Vec<u8> {
    let shell = files.keys().filter(|name| *name != "emoji.txt");
    let shell: Vec<String> = shell.map(|name| format!("\"/{name}\"")).collect();
    let version: String = Sha256::digest(html)[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    minify::js(WORKER)
        .replace("%version%", &version)
        .replace("%start%", start)
        .replace("%shell%", &format!("[{}]", shell.join(",")))
        .into_bytes()
}

/// The stylesheets of the first load, or those that come with the parts, in the order of the page.
fn stylesheet(sources: &Sources, later: bool) -> String {
    let sheets = sources.links.iter().filter(|link| link.kind == Kind::Css);
    let sheets = sheets.filter(|link| link.later == later);
    let text = |link: &Link| String::from_utf8_lossy(&sources.files[&link.href]).into_owned();
    minify::css(&sheets.map(text).collect::<Vec<_>>().join("\n"))
}

fn program(js: &str, wasm: &str, start: &str) -> String {
    [
        format!("<link rel=\"preload\" href=\"/{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>"),
        format!("<link rel=\"modulepreload\" href=\"/{js}\">"),
        format!("<script type=\"module\" src=\"/{start}\"></script>"),
    ]
    .join("\n    ")
}

fn icon(name: &str, rest: &[(String, String)]) -> String {
    let rest: String = rest
        .iter()
        .map(|(name, value)| format!(" {name}=\"{value}\""))
        .collect();
    format!("<link rel=\"icon\" href=\"/{name}\"{rest}>")
}

/// What trunk's `copy-file` and `copy-dir` put at the top of the app: under the last part of their path, names unchanged.
fn copied(sources: &Sources, link: &Link) -> Vec<(String, Vec<u8>)> {
    let href = link.href.trim_end_matches('/');
    let parent = href.len() - base(href).len();
    let inside = format!("{href}/");
    let belongs = |name: &str| name == href || name.starts_with(&inside);
    let found = sources.files.iter().filter(|(name, _)| belongs(name));
    found
        .map(|(name, bytes)| (name[parent..].to_owned(), bytes.clone()))
        .collect()
}

/// Puts a file under `stem-<hash>.ext` and returns that name.
fn add_hashed(files: &mut Files, name: &str, bytes: Vec<u8>) -> String {
    let digest = Sha256::digest(&bytes);
    let hash: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = match name.rsplit_once('.') {
        Some((stem, kind)) => format!("{stem}-{hash}.{kind}"),
        None => format!("{name}-{hash}"),
    };
    files.insert(name.clone(), bytes);
    name
}

fn compress_all(files: Files) -> Result<Files> {
    let variants = |(name, bytes): (&String, &Vec<u8>)| {
        let variants = compress::variants(name, bytes)?.into_iter();
        let named = variants.map(|(kind, small)| (format!("{name}.{kind}"), small));
        Ok(named.collect::<Vec<_>>())
    };
    let small: Vec<_> = files.par_iter().map(variants).collect::<Result<_>>()?;
    let mut all = files;
    all.extend(small.into_iter().flatten());
    Ok(all)
}

/// Reads a file, or everything below a folder.
pub(crate) fn collect(base: &Path, relative: &Path, files: &mut Files) -> Result<()> {
    let path: PathBuf = base.join(relative);
    let failed = || format!("cannot read {}", path.display());
    if !path.is_dir() {
        let name = relative.to_string_lossy().replace('\\', "/");
        files.insert(name, fs::read(&path).with_context(failed)?);
        return Ok(());
    }
    for entry in fs::read_dir(&path).with_context(failed)? {
        collect(base, &relative.join(entry?.file_name()), files)?;
    }
    Ok(())
}

/// The last part of a path.
fn base(href: &str) -> &str {
    href.rsplit('/').next().unwrap_or(href)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::Parts;

    const PAGE: &str = r#"<head>
    <link data-trunk rel="css" href="styles/a.css">
    <link data-trunk rel="css" href="styles/b.css">
    <link data-trunk data-later rel="css" href="styles/c.css">
    <link data-trunk rel="icon" href="assets/icon.svg" type="image/svg+xml">
    <link data-trunk rel="copy-dir" href="assets/fonts">
    <link data-trunk rel="copy-file" href="assets/robots.txt">
    <meta name="texts" lang="en" content="/en.txt">
    <link data-trunk rel="copy-file" href="locale/en.txt">
    <link data-trunk rel="rust" href="Cargo.toml">
</head>"#;

    fn sources() -> Sources {
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        Sources {
            html: PAGE.to_owned(),
            links: page::links(PAGE).unwrap(),
            files: Files::from([
                file("styles/a.css", "a{}\n\n"),
                file("styles/b.css", "b{}"),
                file("styles/c.css", "c{}"),
                file("assets/icon.svg", "<svg/>"),
                file("assets/fonts/x.woff2", "font"),
                file("assets/robots.txt", "all"),
                file("locale/en.txt", "# English\nhello = Hello\n\nbye = Bye\n"),
            ]),
        }
    }

    fn packed(js: &str) -> (Files, String) {
        let app = Glued {
            js: js.into(),
            wasm: b"wasm".to_vec(),
            parts: Parts::default(),
        };
        let files = pack(&sources(), app).unwrap();
        let html = String::from_utf8(files["index.html"].clone()).unwrap();
        (files, html)
    }

    fn hashed<'a>(files: &'a Files, stem: &str, kind: &str) -> &'a str {
        let fits = |name: &&String| name.starts_with(&format!("{stem}-")) && name.ends_with(kind);
        files.keys().find(fits).unwrap()
    }

    #[test]
    fn the_page_names_only_files_that_are_there() {
        let (files, html) = packed("glue");
        for part in html.split("=\"/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(files.contains_key(name), "{name} in {html}");
        }
        assert!(!html.contains("data-trunk"), "{html}");
    }

    #[test]
    fn no_script_is_inline() {
        let (_, html) = packed("glue");
        assert_eq!(html.matches("<script").count(), 1);
        assert!(html.contains("\"></script>"), "{html}");
    }

    #[test]
    fn the_stylesheets_are_one_file_in_order() {
        let (files, html) = packed("glue");
        assert_eq!(files[hashed(&files, "style", ".css")], b"a{}b{}");
        assert_eq!(files[hashed(&files, "later", ".css")], b"c{}");
        assert_eq!(html.matches("stylesheet").count(), 1);
    }

    #[test]
    fn copies_keep_their_names() {
        let (files, _) = packed("glue");
        assert_eq!(files["fonts/x.woff2"], b"font");
        assert_eq!(files["robots.txt"], b"all");
    }

    #[test]
    fn texts_have_no_keys_and_the_page_says_where_they_are() {
        let (files, html) = packed("glue");
        let name = hashed(&files, "en", ".txt");
        assert_eq!(files[name], b"Hello\nBye\n");
        assert!(html.contains(&format!("lang=\"en\" content=\"/{name}\"")));
    }

    #[test]
    fn the_worker_keeps_the_files_of_the_page_and_changes_with_it() {
        let ((one, html), (two, _)) = (packed("one"), packed("two"));
        let worker = String::from_utf8(one["sw.js"].clone()).unwrap();
        for part in html.split("=\"/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(
                worker.contains(&format!("\"/{name}\"")),
                "{name} in {worker}"
            );
        }
        assert!(!worker.contains('%') && !worker.contains(".br"), "{worker}");
        assert_ne!(one["sw.js"], two["sw.js"]);
    }

    #[test]
    fn another_program_has_another_name_all_the_way_up() {
        let ((one, page_one), (two, page_two)) = (packed("one"), packed("two"));
        assert_ne!(
            hashed(&one, "frontend", ".js"),
            hashed(&two, "frontend", ".js")
        );
        assert_ne!(hashed(&one, "start", ".js"), hashed(&two, "start", ".js"));
        assert_ne!(page_one, page_two);
    }
}
