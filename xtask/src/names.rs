//! Short names between the module and its glue.
//!
//! wasm-bindgen ties the two together by names like `__wbg_appendChild_dbf7ad2f48413560`; each stands in both files, and
//! no compression makes the digits smaller. Nobody else uses these names, so they can be anything.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use walrus::ModuleConfig;

use crate::bindgen::Glued;

/// Names that begin so are between the two only.
const INSIDE: [&str; 2] = ["__wb", "wasm_bindgen__"];

/// Gives every such name a short one, in both.
///
/// # Errors
/// When the module is none.
pub(crate) fn shorten(app: Glued) -> Result<Glued> {
    let mut module = ModuleConfig::new()
        .generate_name_section(false)
        .generate_producers_section(false)
        .parse(&app.wasm)
        .context("the module cannot be read")?;
    let mut short = BTreeMap::new();
    for import in module.imports.iter_mut() {
        rename(&mut import.name, &mut short);
    }
    for export in module.exports.iter_mut() {
        rename(&mut export.name, &mut short);
    }
    let js = String::from_utf8_lossy(&app.js);
    Ok(Glued {
        js: replaced(&js, &short).into_bytes(),
        wasm: module.emit_wasm(),
        ..app
    })
}

fn rename(name: &mut String, short: &mut BTreeMap<String, String>) {
    if INSIDE.iter().any(|start| name.starts_with(start)) {
        let next = format!("${}", short.len());
        let known = short.entry(name.clone()).or_insert(next);
        name.clone_from(known);
    }
}

/// The script with each word that has a short form in that form.
fn replaced(script: &str, short: &BTreeMap<String, String>) -> String {
    let is_inside = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut out = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(start) = rest.find(is_inside) {
        let word = &rest[start..];
        let word = &word[..word.find(|c| !is_inside(c)).unwrap_or(word.len())];
        out.push_str(&rest[..start]);
        out.push_str(short.get(word).map_or(word, String::as_str));
        rest = &rest[start + word.len()..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::Parts;

    #[test]
    fn only_whole_names_are_replaced() {
        let short = BTreeMap::from([("__wbg_a_1".to_owned(), "$0".to_owned())]);
        assert_eq!(
            replaced(
                "{ __wbg_a_1: f, __wbg_a_12: g }; wasm.__wbg_a_1(\"é\")",
                &short
            ),
            "{ $0: f, __wbg_a_12: g }; wasm.$0(\"é\")"
        );
    }

    #[test]
    fn module_and_glue_agree() {
        let mut module = walrus::Module::default();
        let kind = module.types.add(&[], &[]);
        let (function, _) = module.add_import_func("./frontend_bg.js", "__wbg_log_00ff", kind);
        module.exports.add("__wbindgen_start", function);
        module.exports.add("main", function);
        let app = Glued {
            js: b"({ __wbg_log_00ff: () => 0 }); wasm.__wbindgen_start(); wasm.main();".to_vec(),
            wasm: module.emit_wasm(),
            parts: Parts::default(),
        };
        let short = shorten(app).unwrap();
        assert_eq!(
            String::from_utf8(short.js).unwrap(),
            "({ $0: () => 0 }); wasm.$1(); wasm.main();"
        );
        let module = walrus::Module::from_buffer(&short.wasm).unwrap();
        assert!(module.imports.get_func("./frontend_bg.js", "$0").is_ok());
        assert!(module.exports.get_func("$1").is_ok());
        assert!(module.exports.get_func("main").is_ok());
    }
}
