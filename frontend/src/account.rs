//! What people arrange about themselves: what others see, the password, and where they are signed in. One component for
//! all of it: each would cost the first load as much as what it shows.

mod looks;
mod secret;
mod sessions;

pub mod shown_link;

use gloo_net::http::Method;
use shared::people::Role;
use shared::protocol::Person;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::looks::looks;
use self::secret::secret;
use self::sessions::sessions;
use crate::api::{self, Failure, address, json};
use crate::first_value::use_first_value;
use crate::locale::use_locale;
use crate::locale::words::Words;
use crate::profiles::use_profiles;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct AccountDialogProps {
    pub me: Person,
}

/// What the person wants.
#[derive(Debug)]
enum Wish {
    /// To see how things stand.
    Look,
    /// To change something: a JSON object.
    Change(String),
    /// To end sessions: the path.
    End(String),
    /// A link for another device.
    Pass,
}

/// The content of the dialog, asked for anew each time it is shown.
#[component]
pub fn AccountDialog(props: &AccountDialogProps) -> Html {
    let locale = use_locale();
    let words = locale.words;
    let me = props.me.id;
    let profiles = use_profiles();
    let account = use_state(|| JsValue::UNDEFINED);
    let link = use_state(|| None::<JsValue>);
    let said = use_state(String::new);
    // The colour that was chosen, until the server says so too: what is drawn meanwhile must not take it back.
    let asked = use_state(|| None::<u8>);
    let nodes = [
        use_node_ref(),
        use_node_ref(),
        use_node_ref(),
        use_node_ref(),
    ];
    let wish = use_callback((), {
        let (account, link, said) = (account.setter(), link.setter(), said.setter());
        let asked = asked.setter();
        move |wish: Wish, ()| {
            let (account, link, said) = (account.clone(), link.clone(), said.clone());
            let asked = asked.clone();
            spawn_local(async move {
                let saved = matches!(wish, Wish::Change(_));
                let passed = matches!(wish, Wish::Pass);
                let (method, path, body) = match wish {
                    Wish::Look => (Method::GET, "/account".to_owned(), None),
                    Wish::Change(body) => (Method::POST, "/account".to_owned(), Some(body)),
                    Wish::End(path) => (Method::DELETE, path, None),
                    Wish::Pass => (Method::POST, "/account/pass".to_owned(), None),
                };
                let mut answer = api::ask(method, &address(&path, me), body).await;
                if matches!(&answer, Ok(nothing) if nothing.is_undefined()) {
                    answer = api::ask(Method::GET, &address("/account", me), None).await;
                }
                match answer {
                    Ok(made) if passed => link.set(Some(made)),
                    Ok(now) => {
                        account.set(now);
                        said.set(if saved {
                            words.people.saved.to_owned()
                        } else {
                            String::new()
                        });
                    }
                    Err(failure) => {
                        asked.set(None);
                        said.set(explain(words, &failure));
                    }
                }
            });
        }
    });
    use_effect_with((), {
        let wish = wish.clone();
        move |()| wish.emit(Wish::Look)
    });
    let [name, status, old, new] = nodes;
    let profile = profiles.get(me);
    let color = profile.and_then(|one| one.color);
    use_effect_with(color, {
        let asked = asked.clone();
        move |color| {
            if *asked == *color {
                asked.set(None);
            }
        }
    });
    let choose = {
        let (asked, wish) = (asked.setter(), wish.clone());
        Callback::from(move |color: u8| {
            asked.set(Some(color));
            wish.emit(change(&[("color", color.into())]));
        })
    };
    let status_now = profile.and_then(|one| one.status.as_deref());
    use_first_value(&name, props.me.name.to_string());
    use_first_value(&status, status_now.unwrap_or_default().to_owned());
    let has_password = profiles.role(me) > Role::Guest;
    html! {
        <div class="form account">
            <p class="account-said" role="status" hidden={said.is_empty()}>{ &*said }</p>
            { looks((name, status), &props.me, (asked.or(color), &choose), &wish, &locale) }
            { secret((old, new), has_password, &wish, &words.people) }
            { sessions(&account, link.as_ref(), &wish, &locale) }
        </div>
    }
}

/// Why something did not happen, as a sentence.
pub(crate) fn explain(words: &Words, failure: &Failure) -> String {
    match failure {
        Failure::Unreachable => words.sign_in_unreachable.to_owned(),
        Failure::Refused(problem) => words.people.could_not(&words.problem(problem)),
    }
}

fn value(field: &NodeRef) -> String {
    let input = field.cast::<HtmlInputElement>();
    input.map(|input| input.value()).unwrap_or_default()
}

fn change(fields: &[(&str, JsValue)]) -> Wish {
    Wish::Change(json::object(fields))
}
