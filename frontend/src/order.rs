//! What owners and moderators arrange: who may come, invitations, and roles.

mod invites;
mod people;

use shared::http::Door;
use shared::ids::PersonId;
use shared::people::Role;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::invites::Invites;
use self::people::PeopleOfServer;
use crate::account::explain;
use crate::api::{self, Failure, address};
use crate::locale::use_locale;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct OrderDialogProps {
    pub me: PersonId,
    pub role: Role,
}

/// The content of the dialog. A moderator has the invitations only.
#[component]
pub fn OrderDialog(props: &OrderDialogProps) -> Html {
    let words = use_locale().words;
    let said = use_state(String::new);
    let failed = {
        let said = said.setter();
        Callback::from(move |failure: Option<Failure>| {
            said.set(failure.map_or(String::new(), |failure| explain(words, &failure)));
        })
    };
    let owner = props.role == Role::Owner;
    let rest = if owner {
        html! {
            <>
                <DoorChoice me={props.me} failed={failed.clone()} />
                <PeopleOfServer me={props.me} failed={failed.clone()} />
            </>
        }
    } else {
        html! { <div hidden=true /> }
    };
    html! {
        <div class="form account">
            <p class="account-said" role="status" hidden={said.is_empty()}>{ &*said }</p>
            <Invites me={props.me} role={props.role} {failed} />
            { rest }
        </div>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct DoorChoiceProps {
    me: PersonId,
    failed: Callback<Option<Failure>>,
}

/// Who may come.
#[component]
fn DoorChoice(props: &DoorChoiceProps) -> Html {
    let words = &use_locale().words.people;
    let door = use_state(|| None::<Door>);
    let told = {
        let (door, failed) = (door.setter(), props.failed.clone());
        move |answer: Result<Door, Failure>| match answer {
            Ok(now) => {
                failed.emit(None);
                door.set(Some(now));
            }
            Err(failure) => failed.emit(Some(failure)),
        }
    };
    use_effect_with((), {
        let told = told.clone();
        move |()| spawn_local(async move { told(api::get("/api/door").await) })
    });
    let me = props.me;
    let onchange = move |event: Event| {
        let field = event.target_dyn_into::<HtmlInputElement>();
        let guests = field.is_some_and(|field| field.checked());
        let told = told.clone();
        spawn_local(async move { told(api::post(&address("/door", me), &Door { guests }).await) });
    };
    let guests = door.is_none_or(|door| door.guests);
    html! {
        <section class="form account-part" aria-labelledby="order-door">
            <h3 id="order-door">{ words.door }</h3>
            <label class="check"><input type="checkbox" checked={guests} {onchange} /><span>{ words.door_guests }</span></label>
        </section>
    }
}
