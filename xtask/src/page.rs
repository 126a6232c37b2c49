//! `frontend/index.html` as trunk reads it: `<link data-trunk rel="…">` says what belongs to the app.
//!
//! Only the forms that the page uses are understood; anything else with `data-trunk` is an error rather than
//! a difference between the development server and what is shipped.

use std::ops::Range;

use anyhow::{Context, Result, bail};

/// One `<link data-trunk …>`.
#[derive(Debug)]
pub(crate) struct Link {
    /// Bytes of the page that it takes.
    pub(crate) range: Range<usize>,
    pub(crate) kind: Kind,
    /// Relative to the page; for `Rust` this is the manifest.
    pub(crate) href: String,
    /// `data-later`: a stylesheet for parts of the app only, which comes with them. Trunk, which has no parts, passes over it.
    pub(crate) later: bool,
    /// Everything else, to be repeated in what replaces the link.
    pub(crate) rest: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Rust,
    Css,
    Icon,
    CopyFile,
    CopyDir,
}

/// The links for trunk, in the order of the page.
///
/// # Errors
/// For a tag that is not understood; the error quotes it.
pub(crate) fn links(page: &str) -> Result<Vec<Link>> {
    let mut links = Vec::new();
    let mut at = 0;
    while let Some(found) = page[at..].find('<') {
        let start = at + found;
        if page[start..].starts_with("<!--") {
            let length = page[start..]
                .find("-->")
                .context("a comment in the page has no end")?;
            at = start + length + 3;
            continue;
        }
        let end = start + tag_length(&page[start..]).context("a tag in the page has no end")?;
        at = end;
        let tag = &page[start..end];
        let attributes = attributes(tag);
        if attributes.iter().any(|(name, _)| name == "data-trunk") {
            let link = link(tag, start..end, attributes);
            links.push(link.with_context(|| format!("in the page: {tag}"))?);
        }
    }
    Ok(links)
}

/// The page with each link replaced by what `with` makes of it; a line that becomes empty disappears.
pub(crate) fn replace(page: &str, links: &[Link], mut with: impl FnMut(&Link) -> String) -> String {
    let mut out = String::with_capacity(page.len());
    let mut at = 0;
    for link in links {
        let text = with(link);
        let mut range = link.range.clone();
        if text.is_empty() {
            let line_start = page[..range.start]
                .rfind('\n')
                .map_or(0, |newline| newline + 1);
            let alone = page[line_start..range.start].trim().is_empty();
            if alone && page[range.end..].starts_with('\n') {
                range = line_start..range.end + 1;
            }
        }
        out.push_str(&page[at..range.start]);
        out.push_str(&text);
        at = range.end;
    }
    out.push_str(&page[at..]);
    out
}

fn link(tag: &str, range: Range<usize>, attributes: Vec<(String, String)>) -> Result<Link> {
    if !tag.starts_with("<link") {
        bail!("only `link` is understood with data-trunk");
    }
    let value = |wanted: &str| {
        let found = attributes.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone())
    };
    let kind = match value("rel").as_deref() {
        Some("rust") => Kind::Rust,
        Some("css") => Kind::Css,
        Some("icon") => Kind::Icon,
        Some("copy-file") => Kind::CopyFile,
        Some("copy-dir") => Kind::CopyDir,
        other => bail!("rel={other:?} is not understood with data-trunk"),
    };
    let href = value("href").context("it has no href")?;
    let later = value("data-later").is_some();
    if later && kind != Kind::Css {
        bail!("only a stylesheet can come later");
    }
    let rest = attributes
        .into_iter()
        .filter(|(name, _)| name != "rel" && name != "href" && !name.starts_with("data-"))
        .collect();
    Ok(Link {
        range,
        kind,
        href,
        later,
        rest,
    })
}

/// How far a tag goes; a `>` inside quotes does not end it.
fn tag_length(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// Name and value of each attribute; one without a value has an empty one.
fn attributes(tag: &str) -> Vec<(String, String)> {
    let inner = tag
        .trim_start_matches('<')
        .trim_end_matches('>')
        .trim_end_matches('/');
    let mut rest = inner
        .trim_start_matches(|c: char| !c.is_whitespace())
        .trim_start();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let name_end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let name = rest[..name_end].to_owned();
        rest = rest[name_end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            (value, rest) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    after[1..].split_once(quote).unwrap_or((&after[1..], ""))
                }
                _ => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            };
        }
        rest = rest.trim_start();
        found.push((name, value.to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html>
<head>
  <meta name="a" content="x > y">
  <!-- <link data-trunk rel="css" href="no.css"> -->
  <link data-trunk rel="css" href="a.css">
  <link data-trunk rel='icon' href=icon.svg type="image/svg+xml" />
  <link rel="manifest" href="/m.json">
</head>
"#;

    #[test]
    fn only_links_for_trunk_outside_comments_are_found() {
        let links = links(PAGE).unwrap();
        let found: Vec<_> = links
            .iter()
            .map(|link| (link.kind, link.href.as_str()))
            .collect();
        assert_eq!(found, [(Kind::Css, "a.css"), (Kind::Icon, "icon.svg")]);
        assert_eq!(links[1].rest, [("type".into(), "image/svg+xml".into())]);
    }

    #[test]
    fn a_removed_link_takes_its_line_along() {
        let links = links(PAGE).unwrap();
        let page = replace(PAGE, &links, |link| match link.kind {
            Kind::Icon => "<ICON>".to_owned(),
            _ => String::new(),
        });
        assert!(
            page.contains("-->\n  <ICON>\n  <link rel=\"manifest\""),
            "{page}"
        );
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for page in [
            r#"<link data-trunk rel="sass" href="a.scss">"#,
            r#"<script data-trunk src="a.js"></script>"#,
            r#"<link data-trunk rel="css">"#,
            r#"<link data-trunk data-later rel="icon" href="a.svg">"#,
            "<link data-trunk rel=",
        ] {
            assert!(links(page).is_err(), "{page}");
        }
    }
}
