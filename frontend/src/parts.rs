//! The parts of the app that are not needed to chat: each is a file of its own, fetched when it is wanted for the first time, or
//! before that when there is nothing else to do.
//!
//! A part is cut off where it is entered: [`Part`] holds what begins it as functions, and only through them may the rest of the
//! app lead to what is in it. What a part shares with the rest stays with the rest; what two parts share goes into a file that
//! both fetch. So few parts with much in each are better than many.

mod later;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use shared::ids::{FileId, PersonId, RoomId};
use shared::people::Role;
use shared::protocol::Attachment;
use shared::transport::Transport;
use yew::prelude::*;

use self::later::{Later, View};
use crate::account::{AccountDialog, AccountDialogProps};
use crate::chat::actions::Actions;
use crate::chat::shown::Beside;
use crate::connection::inspector::journey::{Journey, JourneyProps};
use crate::connection::inspector::{Inspector, InspectorProps};
use crate::conversation::menu::MenuProps;
use crate::conversation::menu::entries::entries;
use crate::conversation::viewer::view;
use crate::conversation::{ConversationProps, Wish, dialog};
use crate::emoji::picker::{Picker, PickerProps};
use crate::keys::sheet;
use crate::locale::Locale;
use crate::locale::words::Words;
use crate::members::{MembersPanel, MembersPanelProps};
use crate::order::{OrderDialog, OrderDialogProps};
use crate::rooms::about::{About, AboutProps};
use crate::rooms::browse::{Browse, BrowseProps};
use crate::rooms::new_direct::{NewDirect, NewDirectProps};
use crate::rooms::new_room::{NewRoom, NewRoomProps};
use crate::rooms::pins::pins;
use crate::rooms::switcher::{Switcher, SwitcherProps};
use crate::search::{SearchPanel, SearchPanelProps};
use crate::settings::SettingsHandle;
use crate::settings_menu::SettingsMenuProps;
use crate::settings_menu::choices::choices_of;
use crate::sign_out::sign_out;
use crate::socket::pipe::Pipe;
use crate::socket::{Carrier, To};
use crate::theatre::{Theatre, TheatreProps};
use crate::timeline::body::code::colours;

/// Fetches a part, and says whether it is there now. One that did not come is asked for anew the next time.
pub type Fetch = fn() -> Pin<Box<dyn Future<Output = bool>>>;

/// A part with what begins it.
#[derive(Debug)]
pub struct Part<E: 'static> {
    /// What begins it, once it is there.
    held: fn() -> Option<E>,
    fetch: Fetch,
}

impl<E> Part<E> {
    /// Its functions, as soon as it is there; `None` if it does not come.
    pub async fn enter(&self) -> Option<E> {
        if (self.held)().is_none() {
            (self.fetch)().await;
        }
        (self.held)()
    }

    /// What one of the functions shows, or that it is being fetched.
    pub fn show<P: Clone + 'static>(&self, which: fn(E) -> fn(P) -> Html, props: P) -> Html {
        self.later(None, which, props)
    }

    /// The same for what can do without for the time being: that is shown until the part is there, and nothing is said.
    pub fn show_or<P: Clone + 'static>(
        &self,
        meanwhile: Html,
        which: fn(E) -> fn(P) -> Html,
        props: P,
    ) -> Html {
        self.later(Some(meanwhile), which, props)
    }

    fn later<P: Clone + 'static>(
        &self,
        meanwhile: Option<Html>,
        which: fn(E) -> fn(P) -> Html,
        props: P,
    ) -> Html {
        let held = self.held;
        let view: View = Rc::new(move || held().map(|entries| which(entries)(props.clone())));
        html! { <Later fetch={self.fetch} {meanwhile} {view} /> }
    }
}

/// A part, by what its functions are and in which file it is. Without the feature there are no files, and all is there at once.
macro_rules! part {
    ($(#[$doc:meta])* $part:ident: $entries:ty, in $file:ident, is $made:expr) => {
        $(#[$doc])*
        pub static $part: Part<$entries> = {
            #[cfg(feature = "parts")]
            {
                std::thread_local! {
                    static HELD: std::cell::Cell<Option<$entries>> = const { std::cell::Cell::new(None) };
                }

                #[wasm_split_helpers::wasm_split($file, fallible)]
                fn $file() -> Result<$entries, wasm_split_helpers::SplitLoaderError> {
                    Ok($made)
                }

                Part {
                    held: || HELD.get(),
                    fetch: || Box::pin(async {
                        HELD.set($file().await.ok());
                        HELD.get().is_some()
                    }),
                }
            }
            #[cfg(not(feature = "parts"))]
            Part {
                held: || Some($made),
                fetch: || Box::pin(std::future::ready(true)),
            }
        };
    };
}

part! {
    /// Rooms, and who is in them.
    PLACES: Places, in places, is Places {
        about: |props| html! { <About ..props /> },
        browse: |props| html! { <Browse ..props /> },
        members: |props| html! { <MembersPanel ..props /> },
        new_direct: |props| html! { <NewDirect ..props /> },
        new_room: |props| html! { <NewRoom ..props /> },
        pins: |(room, beside, actions, on_done, locale)| pins(room, &beside, &actions, &on_done, &locale),
        search: |props| html! { <SearchPanel ..props /> },
        switcher: |props| html! { <Switcher ..props /> },
    }
}

/// What [`pins`] is told.
pub type PinsProps = (RoomId, Rc<Beside>, Actions, Callback<()>, Locale);

/// The ways into [`PLACES`].
#[derive(Debug, Clone, Copy)]
pub struct Places {
    pub about: fn(AboutProps) -> Html,
    pub browse: fn(BrowseProps) -> Html,
    pub members: fn(MembersPanelProps) -> Html,
    pub new_direct: fn(NewDirectProps) -> Html,
    pub new_room: fn(NewRoomProps) -> Html,
    pub pins: fn(PinsProps) -> Html,
    pub search: fn(SearchPanelProps) -> Html,
    pub switcher: fn(SwitcherProps) -> Html,
}

part! {
    /// What goes with a message beyond saying it.
    TALK: Talk, in talk, is Talk {
        colours: |(language, code)| colours(&language, &code),
        dialog: |(props, wish, done, locale)| dialog(&props, wish.as_ref(), &done, &locale),
        menu: |(props, close, words)| entries(&props, &close, words),
        picker: |props| html! { <Picker ..props /> },
        viewer: |(images, shown, show, me, locale)| view(&images, shown, &show, me, &locale),
    }
}

/// What [`dialog`] is told.
pub type WishProps = (ConversationProps, Option<Wish>, Callback<()>, Locale);

/// What [`view`] is told.
pub type ViewerProps = (Rc<[Attachment]>, FileId, Callback<FileId>, PersonId, Locale);

/// The ways into [`TALK`].
#[derive(Debug, Clone, Copy)]
pub struct Talk {
    pub colours: fn((String, String)) -> Html,
    pub dialog: fn(WishProps) -> Html,
    pub menu: fn((MenuProps, Callback<()>, &'static Words)) -> Html,
    pub picker: fn(PickerProps) -> Html,
    pub viewer: fn(ViewerProps) -> Html,
}

part! {
    /// How the connection is, and what it is made of where there is no WebSocket.
    LINE: Line, in line, is Line {
        journey: |props| html! { <Journey ..props /> },
        panel: |props| html! { <Inspector ..props /> },
        pipe: |to, transport| Box::new(Pipe::connect(to, transport)),
        theatre: |props| html! { <Theatre ..props /> },
    }
}

/// The ways into [`LINE`].
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub journey: fn(JourneyProps) -> Html,
    pub panel: fn(InspectorProps) -> Html,
    pub pipe: fn(To, Transport) -> Box<dyn Carrier>,
    pub theatre: fn(TheatreProps) -> Html,
}

part! {
    /// What people arrange about themselves, and what owners and moderators arrange.
    DESK: Desk, in desk, is Desk {
        account: |props| html! { <AccountDialog ..props /> },
        keys: |locale| sheet(locale.words),
        order: |props| html! { <OrderDialog ..props /> },
        settings: |(props, handle, look_again, locale)| choices_of(&props, &handle, look_again, &locale),
        sign_out: |(role, waiting, on_sign_out, on_cancel, locale)| sign_out(role, waiting, &on_sign_out, &on_cancel, &locale),
    }
}

/// What [`sign_out`] is told.
pub type SignOutProps = (Role, usize, Callback<()>, Callback<()>, Locale);

/// What [`choices_of`] is told.
pub type SettingsProps = (SettingsMenuProps, SettingsHandle, Callback<()>, Locale);

/// The ways into [`DESK`].
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    pub account: fn(AccountDialogProps) -> Html,
    pub keys: fn(Locale) -> Html,
    pub order: fn(OrderDialogProps) -> Html,
    pub settings: fn(SettingsProps) -> Html,
    pub sign_out: fn(SignOutProps) -> Html,
}

/// All parts, in the order in which they are fetched when there is nothing else to do.
const ALL: [Fetch; 4] = [TALK.fetch, PLACES.fetch, LINE.fetch, DESK.fetch];

/// Fetches all parts, one after the other, once the app is of use and the browser has nothing better to do.
#[hook]
pub fn use_all_parts(live: bool) {
    use_effect_with(live, |live| {
        if *live {
            later::when_idle(async {
                for fetch in ALL {
                    // What does not come now comes when it is wanted.
                    fetch().await;
                }
            });
        }
    });
}
