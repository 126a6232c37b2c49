//! The line that says that the weather of this tab is bad on purpose, for as long as it is.

use shared::weather::Weather;
use yew::prelude::*;

use crate::chat::actions::Actions;
use crate::locale::words::Words;

/// The line, with the way back to fair weather.
pub fn weather_line(weather: Weather, actions: &Actions, words: &Words) -> Html {
    let bad = weather != Weather::Fair;
    let text = if bad { words.weather_on } else { "" };
    let end = actions.weather.reform(|_| Weather::Fair);
    html! {
        <div class="banner weather-line" data-tone="calm" data-shown={bad.to_string()}>
            <p role="status">{ text }</p>
            <button type="button" class="button small" onclick={end}>{ words.weather_end }</button>
        </div>
    }
}
