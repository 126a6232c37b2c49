//! A few choices of which one holds, side by side.

use yew::prelude::*;

/// One of them.
#[derive(Debug)]
pub struct Segment {
    pub name: AttrValue,
    pub chosen: bool,
    pub choose: Callback<()>,
}

/// The choices, under what they are about. `name` tells them from others in the page.
pub fn segments(name: &'static str, legend: &str, segments: Vec<Segment>) -> Html {
    let choice = |segment: Segment| {
        let onchange = segment.choose.reform(|_| ());
        html! {
            <label class="choice" key={segment.name.to_string()}>
                <input type="radio" {name} checked={segment.chosen} {onchange} />
                <span>{ segment.name }</span>
            </label>
        }
    };
    html! {
        <fieldset class="choices">
            <legend>{ legend }</legend>
            <div class="segments">{ for segments.into_iter().map(choice) }</div>
        </fieldset>
    }
}
