//! The connection, shown: a dot with a word, a banner when the person must know or can act, a panel with the facts.

pub mod banner;
pub mod countdown;
pub mod doctor;
pub mod facts;
pub mod inspector;
pub mod probes;
pub mod status_dot;
pub mod transport;
pub mod weather;
