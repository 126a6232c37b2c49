//! What a view can ask for. Every wish goes to the one owner of the session.

use std::ops::Deref;
use std::rc::Rc;

use shared::ids::{ClientId, FileId, RoomId, Seq};
use shared::problem::Problem;
use shared::protocol::{Action, Attachment, Person, Post};
use shared::session::io::Input;
use shared::session::outbox::OutboxFull;
use shared::text::RoomName;
use shared::weather::Weather;
use web_sys::Blob;
use yew::Callback;

use crate::composer::unsent::Texts;
use crate::files::Files;
use crate::route::Route;

/// The wishes of the one owner, which stay the same for the life of the app. Every row of a timeline has them, and gets them
/// again each time that it is looked at: one pointer.
#[derive(Debug, Clone)]
pub struct Actions(Rc<Wishes>);

impl From<Wishes> for Actions {
    fn from(wishes: Wishes) -> Self {
        Self(Rc::new(wishes))
    }
}

impl Deref for Actions {
    type Target = Wishes;

    fn deref(&self) -> &Wishes {
        &self.0
    }
}

impl PartialEq for Actions {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What can be wished for, as callbacks.
#[derive(Debug)]
pub struct Wishes {
    /// Something for the session.
    pub input: Callback<Input>,
    /// A message was written, or something else is to be done in a room. The answer comes at once: what is not taken
    /// stays in the composer.
    pub send: Callback<(RoomId, Action), Result<(), OutboxFull>>,
    /// The text of a composer has changed.
    pub wrote: Callback<(RoomId, String)>,
    /// The text of a composer answers this message, or none.
    pub answer: Callback<(RoomId, Option<Seq>)>,
    /// A message that did not go out is to be written anew.
    pub take_back: Callback<(ClientId, RoomId, Post)>,
    /// A file is put to the text of a composer.
    pub attach: Callback<(RoomId, Attachment, Blob)>,
    /// A file is taken away from the text of a composer.
    pub detach: Callback<(RoomId, FileId)>,
    /// The files that are held here.
    pub files: Files,
    /// The texts of all composers.
    pub texts: Texts,
    /// Shows another view.
    pub go: Callback<Route>,
    /// Makes a room and shows it.
    pub create: Callback<NewRoom>,
    /// Signs out and forgets.
    pub sign_out: Callback<()>,
    /// Leaves the tab to another person; this one stays signed in.
    pub leave: Callback<()>,
    /// Somebody has signed in again after the session had ended.
    pub signed_in: Callback<Person>,
    /// Gives up every message that waits.
    pub discard_all: Callback<()>,
    /// The notice was read.
    pub dismiss: Callback<()>,
    /// This tab's connection is to have this weather.
    pub weather: Callback<Weather>,
    /// This tab's connection is to break off.
    pub cut: Callback<()>,
}

/// A room that the person wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRoom {
    /// Its name.
    pub name: RoomName,
    /// Whether only those know of it who are in it.
    pub private: bool,
}

/// How far the wish for a new room has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Creating {
    /// Nothing was asked for, or it is done.
    #[default]
    No,
    /// Asked, not answered.
    Asked,
    /// A room of this name was refused.
    Refused(RoomName, Problem),
}

/// Something that the person must know and that no view has a place for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A room could not be joined.
    Join(Problem),
    /// A direct room could not be opened.
    Direct(Problem),
    /// Part of a log could not be read.
    Read(Problem),
    /// The directory could not be read.
    List(Problem),
    /// Signing out did not reach the server.
    SignOut,
    /// The outbox holds as much as it may.
    Full,
}
