//! `parlance recording FILE`: a recording that the app has saved, in forms that other programs read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use shared::recording::Recording;
use shared::recording::markdown::markdown;
use shared::recording::pcapng::pcapng;
use shared::wire;

/// What to read, and what to make of it.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// A recording as JSON, as the app saves it
    pub file: PathBuf,

    /// Write it for Wireshark
    #[arg(long, value_name = "FILE")]
    pub pcapng: Option<PathBuf>,

    /// Write it as a page of Markdown, instead of printing that
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} is no recording", path.display())]
    NoRecording { path: PathBuf },
    #[error("cannot write {}: {source}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
}

/// Reads it, and writes what was asked for; the page of Markdown to the terminal if that was nothing.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    match convert(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("parlance recording: {failed}");
            ExitCode::FAILURE
        }
    }
}

fn convert(options: &Options) -> Result<(), Failed> {
    let path = options.file.clone();
    let text = fs::read_to_string(&path).map_err(|source| Failed::Unreadable {
        path: path.clone(),
        source,
    })?;
    let recording: Recording = wire::decode(&text).ok_or(Failed::NoRecording { path })?;
    if let Some(path) = &options.pcapng {
        write(path, &pcapng(&recording))?;
    }
    if let Some(path) = &options.markdown {
        write(path, markdown(&recording).as_bytes())?;
    }
    if options.pcapng.is_none() && options.markdown.is_none() {
        print!("{}", markdown(&recording));
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    fs::write(path, bytes).map_err(|source| Failed::Unwritable {
        path: path.to_owned(),
        source,
    })
}
