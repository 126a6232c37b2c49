//! Invitations: making a link, and taking it back.

use gloo_net::http::Method;
use shared::ids::Timestamp;
use shared::people::Role;
use wasm_bindgen::JsValue;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{Wish, post};
use crate::account::shown_link::shown_link;
use crate::api::json;
use crate::browser::clock;
use crate::locale::Locale;

/// How long and for how many, as it is offered.
const DAYS: [u32; 4] = [1, 7, 30, 365];
const USES: [u32; 4] = [1, 5, 25, 100];

pub(super) fn invites(
    fields: [NodeRef; 3],
    mine: Role,
    invites: &[JsValue],
    link: Option<&JsValue>,
    wish: &Callback<Wish>,
    locale: &Locale,
) -> Html {
    let words = &locale.words.people;
    let most = mine.may_invite().unwrap_or_default();
    let onsubmit = {
        let (fields, wish) = (fields.clone(), wish.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let [role, uses, days] = fields.each_ref().map(chosen);
            let invite = [
                ("role", Role::ALL[role].name().into()),
                ("uses", USES[uses].into()),
                ("days", DAYS[days].into()),
            ];
            wish.emit(post("/invites".to_owned(), &invite));
        }
    };
    let all = Role::ALL.into_iter().filter(|role| *role <= most);
    let roles = all.map(|role| words.role(role).to_owned()).collect();
    let number = |n: u32| locale.format.number(n.into());
    let all_days = DAYS.map(|n| words.days(&number(n))).to_vec();
    let all_uses = USES.map(|n| words.uses(&number(n))).to_vec();
    let [role, uses, days] = fields;
    html! {
        <section class="form" aria-labelledby="order-invites">
            <h3 id="order-invites">{ words.invites }</h3>
            <form class="invite-form" {onsubmit}>
                { select("invite-role", words.invite_as, role, roles, 1) }
                { select("invite-uses", words.invite_uses, uses, all_uses, 0) }
                { select("invite-days", words.invite_days, days, all_days, 1) }
                <button type="submit" class="button primary">{ words.make_invite }</button>
            </form>
            { shown_link(link, words.invite_told, words) }
            <ul class="entries">{ for invites.iter().map(|one| entry(one, wish, locale)) }</ul>
        </section>
    }
}

fn select(
    id: &'static str,
    label: &'static str,
    node: NodeRef,
    options: Vec<String>,
    first: usize,
) -> Html {
    let option = |(at, text): (usize, String)| html! { <option key={at} selected={at == first}>{ text }</option> };
    html! {
        <div class="field">
            <label for={id}>{ label }</label>
            <select ref={node} {id} class="input">{ for options.into_iter().enumerate().map(option) }</select>
        </div>
    }
}

/// Which of at most four.
fn chosen(field: &NodeRef) -> usize {
    let field = field.cast::<HtmlSelectElement>();
    field.map_or(0, |field| field.selected_index().clamp(0, 3) as usize)
}

fn entry(invite: &JsValue, wish: &Callback<Wish>, locale: &Locale) -> Html {
    let words = &locale.words.people;
    let (id, uses) = (json::number(invite, "id"), json::number(invite, "uses"));
    let uses = words.uses(&locale.format.number(uses));
    let until = Timestamp(json::number(invite, "until"));
    let until = locale.format.day(until, clock::now().clock);
    let by = json::text(&json::field(invite, "by"), "name");
    let withdraw = move |_| Some((Method::DELETE, format!("/invites/{id}"), String::new()));
    html! {
        <li key={id.to_string()} class="entry">
            <span class="entry-name">
                { words.role(json::role(invite)) }<small>{ words.invite_line(&uses, &until, &by) }</small>
            </span>
            <button type="button" class="button small" onclick={wish.reform(withdraw)}>{ words.withdraw }</button>
        </li>
    }
}
