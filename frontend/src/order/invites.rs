//! Invitations: making a link, and taking it back.

use shared::http::{Invite, Link, NewInvite};
use shared::ids::PersonId;
use shared::people::Role;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::account::shown_link::shown_link;
use crate::api::{self, Failure, address};
use crate::browser::clock;
use crate::locale::{Locale, use_locale};

/// How long and for how many, as it is offered.
const DAYS: [u32; 4] = [1, 7, 30, 365];
const USES: [u32; 4] = [1, 5, 25, 100];

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct InvitesProps {
    pub me: PersonId,
    pub role: Role,
    pub failed: Callback<Option<Failure>>,
}

/// The form and the list.
#[component]
pub fn Invites(props: &InvitesProps) -> Html {
    let locale = use_locale();
    let words = &locale.words.people;
    let (role, days, uses) = (use_node_ref(), use_node_ref(), use_node_ref());
    let link = use_state(|| None::<Link>);
    let invites = use_state(Vec::<Invite>::new);
    let me = props.me;
    let ask = use_callback((), {
        let (invites, failed) = (invites.setter(), props.failed.clone());
        move |(), ()| {
            let (invites, failed) = (invites.clone(), failed.clone());
            spawn_local(async move {
                match api::get(&address("/invites", me)).await {
                    Ok(now) => invites.set(now),
                    Err(failure) => failed.emit(Some(failure)),
                }
            });
        }
    });
    use_effect_with((), {
        let ask = ask.clone();
        move |()| ask.emit(())
    });
    let most = props.role.may_invite().unwrap_or_default();
    let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| *role <= most).collect();
    let onsubmit = {
        let fields = (role.clone(), days.clone(), uses.clone());
        let (link, ask, failed, roles) = (
            link.setter(),
            ask.clone(),
            props.failed.clone(),
            roles.clone(),
        );
        move |event: SubmitEvent| {
            event.prevent_default();
            let invite = NewInvite {
                role: roles.get(chosen(&fields.0)).copied().unwrap_or_default(),
                days: DAYS[chosen(&fields.1).min(DAYS.len() - 1)],
                uses: USES[chosen(&fields.2).min(USES.len() - 1)],
            };
            let (link, ask, failed) = (link.clone(), ask.clone(), failed.clone());
            spawn_local(async move {
                match api::post(&address("/invites", me), &invite).await {
                    Ok(made) => {
                        failed.emit(None);
                        link.set(Some(made));
                        ask.emit(());
                    }
                    Err(failure) => failed.emit(Some(failure)),
                }
            });
        }
    };
    let withdraw = {
        let (ask, failed) = (ask.clone(), props.failed.clone());
        Callback::from(move |id: u64| {
            let (ask, failed) = (ask.clone(), failed.clone());
            spawn_local(async move {
                match api::delete(&address(&format!("/invites/{id}"), me)).await {
                    Ok(()) => ask.emit(()),
                    Err(failure) => failed.emit(Some(failure)),
                }
            });
        })
    };
    let roles = roles
        .iter()
        .map(|role| (words.role)(*role).to_owned())
        .collect();
    let number = |n: u32| locale.format.number(n.into());
    let all_days = DAYS.map(|n| (words.days)(n, &number(n))).to_vec();
    let all_uses = USES.map(|n| (words.uses)(n, &number(n))).to_vec();
    let shown = match &*link {
        Some(link) => shown_link(link, words.invite_told, locale.words),
        None => html! { <div hidden=true /> },
    };
    html! {
        <section class="form" aria-labelledby="order-invites">
            <h3 id="order-invites">{ words.invites }</h3>
            <form class="invite-form" {onsubmit}>
                { select("invite-role", words.invite_as, role, roles, 1) }
                { select("invite-uses", words.invite_uses, uses, all_uses, 0) }
                { select("invite-days", words.invite_days, days, all_days, 1) }
                <button type="submit" class="button primary">{ words.make_invite }</button>
            </form>
            { shown }
            <ul class="entries">{ for invites.iter().map(|one| entry(one, &withdraw, &locale)) }</ul>
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

fn chosen(field: &NodeRef) -> usize {
    let field = field.cast::<HtmlSelectElement>();
    let at = field.map(|field| field.selected_index());
    at.and_then(|at| usize::try_from(at).ok()).unwrap_or(0)
}

fn entry(invite: &Invite, withdraw: &Callback<u64>, locale: &Locale) -> Html {
    let words = &locale.words.people;
    let uses = (words.uses)(invite.uses, &locale.format.number(invite.uses.into()));
    let until = locale.format.day(invite.until, clock::now().clock);
    let id = invite.id;
    html! {
        <li key={id.to_string()} class="entry">
            <span class="entry-name">
                { (words.role)(invite.role) }<small>{ (words.invite_line)(&uses, &until, &invite.by.name) }</small>
            </span>
            <button type="button" class="button small" onclick={withdraw.reform(move |_| id)}>{ words.withdraw }</button>
        </li>
    }
}
