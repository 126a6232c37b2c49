//! Text that people write, parsed once at the edge: whoever holds one of these types need not check again.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};

use crate::json::{self, FromJson, Json, Mismatch};
use crate::limits;

/// Why a text was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, FromJson)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum TextProblem {
    /// Nothing in it, or only white space.
    Blank,
    /// Longer than the limit, which is in bytes for bodies and in characters for names.
    TooLong { length: usize, limit: usize },
    /// It has control characters or invisible direction marks, which could make it look like another text.
    Forbidden,
}

impl fmt::Display for TextProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => f.write_str("the text is empty"),
            Self::TooLong { length, limit } => {
                write!(f, "the text has length {length}, the limit is {limit}")
            }
            Self::Forbidden => f.write_str("the text has a character that is not allowed"),
        }
    }
}

impl std::error::Error for TextProblem {}

macro_rules! parsed_text {
    ($(#[$doc:meta])* $name:ident, $parse:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Accepts a text or says what is wrong with it.
            pub fn parse(text: &str) -> Result<Self, TextProblem> {
                let parse: fn(&str) -> Result<Arc<str>, TextProblem> = $parse;
                parse(text).map(Self)
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromJson for $name {
            fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
                let text = Self::parse(json.text()?);
                text.map_err(|_| Mismatch::expected("a text within its limits"))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                json::deserialize(deserializer)
            }
        }
    };
}

parsed_text! {
    /// What a message says: 1 to [`limits::BODY_BYTES`] bytes, not blank, line ends as `\n`, no other control
    /// characters than tab. White space inside and at the start is kept as written; at the end it is cut.
    Body, parse_body
}
parsed_text! {
    /// A person's display name: 1 to [`limits::PERSON_NAME_CHARS`] characters on one line.
    PersonName, |text| parse_name(text, limits::PERSON_NAME_CHARS)
}
parsed_text! {
    /// A room's name: 1 to [`limits::ROOM_NAME_CHARS`] characters on one line.
    RoomName, |text| parse_name(text, limits::ROOM_NAME_CHARS)
}

parsed_text! {
    /// What a room is about: 1 to [`limits::TOPIC_CHARS`] characters on one line.
    Topic, |text| parse_name(text, limits::TOPIC_CHARS)
}
parsed_text! {
    /// What is looked for: 1 to [`limits::SEARCH_CHARS`] characters on one line.
    SearchText, |text| parse_name(text, limits::SEARCH_CHARS)
}
parsed_text! {
    /// What a person says about themselves at the moment: 1 to [`limits::STATUS_CHARS`] characters on one line.
    Status, |text| parse_name(text, limits::STATUS_CHARS)
}
parsed_text! {
    /// What a file is called: 1 to [`limits::FILE_NAME_CHARS`] characters on one line, without the signs that make a path.
    FileName, parse_file_name
}
parsed_text! {
    /// One emoji, as people choose it from a picker: 1 to [`limits::EMOJI_BYTES`] bytes without letters, spaces,
    /// controls and direction marks. Which sequences are drawn as one sign is up to the reader's fonts.
    Emoji, parse_emoji
}

impl Body {
    /// Its first line that says something, without the white space around it and cut after
    /// [`limits::QUOTE_CHARS`] characters.
    #[must_use]
    pub fn beginning(&self) -> Self {
        let silent = |c: char| c.is_whitespace() || is_invisible(c);
        let line = self.lines().find(|line| !is_blank(line)).unwrap_or(self);
        let line = line.trim_start_matches(silent).trim_end();
        match line.char_indices().nth(limits::QUOTE_CHARS) {
            Some((end, _)) => Self(line[..end].trim_end().into()),
            None => Self(line.into()),
        }
    }
}

impl FileName {
    /// The name closest to what a program calls a file: without its folders, without what may not be in a name, and not
    /// too long, of which the end stays.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let last = text.rsplit(is_path_sign).find(|part| !is_blank(part));
        let kept = |c: &char| !c.is_control() && !is_invisible(*c);
        let name: Vec<char> = last.unwrap_or_default().chars().filter(kept).collect();
        let name = &name[name.len().saturating_sub(limits::FILE_NAME_CHARS)..];
        let name: String = name.iter().collect();
        Self::parse(&name).unwrap_or_else(|_| Self("file".into()))
    }
}

fn is_path_sign(c: char) -> bool {
    matches!(c, '/' | '\\')
}

fn parse_file_name(text: &str) -> Result<Arc<str>, TextProblem> {
    let name = parse_name(text, limits::FILE_NAME_CHARS)?;
    if name.contains(is_path_sign) || name.chars().all(|c| c == '.') {
        return Err(TextProblem::Forbidden);
    }
    Ok(name)
}

fn parse_emoji(text: &str) -> Result<Arc<str>, TextProblem> {
    if text.len() > limits::EMOJI_BYTES {
        return Err(too_long(text.len(), limits::EMOJI_BYTES));
    }
    if is_blank(text) {
        return Err(TextProblem::Blank);
    }
    let joins = |c: char| {
        matches!(
            c,
            '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}'
        )
    };
    let keycap = |c: char| matches!(c, '0'..='9' | '#' | '*');
    let sign =
        |c: char| !c.is_ascii() && !c.is_alphanumeric() && !c.is_control() && !is_invisible(c);
    let allowed = |c: char| joins(c) || keycap(c) || sign(c);
    if text.chars().all(allowed) && text.chars().any(sign) {
        return Ok(text.into());
    }
    Err(TextProblem::Forbidden)
}

fn parse_body(text: &str) -> Result<Arc<str>, TextProblem> {
    if text.len() > limits::CLIENT_MESSAGE_BYTES {
        return Err(too_long(text.len(), limits::BODY_BYTES));
    }
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let body = unified.trim_end();
    if is_blank(body) {
        return Err(TextProblem::Blank);
    }
    if body
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        return Err(TextProblem::Forbidden);
    }
    if body.len() > limits::BODY_BYTES {
        return Err(too_long(body.len(), limits::BODY_BYTES));
    }
    Ok(body.into())
}

/// White space runs become one space, so that two names that look alike are alike.
fn parse_name(text: &str, limit: usize) -> Result<Arc<str>, TextProblem> {
    let length = text.chars().take(limit * 4 + 1).count();
    if length > limit * 4 {
        return Err(too_long(length, limit));
    }
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if is_blank(&name) {
        return Err(TextProblem::Blank);
    }
    if name.chars().any(|c| c.is_control() || is_invisible(c)) {
        return Err(TextProblem::Forbidden);
    }
    let length = name.chars().count();
    if length > limit {
        return Err(too_long(length, limit));
    }
    Ok(name.into())
}

fn too_long(length: usize, limit: usize) -> TextProblem {
    TextProblem::TooLong { length, limit }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Zero-width characters and direction controls (Unicode `Default_Ignorable_Code_Point` that chat names need least).
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}
