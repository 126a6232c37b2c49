//! The layout: rail, room, panel on demand; and what lies over it. On a phone one of them at a time.

use std::rc::Rc;

use shared::ids::{PersonId, RoomId};
use shared::protocol::{Choices, Person, Presence, TakenOut};
use shared::session::DirectoryView;
use shared::session::io::Input;
use shared::session::members::{Found, Members};
use shared::session::search::SearchView;
use shared::session::views::Row;
use yew::prelude::*;

use crate::account::AccountDialogProps;
use crate::browser::is_narrow;
use crate::chat::actions::{Actions, Creating, Notice};
use crate::chat::changes::NotDone;
use crate::chat::shown::{Beside, RoomItem, Status};
use crate::connection::facts::SessionReader;
use crate::connection::inspector::InspectorProps;
use crate::dialog::Dialog;
use crate::keys::{Shortcut, use_shortcuts};
use crate::locale::use_locale;
use crate::locale::words::Words;
use crate::members::MembersPanelProps;
use crate::order::OrderDialogProps;
use crate::panel::{Panel, SidePanel};
use crate::parts::{DESK, LINE, PLACES, use_all_parts};
use crate::profiles::use_profiles;
use crate::rail::Rail;
use crate::room_view::RoomView;
use crate::rooms::browse::BrowseProps;
use crate::rooms::new_direct::NewDirectProps;
use crate::rooms::new_room::NewRoomProps;
use crate::rooms::switcher::SwitcherProps;
use crate::route::Route;
use crate::search::SearchPanelProps;

/// What lies over the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// Nothing.
    None,
    /// The form for a new room.
    NewRoom,
    /// The rooms there are.
    Browse,
    /// What the person arranges about themselves.
    Account,
    /// What owners and moderators arrange.
    Order,
    /// Whom to write to.
    NewDirect,
    /// Where to go.
    Switch,
    /// What the keys do.
    Keys,
    /// Whether to sign out.
    SignOut,
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ShellProps {
    pub me: Person,
    pub status: Status,
    pub route: Route,
    pub rooms: Rc<Vec<RoomItem>>,
    pub rooms_known: bool,
    /// What others took the person out of.
    pub taken_out: Rc<Vec<TakenOut>>,
    pub rows: Rc<Vec<Row>>,
    pub directory: Option<Rc<DirectoryView>>,
    pub members: Option<Rc<Members>>,
    pub here: Rc<Vec<(PersonId, Presence)>>,
    pub found: Option<Rc<Found>>,
    pub search: Option<Rc<SearchView>>,
    pub creating: Creating,
    pub beside: Rc<Beside>,
    pub notice: Option<Notice>,
    pub choices: Choices,
    /// Whether it is known what the browser has kept.
    pub kept: &'static str,
    /// What waits would be lost with the tab.
    pub not_kept: bool,
    /// Something that was refused and stands in no row.
    pub failure: Option<NotDone>,
    pub actions: Actions,
    pub session: SessionReader,
    pub connection_revision: u64,
}

/// The layout.
#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let overlay = use_state(|| Overlay::None);
    let panel = use_state(Panel::default);
    let set_overlay = use_callback((), {
        let setter = overlay.setter();
        move |overlay, ()| setter.set(overlay)
    });
    let close_overlay = set_overlay.reform(|()| Overlay::None);
    let toggle_panel = use_callback(*panel, {
        let setter = panel.setter();
        move |wanted, open: &Panel| setter.set(if wanted == *open { Panel::None } else { wanted })
    });
    let close_panel = use_callback(*panel, {
        let setter = panel.setter();
        move |(), open: &Panel| {
            setter.set(Panel::None);
            open.give_focus_back();
        }
    });
    let open_search = use_callback((), {
        let setter = panel.setter();
        move |(), ()| setter.set(Panel::Search)
    });
    use_shortcuts({
        let (overlay, panel, set_overlay) = (*overlay, *panel, set_overlay.clone());
        let (rooms, route, close_panel) =
            (Rc::clone(&props.rooms), props.route, close_panel.clone());
        let (go, input) = (props.actions.go.clone(), props.actions.input.clone());
        let toggle = move |wanted| match overlay {
            Overlay::None => set_overlay.emit(wanted),
            open if open == wanted => set_overlay.emit(Overlay::None),
            _ => {}
        };
        let to = move |down, fits: fn(&RoomItem) -> bool| {
            if let Some(room) = neighbour(&rooms, route, down, fits) {
                go.emit(Route::Room(room));
            }
        };
        Callback::from(move |shortcut| match shortcut {
            Shortcut::Switch => toggle(Overlay::Switch),
            Shortcut::Sheet => toggle(Overlay::Keys),
            Shortcut::Search => open_search.emit(()),
            Shortcut::Room { down } => to(down, |item| !item.archived),
            Shortcut::Unread { down } => to(down, RoomItem::stands_out),
            Shortcut::Close if panel != Panel::None => close_panel.emit(()),
            Shortcut::Close => {
                if let room @ Some(_) = route.room() {
                    input.emit(Input::MarkRead { room });
                }
            }
            Shortcut::ReadAll => input.emit(Input::MarkRead { room: None }),
        })
    });
    use_effect_with(props.route, {
        let (overlay, panel) = (overlay.setter(), panel.setter());
        move |_| {
            overlay.set(Overlay::None);
            // There it lies above the room that is gone to.
            if is_narrow() {
                panel.set(Panel::None);
            }
        }
    });
    use_all_parts(props.status.is_live());
    let role = use_profiles().role(props.me.id);
    let room = props.route.room();
    let item = props
        .rooms
        .iter()
        .find(|item| Some(item.id) == room)
        .cloned();
    let (status, live) = (props.status, props.status.is_live());
    let beside = beside(*panel, item.as_ref(), props, close_panel, words);
    let theatre = props.route == Route::Theatre;
    let open = *panel != Panel::None;
    html! {
        <div class="shell" data-place={if room.is_some() || theatre { "room" } else { "rail" }} data-panel={open.to_string()} data-kept={props.kept}>
            <Rail me={props.me.clone()} rooms={Rc::clone(&props.rooms)} taken_out={Rc::clone(&props.taken_out)} {room} {status} panel={*panel} choices={props.choices} on_input={props.actions.input.clone()}
                on_go={props.actions.go.clone()} on_overlay={set_overlay.clone()} on_panel={toggle_panel.clone()}
                on_leave={props.actions.leave.clone()} actions={props.actions.clone()} />
            <RoomView me={props.me.clone()} {room} {theatre} all_rooms={Rc::clone(&props.rooms)} item={item.clone()} rooms_known={props.rooms_known} taken_out={Rc::clone(&props.taken_out)} rows={Rc::clone(&props.rows)}
                beside={Rc::clone(&props.beside)} {status} notice={props.notice.clone()} not_kept={props.not_kept}
                failure={props.failure.clone()} panel={*panel} actions={props.actions.clone()}
                on_overlay={set_overlay} on_panel={toggle_panel} />
            { beside }
            <Dialog id="new-room" title={words.new_room} open={*overlay == Overlay::NewRoom} on_close={close_overlay.clone()}>
                { PLACES.show(|places| places.new_room, NewRoomProps { creating: props.creating.clone(), live, actions: props.actions.clone() }) }
            </Dialog>
            <Dialog id="browse" title={words.browse_rooms} open={*overlay == Overlay::Browse} on_close={close_overlay.clone()}>
                { PLACES.show(|places| places.browse, BrowseProps { directory: props.directory.clone(), rooms: Rc::clone(&props.rooms), live, actions: props.actions.clone() }) }
            </Dialog>
            <Dialog id="new-direct" title={words.new_direct} open={*overlay == Overlay::NewDirect} on_close={close_overlay.clone()}>
                { PLACES.show(|places| places.new_direct, NewDirectProps { found: props.found.clone(), live, actions: props.actions.clone(), on_done: close_overlay.clone() }) }
            </Dialog>
            <Dialog id="switch" title={words.go_to} open={*overlay == Overlay::Switch} on_close={close_overlay.clone()}>
                { PLACES.show(|places| places.switcher, SwitcherProps { me: props.me.id, rooms: Rc::clone(&props.rooms), found: props.found.clone(), live, actions: props.actions.clone(), on_done: close_overlay.clone() }) }
            </Dialog>
            <Dialog id="account" title={words.people.account} open={*overlay == Overlay::Account} on_close={close_overlay.clone()}>
                { DESK.show(|desk| desk.account, AccountDialogProps { me: props.me.clone() }) }
            </Dialog>
            <Dialog id="order" title={words.people.order} open={*overlay == Overlay::Order} on_close={close_overlay.clone()}>
                { DESK.show(|desk| desk.order, OrderDialogProps { me: props.me.id, role }) }
            </Dialog>
            <Dialog id="keys" title={words.keys} open={*overlay == Overlay::Keys} on_close={close_overlay.clone()}>
                { DESK.show(|desk| desk.keys, locale.clone()) }
            </Dialog>
            <Dialog id="sign-out" title={words.sign_out_title} open={*overlay == Overlay::SignOut} on_close={close_overlay.clone()}>
                { DESK.show(|desk| desk.sign_out, (role, status.unsent, props.actions.sign_out.clone(), close_overlay, locale)) }
            </Dialog>
        </div>
    }
}

/// The third column. Its frame is there before what is in it.
fn beside(
    panel: Panel,
    item: Option<&RoomItem>,
    props: &ShellProps,
    on_close: Callback<()>,
    words: &Words,
) -> Html {
    let live = props.status.is_live();
    let (title, content) = match (panel, item) {
        (Panel::Connection, _) => (
            words.connection,
            LINE.show(
                |line| line.panel,
                InspectorProps {
                    session: props.session.clone(),
                    connection_revision: props.connection_revision,
                    not_kept: props.not_kept,
                    weather: props.status.weather,
                    actions: props.actions.clone(),
                },
            ),
        ),
        (Panel::Members, Some(item)) => (
            words.people_here,
            PLACES.show(
                |places| places.members,
                MembersPanelProps {
                    me: props.me.id,
                    item: item.clone(),
                    members: props.members.clone(),
                    here: Rc::clone(&props.here),
                    found: props.found.clone(),
                    live,
                    actions: props.actions.clone(),
                },
            ),
        ),
        (Panel::Search, _) => (
            words.search,
            PLACES.show(
                |places| places.search,
                SearchPanelProps {
                    view: props.search.clone(),
                    rooms: Rc::clone(&props.rooms),
                    live,
                    actions: props.actions.clone(),
                    on_close: on_close.clone(),
                },
            ),
        ),
        _ => return html! { <aside key="none" hidden=true /> },
    };
    html! { <SidePanel key={panel.id()} {panel} {title} {on_close}>{ content }</SidePanel> }
}

/// The next room of those that fit, above or below the one that is shown, round and round.
fn neighbour(
    rooms: &[RoomItem],
    route: Route,
    down: bool,
    fits: fn(&RoomItem) -> bool,
) -> Option<RoomId> {
    let n = rooms.len();
    let at = rooms.iter().position(|item| Some(item.id) == route.room());
    let places = (1..=n).map(|step| match (at, down) {
        (None, true) => step - 1,
        (None, false) => n - step,
        (Some(at), true) => (at + step) % n,
        (Some(at), false) => (at + n - step) % n,
    });
    let mut next = places.map(|place| &rooms[place]).filter(|item| fits(item));
    next.next().map(|item| item.id)
}
