//! A message: of somebody, or an own one that waits.

use shared::ids::{ClientId, Timestamp};
use shared::protocol::Person;
use shared::session::outbox::Progress;
use yew::prelude::*;

use crate::avatar::Avatar;
use crate::chat::actions::Actions;
use crate::locale::use_locale;
use crate::timeline::body::MessageBody;
use crate::timeline::delivery::{Tick, Trouble};

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct MessageProps {
    pub author: Person,
    pub at: Timestamp,
    pub text: AttrValue,
    pub starts_group: bool,
    pub mine: bool,
    /// How far it has come, if its event is not in the log yet.
    pub progress: Option<Progress>,
    pub client_id: ClientId,
    pub live: bool,
    pub actions: Actions,
}

/// The message. Every part keeps its place in the page through all states.
#[component]
pub fn Message(props: &MessageProps) -> Html {
    let tick = if props.mine {
        html! { <Tick progress={props.progress.clone()} live={props.live} /> }
    } else {
        html! { <span hidden=true /> }
    };
    let trouble = match props.progress.clone() {
        Some(progress) => html! {
            <Trouble client_id={props.client_id} {progress} actions={props.actions.clone()} />
        },
        None => html! { <div hidden=true /> },
    };
    html! {
        <div class="message" data-first={props.starts_group.to_string()}>
            <div class="message-gutter">
                { if props.starts_group { html! { <Avatar person={props.author.clone()} /> } } else { html! { <Time at={props.at} /> } } }
            </div>
            <div class="message-main">
                <p class="message-head" data-shown={props.starts_group.to_string()}>
                    <span class="message-author" dir="auto">{ props.author.name.to_string() }</span>
                    { " " }
                    <Time at={props.at} />
                </p>
                <div class="message-line">
                    <MessageBody text={props.text.clone()} />
                    { tick }
                </div>
                { trouble }
            </div>
        </div>
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Properties)]
pub struct TimeProps {
    pub at: Timestamp,
}

/// A time, short on the screen, exact on hover and when read out.
#[component]
pub fn Time(props: &TimeProps) -> Html {
    let format = use_locale().format;
    let exact = format.exact(props.at);
    let machine = crate::locale::format::iso(props.at);
    html! {
        <time class="time" datetime={machine} title={exact.clone()}>
            <span aria-hidden="true">{ format.time(props.at) }</span>
            <span class="unseen">{ exact }</span>
        </time>
    }
}
