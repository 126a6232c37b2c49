//! Making a room, finding one, and the views for when there is none to show.

pub mod about;
pub mod browse;
pub mod new_direct;
pub mod new_room;
pub mod nowhere;
pub mod pace;
pub mod pins;
pub mod remove;
pub mod sign;
pub mod switcher;
pub mod taken_out;
