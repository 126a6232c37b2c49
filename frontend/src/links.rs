//! Finds the web addresses in a message, so that they can be shown as links. Only `http` and `https`.

/// A piece of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text to show as it is.
    Text(&'a str),
    /// A web address.
    Link(&'a str),
}

const SCHEMES: [&str; 2] = ["https://", "http://"];

/// The pieces of `text`, in order; together they are the text.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, link, after)) = next_link(rest) {
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Link(link));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn next_link(text: &str) -> Option<(&str, &str, &str)> {
    let mut searched = 0;
    while let Some(found) = text[searched..].find("http") {
        let start = searched + found;
        if let Some(length) = link_length(&text[start..])
            && !follows_a_word(&text[..start])
        {
            let (before, from) = text.split_at(start);
            let (link, after) = from.split_at(length);
            return Some((before, link, after));
        }
        searched = start + "http".len();
    }
    None
}

/// `xhttp://a` is no link, `（http://a` and `看http://a` are: CJK writes no space.
fn follows_a_word(before: &str) -> bool {
    let last = before.chars().next_back();
    last.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn link_length(text: &str) -> Option<usize> {
    let scheme = SCHEMES.iter().find(|scheme| text.starts_with(**scheme))?;
    let end = text.find(ends_link).unwrap_or(text.len());
    let link = trim_tail(&text[..end]);
    let host = link.get(scheme.len()..)?;
    let starts_well = host.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    starts_well.then_some(link.len())
}

/// White space, quotes and angle brackets end a link, and so does CJK punctuation, which no address holds unescaped.
fn ends_link(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '<' | '>' | '"' | '`' | '“' | '”' | '‘' | '’')
        || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}')
        || matches!(c, '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}

/// Punctuation after a link belongs to the sentence, a closing bracket too unless the link opened it.
fn trim_tail(link: &str) -> &str {
    let mut link = link;
    loop {
        let shorter = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']);
        let closed = [('(', ')'), ('[', ']'), ('{', '}')]
            .iter()
            .find_map(|&(open, close)| {
                let inner = shorter.strip_suffix(close)?;
                let unbalanced = shorter.matches(close).count() > shorter.matches(open).count();
                unbalanced.then_some(inner)
            });
        let next = closed.unwrap_or(shorter);
        if next.len() == link.len() {
            return link;
        }
        link = next;
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn links(text: &str) -> Vec<&str> {
        let link = |piece| match piece {
            Piece::Link(link) => Some(link),
            Piece::Text(_) => None,
        };
        pieces(text).into_iter().filter_map(link).collect()
    }

    #[wasm_bindgen_test]
    fn the_pieces_together_are_the_text() {
        for text in [
            "",
            "a",
            "http://a.b",
            "x http://a.b, y https://c/ z",
            "http://",
            "看 http://例子.测试。",
        ] {
            let joined: String = pieces(text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Link(text) => text,
                })
                .collect();
            assert_eq!(joined, text);
        }
    }

    #[wasm_bindgen_test]
    fn a_sentence_keeps_its_punctuation() {
        assert_eq!(links("See http://a.b/c."), ["http://a.b/c"]);
        assert_eq!(links("(http://a.b/c)?!"), ["http://a.b/c"]);
        assert_eq!(links("https://a.b/x_(y) ok"), ["https://a.b/x_(y)"]);
        assert_eq!(
            links("\"https://a.b\", <https://c.d>"),
            ["https://a.b", "https://c.d"]
        );
    }

    #[wasm_bindgen_test]
    fn chinese_text_needs_no_space_around_a_link() {
        assert_eq!(links("看https://a.b/c，很好"), ["https://a.b/c"]);
        assert_eq!(
            links("（https://a.b）https://例子.测试/路径。"),
            ["https://a.b", "https://例子.测试/路径"]
        );
    }

    #[wasm_bindgen_test]
    fn only_web_addresses_become_links() {
        for text in [
            "javascript:alert(1)",
            "ftp://a.b",
            "http:/a",
            "http://",
            "https:// x",
            "xhttp://a.b",
            "data:text/html,x",
        ] {
            assert!(links(text).is_empty(), "{text}");
        }
    }
}
