//! Whether a sign begins or ends a style: that follows from what stands on either side of it.
//!
//! `CommonMark`'s rules were made for words between spaces: by them `**重点（注）**请看` is not bold, and `2*3*4` is italic.
//! Here a sign between two letters is a sign, and scripts that write no spaces need none.

/// What stands beside a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// White space, or the end of the line.
    Space,
    /// A letter or digit of a script that parts words by spaces, or something that is one piece.
    Word,
    /// A letter of a script that does not, an emoji, or punctuation that is not ASCII.
    Free,
    /// ASCII punctuation.
    Mark(char),
}

/// What a sign can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flanks {
    pub(super) opens: bool,
    pub(super) closes: bool,
}

impl Side {
    /// Of a character as the neighbour of `sign`. For `_` every letter belongs to a word: `方案_终稿_新.doc` is a file.
    pub(super) fn of(c: Option<char>, sign: u8) -> Self {
        match c {
            None => Self::Space,
            Some(c) if c.is_whitespace() => Self::Space,
            Some(c) if c.is_ascii_punctuation() => Self::Mark(c),
            Some(c) if c.is_ascii() => Self::Word,
            Some(c) if !c.is_alphanumeric() => Self::Free,
            Some(c) if sign != b'_' && is_spaceless(c) => Self::Free,
            Some(_) => Self::Word,
        }
    }
}

impl Flanks {
    pub(super) fn between(before: Side, after: Side) -> Self {
        Self {
            opens: opens(before, after),
            closes: closes(before, after),
        }
    }
}

fn opens(before: Side, after: Side) -> bool {
    match (before, after) {
        (_, Side::Space) => false,
        (Side::Space | Side::Free, _) | (Side::Mark(_) | Side::Word, Side::Free) => true,
        (Side::Word, _) => false,
        (Side::Mark(before), Side::Word) => "([{<>\"':,;!?-=|+~_*".contains(before),
        (Side::Mark(before), Side::Mark(after)) => {
            "([{~_*".contains(before) && "([{<\"'`~_*@#$".contains(after)
        }
    }
}

fn closes(before: Side, after: Side) -> bool {
    match (before, after) {
        (Side::Space, _) => false,
        // Of a path.
        (Side::Mark('/' | '\\'), _) => false,
        (_, Side::Space | Side::Free) | (Side::Free, _) => true,
        (_, Side::Word) => false,
        (Side::Word, Side::Mark(after)) => ")]}<>\"'.,;:!?-|~_*".contains(after),
        (Side::Mark(before), Side::Mark(after)) => {
            ")]}>\"'`.,;:!?%+~_*".contains(before) && ")]}\"'.,;:!?-|~_*".contains(after)
        }
    }
}

/// Scripts whose words stand without spaces, or whose particles do.
pub(super) fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{a4cf}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{1b000}'..='\u{1b2ff}' | '\u{20000}'..='\u{3ffff}')
}
