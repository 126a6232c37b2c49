//! How types are read from JSON: rules M2, M4 and M5, and that the tree is what the text says.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use shared::json::{FromJson, Json};
use shared::problem::Problem;
use shared::protocol::{ClientMessage, Content, ServerMessage};
use shared::wire;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[derive(Debug, Default, PartialEq, FromJson)]
#[serde(default)]
struct Counted {
    applied: u64,
    early: u64,
}

#[derive(Debug, PartialEq, FromJson)]
#[serde(tag = "what", rename_all = "snake_case")]
enum Heard {
    HalfDone {
        #[serde(default)]
        of: Vec<u64>,
        by: Option<String>,
    },
    Whole(Counted),
    #[serde(other)]
    Other,
}

fn heard(text: &str) -> Option<Heard> {
    wire::decode(text)
}

fn malformed(text: &str) -> String {
    match wire::decode_client(text) {
        Err(Problem::Malformed { detail }) => detail,
        other => panic!("{other:?}"),
    }
}

#[test]
fn attributes_mean_what_they_mean_to_serde() {
    let half = |of: Vec<u64>, by: Option<&str>| Heard::HalfDone {
        of,
        by: by.map(str::to_owned),
    };
    let whole = |applied, early| Heard::Whole(Counted { applied, early });
    assert_eq!(heard(r#"{"what":"half_done"}"#), Some(half(vec![], None)));
    assert_eq!(
        heard(r#"{"by":"Ada","of":[1,2],"what":"half_done"}"#),
        Some(half(vec![1, 2], Some("Ada")))
    );
    assert_eq!(
        heard(r#"{"what":"half_done","by":null}"#),
        Some(half(vec![], None))
    );
    assert_eq!(
        heard(r#"{"what":"half_done","of":null}"#),
        None,
        "null is no list"
    );
    assert_eq!(heard(r#"{"what":"whole","early":3}"#), Some(whole(0, 3)));
    assert_eq!(heard(r#"{"what":"later","x":1}"#), Some(Heard::Other));
    assert_eq!(heard(r#"{"what":7}"#), None);
    assert_eq!(heard(r#"["half_done"]"#), None);
}

/// M5
#[test]
fn what_is_wrong_is_said_with_the_innermost_field() {
    assert_eq!(
        malformed(r#"{"type":"ping","n":"x"}"#),
        "`n`: expected a whole number from 0"
    );
    assert_eq!(
        malformed(r#"{"type":"ping"}"#),
        "`n`: expected a whole number from 0"
    );
    assert_eq!(
        malformed(r#"{"type":"ping","n":1,"n":1}"#),
        "`n`: expected it once"
    );
    assert_eq!(malformed("[]"), "expected an object");
    let deep = r#"{"type":"applied","cursors":{"0000000000000001":{"seq":1.5}}}"#;
    assert_eq!(malformed(deep), "`seq`: expected a whole number from 0");
}

/// M4: whatever cannot be read of an event, the event itself keeps its place.
#[test]
fn content_that_cannot_be_read_is_kept_as_it_came() {
    for content in [
        r#"{"kind":"poll","of":["a\"b",1.5,-2,null,true,{"x":[]}]}"#,
        r#"{"kind":"message","body":""}"#,
        r#"{"kind":"edited"}"#,
        "7",
    ] {
        let kept: Content = wire::decode(content).unwrap();
        assert!(matches!(kept, Content::NotUnderstood(_)), "{kept:?}");
        assert_eq!(wire::encode(&kept), content);
    }
    let text = r#"{"type":"weather","sun":true}"#;
    let Ok(ServerMessage::NotUnderstood(json)) = wire::decode_server(text) else {
        panic!()
    };
    assert_eq!(wire::encode(&json), text);
}

#[test]
fn a_map_with_a_key_that_is_no_id_is_refused() {
    let text = |key: &str| format!(r#"{{"type":"applied","cursors":{{"{key}":{{"seq":1}}}}}}"#);
    assert!(matches!(
        wire::decode_client(&text("0000000000000001")),
        Ok(ClientMessage::Applied { cursors }) if cursors.len() == 1
    ));
    assert_eq!(
        malformed(&text("one")),
        "`cursors`: expected other keys than that"
    );
}

#[test]
fn text_without_escapes_is_borrowed() {
    let json = wire::tree(r#"["plain","with \" escape"]"#).unwrap();
    let Json::List(list) = json else { panic!() };
    let borrowed = list.iter().map(|text| match text {
        Json::Text(text) => matches!(text, std::borrow::Cow::Borrowed(_)),
        _ => panic!(),
    });
    assert_eq!(borrowed.collect::<Vec<_>>(), [true, false]);
}

#[cfg(not(target_arch = "wasm32"))]
mod any_json {
    use proptest::prelude::*;
    use serde_json::{Map, Value};
    use shared::wire;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f32>().prop_map(|number| Value::from(f64::from(number))),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".*", inner, 0..6)
                    .prop_map(|fields| Value::Object(Map::from_iter(fields))),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_tree_says_what_the_text_says(value in value()) {
            let text = value.to_string();
            let tree = wire::tree(&text).unwrap();
            prop_assert_eq!(serde_json::to_value(&tree).unwrap(), value);
        }

        /// What is JSON, and what is none, is the same to both; few signs, so that much of it nearly is.
        #[test]
        fn what_is_no_json_is_refused(text in r#"[\[\]{}",:0-9.eE+\-\\/ubfnrtalsd \n\u{0}é]{0,24}"#) {
            let theirs: Option<Value> = serde_json::from_str(&text).ok();
            let ours = wire::tree(&text).ok().map(|tree| serde_json::to_value(&tree).unwrap());
            // Numbers beyond every bound are the one thing that only they refuse.
            if theirs.is_some() || !text.contains(['e', 'E']) {
                prop_assert_eq!(ours, theirs);
            }
        }

        #[test]
        fn escapes_mean_the_same(codes in prop::collection::vec(0..0xffff_u32, 0..6), cut in 0..7_usize) {
            let text: String = codes.iter().map(|code| format!("\\u{code:04X}")).collect();
            let text = format!("\"{}\"", &text[..text.len().saturating_sub(cut)]);
            let theirs: Option<String> = serde_json::from_str(&text).ok();
            prop_assert_eq!(wire::decode::<String>(&text), theirs);
        }
    }
}
