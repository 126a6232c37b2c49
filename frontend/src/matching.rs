//! Finding names by a few letters: without regard to case and accents, anywhere in the name, or by its initials.

use js_sys::JsString;

/// A text as it is compared: without accents, in small letters.
#[must_use]
pub fn plain(text: &str) -> String {
    // The browser knows Unicode; the table would be larger than all of this app's own code.
    let parts = String::from(JsString::from(text).normalize("NFKD"));
    let letters = parts
        .chars()
        .filter(|c| !matches!(c, '\u{300}'..='\u{36f}'));
    small(&letters.collect::<String>())
}

/// A text in small letters. The table of those that are not Latin would be larger than the rest of this.
#[must_use]
pub fn small(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    JsString::from(text).to_lower_case().into()
}

/// A text in capital letters.
#[must_use]
pub fn capital(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    JsString::from(text).to_upper_case().into()
}

/// How well a name fits what was typed, which is [`plain`] already: the smaller the better. `None` if it does not.
#[must_use]
pub fn fit(name: &str, wanted: &str) -> Option<u8> {
    let name = plain(name);
    if name.starts_with(wanted) {
        return Some(0);
    }
    let starts: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    if starts.iter().any(|word| word.starts_with(wanted)) {
        return Some(1);
    }
    let initials: String = starts
        .iter()
        .filter_map(|word| word.chars().next())
        .collect();
    if initials.starts_with(wanted) {
        return Some(2);
    }
    name.contains(wanted).then_some(3)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn case_accents_and_width_do_not_matter() {
        assert_eq!(plain("Zoë ÀÉ"), "zoe ae");
        assert_eq!(plain("ＡＢ１"), "ab1");
        assert_eq!(plain("王小明"), "王小明");
    }

    #[wasm_bindgen_test]
    fn the_beginning_fits_best_then_a_word_the_initials_and_anything_inside() {
        let fits = |name| fit(name, &plain("Al"));
        assert_eq!(fits("Álvaro"), Some(0));
        assert_eq!(fits("Team Alpha"), Some(1));
        assert_eq!(fits("Ada Lovelace"), Some(2));
        assert_eq!(fits("general"), Some(3));
        assert_eq!(fits("Bob"), None);
        assert_eq!(fit("anything", ""), Some(0));
        assert_eq!(fit("王小明", "小明"), Some(3));
    }
}
