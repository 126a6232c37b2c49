//! Bold, italic, struck, code: what is meant and what is not.

use crate::shown::{named, shown};

/// Each text is shown as it is.
fn stays(texts: &[&str]) {
    for text in texts {
        assert_eq!(shown(text), *text);
    }
}

fn becomes(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shown(text), *expected, "{text}");
    }
}

#[test]
fn styles_are_read() {
    becomes(&[
        ("**bold**", "<b>bold</b>"),
        ("*italic* and _italic_", "<i>italic</i> and <i>italic</i>"),
        ("~~gone~~", "<s>gone</s>"),
        ("a `b` c", "a <code>b</code> c"),
        ("***both***", "<b><i>both</i></b>"),
        ("**bold *both***", "<b>bold <i>both</i></b>"),
        ("***both* bold**", "<b><i>both</i> bold</b>"),
        ("***both** italic*", "<i><b>both</b> italic</i>"),
        (
            "*italic **both** italic*",
            "<i>italic <b>both</b> italic</i>",
        ),
        ("**~~gone~~**", "<b><s>gone</s></b>"),
        ("_**x**_", "<i><b>x</b></i>"),
        (
            "(*x*), \"**y**\"; **z**: !",
            "(<i>x</i>), \"<b>y</b>\"; <b>z</b>: !",
        ),
        ("**Note:** text", "<b>Note:</b> text"),
        ("*\"quoted\"*.", "<i>\"quoted\"</i>."),
        ("**a**-ish, it's *b*'s", "<b>a</b>-ish, it's <i>b</i>'s"),
        ("**🎉**", "<b>🎉</b>"),
    ]);
}

#[test]
fn styles_go_over_the_end_of_a_line_but_not_over_an_empty_one() {
    becomes(&[
        ("**a\nb**", "<b>a\nb</b>"),
        ("**a\n\nb**", "**a\n\nb**"),
        ("*a\n\n*b*", "*a\n\n<i>b</i>"),
    ]);
}

#[test]
fn names_sums_and_patterns_are_not_styled() {
    stays(&[
        "snake_case and a_b_c, __init__.py, __name__",
        "2*3*4, 2 * 3 * 4, 2**3**4, 2*(3+4)*5, (a)*(b)*(c)",
        "*.rs and *.toml, src/*.rs, lib/*.toml; *.rs, lib/*.toml",
        "int *a, *b; **kwargs, *args",
        "*.*, .*foo.*, a.*, b.*",
        "^_^ >_< *_* T_T o_O -_- :* :*) ¯\\_(ツ)_/¯",
        "~5 minutes, ~10, a~~b~~c",
        "**open, *open, ~~open, _open",
        "****, ** **, * *, __, ~~~~, ***",
        "/*comment*/ and /* comment */",
        "方案_终稿_新.docx 变量_名_长",
        "5*x, 3*y; a[1]*b[2]*c[3]",
        "\"*\" and \"*\"",
        "foo*bar* baz",
        "\\*no escapes\\*",
    ]);
}

#[test]
fn scripts_without_spaces_need_none_around_signs() {
    becomes(&[
        ("**粗体**中文", "<b>粗体</b>中文"),
        ("中文**粗体**中文", "中文<b>粗体</b>中文"),
        ("这是**重点（注）**请看", "这是<b>重点（注）</b>请看"),
        ("**“引用”**之后", "<b>“引用”</b>之后"),
        ("**重点：**请看", "<b>重点：</b>请看"),
        ("看*这里*，~~不是~~那里", "看<i>这里</i>，<s>不是</s>那里"),
        ("第**3**章，价格**100**元", "第<b>3</b>章，价格<b>100</b>元"),
        (
            "iPhone**很贵**，**bold**中文",
            "iPhone<b>很贵</b>，<b>bold</b>中文",
        ),
        ("使用`代码`时", "使用<code>代码</code>时"),
        (
            "これは**太字**です。**굵게**는",
            "これは<b>太字</b>です。<b>굵게</b>는",
        ),
        ("（**注意**）", "（<b>注意</b>）"),
    ]);
}

#[test]
fn code_keeps_what_is_in_it() {
    becomes(&[
        ("`**a**`", "<code>**a**</code>"),
        ("``a`b``", "<code>a`b</code>"),
        ("`` ` ``", "<code>`</code>"),
        ("```a b```", "<code>a b</code>"),
        ("**`a`**", "<b><code>a</code></b>"),
        ("`https://a.example`", "<code>https://a.example</code>"),
        ("*`a`* *b*", "<i><code>a</code></i> <i>b</i>"),
    ]);
    stays(&["`a", "a``", "``a`", "`a\nb`", "````a````"]);
}

#[test]
fn people_who_are_named_are_mentions() {
    let names = ["Ada", "Ada Lovelace", "王小明"];
    let text = "@Ada Lovelace, @Ada, @王小明你好，ask@Ada @Bob";
    let expected = "<@Ada Lovelace>, <@Ada>, <@王小明>你好，ask@Ada @Bob";
    assert_eq!(named(text, &names), expected);
    assert_eq!(
        named("`@Ada` **@Ada**", &names),
        "<code>@Ada</code> <b><@Ada></b>"
    );
    assert_eq!(named("@Ada", &[]), "@Ada");
}
