//! Whether a key press in the composer sends. While an input method composes, Enter belongs to it.

use web_sys::KeyboardEvent;

/// What browsers report for a key that an input method has taken. Safari ends the composition before it reports
/// the Enter that confirmed it, so that only this code tells (WebKit bug 165004).
const TAKEN_BY_IME: u32 = 229;

/// A key press, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Press {
    /// Enter, on either side of the keyboard.
    pub enter: bool,
    /// A modifier with which Enter breaks the line or belongs to somebody else.
    pub modified: bool,
    /// `isComposing` of the event.
    pub composing: bool,
    /// `keyCode` of the event.
    pub code: u32,
}

impl Press {
    /// The press of an event.
    #[must_use]
    pub fn of(event: &KeyboardEvent) -> Self {
        Self {
            enter: event.key() == "Enter",
            modified: event.shift_key() || event.alt_key(),
            composing: event.is_composing(),
            code: event.key_code(),
        }
    }

    /// Whether it is this key by itself, and not the input method's.
    #[must_use]
    pub fn is_plain(self, event: &KeyboardEvent, key: &str) -> bool {
        let modified = self.modified || event.ctrl_key() || event.meta_key();
        event.key() == key && !modified && !self.composing && self.code != TAKEN_BY_IME
    }

    /// Whether it is the input method's.
    #[must_use]
    pub fn is_composing(self) -> bool {
        self.composing || self.code == TAKEN_BY_IME
    }

    /// Whether the message goes out.
    #[must_use]
    pub fn sends(self) -> bool {
        self.enter && !self.modified && !self.composing && self.code != TAKEN_BY_IME
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// (key is Enter, isComposing, keyCode) of every keydown while "ni" becomes 你 by Enter and is then sent by Enter.
    type Sequence = &'static [(bool, bool, u32)];

    const CHROME: Sequence = &[
        (false, false, 229),
        (false, true, 229),
        (true, true, 229),
        (true, false, 13),
    ];
    const FIREFOX: Sequence = &[
        (false, false, 229),
        (false, true, 229),
        (true, true, 229),
        (true, false, 13),
    ];
    /// Old Firefox reported the real key code and told by `isComposing` alone.
    const FIREFOX_64: Sequence = &[
        (false, false, 78),
        (false, true, 73),
        (true, true, 13),
        (true, false, 13),
    ];
    /// `compositionend` comes before the keydown of the Enter that caused it.
    const SAFARI: Sequence = &[
        (false, false, 229),
        (false, true, 229),
        (true, false, 229),
        (true, false, 13),
    ];

    #[wasm_bindgen_test]
    fn the_enter_that_ends_a_composition_does_not_send_and_the_next_one_does() {
        for sequence in [CHROME, FIREFOX, FIREFOX_64, SAFARI] {
            let sends: Vec<bool> = sequence
                .iter()
                .map(|&(enter, composing, code)| {
                    let press = Press {
                        enter,
                        modified: false,
                        composing,
                        code,
                    };
                    press.sends()
                })
                .collect();
            assert_eq!(sends, [false, false, false, true]);
        }
    }

    #[wasm_bindgen_test]
    fn shift_and_enter_breaks_the_line() {
        let enter = Press {
            enter: true,
            modified: false,
            composing: false,
            code: 13,
        };
        assert!(enter.sends());
        assert!(
            !Press {
                modified: true,
                ..enter
            }
            .sends()
        );
        assert!(
            !Press {
                enter: false,
                code: 65,
                ..enter
            }
            .sends()
        );
    }
}
