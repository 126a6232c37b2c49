//! Chromium with its driver, for tests that need a browser.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result};

use super::{apt_install, turn};
use crate::process::{on_path, read, say};

#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
}

/// A browser that was named by `CHROMIUM` and `CHROMEDRIVER`, or is there, or was installed.
///
/// # Errors
/// When it is missing and only the person can install it.
pub(crate) fn ensure() -> Result<Browser> {
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _turn = turn(&INSTALLING);
    if chromium().is_none() || chromedriver().is_none() {
        let packages = [
            "chromium",
            "chromium-driver",
            "fonts-noto-cjk",
            "fonts-noto-color-emoji",
        ];
        apt_install(
            "Chromium with its driver",
            &packages,
            "brew install --cask chromium chromedriver",
        )?;
    }
    ensure_fonts();
    Ok(Browser {
        chromium: chromium().context("there is no Chromium, not even after its installation")?,
        chromedriver: chromedriver()
            .context("there is no chromedriver, not even after its installation")?,
    })
}

/// Chromium without windows: the same engine for half the work. Where there is none, `browser` itself does.
pub(crate) fn headless(browser: &Browser) -> PathBuf {
    const PACKAGE: &str = "chromium-headless-shell";
    if let Some(named) = env::var_os("HEADLESS_SHELL") {
        return named.into();
    }
    // A browser that was named is the one to be tested.
    if env::var_os("CHROMIUM").is_some() {
        return browser.chromium.clone();
    }
    if on_path(PACKAGE).is_none()
        && let Err(error) = apt_install(
            "Chromium without windows",
            &[PACKAGE],
            "your package manager",
        )
    {
        say(format!("{error:#}; going on with the one that has them"));
    }
    on_path(PACKAGE).unwrap_or_else(|| browser.chromium.clone())
}

fn chromium() -> Option<PathBuf> {
    let named = env::var_os("CHROMIUM").map(PathBuf::from);
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    let apps = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    named
        .or_else(|| names.into_iter().find_map(on_path))
        .or_else(|| {
            apps.map(PathBuf::from)
                .into_iter()
                .find(|app| app.is_file())
        })
}

fn chromedriver() -> Option<PathBuf> {
    let named = env::var_os("CHROMEDRIVER").map(PathBuf::from);
    named.or_else(|| on_path("chromedriver"))
}

/// Without these fonts the tests pass, but their screenshots have boxes in place of Chinese and emoji.
fn ensure_fonts() {
    let has = |what: &str| match read(Command::new("fc-list").arg(what)) {
        Ok(fonts) => !fonts.trim().is_empty(),
        // A system without fontconfig has its own fonts.
        Err(_) => true,
    };
    let wanted = [
        (":lang=zh", "fonts-noto-cjk"),
        (":lang=und-zsye", "fonts-noto-color-emoji"),
    ];
    for (pattern, package) in wanted {
        if has(pattern) {
            continue;
        }
        if let Err(error) =
            apt_install("A font for screenshots", &[package], "your package manager")
        {
            say(format!("{error}; going on without"));
        }
    }
}
