//! From the lines of a paragraph to tokens. Code, links and mentions do not go over the end of a line; styles may.

use super::address::{self, To};
use super::flanks::{Flanks, Side};
use super::styles::{self, Token};
use super::{Inline, Link, plain_inlines};

/// Ticks around code within a line, at most.
const TICKS: usize = 3;

/// The parts of some lines.
pub(super) fn read<'a>(lines: &[&'a str], names: &[&str]) -> Vec<Inline<'a>> {
    let mut tokens = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            tokens.push(Token::Piece(Inline::Break));
        }
        let scan = Scan {
            line,
            at: 0,
            text_from: 0,
            brackets: Vec::new(),
            no_ticks: [false; TICKS],
            names,
            tokens: &mut tokens,
        };
        scan.run();
    }
    styles::style(tokens)
}

#[derive(Debug)]
struct Scan<'a, 'b> {
    line: &'a str,
    at: usize,
    /// Where the text begins that is not a token yet.
    text_from: usize,
    /// The brackets that may begin a link: which token, and where in the line.
    brackets: Vec<(usize, usize)>,
    /// So many ticks do not come again in this line.
    no_ticks: [bool; TICKS],
    names: &'b [&'b str],
    tokens: &'b mut Vec<Token<'a>>,
}

impl<'a> Scan<'a, '_> {
    fn run(mut self) {
        while let Some(&byte) = self.line.as_bytes().get(self.at) {
            let taken = match byte {
                b'`' => self.code(),
                b'[' => self.bracket(),
                b']' => self.link(),
                b'*' | b'_' | b'~' => self.signs(byte),
                b'h' | b'H' => self.web(),
                b'@' => self.mention() || self.mail(),
                _ => false,
            };
            if !taken {
                self.at += 1;
            }
        }
        self.flush(self.line.len());
    }

    /// The text up to `end` becomes a token.
    fn flush(&mut self, end: usize) {
        if self.text_from < end {
            let text = &self.line[self.text_from..end];
            self.tokens.push(Token::Piece(Inline::Text(text)));
        }
    }

    /// From `from` on, `length` bytes are this piece.
    fn piece(&mut self, from: usize, length: usize, piece: Inline<'a>) -> bool {
        self.token(from, length, Token::Piece(piece))
    }

    fn token(&mut self, from: usize, length: usize, token: Token<'a>) -> bool {
        self.flush(from);
        self.tokens.push(token);
        self.at = from + length;
        self.text_from = self.at;
        true
    }

    /// How many of the same sign stand here.
    fn run_length(&self, sign: u8) -> usize {
        let rest = &self.line.as_bytes()[self.at..];
        rest.iter().take_while(|b| **b == sign).count()
    }

    fn code(&mut self) -> bool {
        let ticks = self.run_length(b'`');
        let from = self.at + ticks;
        if ticks <= TICKS && !self.no_ticks[ticks - 1] {
            if let Some(length) = ticks_after(&self.line[from..], ticks) {
                let code = inner_code(&self.line[from..from + length]);
                return self.piece(self.at, ticks + length + ticks, Inline::Code(code));
            }
            self.no_ticks[ticks - 1] = true;
        }
        self.at = from;
        true
    }

    fn bracket(&mut self) -> bool {
        self.flush(self.at);
        self.brackets.push((self.tokens.len(), self.at));
        self.text_from = self.at;
        self.at += 1;
        self.flush(self.at);
        self.text_from = self.at;
        true
    }

    fn link(&mut self) -> bool {
        let Some((open, from)) = self.brackets.pop() else {
            return false;
        };
        let behind = &self.line[self.at + 1..];
        let Some((to, length)) = behind.strip_prefix('(').and_then(address::destination) else {
            return false;
        };
        // What cannot be seen leads nowhere.
        if !address::is_seen(&self.line[from + 1..self.at]) {
            return false;
        }
        self.flush(self.at);
        self.text_from = self.at;
        let inner = self.tokens.split_off(open + 1);
        self.tokens.pop();
        let shown = styles::style(inner.into_iter().map(Token::within_link).collect());
        let mut text = String::new();
        plain_inlines(&shown, &mut text);
        let misleads = address::may_mislead(&text, to);
        // Links are not within links.
        self.brackets.clear();
        let link = Link {
            to,
            shown,
            misleads,
        };
        self.piece(self.at, 1 + 1 + length, Inline::Link(link))
    }

    fn signs(&mut self, sign: u8) -> bool {
        let count = self.run_length(sign);
        let from = self.at;
        let fits = match sign {
            b'*' => count <= 3,
            b'_' => count == 1,
            _ => count == 2,
        };
        // Behind a piece that is not text.
        let adjoins = self.text_from == from && from > 0 && !self.follows_signs();
        let before = if adjoins {
            Side::Word
        } else {
            Side::of(self.line[..from].chars().next_back(), sign)
        };
        let after = Side::of(self.line[from + count..].chars().next(), sign);
        let Flanks { opens, closes } = Flanks::between(before, after);
        if fits && (opens || closes) {
            let text = &self.line[from..from + count];
            let signs = Token::Signs {
                text,
                opens,
                closes,
            };
            return self.token(from, count, signs);
        }
        self.at += count;
        true
    }

    /// Signs and brackets are tokens of their own, but what stands there is their character.
    fn follows_signs(&self) -> bool {
        match self.tokens.last() {
            Some(Token::Piece(Inline::Text(_)) | Token::Signs { .. }) => true,
            Some(Token::Piece(_)) | None => false,
        }
    }

    fn web(&mut self) -> bool {
        if self.follows_a_word() {
            return false;
        }
        let rest = &self.line[self.at..];
        let Some(length) = address::web(rest) else {
            // What looks like an address and is none is not searched for others.
            let refused = address::refused(rest);
            self.at += refused;
            return refused > 0;
        };
        let text = &self.line[self.at..self.at + length];
        self.piece(self.at, length, plain_link(To::Web(text), text))
    }

    fn mail(&mut self) -> bool {
        let before = &self.line[self.text_from..self.at];
        let Some((name, host)) = address::mail(before, &self.line[self.at + 1..]) else {
            return false;
        };
        let from = self.at - name;
        let text = &self.line[from..self.at + 1 + host];
        self.piece(from, text.len(), plain_link(To::Mail(text), text))
    }

    fn mention(&mut self) -> bool {
        if self.names.is_empty() || self.follows_a_word() {
            return false;
        }
        let behind = &self.line[self.at + 1..];
        let named = self.names.iter().filter(|name| behind.starts_with(**name));
        let Some(longest) = named.map(|name| name.len()).max() else {
            return false;
        };
        let text = &self.line[self.at..self.at + 1 + longest];
        self.piece(self.at, text.len(), Inline::Mention(text))
    }

    /// `xhttp://a` is no link, `（http://a` and `看http://a` are.
    fn follows_a_word(&self) -> bool {
        if self.text_from == self.at {
            return false;
        }
        let last = self.line[..self.at].chars().next_back();
        last.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    }
}

fn plain_link<'a>(to: To<'a>, text: &'a str) -> Inline<'a> {
    Inline::Link(Link {
        to,
        shown: vec![Inline::Text(text)],
        misleads: address::is_odd(to.host()),
    })
}

/// The bytes before exactly so many ticks.
fn ticks_after(text: &str, ticks: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|b| **b == b'`').count();
        if run == ticks {
            return (at > 0).then_some(at);
        }
        at += run.max(1);
    }
    None
}

/// A space at both ends parts the code from its ticks.
fn inner_code(text: &str) -> &str {
    let inner = text.strip_prefix(' ').and_then(|it| it.strip_suffix(' '));
    inner.filter(|it| !it.trim().is_empty()).unwrap_or(text)
}
