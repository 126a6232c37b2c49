//! Bringing a file to the server: how much it holds is asked, the rest is sent, and what breaks is gone on with.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{JSON, Promise, encode_uri_component};
use shared::http::Refusal;
use shared::ids::{FileId, PersonId};
use shared::problem::Problem;
use shared::protocol::Attachment;
use shared::wire;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest};

use crate::api::{Failure, address, json};
use crate::browser::{clock, document};

/// Milliseconds until an upload is gone on with that broke off while the connection is live.
const AGAIN_MS: u32 = 2_000;

/// Lets an upload be given up from outside.
#[derive(Debug, Clone, Default)]
pub struct Line(Rc<RefCell<State>>);

#[derive(Debug, Default)]
struct State {
    given_up: bool,
    request: Option<XmlHttpRequest>,
}

impl Line {
    /// Ends the upload, wherever it is.
    pub fn give_up(&self) {
        let mut state = self.0.borrow_mut();
        state.given_up = true;
        if let Some(request) = state.request.take() {
            let _ = request.abort();
        }
    }

    fn is_given_up(&self) -> bool {
        self.0.borrow().given_up
    }
}

/// The id of what shows how far a file has come.
#[must_use]
pub fn progress_id(file: FileId) -> String {
    format!("upload-{file}")
}

/// Brings a file. None when it was given up.
pub async fn bring(
    me: PersonId,
    file: &Attachment,
    blob: &Blob,
    line: &Line,
) -> Option<Result<(), Problem>> {
    let size = blob.size() as u64;
    let name = String::from(encode_uri_component(&file.name));
    let mut held = None;
    while !line.is_given_up() {
        let (from, rest) = match held {
            None => (0, None),
            Some(held) => {
                let rest = blob.slice_with_f64(held as f64);
                (held, Some(rest.unwrap_or_else(|_| blob.clone())))
            }
        };
        let path = format!("/files/{}?name={name}&size={size}&from={from}", file.id);
        let address = address(&path, me);
        match put(&address, file.id, from, rest, line).await {
            Ok(answer) if json::flag(&answer, "file") => return Some(Ok(())),
            Ok(answer) => held = Some(json::number(&answer, "held")),
            Err(Failure::Refused(Problem::WrongPlace { held: there })) => held = Some(there),
            // Whose session has ended is signed in again, and goes on.
            Err(Failure::Unreachable | Failure::Refused(Problem::Unauthenticated)) => {
                held = None;
                clock::pause(AGAIN_MS).await;
            }
            Err(Failure::Refused(problem)) => return Some(Err(problem)),
        }
    }
    None
}

/// One request. (`fetch` does not say how much of a body has gone.)
async fn put(
    address: &str,
    file: FileId,
    from: u64,
    body: Option<Blob>,
    line: &Line,
) -> Result<JsValue, Failure> {
    let unreachable = |_| Failure::Unreachable;
    let request = XmlHttpRequest::new().map_err(unreachable)?;
    request.open("PUT", address).map_err(unreachable)?;
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if let Some(shown) = document().get_element_by_id(&progress_id(file)) {
            // Whole numbers: to write others takes the program 10 KB.
            let value = (from + event.loaded() as u64).to_string();
            let _ = shown.set_attribute("value", &value);
        }
    });
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    }
    line.0.borrow_mut().request = Some(request.clone());
    request
        .send_with_opt_blob(body.as_ref())
        .map_err(unreachable)?;
    JsFuture::from(ended).await.map_err(unreachable)?;
    let text = request.response_text().ok().flatten().unwrap_or_default();
    if matches!(request.status(), Ok(200..=299)) {
        return JSON::parse(&text).map_err(unreachable);
    }
    let refusal: Option<Refusal> = wire::decode(&text);
    Err(refusal.map_or(Failure::Unreachable, |it| Failure::Refused(it.error)))
}
