//! Stylesheets and scripts without what only their authors need: comments and white space.
//!
//! Nothing is renamed and no statement is changed, so that what runs is what was written.

/// A stylesheet on one line.
pub(crate) fn css(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
            space(&mut out);
        } else if c == '"' || c == '\'' {
            let (quoted, behind) = rest.split_at(quoted_length(rest, c));
            out.push_str(quoted);
            rest = behind;
        } else {
            match c {
                c if c.is_ascii_whitespace() => space(&mut out),
                '{' | '}' | ';' | ',' => {
                    trim_end(&mut out, c);
                    out.push(c);
                }
                c => out.push(c),
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// A space, unless it would stand where none is needed.
fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '{', '}', ';', ',', ':']) {
        out.push(' ');
    }
}

/// What need not stand before a sign: a space, and before the end of a block the last semicolon too.
fn trim_end(out: &mut String, sign: char) {
    if out.ends_with(' ') {
        out.pop();
    }
    if sign == '}' && out.ends_with(';') {
        out.pop();
    }
}

/// Bytes of a quoted text, the quotes included.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A script without indentation, empty lines and lines that are nothing but a comment. wasm-bindgen writes none inside
/// of a text that spans lines.
pub(crate) fn js(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        if in_comment || line.starts_with("/*") {
            in_comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The texts of a language without their names, which the program knows by their order.
pub(crate) fn texts(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if let Some((_, text)) = line.split_once(" = ") {
            out.push_str(text);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stylesheet_keeps_what_it_says() {
        let sheet = "/* a */\n.a :hover,\n.b > p {\n  width: calc(1px + 2px);\n  margin: 0 auto;\n}\n\n@media (width > 3px) { i { --x: ; } }\n";
        assert_eq!(
            css(sheet),
            ".a :hover,.b > p{width:calc(1px + 2px);margin:0 auto}@media (width > 3px){i{--x:}}"
        );
    }

    #[test]
    fn what_is_quoted_is_left_alone() {
        let sheet = r#"a::before { content: "a  { /* b */ \" ; }"; } b { font: 1px  'C  D' }"#;
        assert_eq!(
            css(sheet),
            r#"a::before{content:"a  { /* b */ \" ; }"}b{font:1px 'C  D'}"#
        );
    }

    #[test]
    fn a_comment_that_parts_two_words_leaves_them_parted() {
        assert_eq!(css("a/* x */b{}"), "a b{}");
    }

    #[test]
    fn a_script_loses_indentation_and_comments_only() {
        let script = "/**\n * @param {number} a\n */\nfunction f(a) {\n    // why\n    return a; // not this\n}\n\nf('  /* x');\n";
        assert_eq!(
            js(script),
            "function f(a) {\nreturn a; // not this\n}\nf('  /* x');\n"
        );
    }
}
