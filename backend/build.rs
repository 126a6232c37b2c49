//! Makes sure that the folder of the app's files exists and that a change in it rebuilds the binary: the
//! embedding macro does neither, and stale files in a fresh binary are hard to see.

use std::env;
use std::fs;
use std::path::Path;

fn main() {
    let dist = Path::new("../frontend/dist");
    // Where the source cannot be written there is nothing to embed later either.
    let _ = fs::create_dir_all(dist);
    // Whoever packs the app says by this variable when there is another one, and the binary listens to it by itself. To watch the
    // folder as well would compile all of the server anew for each app.
    if env::var_os("PARLANCE_APP").is_none() {
        watch(dist);
    } else {
        println!("cargo::rerun-if-changed=build.rs");
    }
}

/// A folder's own time does not change with the files in its subfolders.
fn watch(folder: &Path) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            watch(&entry.path());
        }
    }
}
