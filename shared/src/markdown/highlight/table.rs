//! The languages: what their comments, quotes and keywords are.

use super::{Kind, is_key};

/// How text is put in quotes.
#[derive(Debug)]
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// A backslash takes the meaning from what follows.
    pub(super) escapes: bool,
    /// It may go over the end of a line.
    pub(super) lines: bool,
    /// There is one sign in it, or else it is no quote.
    pub(super) one_sign: bool,
}

/// A language.
#[derive(Debug)]
pub(super) struct Language {
    /// What it is called behind a fence.
    names: &'static str,
    pub(super) line_comments: &'static [&'static str],
    pub(super) block_comment: Option<(&'static str, &'static str)>,
    /// Longer ones first.
    pub(super) quotes: &'static [Quote],
    /// With a space around each; in small letters if case does not matter.
    keywords: &'static str,
    any_case: bool,
    /// Words before a colon or an equals sign are names.
    pub(super) keys: bool,
    /// Words may have dashes.
    pub(super) dashes: bool,
    /// What makes a word special that follows it, like `$` and `@`.
    sigils: &'static str,
    /// It is made of tags.
    pub(super) tags: bool,
}

impl Language {
    /// The length of the sign that makes a word special.
    pub(super) fn sigil(&self, rest: &str) -> Option<usize> {
        rest.starts_with(|c| self.sigils.contains(c)).then_some(1)
    }

    pub(super) fn kind_of(&self, word: &str, behind: &str) -> Kind {
        if self.keys && is_key(behind) {
            return Kind::Name;
        }
        let small = word.to_ascii_lowercase();
        let word = if self.any_case { &small } else { word };
        let known = self.keywords.match_indices(word).any(|(at, _)| {
            let around = |c: Option<&u8>| c == Some(&b' ');
            let bytes = self.keywords.as_bytes();
            at > 0 && around(bytes.get(at - 1)) && around(bytes.get(at + word.len()))
        });
        match word {
            "true" | "false" | "null" | "None" | "True" | "False" | "nil" | "undefined"
                if known =>
            {
                Kind::Value
            }
            _ if known => Kind::Keyword,
            _ => Kind::Plain,
        }
    }
}

/// The language of a name, however it is written.
pub(super) fn language(name: &str) -> Option<&'static Language> {
    let name = name.to_ascii_lowercase();
    let is_name = |language: &&Language| language.names.split(' ').any(|known| known == name);
    LANGUAGES.iter().find(is_name).filter(|_| !name.is_empty())
}

const fn quote(open: &'static str) -> Quote {
    Quote {
        open,
        close: open,
        escapes: true,
        lines: false,
        one_sign: false,
    }
}

const fn over_lines(open: &'static str, close: &'static str, escapes: bool) -> Quote {
    Quote {
        open,
        close,
        escapes,
        lines: true,
        one_sign: false,
    }
}

const DOUBLE: Quote = quote("\"");
const SINGLE: Quote = quote("'");
const BACKTICK: Quote = over_lines("`", "`", true);
const SIGN: Quote = Quote {
    one_sign: true,
    ..quote("'")
};
const SLASHES: &[&str] = &["//"];
const STARS: Option<(&str, &str)> = Some(("/*", "*/"));
const HASH: &[&str] = &["#"];

/// What most of them share.
const CURLY: Language = Language {
    names: "",
    line_comments: SLASHES,
    block_comment: STARS,
    quotes: &[DOUBLE, SINGLE],
    keywords: "",
    any_case: false,
    keys: false,
    dashes: false,
    sigils: "",
    tags: false,
};

static LANGUAGES: [Language; 13] = [
    Language {
        names: "rust rs",
        quotes: &[
            over_lines("r##\"", "\"##", false),
            over_lines("r#\"", "\"#", false),
            over_lines("r\"", "\"", false),
            over_lines("\"", "\"", true),
            SIGN,
        ],
        keywords: " as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type union unsafe use where while yield ",
        ..CURLY
    },
    Language {
        names: "javascript js jsx mjs cjs typescript ts tsx",
        quotes: &[DOUBLE, SINGLE, BACKTICK],
        keywords: " abstract any as async await boolean break case catch class const continue debugger declare default delete do else enum export extends false finally for from function get if implements import in instanceof interface keyof let namespace never new null number of private protected public readonly return set static string super switch this throw true try type typeof undefined unknown var void while with yield ",
        ..CURLY
    },
    Language {
        names: "python py python3",
        line_comments: HASH,
        block_comment: None,
        quotes: &[
            over_lines("\"\"\"", "\"\"\"", true),
            over_lines("'''", "'''", true),
            DOUBLE,
            SINGLE,
        ],
        keywords: " and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try while with yield ",
        sigils: "@",
        ..CURLY
    },
    Language {
        names: "go golang",
        quotes: &[DOUBLE, SINGLE, over_lines("`", "`", false)],
        keywords: " bool break byte case chan const continue default defer else error fallthrough false float64 for func go goto if import int int64 interface map nil package range return rune select string struct switch true type uint8 var ",
        ..CURLY
    },
    Language {
        names: "c h cpp c++ cc hpp cxx",
        keywords: " auto bool break case catch char class const constexpr continue default delete do double else enum explicit extern false float for friend if inline int long namespace new noexcept nullptr operator override private protected public register return short signed sizeof static struct switch template this throw true try typedef typename union unsigned using virtual void volatile while define include ifdef ifndef endif pragma undef ",
        sigils: "#",
        ..CURLY
    },
    Language {
        names: "java kotlin kt csharp cs c#",
        quotes: &[over_lines("\"\"\"", "\"\"\"", true), DOUBLE, SINGLE],
        keywords: " abstract as assert async await base bool boolean break byte case catch char class const continue data decimal default delegate do double else enum event explicit extends false final finally float for foreach fun get if implements import in instanceof int interface internal is lock long namespace native new null object operator out override package params private protected public readonly record ref return sealed set short static string struct super switch this throw throws true try typeof using val var virtual void volatile when while yield ",
        sigils: "@",
        ..CURLY
    },
    Language {
        names: "html xml svg xhtml vue",
        line_comments: &[],
        block_comment: Some(("<!--", "-->")),
        tags: true,
        ..CURLY
    },
    Language {
        names: "css scss less",
        line_comments: &[],
        keys: true,
        dashes: true,
        sigils: "@",
        ..CURLY
    },
    Language {
        names: "json jsonc json5",
        quotes: &[DOUBLE],
        keywords: " true false null ",
        keys: true,
        ..CURLY
    },
    Language {
        names: "sh bash shell zsh console dockerfile makefile",
        line_comments: HASH,
        block_comment: None,
        quotes: &[over_lines("\"", "\"", true), over_lines("'", "'", false)],
        keywords: " case do done echo elif else esac exit export fi for function if in local read return set shift source sudo then until while cd ",
        dashes: true,
        sigils: "$",
        ..CURLY
    },
    Language {
        names: "sql sqlite mysql postgresql postgres pgsql plsql",
        line_comments: &["--"],
        keywords: " add all alter and as asc begin between by case check column commit constraint create cross database default delete desc distinct drop else end exists false foreign from full group having if in index inner insert into is join key left like limit not null offset on or order outer primary references returning right rollback select set table then true union unique update using values view when where with ",
        any_case: true,
        quotes: &[over_lines("'", "'", false), over_lines("\"", "\"", false)],
        ..CURLY
    },
    Language {
        names: "toml ini",
        line_comments: &["#", ";"],
        block_comment: None,
        quotes: &[
            over_lines("\"\"\"", "\"\"\"", true),
            over_lines("'''", "'''", false),
            DOUBLE,
            quote("'"),
        ],
        keywords: " true false ",
        keys: true,
        dashes: true,
        ..CURLY
    },
    Language {
        names: "yaml yml",
        line_comments: HASH,
        block_comment: None,
        keywords: " true false null yes no on off ",
        keys: true,
        dashes: true,
        ..CURLY
    },
];
