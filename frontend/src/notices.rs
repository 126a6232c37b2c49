//! How a person is told of what happens while they look elsewhere.

pub mod desktop;
pub mod device;
pub mod here;
pub mod level;
pub mod others;
pub mod quiet;
pub mod sound;
