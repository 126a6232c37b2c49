//! What a message looks like: its text, as it was typed, read as a small tree.
//!
//! Chat rules, not those of documents. Bold, italic, struck, code, quotes, lists and links are read; everything else
//! (headings, tables, pictures, HTML, escapes) stays the text that it is, and so does every sign that is not clearly
//! meant: `snake_case`, `2*3*4`, `*.rs`. Lines break where they were typed. Between scripts that write no spaces,
//! signs need none either.
//!
//! Every piece of the tree is a part of the text, in the order of the text; what is between the pieces are signs. Reading
//! never fails, takes time in proportion to the text, and nests no deeper than [`DEPTH`] and [`STYLES`]. This module
//! must never make HTML.

pub mod address;
pub mod emoji;
pub mod highlight;

mod blocks;
mod flanks;
mod inline;
mod styles;

use crate::markdown::address::To;

/// Quotes and lists in each other; deeper ones stay text. Nobody reads the fifth.
pub const DEPTH: usize = 4;

/// Styles that are open at once: there are three, and signs that were not meant as such.
pub const STYLES: usize = 8;

/// A part of a message that has lines of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block<'a> {
    /// Lines of text, with the empty ones among them.
    Lines(Vec<Inline<'a>>),
    /// Lines of code.
    Code {
        /// What stands behind the fence; may be empty.
        language: &'a str,
        /// Without line ends.
        lines: Vec<&'a str>,
    },
    /// What somebody else said.
    Quote(Vec<Block<'a>>),
    /// Points, all of them numbered or none.
    List(Vec<Item<'a>>),
}

/// A point of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item<'a> {
    /// As typed: `-`, `*`, `7.` or `7)`.
    pub marker: &'a str,
    /// What it says.
    pub blocks: Vec<Block<'a>>,
}

impl Item<'_> {
    /// The number in the marker, if it has one.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        self.marker.trim_end_matches(['.', ')']).parse().ok()
    }
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline<'a> {
    /// As it is.
    Text(&'a str),
    /// The line ends here.
    Break,
    /// Code within a line.
    Code(&'a str),
    /// Text that looks different.
    Styled(Style, Vec<Inline<'a>>),
    /// Text that leads somewhere. There are no links in it.
    Link(Link<'a>),
    /// Somebody who is named, with the `@`.
    Mention(&'a str),
}

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `**bold**`
    Bold,
    /// `*italic*` or `_italic_`
    Italic,
    /// `~~struck~~`
    Struck,
}

/// Text that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// Where to.
    pub to: To<'a>,
    /// What is shown.
    pub shown: Vec<Inline<'a>>,
    /// The text may be taken for another address than it leads to, so the real one has to stand beside it.
    pub misleads: bool,
}

/// Reads the text of a message. `names` are the people who are named in it: where it says `@` and such a name, that is
/// a mention.
#[must_use]
pub fn parse<'a>(text: &'a str, names: &[&str]) -> Vec<Block<'a>> {
    let lines: Vec<&str> = text.split('\n').collect();
    blocks::read(&lines, names, 0)
}

/// What a message says, without the signs: to be read aloud, quoted or listed.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    plain_blocks(&parse(text, &[]), &mut out);
    out
}

fn plain_blocks(blocks: &[Block<'_>], out: &mut String) {
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        match block {
            Block::Lines(inlines) => plain_inlines(inlines, out),
            Block::Code { lines, .. } => out.push_str(&lines.join("\n")),
            Block::Quote(inner) => plain_blocks(inner, out),
            Block::List(items) => plain_items(items, out),
        }
    }
}

fn plain_items(items: &[Item<'_>], out: &mut String) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(item.marker);
        out.push(' ');
        plain_blocks(&item.blocks, out);
    }
}

/// The text of parts of a line, without the signs.
pub fn plain_inlines(inlines: &[Inline<'_>], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Mention(text) => out.push_str(text),
            Inline::Break => out.push('\n'),
            Inline::Styled(_, inner) => plain_inlines(inner, out),
            Inline::Link(link) => plain_inlines(&link.shown, out),
        }
    }
}
