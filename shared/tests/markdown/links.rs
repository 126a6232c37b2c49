//! What leads somewhere, and that it says where.

use shared::markdown::emoji;

use crate::shown::shown;

fn becomes(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shown(text), *expected, "{text}");
    }
}

/// Links show themselves, here in angle brackets.
fn finds(text: &str, links: &[&str]) {
    let mut rest = shown(text);
    for link in links {
        let whole = format!("[{link}]({link})");
        let at = rest
            .find(&whole)
            .unwrap_or_else(|| panic!("{link} in {rest} of {text}"));
        assert!(!rest[..at].contains("]("), "{rest} of {text}");
        rest = rest.split_off(at + whole.len());
    }
    assert!(!rest.contains("]("), "{rest} of {text}");
}

#[test]
fn web_addresses_are_links() {
    finds(
        "https://a.example/b_c_d?e=*f*&g=~~h~~#i",
        &["https://a.example/b_c_d?e=*f*&g=~~h~~#i"],
    );
    finds(
        "HTTP://A.example http://localhost:8080 http://[::1]:80/x",
        &[
            "HTTP://A.example",
            "http://localhost:8080",
            "http://[::1]:80/x",
        ],
    );
    finds(
        "see **https://a.example/b** or _https://c.example_",
        &["https://a.example/b", "https://c.example"],
    );
}

#[test]
fn a_sentence_keeps_its_punctuation() {
    finds("See http://a.example/c.", &["http://a.example/c"]);
    finds("(http://a.example/c)?!", &["http://a.example/c"]);
    finds("https://a.example/x_(y) ok", &["https://a.example/x_(y)"]);
    finds(
        "\"https://a.example\", <https://c.example>",
        &["https://a.example", "https://c.example"],
    );
    finds(
        "http://a.example|http://b.example",
        &["http://a.example", "http://b.example"],
    );
}

#[test]
fn chinese_text_needs_no_space_around_a_link() {
    finds("看https://a.example/c，很好", &["https://a.example/c"]);
    finds("看https://a.example/c很好", &["https://a.example/c"]);
    finds("看https://a.example很好", &["https://a.example"]);
    finds(
        "（https://a.example）https://例子.测试/路径。",
        &["https://a.example", "https://例子.测试/路径"],
    );
    finds(
        "https://zh.example/wiki/中文维基、",
        &["https://zh.example/wiki/中文维基"],
    );
    finds("“https://a.example/b_c”：", &["https://a.example/b_c"]);
}

#[test]
fn only_web_and_mail_lead_anywhere() {
    for text in [
        "javascript:alert(1)",
        "ftp://a.example",
        "http:/a",
        "http://",
        "https:// x",
        "xhttp://a.example",
        "data:text/html,x",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,x)",
        "[a](//a.example)",
        "[a](/b)",
        "[a]( https://)",
        "[a](https:a.example)",
        "[](https:)",
        "a@b, @a, a@, a@b.c, git@a.example:x/y, a@@b.example",
        "[a][b] [a]: b",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn an_address_that_hides_its_host_is_none() {
    for text in [
        "https://bank.example@evil.example/",
        "https://bank.example%40evil.example",
        "https://bank.example\\@evil.example",
        "[bank](https://bank.example@evil.example/)",
        "[bank](https://bank.example:80@evil.example/)",
        "[bank](https://%65vil.example/)",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn mail_addresses_are_links() {
    becomes(&[
        (
            "ask ada@a.example.",
            "ask [ada@a.example](mailto:ada@a.example).",
        ),
        (
            "写信给ada.l+x@mail.a-b.example，谢谢",
            "写信给[ada.l+x@mail.a-b.example](mailto:ada.l+x@mail.a-b.example)，谢谢",
        ),
        (
            "[write](mailto:ada@a.example?subject=x)",
            "[write](mailto:ada@a.example?subject=x)",
        ),
        (
            "https://a.example/@ada",
            "[https://a.example/@ada](https://a.example/@ada)",
        ),
    ]);
}

#[test]
fn links_have_text_of_their_own() {
    becomes(&[
        (
            "[the docs](https://a.example/b)",
            "[the docs](https://a.example/b)",
        ),
        (
            "[a](https://a.example/b_(c))!",
            "[a](https://a.example/b_(c))!",
        ),
        (
            "[**a** `b`](https://a.example)",
            "[<b>a</b> <code>b</code>](https://a.example)",
        ),
        (
            "**[a](https://a.example/)**",
            "<b>[a](https://a.example/)</b>",
        ),
        (
            "[a [b] c](https://a.example)",
            "[a [b] c](https://a.example)",
        ),
        (
            "[x [a](https://a.example) y](https://b.example)",
            "[x [a](https://a.example) y]([https://b.example](https://b.example))",
        ),
        (
            "文档[在此](https://a.example)。",
            "文档[在此](https://a.example)。",
        ),
        ("[a](https://a b)", "[a]([https://a](https://a) b)"),
    ]);
    for text in [
        "[ ](mailto:a)",
        "[a] (b)",
        "[\u{200b}](mailto:a)",
        "[a](mailto:a b)",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn a_text_that_looks_like_another_address_is_said_to_mislead() {
    for (text, to) in [
        ("https://bank.example", "https://evil.example"),
        ("bank.example", "https://evil.example"),
        ("bank.example/login", "http://evil.example/bank.example"),
        ("bank。example", "https://evil.example"),
        ("bаnk.example", "https://bank.example"),
        ("evil.example.bank.example", "https://evil.example"),
        ("evil.example@bank.example", "https://evil.example"),
        ("bank\u{200b}.example", "https://bank.example"),
        ("bank·example", "https://evil.example"),
        ("ada@a.example", "mailto:bob@a.example"),
    ] {
        assert_eq!(
            shown(&format!("[{text}]({to})")),
            format!("[{text}]({to})!")
        );
    }
    for (text, to) in [
        ("https://a.example/b", "https://a.example/b?c"),
        ("A.example", "https://a.example/b"),
        ("the docs, part 2", "https://a.example"),
        ("文档，第二部分", "https://a.example"),
        ("ada@a.example", "mailto:ada@a.example"),
    ] {
        assert_eq!(shown(&format!("[{text}]({to})")), format!("[{text}]({to})"));
    }
}

#[test]
fn a_few_emoji_alone_are_large() {
    for (text, count) in [
        ("👍", 1),
        ("❤️", 1),
        ("👍🏽", 1),
        ("👩‍❤️‍👨 🇨🇳", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿 👨‍👩‍👧‍👦 1️⃣", 3),
        ("⭐\n☕", 2),
        ("🐈‍⬛", 1),
    ] {
        assert_eq!(emoji::alone(text), Some(count), "{text}");
    }
    for text in [
        "",
        " ",
        "a",
        "1",
        "123",
        "👍 ok",
        "👍👍👍👍",
        "…",
        "❤",
        "™",
        "🇨",
        "!",
        "好",
    ] {
        assert_eq!(emoji::alone(text), None, "{text}");
    }
}
