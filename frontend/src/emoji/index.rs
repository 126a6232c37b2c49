//! The emoji with their names and the words by which they are found.

use shared::sorted::by_key;

/// An emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The sign itself.
    pub emoji: &'static str,
    /// It can have a colour of skin.
    pub toned: bool,
    /// The names of `:name:`, parted by spaces, the usual one first.
    names: &'static str,
    /// What it shows, in English.
    pub english: &'static str,
    /// What it shows, in Chinese.
    pub chinese: &'static str,
    /// Further words in both.
    words: &'static str,
}

impl Entry {
    /// Its usual name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.names.split(' ').next().unwrap_or(self.names)
    }

    /// How well a word fits, from 0; none if it does not.
    fn fit(&self, word: &str) -> Option<usize> {
        let starts = |text: &str| {
            text.split([' ', '_', '-'])
                .any(|part| part.starts_with(word))
        };
        let small = self.english.to_ascii_lowercase();
        if self.names.split(' ').any(|name| name == word) {
            Some(0)
        } else if self.names.split(' ').any(|name| name.starts_with(word)) {
            Some(1)
        } else if starts(self.names) || starts(&small) || self.chinese.starts_with(word) {
            Some(2)
        } else if self.chinese.contains(word) || starts(self.words) {
            Some(3)
        } else {
            // Chinese words have no spaces between them.
            (!word.is_ascii() && self.words.contains(word)).then_some(4)
        }
    }
}

/// All emoji, in groups.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Index {
    entries: Vec<Entry>,
    /// Where each group begins.
    groups: Vec<usize>,
}

impl Index {
    /// Reads the file: a line for each emoji, an empty line between groups, and notes that begin with `#` at the top.
    #[must_use]
    pub fn read(text: &'static str) -> Self {
        let mut index = Self::default();
        let mut begins = true;
        for line in text.lines().skip_while(|line| line.starts_with('#')) {
            if line.is_empty() {
                begins = true;
                continue;
            }
            let mut fields = line.split('\t');
            let mut next = || fields.next().unwrap_or_default();
            let sign = next();
            let emoji = sign.trim_end_matches('+');
            if std::mem::take(&mut begins) {
                index.groups.push(index.entries.len());
            }
            index.entries.push(Entry {
                emoji,
                toned: sign.len() > emoji.len(),
                names: next(),
                english: next(),
                chinese: next(),
                words: next(),
            });
        }
        index
    }

    /// The emoji of a group.
    #[must_use]
    pub fn group(&self, group: usize) -> &[Entry] {
        let from = self
            .groups
            .get(group)
            .copied()
            .unwrap_or(self.entries.len());
        let to = self
            .groups
            .get(group + 1)
            .copied()
            .unwrap_or(self.entries.len());
        &self.entries[from..to]
    }

    /// The emoji of exactly this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.names.split(' ').any(|known| known == name))
    }

    /// The entry of an emoji, with or without a colour of skin.
    #[must_use]
    pub fn of(&self, emoji: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.emoji == emoji)
    }

    /// The emoji whose names begin with this, or have a part that does; the best first.
    #[must_use]
    pub fn by_name(&self, start: &str, most: usize) -> Vec<&Entry> {
        self.best(most, &|entry| entry.fit(start).filter(|fit| *fit <= 2))
    }

    /// The emoji that fit to all words, the best first.
    #[must_use]
    pub fn search(&self, text: &str, most: usize) -> Vec<&Entry> {
        let text = text.trim().trim_matches(':').to_ascii_lowercase();
        self.best(most, &|entry| {
            let fits = text.split_whitespace().map(|word| entry.fit(word));
            fits.sum::<Option<usize>>()
        })
    }

    fn best(&self, most: usize, fit: &dyn Fn(&Entry) -> Option<usize>) -> Vec<&Entry> {
        let fits = self
            .entries
            .iter()
            .filter_map(|entry| Some((fit(entry)?, entry)));
        let mut fits = by_key(fits, |(fit, _)| *fit);
        fits.truncate(most);
        fits.into_iter().map(|(_, entry)| entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const FILE: &str = "# notes\n😄\tsmile\tgrinning face with smiling eyes\t眯眼笑\tjoy laugh 开心 笑\n\
        👍+\t+1 thumbsup\tthumbs up\t拇指向上\tlike yes 赞\n\n🐈\tcat2\tcat\t猫\tpet 宠物\n";

    fn found(text: &str) -> Vec<&'static str> {
        let index = Index::read(FILE);
        index
            .search(text, 9)
            .into_iter()
            .map(|entry| entry.emoji)
            .collect()
    }

    #[wasm_bindgen_test]
    fn groups_are_parted_by_empty_lines() {
        let index = Index::read(FILE);
        assert_eq!(index.group(0).len(), 2);
        assert_eq!(index.group(1)[0].emoji, "🐈");
        assert!(index.group(2).is_empty());
        assert!(index.group(0)[1].toned && !index.group(0)[0].toned);
    }

    #[wasm_bindgen_test]
    fn words_of_either_language_find_them() {
        assert_eq!(found("smile"), ["😄"]);
        assert_eq!(found("Thumbs UP"), ["👍"]);
        assert_eq!(found("赞"), ["👍"]);
        assert_eq!(found("开心"), ["😄"]);
        assert_eq!(found("猫"), ["🐈"]);
        assert_eq!(found("eyes grinning"), ["😄"]);
        assert!(found("nothing like it").is_empty());
    }

    #[wasm_bindgen_test]
    fn a_name_is_whole_or_a_beginning() {
        let index = Index::read(FILE);
        assert_eq!(
            index.named("thumbsup").map(|entry| entry.name()),
            Some("+1")
        );
        assert_eq!(index.named("thumbs"), None);
        assert_eq!(index.by_name("thu", 9).len(), 1);
        assert!(index.by_name("like", 9).is_empty());
    }
}
