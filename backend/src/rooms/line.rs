//! The way to a connection's socket past its task. Whoever delivers to a connection that does nothing writes by itself: waking a
//! task for each reader costs a quarter of what the kernel takes for the write.

use std::fmt::Debug;
use std::io::{self, IoSlice};

/// A socket that several may write to, one at a time.
pub trait Line: Debug + Send + Sync {
    /// Looks at what a write needs, so that it is in the processor's cache.
    fn fetch(&self);

    /// Writes what the socket takes without waiting, and says how many bytes that were.
    ///
    /// # Errors
    /// When it takes nothing now, or never will again.
    fn try_write(&self, frames: &[IoSlice<'_>]) -> io::Result<usize>;
}
