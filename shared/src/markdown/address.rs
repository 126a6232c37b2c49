//! Web and mail addresses in a text. Only `http`, `https` and mail lead anywhere; what would lead to another place than a
//! reader thinks is no address, or is said to be misleading.

use super::flanks::is_spaceless;

/// Longer addresses are rare and help nobody.
const ADDRESS_BYTES: usize = 2_048;

/// The longest name before an `@` (RFC 5321).
const MAIL_NAME_BYTES: usize = 64;

/// Signs of Chinese sentences that nobody takes for a dot.
const SENTENCE_SIGNS: &str = "，、！？；：（）《》“”‘’…—";

/// Where a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To<'a> {
    /// To a page, with `http://` or `https://`.
    Web(&'a str),
    /// To somebody's mailbox, without `mailto:`.
    Mail(&'a str),
}

impl<'a> To<'a> {
    /// As a browser wants it.
    #[must_use]
    pub fn href(self) -> String {
        match self {
            Self::Web(address) => address.to_owned(),
            Self::Mail(address) => format!("mailto:{address}"),
        }
    }

    /// Who gets the reader: the host with its port, or the mail address.
    #[must_use]
    pub fn host(self) -> &'a str {
        match self {
            Self::Web(address) => {
                let from = scheme(address).unwrap_or(0);
                let rest = &address[from..];
                &rest[..authority(rest)]
            }
            Self::Mail(address) => address.split('?').next().unwrap_or(address),
        }
    }
}

/// The length of the web address that a text begins with.
pub(super) fn web(text: &str) -> Option<usize> {
    let from = scheme(text)?;
    let rest = &text[from..];
    let host = authority(rest);
    if host == 0 {
        return None;
    }
    let behind = &rest[host..];
    let path = match behind.chars().next() {
        Some('/' | '?' | '#') => path(behind),
        // `https://bank.example@elsewhere.example` leads elsewhere.
        Some('@' | '%' | '\\') => return None,
        _ => 0,
    };
    let length = from + trim_tail(&rest[..host + path]).len();
    (length > from && length <= ADDRESS_BYTES).then_some(length)
}

/// The bytes of what begins like a web address and is none.
pub(super) fn refused(text: &str) -> usize {
    scheme(text).map_or(0, |from| {
        let rest = &text[from..];
        from + rest.find(ends_address).unwrap_or(rest.len())
    })
}

/// Where a link in brackets leads, from behind its opening bracket, and the bytes up to and with the closing one.
pub(super) fn destination(text: &str) -> Option<(To<'_>, usize)> {
    let mail = prefix(text, "mailto:");
    if mail.is_none() && scheme(text).is_none() {
        return None;
    }
    let mut depth = 0_usize;
    let end = text.char_indices().find(|&(at, c)| {
        match c {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            _ => return c == ')' || at > ADDRESS_BYTES || ends_address(c),
        }
        false
    });
    let (end, _) = end.filter(|(_, c)| *c == ')')?;
    let whole = &text[..end];
    let to = match mail {
        Some(from) => To::Mail(mail_address(&whole[from..])?),
        None => {
            let rest = &whole[scheme(whole)?..];
            let host = authority(rest);
            let stops = matches!(rest[host..].chars().next(), None | Some('/' | '?' | '#'));
            (host > 0 && stops).then_some(To::Web(whole))?
        }
    };
    Some((to, end + 1))
}

/// A mail address around an `@`: the bytes before it that belong to it, and those after.
pub(super) fn mail(before: &str, after: &str) -> Option<(usize, usize)> {
    let part = |b: &u8| b.is_ascii_alphanumeric() || b"._%+-".contains(b);
    let name = before
        .bytes()
        .rev()
        .take_while(part)
        .take(MAIL_NAME_BYTES + 1)
        .count();
    let host = mail_host(after)?;
    let starts = before.as_bytes().get(before.len() - name);
    let fits =
        (1..=MAIL_NAME_BYTES).contains(&name) && starts.is_some_and(u8::is_ascii_alphanumeric);
    // `git@example.org:path` is where a program finds something.
    let mut behind = after[host..].chars();
    let is_path = behind.next() == Some(':') && behind.next().is_some_and(|c| !c.is_whitespace());
    (fits && !is_path).then_some((name, host))
}

/// The length of the host that a text begins with: at least two parts, the last of letters.
fn mail_host(text: &str) -> Option<usize> {
    let part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'-' || *b == b'.';
    let length = text.bytes().take_while(part).take(256).count();
    let host = text[..length].trim_end_matches(['.', '-']);
    let (before, last) = host.rsplit_once('.')?;
    let fits = last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic());
    let whole = !before.is_empty() && !host.starts_with(['.', '-']) && !host.contains("..");
    (fits && whole).then_some(host.len())
}

/// A whole mail address, perhaps with a subject.
fn mail_address(text: &str) -> Option<&str> {
    let (name, host) = text.split_once('@')?;
    let (whole_name, length) = mail(name, host)?;
    let ends = matches!(host[length..].chars().next(), None | Some('?'));
    (whole_name == name.len() && ends).then_some(text)
}

/// Whether a host has letters that are easily taken for others, as those of Cyrillic and Greek are.
pub(super) fn is_odd(host: &str) -> bool {
    host.chars().any(|c| !c.is_ascii() && !is_spaceless(c))
}

/// Whether a link's text may be taken for another address than it leads to.
pub(super) fn may_mislead(text: &str, to: To<'_>) -> bool {
    let text = text.trim();
    looks_like_address(text) && !names_host(text, to.host())
}

/// When in doubt, it does.
fn looks_like_address(text: &str) -> bool {
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let between = before.is_some_and(char::is_alphanumeric)
            && chars
                .peek()
                .is_some_and(|next| next.is_alphanumeric() || is_invisible(*next));
        let sign = !c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace();
        let dot = c == '.' || c == '@' || sign && !SENTENCE_SIGNS.contains(c);
        let scheme = c == ':' && chars.peek() == Some(&'/');
        if between && dot || scheme || is_invisible(c) {
            return true;
        }
        before = Some(c);
    }
    false
}

/// Whether a text says this host and then nothing that changes it.
fn names_host(text: &str, host: &str) -> bool {
    let from = scheme(text).unwrap_or(0);
    let says = text.get(from..from + host.len());
    let behind = text.get(from + host.len()..).unwrap_or_default();
    let same = says.is_some_and(|says| says.is_ascii() && says.eq_ignore_ascii_case(host));
    let ends = behind.is_empty() || behind.starts_with(['/', '?', '#']);
    same && ends && behind.is_ascii()
}

/// The bytes of `http://` or `https://`.
fn scheme(text: &str) -> Option<usize> {
    prefix(text, "https://").or_else(|| prefix(text, "http://"))
}

fn prefix(text: &str, prefix: &str) -> Option<usize> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(prefix.len())
}

/// The bytes of a host and its port. Only letters, digits and what may be between them, so that it says what it is.
fn authority(text: &str) -> usize {
    let host = match text.strip_prefix('[') {
        Some(rest) => {
            let length = rest
                .bytes()
                .take_while(|b| b.is_ascii_hexdigit() || *b == b':' || *b == b'.')
                .count();
            if length == 0 || rest.as_bytes().get(length) != Some(&b']') {
                return 0;
            }
            length + 2
        }
        None => length_while(text, |c| {
            c.is_alphanumeric() || matches!(c, '-' | '.' | '_')
        }),
    };
    if host == 0 || text.starts_with(['-', '.', '_']) {
        return 0;
    }
    let port = text[host..].strip_prefix(':').map_or(0, |rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=5).contains(&digits) {
            digits + 1
        } else {
            0
        }
    });
    host + port
}

/// The bytes of a path with all that follows it.
fn path(text: &str) -> usize {
    text.char_indices()
        .scan(None, |before, (at, c)| {
            let ends = ends_address(c) || begins_sentence(before.replace(c), c);
            Some((at, ends))
        })
        .find_map(|(at, ends)| (ends || text[at..].starts_with("](")).then_some(at))
        .unwrap_or(text.len())
}

/// The bytes of a text whose characters all do this; a sentence that begins without a space ends them too.
fn length_while(text: &str, fits: fn(char) -> bool) -> usize {
    let mut before = None;
    let end = text.find(|c| !fits(c) || begins_sentence(before.replace(c), c));
    end.unwrap_or(text.len())
}

/// `https://a.example/b很好`: Chinese goes on directly behind a Latin letter, but not in the middle of an address.
fn begins_sentence(before: Option<char>, c: char) -> bool {
    is_spaceless(c) && before.is_some_and(|before| before.is_ascii_alphanumeric())
}

/// White space, quotes and angle brackets end an address, and so does CJK punctuation, which none holds unescaped.
fn ends_address(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || is_invisible(c)
        || matches!(c, '<' | '>' | '"' | '`' | '\\' | '“' | '”' | '‘' | '’')
        || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}')
        || matches!(c, '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}

/// Whether there is something to be seen in a text.
pub(super) fn is_seen(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !is_invisible(c))
}

/// What is not seen, or turns what is seen around.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Punctuation after an address belongs to the sentence, a closing bracket too unless the address opened it.
fn trim_tail(address: &str) -> &str {
    let bytes = address.as_bytes();
    let count = |wanted: u8| bytes.iter().filter(|b| **b == wanted).count();
    let mut pairs = [(b'(', b')'), (b'[', b']'), (b'{', b'}')]
        .map(|(open, close)| (close, count(open), count(close)));
    let mut end = bytes.len();
    while let Some(&last) = bytes[..end].last() {
        let unbalanced = pairs
            .iter_mut()
            .find(|(close, opened, closed)| *close == last && closed > opened);
        match unbalanced {
            Some((_, _, closed)) => *closed -= 1,
            None if b".,;:!?'*_~".contains(&last) => {}
            None => break,
        }
        end -= 1;
    }
    &address[..end]
}
