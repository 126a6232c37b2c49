//! What people arrange about themselves: what others see, the password, and where they are signed in.

mod profile;
mod secret;
mod sessions;

pub mod shown_link;

use shared::http::{Account, AccountChange};
use shared::protocol::Person;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::profile::Looks;
use self::secret::Secret;
use self::sessions::Sessions;
use crate::api::{self, Failure, address};
use crate::locale::use_locale;
use crate::locale::words::Words;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct AccountDialogProps {
    pub me: Person,
}

/// The content of the dialog, asked for anew each time it is shown.
#[component]
pub fn AccountDialog(props: &AccountDialogProps) -> Html {
    let words = use_locale().words;
    let me = props.me.id;
    let account = use_state(|| None::<Account>);
    let said = use_state(String::new);
    let told = {
        let (account, said) = (account.setter(), said.setter());
        move |answer: Result<Account, Failure>, success: &'static str| match answer {
            Ok(new) => {
                account.set(Some(new));
                said.set(success.to_owned());
            }
            Err(failure) => said.set(explain(words, &failure)),
        }
    };
    let ask = use_callback((), {
        let told = told.clone();
        move |(), ()| {
            let told = told.clone();
            spawn_local(async move { told(api::get(&address("/account", me)).await, "") });
        }
    });
    use_effect_with((), {
        let ask = ask.clone();
        move |()| ask.emit(())
    });
    let change = Callback::from(move |change: AccountChange| {
        let told = told.clone();
        spawn_local(async move {
            let answer = api::post(&address("/account", me), &change).await;
            told(answer, words.people.saved);
        });
    });
    let failed = {
        let said = said.setter();
        Callback::from(move |failure: Failure| said.set(explain(words, &failure)))
    };
    let Some(account) = &*account else {
        return html! { <p class="late" role="status">{ if said.is_empty() { words.starting } else { &**said } }</p> };
    };
    html! {
        <div class="form account">
            <p class="account-said" role="status" hidden={said.is_empty()}>{ &*said }</p>
            <Looks profile={account.profile.clone()} change={change.clone()} />
            <Secret has_password={account.has_password} {change} />
            <Sessions {me} sessions={account.sessions.clone()} changed={ask} {failed} />
        </div>
    }
}

/// Why something did not happen, as a sentence.
pub(crate) fn explain(words: &Words, failure: &Failure) -> String {
    match failure {
        Failure::Unreachable => words.sign_in_unreachable.to_owned(),
        Failure::Refused(problem) => (words.people.could_not)(&(words.problem)(problem)),
    }
}

fn value(field: &NodeRef) -> String {
    let input = field.cast::<HtmlInputElement>();
    input.map(|input| input.value()).unwrap_or_default()
}
