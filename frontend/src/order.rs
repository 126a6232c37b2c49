//! What owners and moderators arrange: who may come, invitations, and roles. A moderator has the invitations only.

mod invites;
mod people;

use gloo_net::http::Method;
use shared::ids::PersonId;
use shared::people::Role;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::invites::invites;
use self::people::people;
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

/// How things stand.
#[derive(Debug, Clone, Default, PartialEq)]
struct Order {
    invites: Vec<JsValue>,
    closed: bool,
    people: Vec<JsValue>,
    more: bool,
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
    let wish = use_callback(owner, {
        let (order, link, said, find) =
            (order.setter(), link.setter(), said.setter(), find.clone());
        move |wish: Wish, owner: &bool| {
            let (order, link, said, owner) = (order.clone(), link.clone(), said.clone(), *owner);
            let text = find.cast::<HtmlInputElement>().map(|field| field.value());
            spawn_local(async move {
                let mut problem = None;
                if let Some((method, path, body)) = wish {
                    let body = Some(body).filter(|body| !body.is_empty());
                    match api::ask(method, &address(&path, me), body).await {
                        Ok(made) if path == "/invites" => link.set(Some(made)),
                        Ok(_) => {}
                        Err(failure) => problem = Some(failure),
                    }
                }
                match look(me, owner, &text.unwrap_or_default()).await {
                    Ok(now) => order.set(now),
                    Err(failure) => problem = problem.or(Some(failure)),
                }
                said.set(problem.map_or(String::new(), |failure| explain(words, &failure)));
            });
        }
    });
    use_effect_with((), {
        let wish = wish.clone();
        move |()| wish.emit(None)
    });
    html! {
        <div class="form account">
            <p class="account-said" role="status" hidden={said.is_empty()}>{ &*said }</p>
            { invites(fields, props.role, &order.invites, link.as_ref(), &wish, &locale) }
            <div class="form account-part" hidden={!owner}>
                { door(order.closed, &wish, &words.people) }
                { people(find, me, &order.people, order.more, &wish, &words.people) }
            </div>
        </div>
    }
}

async fn look(me: PersonId, owner: bool, text: &str) -> Result<Order, Failure> {
    let mut order = Order::default();
    let get = async |path: &str| api::ask(Method::GET, &address(path, me), None).await;
    order.invites = json::list(&get("/invites").await?);
    if owner {
        order.closed = !json::flag(&get("/door").await?, "guests");
        let text = js_sys::encode_uri_component(text);
        let found = get(&format!("/people?text={text}")).await?;
        order.people = json::list(&json::field(&found, "people"));
        order.more = json::flag(&found, "more");
    }
    Ok(order)
}

fn post(path: String, fields: &[(&str, JsValue)]) -> Wish {
    Some((Method::POST, path, json::object(fields)))
}

/// Who may come.
fn door(closed: bool, wish: &Callback<Wish>, words: &PeopleWords) -> Html {
    let onchange = wish.reform(|event: Event| {
        let field = event.target_dyn_into::<HtmlInputElement>();
        let guests = field.is_some_and(|field| field.checked());
        post("/door".to_owned(), &[("guests", guests.into())])
    });
    html! {
        <section class="form" aria-labelledby="order-door">
            <h3 id="order-door">{ words.door }</h3>
            <label class="check"><input type="checkbox" checked={!closed} {onchange} /><span>{ words.door_guests }</span></label>
        </section>
    }
}
