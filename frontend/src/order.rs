//! What owners and moderators arrange: who may come, invitations, roles, and shutting people out. A moderator gives no roles and
//! does not see what others did.

mod deeds;
mod invites;
mod limits;
mod people;
mod rooms;

use gloo_net::http::Method;
use shared::ids::{PersonId, RoomId};
use shared::people::Role;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::deeds::{Whose, deeds};
use self::invites::invites;
use self::limits::limits;
use self::people::{People, people};
use self::rooms::{Inside, rooms};
use crate::account::explain;
use crate::api::{self, Failure, address, json};
use crate::locale::use_locale;
use crate::locale::words::people::PeopleWords;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct OrderDialogProps {
    pub me: PersonId,
    pub role: Role,
}

/// What is to be done: the method, the path, and a JSON object. Nothing: to look how things stand.
type Wish = Option<(Method, String, String)>;

/// A choice that the server has not answered. It is shown as if it were made, or whatever draws the dialog anew meanwhile would put
/// the old one back.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asked {
    /// Whether guests may come.
    Door(bool),
    Role(PersonId, Role),
}

impl Asked {
    fn wish(self) -> Wish {
        match self {
            Self::Door(guests) => post("/door".to_owned(), &[("guests", guests.into())]),
            Self::Role(person, role) => {
                post(format!("/people/{person}"), &[("role", role.name().into())])
            }
        }
    }
}

/// How things stand.
#[derive(Debug, Clone, Default, PartialEq)]
struct Order {
    invites: Vec<JsValue>,
    closed: bool,
    people: Vec<JsValue>,
    more: bool,
    rooms: Vec<JsValue>,
    limits: JsValue,
    deeds: Vec<JsValue>,
    /// Where the deeds go on, if there are older ones.
    older: Option<u64>,
}

/// The content of the dialog, asked for anew after everything that is done here, also when it was refused.
#[component]
pub fn OrderDialog(props: &OrderDialogProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let (me, owner) = (props.me, props.role == Role::Owner);
    let order = use_state(Order::default);
    let link = use_state(|| None::<JsValue>);
    let said = use_state(String::new);
    let fields = [use_node_ref(), use_node_ref(), use_node_ref()];
    let find = use_node_ref();
    let whose = use_state(Whose::default);
    let shutting = use_state(|| None::<(PersonId, bool)>);
    let inside = use_state(Inside::default);
    let asked = use_state(|| None::<Asked>);
    let wish = use_callback((owner, (*whose).clone()), {
        let (order, link, said, find) =
            (order.setter(), link.setter(), said.setter(), find.clone());
        let asked = asked.setter();
        move |wish: Wish, (owner, whose)| {
            let (order, link, said, owner) = (order.clone(), link.clone(), said.clone(), *owner);
            let asked = asked.clone();
            let whose = whose.as_ref().map(|(person, _)| *person);
            let text = find.cast::<HtmlInputElement>().map(|field| field.value());
            spawn_local(async move {
                let (mut problem, is_deed) = (None, wish.is_some());
                if let Some((method, path, body)) = wish {
                    let body = Some(body).filter(|body| !body.is_empty());
                    match api::ask(method, &address(&path, me), body).await {
                        Ok(made) if path == "/invites" => link.set(Some(made)),
                        Ok(_) => {}
                        Err(failure) => problem = Some(failure),
                    }
                }
                match look(me, owner, whose, &text.unwrap_or_default()).await {
                    Ok(now) => order.set(now),
                    Err(failure) => problem = problem.or(Some(failure)),
                }
                // A mere look, for which it is enough to type a name, answers no choice.
                if is_deed {
                    asked.set(None);
                }
                said.set(problem.map_or(String::new(), |failure| explain(words, &failure)));
            });
        }
    });
    use_effect_with((*whose).clone(), {
        let wish = wish.clone();
        move |_| wish.emit(None)
    });
    let ask = use_callback(wish.clone(), {
        let asked = asked.setter();
        move |one: Asked, wish: &Callback<Wish>| {
            asked.set(Some(one));
            wish.emit(one.wish());
        }
    });
    let show = use_callback((), {
        let whose = whose.setter();
        move |wanted: Whose, ()| whose.set(wanted)
    });
    let older = order.older.map(|before| {
        let (order, whose) = (order.clone(), whose.as_ref().map(|(person, _)| *person));
        Callback::from(move |_: MouseEvent| {
            let order = order.clone();
            spawn_local(async move {
                let mut more = Order::clone(&order);
                // What cannot be read now is asked for with the next click.
                if done(me, whose, Some(before), &mut more).await.is_ok() {
                    order.set(more);
                }
            });
        })
    });
    let look_into = use_callback((*inside).clone(), {
        let setter = inside.setter();
        move |room: RoomId, inside: &Inside| {
            let setter = setter.clone();
            if inside.as_ref().is_some_and(|(open, _)| *open == room) {
                return setter.set(None);
            }
            spawn_local(async move {
                let path = address(&format!("/rooms/{room}"), me);
                // What cannot be read now is asked for with the next click.
                if let Ok(found) = api::ask(Method::GET, &path, None).await {
                    let people = json::list(&json::field(&found, "people"));
                    let names = people.iter().map(|one| json::text(one, "name"));
                    setter.set(Some((room, names.collect())));
                }
            });
        }
    });
    let listed = People {
        me,
        owner,
        people: &order.people,
        more: order.more,
        asked: *asked,
        ask: ask.clone(),
        shutting: *shutting,
        set_shutting: shutting.setter(),
        show: show.clone(),
    };
    let guests = match *asked {
        Some(Asked::Door(guests)) => guests,
        _ => !order.closed,
    };
    html! {
        <div class="form account">
            <p class="account-said" role="status" hidden={said.is_empty()}>{ &*said }</p>
            { invites(fields, props.role, &order.invites, link.as_ref(), &wish, &locale) }
            <div class="form account-part" hidden={!owner}>{ door(guests, &ask, &words.people) }</div>
            { people(find, &listed, &wish, words) }
            <div class="form" hidden={!owner}>
                { rooms(&order.rooms, &inside, &look_into, &wish, &locale) }
                { deeds(&order.deeds, &whose, &show, older, &locale) }
                { limits(&order.limits, &locale) }
            </div>
        </div>
    }
}

async fn look(
    me: PersonId,
    owner: bool,
    whose: Option<PersonId>,
    text: &str,
) -> Result<Order, Failure> {
    let mut order = Order::default();
    let get = async |path: &str| api::ask(Method::GET, &address(path, me), None).await;
    order.invites = json::list(&get("/invites").await?);
    if owner {
        order.closed = !json::flag(&get("/door").await?, "guests");
        order.rooms = json::list(&json::field(&get("/rooms").await?, "rooms"));
        order.limits = get("/limits").await?;
        done(me, whose, None, &mut order).await?;
    }
    let text = js_sys::encode_uri_component(text);
    let found = get(&format!("/people?text={text}")).await?;
    order.people = json::list(&json::field(&found, "people"));
    order.more = json::flag(&found, "more");
    Ok(order)
}

/// Adds what was done, from the newest on or from where it ended.
async fn done(
    me: PersonId,
    whose: Option<PersonId>,
    before: Option<u64>,
    order: &mut Order,
) -> Result<(), Failure> {
    let mut path = "/deeds?".to_owned();
    if let Some(person) = whose {
        path += &format!("person={person}&");
    }
    if let Some(before) = before {
        path += &format!("before={before}&");
    }
    path += &format!("as={me}");
    let found = api::ask(Method::GET, &format!("/api{path}"), None).await?;
    order
        .deeds
        .extend(json::list(&json::field(&found, "deeds")));
    order.older = Some(json::number(&found, "older")).filter(|older| *older > 0);
    Ok(())
}

fn post(path: String, fields: &[(&str, JsValue)]) -> Wish {
    Some((Method::POST, path, json::object(fields)))
}

/// Who may come.
fn door(guests: bool, ask: &Callback<Asked>, words: &PeopleWords) -> Html {
    let onchange = ask.reform(|event: Event| {
        let field = event.target_dyn_into::<HtmlInputElement>();
        Asked::Door(field.is_some_and(|field| field.checked()))
    });
    html! {
        <section class="form" aria-labelledby="order-door">
            <h3 id="order-door">{ words.door }</h3>
            <label class="check"><input type="checkbox" checked={guests} {onchange} /><span>{ words.door_guests }</span></label>
        </section>
    }
}
