//! The tree as a line of text, to be compared with.

use shared::markdown::{Block, Inline, Style, parse};

/// `<b>`, `<i>`, `<s>` and `<code>` as in HTML, `[text](address)` for links, with `!` behind those that mislead; blocks
/// are in braces.
pub(crate) fn shown(text: &str) -> String {
    named(text, &[])
}

pub(crate) fn named(text: &str, names: &[&str]) -> String {
    let mut out = String::new();
    blocks(&parse(text, names), &mut out);
    out
}

fn blocks(blocks: &[Block<'_>], out: &mut String) {
    for block in blocks {
        match block {
            Block::Lines(parts) => inlines(parts, out),
            Block::Code { language, lines } => {
                out.push_str(&format!("{{code {language}|{}}}", lines.join("\n")));
            }
            Block::Quote(inner) => wrapped("quote ", inner, out),
            Block::List(items) => {
                for item in items {
                    wrapped(&format!("{} ", item.marker), &item.blocks, out);
                }
            }
        }
    }
}

fn wrapped(before: &str, inner: &[Block<'_>], out: &mut String) {
    out.push('{');
    out.push_str(before);
    blocks(inner, out);
    out.push('}');
}

fn inlines(parts: &[Inline<'_>], out: &mut String) {
    for part in parts {
        match part {
            Inline::Text(text) => out.push_str(text),
            Inline::Break => out.push('\n'),
            Inline::Code(code) => out.push_str(&format!("<code>{code}</code>")),
            Inline::Mention(text) => out.push_str(&format!("<{text}>")),
            Inline::Styled(style, inner) => {
                let tag = match style {
                    Style::Bold => 'b',
                    Style::Italic => 'i',
                    Style::Struck => 's',
                };
                out.push_str(&format!("<{tag}>"));
                inlines(inner, out);
                out.push_str(&format!("</{tag}>"));
            }
            Inline::Link(link) => {
                out.push('[');
                inlines(&link.shown, out);
                let sign = if link.misleads { "!" } else { "" };
                out.push_str(&format!("]({}){sign}", link.to.href()));
            }
        }
    }
}
