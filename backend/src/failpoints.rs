//! What `cargo xtask chaos` breaks from inside: death between a commit and its acknowledgements, a slow disk, and a clock
//! that is off.
//!
//! Compiled only with the feature `failpoints`, which nothing that is shipped has. Each is told by an environment variable.

use std::env;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use shared::ids::Timestamp;

/// So many commits, and then death.
const DIE_AFTER_COMMITS: &str = "PARLANCE_FAIL_AFTER_COMMITS";

/// By so many milliseconds the clock is off, either way.
const CLOCK_MS: &str = "PARLANCE_FAIL_CLOCK_MS";

/// Each commit takes so many milliseconds longer, as on a slow disk.
const COMMIT_MS: &str = "PARLANCE_FAIL_COMMIT_MS";

static COMMITS: AtomicU64 = AtomicU64::new(0);

/// A transaction is on disk and nobody has been told.
pub fn committed() {
    static LAST: OnceLock<Option<u64>> = OnceLock::new();
    static SLOW: OnceLock<Option<u64>> = OnceLock::new();
    if let Some(ms) = *SLOW.get_or_init(|| number(COMMIT_MS)) {
        std::thread::sleep(Duration::from_millis(ms));
    }
    let count = COMMITS.fetch_add(1, Ordering::Relaxed) + 1;
    if *LAST.get_or_init(|| number(DIE_AFTER_COMMITS)) == Some(count) {
        std::process::abort();
    }
}

/// The time as this clock has it.
#[must_use]
pub fn shifted(now: Timestamp) -> Timestamp {
    static OFF: OnceLock<Option<i64>> = OnceLock::new();
    let off = OFF.get_or_init(|| number(CLOCK_MS)).unwrap_or(0);
    Timestamp(now.0.saturating_add_signed(off))
}

fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    env::var(name).ok()?.parse().ok()
}
