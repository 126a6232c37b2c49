//! The weathers to choose from.

use shared::weather::Weather;
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::connection::inspector::words::Words;

/// One choice of all, and the one thing that is done at once.
pub fn weather(chosen: Weather, words: Words, actions: &Actions) -> Html {
    let all = [Weather::Fair].into_iter().chain(Weather::BAD);
    let choices = all.map(|weather| {
        let (name, explained) = names(weather, words);
        let on_choose = actions.weather.reform(move |_: Event| weather);
        html! {
            <label key={name} class="weather">
                <input type="radio" name="weather" checked={weather == chosen} onchange={on_choose} />
                <span class="weather-name">{ name }</span>
                <small>{ explained }</small>
            </label>
        }
    });
    let cut = actions.cut.reform(|_: MouseEvent| ());
    html! {
        <>
            <p class="hint">{ words.weather_lead }</p>
            <fieldset class="weathers">
                <legend class="unseen">{ words.tab_weather }</legend>
                { for choices }
            </fieldset>
            <div class="weather-once">
                <button type="button" class="button" aria-describedby="cut" onclick={cut}>{ words.weather_cut }</button>
                <small id="cut">{ words.cut_explained }</small>
            </div>
        </>
    }
}

fn names(weather: Weather, words: Words) -> (&'static str, &'static str) {
    match weather {
        Weather::Fair => (words.weather_fair, words.fair_explained),
        Weather::Offline => (words.weather_offline, words.offline_explained),
        Weather::Slow => (words.weather_slow, words.slow_explained),
        Weather::Lossy => (words.weather_lossy, words.lossy_explained),
        Weather::Frozen => (words.weather_frozen, words.frozen_explained),
        Weather::HalfOpen => (words.weather_half_open, words.half_open_explained),
        Weather::Blocked => (words.weather_blocked, words.blocked_explained),
    }
}
