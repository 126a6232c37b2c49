//! The four transports side by side, with real traffic: "polling, long polling, WebSocket", measured here and now.
//!
//! Each gets a connection of its own, which joins as the app's own one does and hears all rooms of the person. Once a second
//! a question goes over each, and its answer comes back the same way. Nothing is written into a room, and it ends by itself.

mod figures;
mod player;

use gloo_net::http::Method;
use gloo_timers::callback::Interval;
use shared::ids::PersonId;
use shared::session::io::Input;
use shared::transport::Transport;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::figures::{Figures, markdown};
use self::player::{Player, Stage};
use crate::api;
use crate::browser::clipboard;
use crate::connection::inspector::words::{Words, use_inspector_words};
use crate::connection::transport::name;
use crate::locale::words::theatre::TheatreWords;
use crate::locale::{Locale, use_locale};

/// How long it plays, in seconds.
const LENGTH: u32 = 60;

const SECOND_MS: u32 = 1_000;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TheatreProps {
    pub me: PersonId,
}

/// What happens on the stage.
#[derive(Debug)]
pub enum Msg {
    Begin,
    End,
    Second,
    Happened(usize, Input),
    Costs(usize, JsValue),
    Copy,
    Copied(bool),
}

/// The theatre, once there are words for it.
#[component]
pub fn Theatre(props: &TheatreProps) -> Html {
    let (me, locale) = (props.me, use_locale());
    let Some(words) = use_inspector_words(locale.language) else {
        return html! { <div class="theatre" aria-busy="true" /> };
    };
    html! { <Performance {me} {locale} {words} /> }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct PerformanceProps {
    pub me: PersonId,
    pub locale: Locale,
    pub words: Words,
}

/// What is played. Its connections end with it.
#[derive(Debug)]
pub struct Performance {
    players: [Player; 4],
    /// Seconds that are left, while it plays.
    playing: Option<(u32, Interval)>,
    copied: Option<bool>,
}

impl Component for Performance {
    type Message = Msg;
    type Properties = PerformanceProps;

    fn create(_ctx: &Context<Self>) -> Self {
        Self {
            players: Transport::ALL.map(Player::new),
            playing: None,
            copied: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Begin => self.begin(ctx),
            Msg::End => self.end(),
            Msg::Second => self.second(ctx),
            Msg::Happened(at, input) => self.players[at].happened(input),
            Msg::Costs(at, costs) => self.players[at].costs(&costs),
            Msg::Copy => {
                let (link, table) = (ctx.link().clone(), self.table(ctx.props()));
                spawn_local(async move {
                    let copied = clipboard::copy(table).await.is_ok();
                    link.send_message(Msg::Copied(copied));
                });
            }
            Msg::Copied(copied) => self.copied = Some(copied),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let locale = &ctx.props().locale;
        let words = &ctx.props().words.0.theatre;
        let link = ctx.link();
        let (text, msg): (_, fn() -> Msg) = match &self.playing {
            Some((left, _)) => {
                let left = locale.format.number(u64::from(*left));
                (words.end(&left), || Msg::End)
            }
            None => (words.begin.to_owned(), || Msg::Begin),
        };
        let said = self.copied.map_or("", |copied| match copied {
            true => locale.words.copied,
            false => words.not_copied,
        });
        let heads = heads(words);
        let row = |player: &Player| row(player, &heads, words, locale);
        html! {
            <div class="theatre">
                <h1>{ words.theatre }</h1>
                <p>{ words.lead }</p>
                <table>
                    <thead><tr>{ for heads.iter().map(|head| html! { <th scope="col" key={*head}>{ head }</th> }) }</tr></thead>
                    <tbody>{ for self.players.iter().map(row) }</tbody>
                </table>
                <p class="theatre-foot">
                    <button type="button" class="button primary" onclick={link.callback(move |_| msg())}>{ text }</button>
                    <button type="button" class="button" onclick={link.callback(|_| Msg::Copy)}>{ words.copy }</button>
                    <span role="status">{ said }</span>
                </p>
                <p class="hint">{ words.honest }</p>
            </div>
        }
    }
}

impl Performance {
    fn begin(&mut self, ctx: &Context<Self>) {
        self.copied = None;
        for (at, player) in self.players.iter_mut().enumerate() {
            let inputs = ctx.link().callback(move |input| Msg::Happened(at, input));
            player.begin(ctx.props().me, inputs);
        }
        let link = ctx.link().clone();
        let second = Interval::new(SECOND_MS, move || link.send_message(Msg::Second));
        self.playing = Some((LENGTH, second));
    }

    fn end(&mut self) {
        self.playing = None;
        self.players.iter_mut().for_each(Player::end);
    }

    fn second(&mut self, ctx: &Context<Self>) {
        let Some((left, _)) = &mut self.playing else {
            return;
        };
        *left = left.saturating_sub(1);
        if *left == 0 {
            return self.end();
        }
        for (at, player) in self.players.iter_mut().enumerate() {
            player.ask();
            let Some(address) = player.costs_address() else {
                continue;
            };
            let link = ctx.link().clone();
            spawn_local(async move {
                if let Ok(costs) = api::ask(Method::GET, &address, None).await {
                    link.send_message(Msg::Costs(at, costs));
                }
            });
        }
    }

    fn table(&self, props: &PerformanceProps) -> String {
        let rows = self.players.each_ref();
        let rows = rows.map(|player| (name(player.way, props.locale.words), player.figures()));
        markdown(&heads(&props.words.0.theatre), &rows)
    }
}

fn heads(words: &TheatreWords) -> [&'static str; 7] {
    [
        words.way,
        words.requests,
        words.overhead,
        words.payload,
        words.middle,
        words.high,
        words.wakes,
    ]
}

fn row(player: &Player, heads: &[&'static str; 7], words: &TheatreWords, locale: &Locale) -> Html {
    let cells = player.figures().cells(|n| locale.format.number(n));
    let stage = match player.stage {
        Stage::Opening => words.opening,
        Stage::Broken => words.broken,
        Stage::Waiting | Stage::Playing | Stage::Done => "",
    };
    let cell = |(head, cell): (&&'static str, String)| html! { <td key={*head} data-head={*head}>{ cell }</td> };
    html! {
        <tr key={player.way.name()} data-way={player.way.name()}>
            <th scope="row">{ name(player.way, locale.words) }<small>{ stage }</small></th>
            { for heads[1..].iter().zip(cells).map(cell) }
        </tr>
    }
}
