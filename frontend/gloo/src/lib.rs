//! What yew uses of the umbrella crate of the same name, in its place (`[patch.crates-io]`): the whole of it brings workers, files,
//! histories and a second HTTP client, of which nothing gets into the app, and all of which has to be compiled.

pub use gloo_console as console;
pub use gloo_timers_of_yew as timers;
pub use gloo_utils as utils;
