//! Code, quotes, lists, and the lines between them.

use shared::markdown::plain;

use crate::shown::shown;

fn becomes(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shown(text), *expected, "{text}");
    }
}

#[test]
fn lines_are_as_typed() {
    for text in [
        "a\nb",
        "a\n\n\nb",
        "\n a\n  b",
        "a  \nb\tc",
        "# no heading",
        "| a | b |",
        "---",
        "![x](y)",
        "<b>x</b>",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn code_blocks_have_a_language_or_none() {
    becomes(&[
        ("```rust\nfn a() {}\n```", "{code rust|fn a() {}}"),
        ("```\na\n\n  **b**\n```", "{code |a\n\n  **b**}"),
        ("see:\n\n```c++\nx\n```\n\nand", "see:{code c++|x}and"),
        ("````md\n```\nx\n```\n````", "{code md|```\nx\n```}"),
        ("  ```js\n  x\n  ```", "{code js|  x}"),
    ]);
}

#[test]
fn code_loses_no_line_however_its_fences_are_typed() {
    becomes(&[
        (
            "```let a = 1;\nlet b = 2;```",
            "{code |let a = 1;\nlet b = 2;}",
        ),
        ("```\na\nb```", "{code |a\nb}"),
        ("```\nnever closed\n- a", "{code |never closed\n- a}"),
        ("```hello\n```", "{code |hello}"),
        ("```", "```"),
        ("```rust", "```rust"),
    ]);
}

#[test]
fn quotes_are_marked_by_a_sign_and_a_space() {
    becomes(&[
        ("> a\n> **b**\nc", "{quote a\n<b>b</b>}c"),
        ("> a\n>\n> b", "{quote a\n\nb}"),
        ("> > a\n> b", "{quote {quote a}b}"),
        ("> - a\n> - b", "{quote {- a}{- b}}"),
        ("> ```\n> x\n> ```", "{quote {code |x}}"),
        ("a\n\n> b\n\nc", "a{quote b}c"),
        (">_<", ">_<"),
        (">>> import this", ">>> import this"),
        (">:(", ">:("),
    ]);
}

#[test]
fn lists_have_points_or_numbers_as_typed() {
    becomes(&[
        ("- a\n- b", "{- a}{- b}"),
        ("* **a**\n* b", "{* <b>a</b>}{* b}"),
        ("3. a\n7. b", "{3. a}{7. b}"),
        ("1) a\n2) b", "{1) a}{2) b}"),
        ("buy:\n- tea\n- cake\nthen go", "buy:{- tea}{- cake}then go"),
        ("- a\n  - b\n    - c\n- d", "{- a{- b{- c}}}{- d}"),
        ("1. a\n   - b\n2. c", "{1. a{- b}}{2. c}"),
        ("- a\n\t- b", "{- a{- b}}"),
        ("- a\n  goes on", "{- a\ngoes on}"),
        ("- a\n1. b", "{- a}{1. b}"),
        ("-5 degrees", "-5 degrees"),
        ("1.5 litres", "1.5 litres"),
        ("-", "-"),
        ("1、一\n2、二", "1、一\n2、二"),
    ]);
}

#[test]
fn what_is_too_deep_stays_text() {
    assert_eq!(
        shown("> > > > > > x"),
        "{quote {quote {quote {quote > > x}}}}"
    );
}

#[test]
fn the_plain_text_has_no_signs() {
    let text = "**Hello** `x` [docs](https://a.example)\n> *q*\n1. one\n2. ~~two~~\n```sh\nls\n```";
    assert_eq!(plain(text), "Hello x docs\nq\n1. one\n2. two\nls");
    assert_eq!(plain("a\n\nb"), "a\n\nb");
}
