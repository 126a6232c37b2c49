//! What the fuzz targets do with a handful of bytes. Each panics when it has found something.
//!
//! The bytes come from libFuzzer, or from the files in `seeds` when the ordinary tests run them.

pub mod client_frames;
pub mod client_messages;
pub mod log_replay;
pub mod markdown;
pub mod search_queries;
pub mod server_messages;

mod history;
mod places;
