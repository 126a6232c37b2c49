//! The app in parts: one module that is there from the beginning, and others that are fetched when something in them is wanted.
//!
//! Where a part begins says the app (`frontend/src/parts.rs`); what only that leads to goes with it, code and data alike. The parts have
//! the memory and the table of the main module, and call each other through the table.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use walrus::ModuleConfig;
use wasm_split_cli_support::{Options, transform};

use crate::alike;
use crate::pack::Files;

/// From where the main module imports what brings the parts.
const LINK: &str = "./parts.js";

/// What stands in the glue instead of that import, with places for its name and the parts.
const LOADER: &str = include_str!("parts.js");

/// The app as the linker left it, taken apart.
#[derive(Debug)]
pub(crate) struct Split {
    /// For wasm-bindgen.
    pub(crate) main: PathBuf,
    pub(crate) parts: Parts,
}

#[derive(Debug, Default)]
pub(crate) struct Parts {
    files: Files,
    /// The import that brings a part, and the files that it needs.
    needs: BTreeMap<String, Vec<String>>,
}

/// # Errors
/// When the module was linked without `--emit-relocs`, or is none.
pub(crate) fn split(wasm: &Path) -> Result<Split> {
    let failed = || format!("cannot read {}", wasm.display());
    let input = fs::read(wasm).with_context(failed)?;
    let folder = wasm.with_extension("parts");
    let main = folder.join("frontend.wasm");
    let mut options = Options::new(&input);
    options.output_dir = &folder;
    options.main_out_path = &main;
    options.link_name = LINK;
    let made = transform(options).map_err(|error| anyhow!("the app has no parts: {error:#}"))?;
    let mut parts = Parts::default();
    for path in made.split_modules {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let wasm = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        parts.files.insert(short(&name), bare(&wasm)?);
    }
    for (part, stems) in made.prefetch_map {
        let files = stems.iter().map(|stem| short(&format!("{stem}.wasm")));
        let import = format!("__wasm_split_load_{part}");
        parts.needs.insert(import, files.collect());
    }
    Ok(Split { main, parts })
}

fn short(name: &str) -> String {
    name.trim_start_matches("split_").to_owned()
}

/// A module without names and other sections that mean nothing to a browser.
fn bare(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = ModuleConfig::new()
        .generate_name_section(false)
        .generate_producers_section(false)
        .parse(wasm)
        .context("the part cannot be read")?;
    let customs: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    for id in customs {
        module.customs.delete(id);
    }
    alike::together(&module.emit_wasm())
}

/// The glue with what brings the parts and the stylesheet that they share; `add` packs a file and says what it is called
/// from then on.
///
/// # Errors
/// When there are parts that the glue does not ask for.
pub(crate) fn link(
    glue: &str,
    parts: &Parts,
    sheet: &str,
    mut add: impl FnMut(&str, &[u8]) -> String,
) -> Result<String> {
    // One line for each part, as it is: `import * as import1 from "./parts.js"`.
    let end = format!(" from \"{LINK}\"");
    let (imports, rest): (Vec<&str>, Vec<&str>) =
        glue.lines().partition(|line| line.ends_with(&end));
    if imports.len() < parts.needs.len() {
        bail!("the glue does not ask for the parts of the app");
    }
    if imports.is_empty() {
        return Ok(glue.to_owned());
    }
    let aliases = imports.iter().map(|line| {
        let name = line.trim_start_matches("import * as ");
        format!("{} = parts", name.trim_end_matches(&end))
    });
    let mut names = BTreeMap::new();
    for (file, wasm) in &parts.files {
        names.insert(file, add(file, wasm));
    }
    let mut entries = Vec::new();
    for (import, files) in &parts.needs {
        // A part that has nothing but what others have is no file of its own.
        let files = files.iter().filter_map(|file| names.get(file));
        let files: Vec<String> = files.map(|file| format!("\"/{file}\"")).collect();
        entries.push(format!("{import}: part({})", files.join(", ")));
    }
    let loader = LOADER
        .replace("%sheet%", sheet)
        .replace("%parts%", &entries.join(", "));
    let aliases = aliases.collect::<Vec<_>>().join(", ");
    Ok(format!("{loader}const {aliases};\n{}", rest.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> Parts {
        let needs = |files: &[&str]| files.iter().map(|file| (*file).to_owned()).collect();
        Parts {
            files: Files::from([
                ("chunk_1.wasm".to_owned(), vec![1]),
                ("desk.wasm".to_owned(), vec![2]),
            ]),
            needs: BTreeMap::from([
                (
                    "__wasm_split_load_desk".to_owned(),
                    needs(&["chunk_1.wasm", "desk.wasm"]),
                ),
                (
                    "__wasm_split_load_empty".to_owned(),
                    needs(&["chunk_1.wasm", "empty.wasm"]),
                ),
            ]),
        }
    }

    #[test]
    fn the_glue_knows_where_each_part_is() {
        let import = |n: u8| format!("import * as import{n} from \"./parts.js\"\n");
        let glue = format!("{}{}use(import1, import2);\n", import(1), import(2));
        let linked = link(&glue, &parts(), "later.css", |file, wasm| {
            format!("{}-{file}", wasm[0])
        })
        .unwrap();
        let desk = "__wasm_split_load_desk: part(\"/1-chunk_1.wasm\", \"/2-desk.wasm\")";
        let empty = "__wasm_split_load_empty: part(\"/1-chunk_1.wasm\")";
        let names = "const import1 = parts, import2 = parts;\nuse(import1, import2);";
        for text in [desk, empty, names, "\"/later.css\""] {
            assert!(linked.contains(text), "{text} in {linked}");
        }
        assert!(
            !linked.contains("import *") && !linked.contains('%'),
            "{linked}"
        );
    }

    #[test]
    fn parts_that_nobody_asks_for_are_an_error() {
        assert!(link("let wasm;", &parts(), "", |_, _| String::new()).is_err());
        let none = Parts::default();
        assert_eq!(
            link("let wasm;", &none, "", |_, _| String::new()).unwrap(),
            "let wasm;"
        );
    }
}
