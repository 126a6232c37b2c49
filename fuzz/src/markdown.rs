//! A text into the tree that a message is shown as.

use shared::markdown::address::To;
use shared::markdown::highlight::highlight;
use shared::markdown::{Block, DEPTH, Inline, STYLES, emoji, parse, plain};

/// What is not UTF-8 is no text.
pub fn run(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        holds(text);
    }
}

/// What may be missing between the pieces.
fn are_signs(lost: &str) -> bool {
    let lost = lost.to_ascii_lowercase().replacen("mailto:", "", 1);
    let sign = |c: char| c.is_whitespace() || "*_~`>[]()".contains(c);
    lost.chars().all(sign)
}

/// Checks that the pieces are parts of the text in its order, with only signs between them.
struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    fn piece(&mut self, piece: &'a str) {
        if piece.is_empty() {
            return;
        }
        let from = piece.as_ptr() as usize - self.text.as_ptr() as usize;
        assert!(
            from >= self.at,
            "{piece:?} is out of order in {:?}",
            self.text
        );
        self.gap(from);
        self.at = from + piece.len();
    }

    fn gap(&mut self, to: usize) {
        let lost = &self.text[self.at..to];
        assert!(are_signs(lost), "lost {lost:?} of {:?}", self.text);
    }

    fn blocks(&mut self, blocks: &[Block<'a>], depth: usize) {
        assert!(depth <= DEPTH);
        for block in blocks {
            match block {
                Block::Lines(inlines) => self.inlines(inlines, 0),
                Block::Code { language, lines } => {
                    self.piece(language);
                    lines.iter().for_each(|line| self.piece(line));
                    colours(language, &lines.join("\n"));
                }
                Block::Quote(inner) => self.blocks(inner, depth + 1),
                Block::List(items) => {
                    for item in items {
                        self.piece(item.marker);
                        self.blocks(&item.blocks, depth + 1);
                    }
                }
            }
        }
    }

    fn inlines(&mut self, inlines: &[Inline<'a>], depth: usize) {
        // Three signs are two styles; a link has styles of its own.
        assert!(depth <= 4 * STYLES + 1);
        for inline in inlines {
            match inline {
                Inline::Text(text) | Inline::Code(text) | Inline::Mention(text) => self.piece(text),
                Inline::Break => {}
                Inline::Styled(_, inner) => self.inlines(inner, depth + 1),
                Inline::Link(link) => {
                    self.inlines(&link.shown, depth + 1);
                    self.address(link.to);
                }
            }
        }
    }

    fn address(&mut self, to: To<'a>) {
        let (To::Web(address) | To::Mail(address)) = to;
        let href = to.href().to_ascii_lowercase();
        let schemes = ["http://", "https://", "mailto:"];
        assert!(
            schemes.iter().any(|scheme| href.starts_with(scheme)),
            "{href}"
        );
        // An address that shows itself was passed already.
        let from = address.as_ptr() as usize - self.text.as_ptr() as usize;
        if from >= self.at {
            self.piece(address);
        }
    }
}

/// What holds for every text.
pub(crate) fn holds(text: &str) {
    let mut walk = Walk { text, at: 0 };
    walk.blocks(&parse(text, &["Ada", "王"]), 0);
    walk.gap(text.len());
    let _ = (plain(text), emoji::alone(text));
}

/// However code is coloured, it is the same code.
fn colours(language: &str, code: &str) {
    for language in [language, "rust", "ts", "html", "sh", "css"] {
        let pieces = highlight(language, code);
        let whole: String = pieces.into_iter().map(|(_, piece)| piece).collect();
        assert_eq!(whole, code, "{language}");
    }
}
