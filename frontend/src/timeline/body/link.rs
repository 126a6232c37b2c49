//! A link, which says where it leads when its text may be taken for another place.

use shared::markdown::Link;
use shared::markdown::address::To;
use web_sys::Url;
use yew::prelude::*;

use crate::locale::words::Words;

/// The link around what it shows.
pub(super) fn link(link: &Link<'_>, shown: Html, words: &Words) -> Html {
    let href = link.to.href();
    let title = format!("{href} · {}", words.opens_new_tab);
    let host = link.misleads.then(|| host(link.to));
    let host = host
        .map(|host| html! { <span class="link-host" dir="ltr">{ format!(" ({host})") }</span> });
    html! { <a {href} target="_blank" rel="noopener noreferrer" {title}>{ shown }{ host }</a> }
}

/// Who gets the reader, in the browser's own words: it writes foreign letters out as what they are.
fn host(to: To<'_>) -> String {
    let url = match to {
        To::Web(address) => Url::new(address).ok(),
        To::Mail(_) => None,
    };
    url.map_or_else(|| to.host().to_owned(), |url| url.host())
}
