//! From lines to blocks: code, quotes, lists, and what is none of these.

use super::{Block, DEPTH, Item, inline};

/// The word behind a fence is a language up to this many bytes; what is longer is code.
const LANGUAGE_BYTES: usize = 20;

/// Columns by which a line is set in to belong to the point above it.
const INDENT: usize = 2;

/// The blocks of some lines that are inside `depth` others.
pub(super) fn read<'a>(lines: &[&'a str], names: &[&str], depth: usize) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    let (mut at, mut text_from) = (0, 0);
    while at < lines.len() {
        let Some((block, next)) = special(&lines[at..], names, depth) else {
            at += 1;
            continue;
        };
        text(&lines[text_from..at], true, names, &mut blocks);
        blocks.push(block);
        at += next;
        text_from = at;
    }
    text(&lines[text_from..], false, names, &mut blocks);
    blocks
}

/// Empty lines beside another block are the space between the two, and not text.
fn text<'a>(lines: &[&'a str], before_block: bool, names: &[&str], blocks: &mut Vec<Block<'a>>) {
    let is_text = |line: &&str| !line.trim().is_empty();
    let mut lines = lines;
    if !blocks.is_empty() {
        let first = lines.iter().position(is_text);
        lines = &lines[first.unwrap_or(lines.len())..];
    }
    if before_block {
        let last = lines.iter().rposition(is_text);
        lines = &lines[..last.map_or(0, |last| last + 1)];
    }
    if !lines.is_empty() {
        blocks.push(Block::Lines(inline::read(lines, names)));
    }
}

/// The block that begins with the first of these lines, unless that is text, and how many it takes.
fn special<'a>(lines: &[&'a str], names: &[&str], depth: usize) -> Option<(Block<'a>, usize)> {
    if let Some(code) = code(lines) {
        return Some(code);
    }
    if depth == DEPTH {
        return None;
    }
    quote(lines, names, depth).or_else(|| list(lines, names, depth))
}

fn code<'a>(lines: &[&'a str]) -> Option<(Block<'a>, usize)> {
    let (ticks, info) = fence(lines[0])?;
    let word = info.trim();
    let (language, mut code) = match word {
        word if is_language(word) => (word, Vec::new()),
        _ => ("", vec![info]),
    };
    for (at, line) in lines.iter().enumerate().skip(1) {
        let Some(rest) = closes(line, ticks) else {
            code.push(line);
            continue;
        };
        if !rest.trim().is_empty() {
            code.push(rest);
        }
        // A word alone between two fences was not meant as the name of a language.
        if code.is_empty() && !language.is_empty() {
            let (language, lines) = ("", vec![language]);
            return Some((Block::Code { language, lines }, at + 1));
        }
        return Some((
            Block::Code {
                language,
                lines: code,
            },
            at + 1,
        ));
    }
    // Whoever forgot the end meant everything; a fence with nothing after it was not meant.
    let code = Block::Code {
        language,
        lines: code,
    };
    (lines.len() > 1).then_some((code, lines.len()))
}

/// How many ticks a line begins with, at least three, and what follows them.
fn fence(line: &str) -> Option<(usize, &str)> {
    let from = line.trim_start_matches(' ');
    let info = from.trim_start_matches('`');
    let ticks = from.len() - info.len();
    (ticks >= 3 && !info.contains("```")).then_some((ticks, info))
}

/// Nothing is a language too.
fn is_language(word: &str) -> bool {
    let part = |b: u8| b.is_ascii_alphanumeric() || b"+#._-".contains(&b);
    word.len() <= LANGUAGE_BYTES && word.bytes().all(part)
}

/// What a line says before the fence that it ends with.
fn closes(line: &str, ticks: usize) -> Option<&str> {
    let line = line.trim_end();
    let rest = line.trim_end_matches('`');
    (line.len() - rest.len() >= ticks).then_some(rest)
}

fn quote<'a>(lines: &[&'a str], names: &[&str], depth: usize) -> Option<(Block<'a>, usize)> {
    let inner: Vec<&str> = lines.iter().map_while(|line| quoted(line)).collect();
    let count = inner.len();
    (count > 0).then(|| (Block::Quote(read(&inner, names, depth + 1)), count))
}

/// What a line quotes. `>_<` quotes nothing.
fn quoted(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(' ').strip_prefix('>')?;
    match rest.strip_prefix(' ') {
        Some(rest) => Some(rest),
        None => rest.is_empty().then_some(rest),
    }
}

/// The first line of a point.
#[derive(Debug)]
struct Start<'a> {
    /// Columns before the marker.
    indent: usize,
    /// Columns before the text.
    inset: usize,
    marker: &'a str,
    text: &'a str,
}

fn list<'a>(lines: &[&'a str], names: &[&str], depth: usize) -> Option<(Block<'a>, usize)> {
    let first = start(lines[0])?;
    let numbered = is_numbered(first.marker);
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(item) = lines.get(at).and_then(|line| start(line)) {
        if is_numbered(item.marker) != numbered {
            break;
        }
        let more = lines[at + 1..]
            .iter()
            .take_while(|line| !line.trim().is_empty() && indent(line).0 >= first.indent + INDENT);
        let mut inner = vec![item.text];
        inner.extend(more.map(|line| set_out(line, item.inset)));
        at += inner.len();
        items.push(Item {
            marker: item.marker,
            blocks: read(&inner, names, depth + 1),
        });
    }
    Some((Block::List(items), at))
}

fn start(line: &str) -> Option<Start<'_>> {
    let (indent, rest) = indent(line);
    let end = match rest.as_bytes().first()? {
        b'-' | b'*' => 1,
        _ => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let ends = matches!(rest.as_bytes().get(digits), Some(b'.' | b')'));
            (ends && (1..=9).contains(&digits)).then_some(digits + 1)?
        }
    };
    let (marker, text) = rest.split_at(end);
    let text = text.strip_prefix([' ', '\t'])?;
    let starts = !text.trim().is_empty();
    starts.then_some(Start {
        indent,
        inset: indent + end + 1,
        marker,
        text,
    })
}

fn is_numbered(marker: &str) -> bool {
    marker.starts_with(|c: char| c.is_ascii_digit())
}

/// The columns that a line is set in, a tab as four, and the rest of it.
fn indent(line: &str) -> (usize, &str) {
    let rest = line.trim_start_matches([' ', '\t']);
    let white = &line[..line.len() - rest.len()];
    let columns = white.bytes().map(|b| if b == b'\t' { 4 } else { 1 }).sum();
    (columns, rest)
}

/// A line without as many columns of white space, if it has them.
fn set_out(line: &str, columns: usize) -> &str {
    let mut left = columns;
    let white = line.bytes().take_while(|b| {
        let width = if *b == b'\t' { 4 } else { 1 };
        let goes = left > 0 && (*b == b' ' || *b == b'\t');
        left = left.saturating_sub(width);
        goes
    });
    &line[white.count()..]
}
