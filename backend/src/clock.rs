//! The one place that reads the wall clock; everything below is given the time.

use std::time::{SystemTime, UNIX_EPOCH};

use shared::ids::Timestamp;

/// Milliseconds since 1970. A clock before 1970 counts as 1970: times are shown, never used to order.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let now = Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
    #[cfg(feature = "failpoints")]
    let now = crate::failpoints::shifted(now);
    now
}
