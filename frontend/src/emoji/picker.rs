//! The picker: all emoji in groups, a search over their names in both languages, those used last.

use std::rc::Rc;

use shared::text::Emoji;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::emoji::index::{Entry, Index};
use crate::emoji::{fetch, grid, held, recent};
use crate::locale::{Language, Locale, use_locale};

/// What a search shows at most.
const FOUND: usize = 90;

/// One emoji of each group, for its tab.
const GROUPS: [&str; 9] = ["😀", "👋", "🐻", "🍎", "🚗", "⚽", "💡", "❤️", "🏁"];

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct PickerProps {
    /// One was chosen.
    pub on_pick: Callback<Emoji>,
}

/// The picker. It belongs into a dialog, which gives the focus back.
#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let index = use_state(held);
    let failed = use_state(|| false);
    let query = use_state(String::new);
    let group = use_state(|| 0_usize);
    let tone = use_state(recent::tone);
    let pointed = use_state(|| None::<Entry>);
    let node = use_node_ref();
    let (fetched, not_fetched) = (index.setter(), failed.setter());
    use_effect_with((), move |()| {
        spawn_local(async move {
            match fetch().await {
                Some(index) => fetched.set(Some(index)),
                None => not_fetched.set(true),
            }
        });
    });
    let pick = {
        let on_pick = props.on_pick.clone();
        move |text: &str| {
            if let Ok(emoji) = Emoji::parse(text) {
                recent::remember(&emoji);
                on_pick.emit(emoji);
            }
        }
    };
    let oninput = {
        let query = query.setter();
        move |event: InputEvent| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            query.set(input.map_or(String::new(), |input| input.value()));
        }
    };
    let onkeydown = {
        let node = node.clone();
        let first = index
            .as_ref()
            .and_then(|index| index.search(&query, 1).first().copied().copied());
        let (first, tone, pick) = (first.filter(|_| !query.is_empty()), *tone, pick.clone());
        move |event: KeyboardEvent| {
            let Some(grid) = node.cast::<Element>() else {
                return;
            };
            let in_search = event.target_dyn_into::<HtmlInputElement>().is_some();
            match (event.key().as_str(), first) {
                _ if event.is_composing() => {}
                ("Enter", Some(first)) if in_search => {
                    event.prevent_default();
                    pick(&recent::in_tone(&first, tone));
                }
                ("Enter", None) if in_search => event.prevent_default(),
                ("ArrowDown", _) if in_search => {
                    event.prevent_default();
                    grid::enter(&grid);
                }
                _ if !in_search && grid::step(&event, &grid) => event.prevent_default(),
                _ => {}
            }
        }
    };
    let onclick = move |event: MouseEvent| {
        if let Some(text) = emoji_at(event.target_dyn_into()) {
            pick(&text);
        }
    };
    let point = {
        let (index, pointed) = (index.clone(), pointed.setter());
        Callback::from(move |target: Option<Element>| {
            let entry = target.and_then(|at| at.closest("[data-at]").ok().flatten());
            let sign = entry.and_then(|at| at.get_attribute("data-at"));
            let found = sign
                .zip(index.as_ref())
                .and_then(|(sign, index)| index.of(&sign).copied());
            pointed.set(found);
        })
    };
    let onpointerover = point.reform(|event: PointerEvent| event.target_dyn_into());
    let onfocusin = point.reform(|event: FocusEvent| event.target_dyn_into());
    html! {
        <div class="picker" {onkeydown}>
            <input type="search" class="input" autofocus=true autocomplete="off" enterkeyhint="done"
                aria-label={words.find_emoji} placeholder={words.find_emoji} {oninput} />
            <div class="picker-groups" role="group" aria-label={words.emoji_groups_label} hidden={!query.is_empty()}>
                { tabs(&group, &locale) }
            </div>
            <div ref={node} class="picker-grid" {onclick} {onpointerover} {onfocusin}>
                { content(&index, *failed, &query, *group, *tone, &locale) }
            </div>
            <div class="picker-foot">
                { preview(*pointed, &locale) }
                <div class="picker-tones" role="group" aria-label={words.skin_tone}>{ tones(&tone, &locale) }</div>
            </div>
        </div>
    }
}

fn emoji_at(target: Option<HtmlElement>) -> Option<String> {
    let button = target?.closest("[data-emoji]").ok().flatten()?;
    button
        .dyn_into::<HtmlElement>()
        .ok()?
        .get_attribute("data-emoji")
}

fn tabs(group: &UseStateHandle<usize>, locale: &Locale) -> Html {
    let tab = |(at, sign): (usize, &&'static str)| {
        let name = part(locale.words.emoji_groups, at);
        let group_setter = group.setter();
        html! {
            <button key={at} type="button" class="picker-tab" aria-pressed={(**group == at).to_string()} aria-label={name}
                title={name} onclick={move |_| group_setter.set(at)}>{ *sign }</button>
        }
    };
    GROUPS.iter().enumerate().map(tab).collect()
}

fn content(
    index: &Option<Rc<Index>>,
    failed: bool,
    query: &str,
    group: usize,
    tone: usize,
    locale: &Locale,
) -> Html {
    let words = locale.words;
    let note = |text: &str| html! { <p class="hint" role="status">{ text }</p> };
    let Some(index) = index else {
        return note(if failed {
            words.emoji_failed
        } else {
            words.emoji_loading
        });
    };
    if !query.trim().is_empty() {
        let found = index.search(query, FOUND);
        if found.is_empty() {
            return note(words.no_emoji_found);
        }
        return section(
            "found",
            words.emoji_found,
            found
                .into_iter()
                .map(|entry| (recent::in_tone(entry, tone), Some(entry))),
            locale,
        );
    }
    let used = recent::used();
    let all = index
        .group(group)
        .iter()
        .map(|entry| (recent::in_tone(entry, tone), Some(entry)));
    html! {
        <>
            { if group == 0 && !used.is_empty() {
                let used = used.iter().map(|emoji| (emoji.to_string(), index.of(emoji)));
                section("used", words.emoji_used, used, locale)
            } else {
                html! { <div key="used" hidden=true /> }
            } }
            { section("group", part(words.emoji_groups, group), all, locale) }
        </>
    }
}

fn section<'a>(
    key: &'static str,
    title: &'static str,
    emoji: impl Iterator<Item = (String, Option<&'a Entry>)>,
    locale: &Locale,
) -> Html {
    let mut tab_stop = Some("0");
    let buttons: Html = emoji
        .map(|(text, entry)| {
            let name = entry.map_or(text.as_str(), |entry| name(entry, locale));
            let at = entry.map(|entry| entry.emoji);
            html! {
                <button key={text.clone()} type="button" class="emoji" tabindex={tab_stop.take().unwrap_or("-1")}
                    aria-label={name.to_owned()} data-emoji={text.clone()} data-at={at}>{ text }</button>
            }
        })
        .collect();
    html! {
        <section {key} aria-label={title}>
            <h3 class="picker-title" aria-hidden="true">{ title }</h3>
            <div class="picker-rows">{ buttons }</div>
        </section>
    }
}

fn name<'a>(entry: &'a Entry, locale: &Locale) -> &'a str {
    match locale.language {
        Language::Chinese => entry.chinese,
        Language::English => entry.english,
    }
}

fn preview(pointed: Option<Entry>, locale: &Locale) -> Html {
    let (sign, text) = pointed.map_or_else(Default::default, |entry| {
        (
            entry.emoji,
            format!("{} :{}:", name(&entry, locale), entry.name()),
        )
    });
    html! { <p class="picker-preview" aria-hidden="true"><span class="emoji">{ sign }</span>{ text }</p> }
}

fn tones(tone: &UseStateHandle<usize>, locale: &Locale) -> Html {
    let one = |(at, modifier): (usize, &&'static str)| {
        let setter = tone.setter();
        let onclick = move |_: MouseEvent| {
            recent::set_tone(at);
            setter.set(at);
        };
        html! {
            <button key={at} type="button" class="picker-tone" aria-pressed={(**tone == at).to_string()}
                aria-label={part(locale.words.skin_tones, at)} title={part(locale.words.skin_tones, at)} {onclick}>{ format!("✋{modifier}") }</button>
        }
    };
    recent::TONES.iter().enumerate().map(one).collect()
}

/// One of several texts that stand in one, with a line between them.
fn part(texts: &'static str, at: usize) -> &'static str {
    texts.split('|').nth(at).unwrap_or_default()
}
