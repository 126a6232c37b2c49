//! Messages of nothing but a few emoji, which are shown large.

/// So many are shown large; more of them are a pattern.
pub const LARGE: usize = 3;

/// How many emoji a text has, if it has only emoji, and one to [`LARGE`] of them.
#[must_use]
pub fn alone(text: &str) -> Option<usize> {
    let mut rest = text.trim();
    let mut count = 0;
    while !rest.is_empty() {
        count += 1;
        if count > LARGE {
            return None;
        }
        rest = rest[one(rest)?..].trim_start();
    }
    (count > 0).then_some(count)
}

/// The bytes of the emoji that a text begins with.
fn one(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    let (_, first) = chars.next()?;
    let mut drawn = is_drawn(first);
    if is_region(first) {
        chars.next().filter(|(_, c)| is_region(*c))?;
        return Some(chars.peek().map_or(text.len(), |(at, _)| *at));
    }
    if !drawn && !is_sign(first) {
        return None;
    }
    let mut joined = false;
    while let Some(&(at, c)) = chars.peek() {
        match c {
            '\u{fe0f}' | '\u{20e3}' => drawn = true,
            '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | '\u{200d}' => {}
            _ if joined && (is_drawn(c) || is_sign(c)) => {}
            _ => return drawn.then_some(at),
        }
        joined = c == '\u{200d}';
        chars.next();
    }
    drawn.then_some(text.len())
}

fn is_region(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Drawn as a picture without being asked to.
fn is_drawn(c: char) -> bool {
    matches!(c, '\u{1f300}'..='\u{1faff}' | '\u{1f004}' | '\u{1f0cf}' | '\u{1f18e}' | '\u{1f191}'..='\u{1f19a}'
        | '\u{1f201}'..='\u{1f265}' | '⌚' | '⌛' | '⏩'..='⏳' | '◽' | '◾' | '☔' | '☕' | '♈'..='♓' | '♿' | '⚓'
        | '⚡' | '⚪' | '⚫' | '⚽' | '⚾' | '⛄' | '⛅' | '⛎' | '⛔' | '⛪' | '⛲' | '⛳' | '⛵' | '⛺' | '⛽' | '✅' | '✊' | '✋'
        | '✨' | '❌' | '❎' | '❓'..='❕' | '❗' | '➕'..='➗' | '➰' | '➿' | '⬛' | '⬜' | '⭐' | '⭕')
}

/// A sign that U+FE0F makes a picture of.
fn is_sign(c: char) -> bool {
    matches!(c, '0'..='9' | '#' | '*' | '©' | '®' | '\u{2000}'..='\u{2bff}' | '〰' | '〽' | '㊗' | '㊙' | '\u{1f000}'..='\u{1f2ff}')
}
