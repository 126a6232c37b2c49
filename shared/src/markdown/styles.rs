//! From tokens to a tree: which signs belong together.

use super::{Inline, Link, STYLES, Style};

/// A piece of some lines, or signs that may style what is between them.
#[derive(Debug)]
pub(super) enum Token<'a> {
    /// Part of the tree as it is.
    Piece(Inline<'a>),
    /// One to three of the same sign.
    Signs {
        text: &'a str,
        opens: bool,
        closes: bool,
    },
}

impl<'a> Token<'a> {
    /// As a part of a link's text, in which there are no links.
    pub(super) fn within_link(self) -> Self {
        match self {
            Self::Piece(Inline::Link(Link { mut shown, .. })) => {
                let text = shown.pop().unwrap_or(Inline::Text(""));
                Self::Piece(text)
            }
            other => other,
        }
    }
}

/// Signs that have begun a style.
#[derive(Debug)]
struct Open {
    sign: u8,
    /// How many of them are left.
    left: usize,
    /// Where they stand in the tree, as text until it is known better.
    at: usize,
}

#[derive(Debug, Default)]
struct Styling<'a> {
    tree: Vec<Inline<'a>>,
    /// At most [`STYLES`], the innermost last.
    open: Vec<Open>,
}

/// The tree of some tokens.
pub(super) fn style(tokens: Vec<Token<'_>>) -> Vec<Inline<'_>> {
    let mut styling = Styling::default();
    for token in tokens {
        match token {
            Token::Piece(piece) => styling.put(piece),
            Token::Signs {
                text,
                opens,
                closes,
            } => {
                let rest = if closes { styling.close(text) } else { text };
                styling.open(rest, opens);
            }
        }
    }
    styling.tree
}

impl<'a> Styling<'a> {
    fn put(&mut self, piece: Inline<'a>) {
        // An empty line ends what was begun and not ended before it.
        if piece == Inline::Break && self.tree.last() == Some(&Inline::Break) {
            self.open.clear();
        }
        self.tree.push(piece);
    }

    fn open(&mut self, text: &'a str, opens: bool) {
        let Some(&sign) = text.as_bytes().first() else {
            return;
        };
        if opens {
            if self.open.len() == STYLES {
                self.open.remove(0);
            }
            let (left, at) = (text.len(), self.tree.len());
            self.open.push(Open { sign, left, at });
        }
        self.tree.push(Inline::Text(text));
    }

    /// Ends what these signs can end, and returns those that are left.
    fn close(&mut self, text: &'a str) -> &'a str {
        let mut rest = text;
        while let Some(&sign) = rest.as_bytes().first() {
            let Some((which, count)) = self.matching(sign, rest.len()) else {
                break;
            };
            let at = self.open[which].at;
            if !has_substance(&self.tree[at + 1..]) {
                self.open.truncate(which);
                break;
            }
            self.wrap(which, count);
            rest = &rest[count..];
        }
        rest
    }

    /// The innermost signs that these can end, and how many of each.
    fn matching(&self, sign: u8, count: usize) -> Option<(usize, usize)> {
        self.open.iter().enumerate().rev().find_map(|(at, open)| {
            let takes = match (open.left, count) {
                _ if open.sign != sign => return None,
                (1 | 3, 1 | 3) => 1,
                (2 | 3, 2 | 3) => 2,
                _ => return None,
            };
            Some((at, takes))
        })
    }

    /// Puts everything behind the signs into a style, and takes `count` of them away.
    fn wrap(&mut self, which: usize, count: usize) {
        let Open { sign, left, at } = self.open[which];
        let inner = self.tree.split_off(at + 1);
        let style = match (sign, count) {
            (b'~', _) => Style::Struck,
            (_, 2) => Style::Bold,
            _ => Style::Italic,
        };
        // What was begun inside and not ended there is text.
        self.open.truncate(which + 1);
        match self.tree.pop() {
            Some(Inline::Text(signs)) if left > count => {
                self.tree.push(Inline::Text(&signs[..left - count]));
                self.open[which].left -= count;
            }
            _ => self.open.truncate(which),
        }
        self.tree.push(Inline::Styled(style, inner));
    }
}

/// `*.*` and `*_*` are no italics.
fn has_substance(inner: &[Inline<'_>]) -> bool {
    inner.iter().any(|inline| match inline {
        Inline::Text(text) => text.chars().any(|c| !c.is_ascii() || c.is_alphanumeric()),
        Inline::Break => false,
        _ => true,
    })
}
