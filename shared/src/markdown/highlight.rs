//! Light colours for code: comments, strings, numbers and keywords of a dozen languages, found by one lexer and a table.
//! It knows no grammar, and never fails: what it does not understand has no colour.

mod table;

use self::table::{Language, Quote};

/// What a piece of code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing of the others.
    Plain,
    /// For people.
    Comment,
    /// Text in quotes.
    Text,
    /// A number, or another value that is written out.
    Value,
    /// A word of the language.
    Keyword,
    /// A name that something is given: a key, a tag, an attribute.
    Name,
}

/// The pieces of some code; together they are the code. Of an unknown language it is one piece.
#[must_use]
pub fn highlight<'a>(language: &str, code: &'a str) -> Vec<(Kind, &'a str)> {
    let mut lexer = Lexer {
        code,
        at: 0,
        pieces: Vec::new(),
    };
    match table::language(language) {
        Some(language) if language.tags => lexer.markup(language),
        Some(language) => lexer.run(language),
        None => lexer.piece(Kind::Plain, code.len()),
    }
    lexer.pieces
}

#[derive(Debug)]
struct Lexer<'a> {
    code: &'a str,
    at: usize,
    pieces: Vec<(Kind, &'a str)>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.code[self.at..]
    }

    /// The next `length` bytes are of this kind.
    fn piece(&mut self, kind: Kind, length: usize) {
        if length == 0 {
            return;
        }
        let end = self.at + length;
        match self.pieces.last_mut() {
            Some((last, text)) if *last == kind => {
                *text = &self.code[self.at - text.len()..end];
            }
            _ => self.pieces.push((kind, &self.code[self.at..end])),
        }
        self.at = end;
    }

    fn run(&mut self, language: &Language) {
        while let Some(first) = self.rest().chars().next() {
            let rest = self.rest();
            if let Some(length) = self.comment(language) {
                self.piece(Kind::Comment, length);
            } else if let Some(length) = text(language, rest) {
                // In some languages the names of things are in quotes too.
                let named = language.keys && is_key(&rest[length..]);
                self.piece(if named { Kind::Name } else { Kind::Text }, length);
            } else if first.is_ascii_digit() {
                self.piece(Kind::Value, number(rest));
            } else if let Some(length) = language.sigil(rest) {
                let word = word(&rest[length..], language);
                let kind = if word > 0 { Kind::Keyword } else { Kind::Plain };
                self.piece(kind, length + word);
            } else if let length @ 1.. = word(rest, language) {
                self.piece(language.kind_of(&rest[..length], &rest[length..]), length);
            } else {
                self.piece(Kind::Plain, first.len_utf8());
            }
        }
    }

    /// The length of the comment that begins here.
    fn comment(&self, language: &Language) -> Option<usize> {
        let rest = self.rest();
        if let Some((open, close)) = language.block_comment
            && let Some(inner) = rest.strip_prefix(open)
        {
            let end = inner.find(close).map(|at| at + close.len());
            return Some(open.len() + end.unwrap_or(inner.len()));
        }
        let begins = language
            .line_comments
            .iter()
            .any(|sign| rest.starts_with(sign));
        // `$#` and `a#b` are no comments of a shell.
        let apart = !rest.starts_with('#')
            || !self.code[..self.at]
                .ends_with(|c: char| !c.is_whitespace() && !";)}{(".contains(c));
        (begins && apart).then(|| line(rest))
    }

    /// Tags with their attributes; what is between them has no colour.
    fn markup(&mut self, language: &Language) {
        while !self.rest().is_empty() {
            let rest = self.rest();
            if let Some(length) = self.comment(language) {
                self.piece(Kind::Comment, length);
            } else if is_tag(rest) {
                let name = rest[1..].find(|c: char| !is_word(c) && !"/!?-:.".contains(c));
                self.piece(Kind::Keyword, name.map_or(rest.len(), |at| at + 1));
                self.attributes();
            } else {
                let mut others = rest.char_indices().skip(1);
                let next = others.find(|(_, c)| *c == '<');
                self.piece(Kind::Plain, next.map_or(rest.len(), |(at, _)| at));
            }
        }
    }

    /// Up to the end of a tag.
    fn attributes(&mut self) {
        while let Some(first) = self.rest().chars().next() {
            let rest = self.rest();
            match first {
                '>' => return self.piece(Kind::Keyword, 1),
                '<' => return,
                '/' | '?' => self.piece(Kind::Keyword, 1),
                '"' | '\'' => {
                    let end = rest[1..].find(first).map(|at| at + 2);
                    self.piece(Kind::Text, end.unwrap_or(rest.len()));
                }
                c if is_word(c) => {
                    let end = rest.find(|c: char| !is_word(c) && !"-:.".contains(c));
                    self.piece(Kind::Name, end.unwrap_or(rest.len()));
                }
                c => self.piece(Kind::Plain, c.len_utf8()),
            }
        }
    }
}

fn is_tag(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next() == Some('<')
        && chars
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || "/!?".contains(c))
}

/// The length of the text in quotes that begins here.
fn text(language: &Language, rest: &str) -> Option<usize> {
    let quote = language
        .quotes
        .iter()
        .find(|quote| rest.starts_with(quote.open))?;
    let inner = &rest[quote.open.len()..];
    if quote.one_sign && !is_one_sign(inner) {
        return None;
    }
    Some(quote.open.len() + quoted(inner, quote))
}

/// `'a'` is a sign; `'a` is something else.
fn is_one_sign(inner: &str) -> bool {
    let mut chars = inner.chars();
    chars.next() == Some('\\') || chars.next() == Some('\'')
}

/// The bytes up to and with the closing quote, or to the end of what may be in quotes.
fn quoted(inner: &str, quote: &Quote) -> usize {
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        if c == '\n' && !quote.lines {
            return at;
        }
        if !escaped && inner[at..].starts_with(quote.close) {
            return at + quote.close.len();
        }
        escaped = quote.escapes && c == '\\' && !escaped;
    }
    inner.len()
}

/// The length of the number that begins here, with its unit or type.
fn number(rest: &str) -> usize {
    let mut before = '0';
    let end = rest.find(|c: char| {
        let exponent = "+-".contains(c) && "eE".contains(before) && !rest.starts_with("0x");
        let part = c.is_ascii_alphanumeric() || c == '_' || c == '.' && before != '.' || exponent;
        before = c;
        !part
    });
    let number = &rest[..end.unwrap_or(rest.len())];
    number.trim_end_matches('.').len()
}

/// The length of the word that begins here.
fn word(rest: &str, language: &Language) -> usize {
    // `-x` is an option or a name, `-1` a number.
    if rest.starts_with('-') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    let joins = |c: char| is_word(c) || language.dashes && c == '-';
    rest.find(|c| !joins(c)).unwrap_or(rest.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a name that ends here is one that is given something.
fn is_key(behind: &str) -> bool {
    behind
        .trim_start_matches([' ', '\t'])
        .starts_with([':', '='])
}

fn line(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}
