//! What holds for every text.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use shared::markdown::parse;

use self::target::holds;

/// The fuzz target of the same name checks the same.
#[path = "../../../fuzz/src/markdown.rs"]
#[allow(dead_code, reason = "libFuzzer calls the rest")]
mod target;

/// Texts of signs and words, so that many are nearly something.
fn nearly() -> impl Strategy<Value = String> {
    let parts = [
        "*",
        "**",
        "***",
        "_",
        "~~",
        "~",
        "`",
        "``",
        "```",
        "[",
        "]",
        "](",
        ")",
        "(",
        "> ",
        "- ",
        "1. ",
        "\n",
        "\n\n",
        "  ",
        " ",
        "http://",
        "https://a.example",
        "mailto:",
        "@",
        "@Ada",
        "a@b.example",
        "word",
        "字",
        "。",
        "，",
        "👍",
        "\u{200b}",
        "rust",
        "/",
        ".",
        "!",
        "\\",
        "\t",
        "7) ",
        ">",
        "é",
    ];
    prop::collection::vec(prop::sample::select(parts.to_vec()), 0..40)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_character_is_lost_or_moved(text in nearly()) {
        holds(&text);
    }

    #[test]
    fn any_text_can_be_read(text in any::<String>()) {
        holds(&text);
    }
}

#[test]
fn time_is_in_proportion_to_the_text() {
    let units = [
        "*a ",
        "**a",
        "*a*",
        "_a_ ",
        "~~a",
        "***a** ",
        "`",
        "``` ",
        "` `` ```",
        "[",
        "](",
        "[a](http://a",
        "[](",
        "a](http://b)",
        "> ",
        ">\n",
        "> > > > > > \n",
        "- ",
        "- - - - ",
        "1. a\n",
        "  - a\n",
        "```\n",
        "```a\n",
        "http://",
        "http://a)",
        "http://a(",
        "h",
        "https://a.example/*",
        "@",
        "a@",
        "a@b.",
        "a@b.example",
        "*.",
        "*a.* .",
        "\n",
        "[*a](http://b) ",
        "*[a",
        "字*",
        "👍",
        "((",
        "[[*`_",
    ];
    for unit in units {
        let text = unit.repeat(64 * 1024 / unit.len());
        // A busy machine may be slow at any moment, but not at each of five.
        let quick = (0..5).any(|_| {
            let began = Instant::now();
            drop(parse(&text, &["Ada"]));
            // Four times the longest message, in some ten milliseconds; in time to its square this was six seconds.
            began.elapsed() < Duration::from_secs(1)
        });
        assert!(quick, "slow for {unit:?}");
        holds(&text[..text.floor_char_boundary(2_000)]);
    }
}
