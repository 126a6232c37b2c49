//! From the text of JSON (RFC 8259) to its tree.
//!
//! Of numbers only the whole ones are understood, which are all that the protocol has: with fractions would come tables
//! that are larger than all of this. It must never panic, and never read deeper than its caller has made sure of.

use std::borrow::Cow;
use std::fmt;

use super::{Json, Number};

/// The text is no JSON from this byte on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoJson(usize);

impl fmt::Display for NoJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no JSON at byte {}", self.0)
    }
}

impl std::error::Error for NoJson {}

/// Reads a text that is one value, and nothing else.
pub(crate) fn read(text: &str) -> Result<Json<'_>, NoJson> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value()?;
    reader.space();
    match reader.at == text.len() {
        true => Ok(value),
        false => Err(NoJson(reader.at)),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self) -> Result<Json<'a>, NoJson> {
        self.space();
        match self.peek() {
            b'{' => self.object(),
            b'[' => self.list(),
            b'"' => Ok(Json::Text(self.string()?)),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self) -> Result<Json<'a>, NoJson> {
        let mut fields = Vec::new();
        let mut more = self.opens(b'}');
        while more {
            self.space();
            let key = self.string()?;
            self.space();
            self.expect(b':')?;
            fields.push((key, self.value()?));
            more = self.goes_on(b'}')?;
        }
        Ok(Json::Object(fields))
    }

    fn list(&mut self) -> Result<Json<'a>, NoJson> {
        let mut items = Vec::new();
        let mut more = self.opens(b']');
        while more {
            items.push(self.value()?);
            more = self.goes_on(b']')?;
        }
        Ok(Json::List(items))
    }

    /// Goes past what opens a list or an object, and says whether there is anything in it.
    fn opens(&mut self, end: u8) -> bool {
        self.at += 1;
        self.space();
        !self.eat(end)
    }

    /// Goes past what stands behind an item, and says whether another one follows.
    fn goes_on(&mut self, end: u8) -> Result<bool, NoJson> {
        self.space();
        if self.eat(end) {
            return Ok(false);
        }
        self.expect(b',')?;
        Ok(true)
    }

    fn string(&mut self) -> Result<Cow<'a, str>, NoJson> {
        self.expect(b'"')?;
        let start = self.at;
        let mut changed = String::new();
        let mut kept = start;
        loop {
            match self.peek() {
                b'"' => break,
                b'\\' => {
                    changed += &self.text[kept..self.at];
                    self.at += 1;
                    changed.push(self.escape()?);
                    kept = self.at;
                }
                // The end of the text too.
                0..b' ' => return Err(NoJson(self.at)),
                _ => self.at += 1,
            }
        }
        let rest = &self.text[kept..self.at];
        self.at += 1;
        Ok(match kept == start {
            true => Cow::Borrowed(rest),
            false => Cow::Owned(changed + rest),
        })
    }

    fn escape(&mut self) -> Result<char, NoJson> {
        let sign = self.peek();
        self.at += 1;
        Ok(match sign {
            b'"' | b'\\' | b'/' => char::from(sign),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex()?;
                let code = match first {
                    // Half of a pair, of which the other must follow.
                    0xd800..0xdc00 => {
                        self.expect(b'\\')?;
                        self.expect(b'u')?;
                        let second = self.hex()?.wrapping_sub(0xdc00);
                        if second >= 0x400 {
                            return Err(NoJson(self.at));
                        }
                        0x1_0000 + ((first - 0xd800) << 10) + second
                    }
                    code => code,
                };
                char::from_u32(code).ok_or(NoJson(self.at))?
            }
            _ => return Err(NoJson(self.at - 1)),
        })
    }

    fn hex(&mut self) -> Result<u32, NoJson> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|digits| !digits.starts_with('+'));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or(NoJson(self.at))?;
        self.at += 4;
        Ok(code)
    }

    fn number(&mut self) -> Result<Json<'a>, NoJson> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Ok(Json::Number(Number::of(&self.text[start..self.at])))
    }

    /// One digit at least.
    fn digits(&mut self) -> Result<(), NoJson> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        match self.at > start {
            true => Ok(()),
            false => Err(NoJson(start)),
        }
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, NoJson> {
        if !self.text[self.at..].starts_with(word) {
            return Err(NoJson(self.at));
        }
        self.at += word.len();
        Ok(value)
    }

    fn space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), NoJson> {
        match self.eat(byte) {
            true => Ok(()),
            false => Err(NoJson(self.at)),
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == byte;
        self.at += usize::from(there);
        there
    }

    /// The next byte; 0 at the end, where it is allowed nowhere.
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }
}
