//! Search: an index over what the messages say, beside the log and not part of it.
//!
//! The index is a reader of the log. It has a file of its own, follows the log room by room from where it stopped, and is made
//! anew when it is missing, damaged or of another history; so a send never waits for it, and nothing is lost with it. It only
//! proposes messages: each is read from the log as it stands and shown only if it really holds what was asked for. What is
//! found lags behind the log by [`index::PAUSE`].

pub mod find;
pub mod query;

mod fold;
mod words;

pub(super) mod index;
