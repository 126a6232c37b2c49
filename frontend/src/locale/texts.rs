//! How the texts of a language get from their file into [`Words`]: by the order of the lines, which the compiler checks.
//!
//! In the app itself there is none of them. Its file is fetched before anything is drawn, and the other one when it is chosen.

use std::cell::Cell;
use std::str::Lines;

use gloo_net::http::Request;

use crate::browser::document;
use crate::locale::Language;
use crate::locale::words::doctor::DoctorWords;
use crate::locale::words::inspector::InspectorWords;
use crate::locale::words::notices::NoticeWords;
use crate::locale::words::order::OrderWords;
use crate::locale::words::people::PeopleWords;
use crate::locale::words::theatre::TheatreWords;
use crate::locale::words::{ProblemWords, Words};

/// A struct with a field for each text, and a method of the same name for each that has something in it.
macro_rules! words {
    ($(#[$about:meta])* $kind:ident {
        $($name:ident $(($($part:ident),+))?;)+
    } $($(#[$note:meta])* $inner:ident: $of:ident,)*) => {
        $(#[$about])*
        #[derive(Debug)]
        pub struct $kind {
            $(pub $name: &'static str,)+
            $($(#[$note])* pub $inner: $of,)*
        }

        impl $kind {
            pub(in crate::locale) const KEYS: &[&str] = &[$(stringify!($name)),+];

            pub(in crate::locale) const EMPTY: Self = Self {
                $($name: "",)+
                $($inner: $of::EMPTY,)*
            };

            pub(in crate::locale) fn read(&mut self, lines: &mut Lines<'static>) {
                $($crate::locale::texts::read_one(&mut self.$name, lines);)+
                $(self.$inner.read(lines);)*
            }

            $($(#[must_use] pub fn $name(&self, $($part: &str),+) -> String {
                $crate::locale::texts::fill(self.$name, &[$((stringify!($part), $part)),+])
            })?)+
        }
    };
}
pub(super) use words;

/// What stands between a name and its text in a file.
const BETWEEN: &str = " = ";

/// The text with the parts in it: `{who}` is the part of that name, `{n:one|many}` what fits to it.
pub(super) fn fill(text: &str, parts: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (place, behind) = after.split_once('}').unwrap_or((after, ""));
        let (name, forms) = place.split_once(':').unwrap_or((place, ""));
        let part = parts.iter().find(|(known, _)| *known == name);
        let part = part.map_or("", |(_, part)| part);
        filled += before;
        filled += match forms.split_once('|') {
            Some((one, _)) if part == "1" => one,
            Some((_, many)) => many,
            None => part,
        };
        rest = behind;
    }
    filled + rest
}

thread_local! {
    static HELD: Cell<[Option<&'static Words>; 2]> = const { Cell::new([None; 2]) };
    static HELD_OF_INSPECTOR: Cell<[Option<&'static InspectorWords>; 2]> =
        const { Cell::new([None; 2]) };
}

/// The words of a language, if they were fetched.
#[must_use]
pub fn held(language: Language) -> Option<&'static Words> {
    HELD.get()[language as usize]
}

/// Fetches the words of a language, once. None if the server cannot be reached.
pub async fn fetch(language: Language) -> Option<&'static Words> {
    if let Some(words) = held(language) {
        return Some(words);
    }
    let words = read(file("texts", language).await?);
    let mut held = HELD.get();
    held[language as usize] = Some(words);
    HELD.set(held);
    Some(words)
}

/// The words of the inspector, if they were fetched.
#[must_use]
pub fn held_of_inspector(language: Language) -> Option<&'static InspectorWords> {
    HELD_OF_INSPECTOR.get()[language as usize]
}

/// Fetches the words of the inspector, once.
pub async fn fetch_of_inspector(language: Language) -> Option<&'static InspectorWords> {
    if let Some(words) = held_of_inspector(language) {
        return Some(words);
    }
    let file: &'static str = Box::leak(file("inspector", language).await?.into_boxed_str());
    let mut words = Box::new(InspectorWords::EMPTY);
    words.read(&mut file.lines());
    let words: &'static InspectorWords = Box::leak(words);
    let mut held = HELD_OF_INSPECTOR.get();
    held[language as usize] = Some(words);
    HELD_OF_INSPECTOR.set(held);
    Some(words)
}

/// A file of texts. The page knows where it is: shipped, its name changes with every word.
async fn file(kind: &str, language: Language) -> Option<String> {
    let place = format!("meta[name={kind}][lang={}]", language.tag());
    let place = document().query_selector(&place).ok()??;
    let answer = Request::get(&place.get_attribute("content")?).send().await;
    let answer = answer.ok().filter(|answer| answer.ok())?;
    answer.text().await.ok()
}

/// Reads a file for the life of the page. Shipped, it has no names any more, which are for people and for the compiler.
fn read(file: String) -> &'static Words {
    let file: &'static str = Box::leak(file.into_boxed_str());
    let mut words = Box::new(Words::EMPTY);
    words.read(&mut file.lines());
    Box::leak(words)
}

/// The next text of the file. Not inlined: there are hundreds.
#[inline(never)]
pub(super) fn read_one(text: &mut &'static str, lines: &mut Lines<'static>) {
    let line = lines.find(|line| is_text(line)).unwrap_or_default();
    *text = line.split_once(BETWEEN).map_or(line, |(_, text)| text);
}

fn is_text(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

impl Words {
    /// The names of all texts, in the order in which they are read.
    const PARTS: [&[&str]; 5] = [
        Self::KEYS,
        PeopleWords::KEYS,
        NoticeWords::KEYS,
        OrderWords::KEYS,
        ProblemWords::KEYS,
    ];
}

/// The number of the first line whose name is not the next one of the words; 0 if there is none.
const fn first_foreign_line(file: &str, parts: &[&[&'static str]]) -> usize {
    let file = file.as_bytes();
    let (mut at, mut line, mut seen) = (0, 1, 0);
    while at < file.len() {
        if file[at] != b'#' && file[at] != b'\n' {
            let Some(key) = key(parts, seen) else {
                return line;
            };
            let mut i = 0;
            while i < key.len() + BETWEEN.len() {
                let wanted = if i < key.len() {
                    key.as_bytes()[i]
                } else {
                    BETWEEN.as_bytes()[i - key.len()]
                };
                if at + i >= file.len() || file[at + i] != wanted {
                    return line;
                }
                i += 1;
            }
            seen += 1;
        }
        while at < file.len() && file[at] != b'\n' {
            at += 1;
        }
        at += 1;
        line += 1;
    }
    if key(parts, seen).is_some() { line } else { 0 }
}

const fn key(parts: &[&[&'static str]], mut at: usize) -> Option<&'static str> {
    let mut part = 0;
    while part < parts.len() {
        if at < parts[part].len() {
            return Some(parts[part][at]);
        }
        at -= parts[part].len();
        part += 1;
    }
    None
}

/// Each file has every text, in the order of `words.rs`. Where it does not, the index in the compiler's error is the line.
const _: () = {
    let whole: [(); 1] = [()];
    let all = &Words::PARTS;
    whole[first_foreign_line(include_str!("../../locale/en.txt"), all)];
    whole[first_foreign_line(include_str!("../../locale/zh-CN.txt"), all)];
    let of_inspector = &[InspectorWords::KEYS, DoctorWords::KEYS, TheatreWords::KEYS];
    whole[first_foreign_line(include_str!("../../locale/inspector-en.txt"), of_inspector)];
    whole[first_foreign_line(
        include_str!("../../locale/inspector-zh-CN.txt"),
        of_inspector,
    )];
};

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn parts_stand_where_the_language_wants_them() {
        let parts = [("who", "Ada"), ("whom", "{who}")];
        assert_eq!(fill("{who} added {whom}.", &parts), "Ada added {who}.");
        assert_eq!(fill("{whom} by {who}", &parts), "{who} by Ada");
        assert_eq!(fill("nothing", &parts), "nothing");
        assert_eq!(fill("{nobody}{", &parts), "");
    }

    #[wasm_bindgen_test]
    fn one_is_one_and_everything_else_is_many() {
        let of = |n| fill("{n} {n:message is|messages are} here", &[("n", n)]);
        assert_eq!(of("1"), "1 message is here");
        assert_eq!(of("0"), "0 messages are here");
        assert_eq!(of("1,001"), "1,001 messages are here");
    }

    #[wasm_bindgen_test]
    fn a_file_says_the_same_with_names_and_without() {
        let file = include_str!("../../locale/zh-CN.txt");
        let texts = file.lines().filter(|line| is_text(line));
        let texts = texts.map(|line| line.split_once(BETWEEN).map_or("", |(_, text)| text));
        let bare = texts.collect::<Vec<_>>().join("\n");
        let (one, other) = (read(file.to_owned()), read(bare));
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
        assert_eq!(one.starting, "正在启动…");
        assert_eq!(one.unread("3"), "3 条未读");
    }
}
