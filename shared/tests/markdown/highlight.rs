//! Colours of code: a dozen languages, each by a line or two.

use shared::markdown::highlight::{Kind, highlight};

/// The pieces of one kind.
fn found<'a>(language: &str, code: &'a str, kind: Kind) -> Vec<&'a str> {
    let pieces = highlight(language, code);
    let whole: String = pieces.iter().map(|(_, text)| *text).collect();
    assert_eq!(whole, code, "{language}");
    let of_kind = pieces.into_iter().filter(|(found, _)| *found == kind);
    of_kind.map(|(_, text)| text.trim()).collect()
}

#[test]
fn comments_are_found_and_are_not_in_texts() {
    for (language, code, comment) in [
        ("rust", "let a = \"// no\"; // yes", "// yes"),
        ("ts", "let a = 1 /* one\ntwo */ + 2", "/* one\ntwo */"),
        ("python", "a = '#' # yes", "# yes"),
        ("go", "x := `// no` // yes", "// yes"),
        ("cpp", "int a; // yes", "// yes"),
        ("java", "/** doc */ int a;", "/** doc */"),
        ("html", "<p>a</p><!-- b\n<i> -->", "<!-- b\n<i> -->"),
        ("css", "a { color: red } /* b */", "/* b */"),
        ("sh", "echo $# a#b \"#\" # yes", "# yes"),
        ("sql", "select '--' -- yes", "-- yes"),
        ("toml", "a = \"#\" # yes", "# yes"),
        ("yaml", "a: b#c # yes", "# yes"),
        ("rust", "/* never closed", "/* never closed"),
    ] {
        assert_eq!(
            found(language, code, Kind::Comment),
            [comment],
            "{language}"
        );
    }
}

#[test]
fn texts_end_where_they_end() {
    for (language, code, text) in [
        ("rust", "let s = \"a \\\" b\";", "\"a \\\" b\""),
        ("rust", "let s = r#\"a \" b\"#;", "r#\"a \" b\"#"),
        ("rust", "fn f<'a>(c: &'a str) { 'x' }", "'x'"),
        ("js", "let s = `a\nb`;", "`a\nb`"),
        ("py", "s = \"\"\"a\n\"b\" \"\"\"", "\"\"\"a\n\"b\" \"\"\""),
        ("json", "{\"a\": \"b\"}", "\"b\""),
        ("xml", "<a b=\"c > d\">", "\"c > d\""),
        ("c", "char *s = \"not closed\nint b;", "\"not closed"),
    ] {
        assert_eq!(found(language, code, Kind::Text), [text], "{language}");
    }
}

#[test]
fn keywords_are_whole_words() {
    assert_eq!(
        found("rust", "fn form() { letter; let x }", Kind::Keyword),
        ["fn", "let"]
    );
    assert_eq!(
        found("SQL", "Select a FROM b", Kind::Keyword),
        ["Select", "FROM"]
    );
    assert_eq!(
        found("python", "@cached\ndef f(): pass", Kind::Keyword),
        ["@cached", "def", "pass"]
    );
    assert_eq!(
        found("sh", "if [ $HOME ]; then ls --if; fi", Kind::Keyword),
        ["if", "$HOME", "then", "fi"]
    );
    assert_eq!(found("c", "#include <a.h>", Kind::Keyword), ["#include"]);
    assert_eq!(
        found("html", "a < b <br/> <p class=x>", Kind::Keyword),
        ["<br/>", "<p", ">"]
    );
}

#[test]
fn values_and_names() {
    assert_eq!(
        found("js", "a = 0xff + 1_000.5e-3 + true; a1", Kind::Value),
        ["0xff", "1_000.5e-3", "true"]
    );
    assert_eq!(found("rust", "0..10", Kind::Value), ["0", "10"]);
    assert_eq!(
        found("css", "a { margin-top: 12px }", Kind::Name),
        ["margin-top"]
    );
    assert_eq!(found("json", "{\"a\": null}", Kind::Name), ["\"a\""]);
    assert_eq!(found("yaml", "a-b: true", Kind::Name), ["a-b"]);
    assert_eq!(found("html", "<a href='x'>", Kind::Name), ["href"]);
}

#[test]
fn an_unknown_language_has_no_colours() {
    for language in ["", "klingon"] {
        assert_eq!(
            highlight(language, "let a = 1;"),
            [(Kind::Plain, "let a = 1;")]
        );
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn nothing_is_lost_and_time_is_in_proportion() {
    use std::time::{Duration, Instant};
    let languages = [
        "rust", "ts", "py", "go", "c", "java", "html", "css", "json", "sh", "sql", "toml", "yaml",
    ];
    for language in languages {
        for unit in [
            "\"", "'", "/*", "<!--", "<a ", "<", "r#\"", "0", "a", "-", "\\", "字 ", "$", "'a",
            "\"\"\"", "`", "#", "// \n", "e+", ".",
        ] {
            let code = unit.repeat(32 * 1024 / unit.len());
            // A busy machine may be slow at any moment, but not at each of five.
            let quick = (0..5).any(|_| {
                let began = Instant::now();
                found(language, &code, Kind::Plain);
                began.elapsed() < Duration::from_secs(1)
            });
            assert!(quick, "slow for {unit:?} in {language}");
        }
    }
}
