//! Which emoji this browser's people have used last, and the colour of skin that they prefer.

use shared::text::Emoji;

use crate::browser::storage::Store;
use crate::emoji::index::Entry;

const USED: &str = "parlance.emoji";
const TONE: &str = "parlance.skin";

/// Two rows on a desktop.
const MOST: usize = 18;

/// The colours of skin, the first without any.
pub(super) const TONES: [&str; 6] = [
    "",
    "\u{1f3fb}",
    "\u{1f3fc}",
    "\u{1f3fd}",
    "\u{1f3fe}",
    "\u{1f3ff}",
];

/// The last used, the newest first.
pub(super) fn used() -> Vec<Emoji> {
    let kept = Store::Browser.get(USED).unwrap_or_default();
    kept.split(' ')
        .filter_map(|text| Emoji::parse(text).ok())
        .take(MOST)
        .collect()
}

/// Remembers that this one was used.
pub(super) fn remember(emoji: &Emoji) {
    let before = used().into_iter().filter(|other| other != emoji);
    let all = std::iter::once(emoji.clone()).chain(before).take(MOST);
    let texts: Vec<String> = all.map(|emoji| emoji.to_string()).collect();
    // What is not kept is not missed.
    let _ = Store::Browser.set(USED, &texts.join(" "));
}

/// The colour of skin, as its place in [`TONES`].
pub(super) fn tone() -> usize {
    let kept = Store::Browser.get(TONE).and_then(|text| text.parse().ok());
    kept.filter(|tone| *tone < TONES.len()).unwrap_or(0)
}

pub(super) fn set_tone(tone: usize) {
    let _ = Store::Browser.set(TONE, &tone.to_string());
}

/// An emoji in the preferred colour.
pub(super) fn toned(entry: &Entry) -> String {
    in_tone(entry, tone())
}

/// An emoji in a colour, which stands behind its first sign.
pub(super) fn in_tone(entry: &Entry, tone: usize) -> String {
    let mut signs = entry.emoji.chars();
    match signs.next() {
        Some(first) if entry.toned && tone > 0 => {
            format!(
                "{first}{}{}",
                TONES[tone],
                signs.as_str().trim_start_matches('\u{fe0f}')
            )
        }
        _ => entry.emoji.to_owned(),
    }
}
