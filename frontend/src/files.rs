//! Files that a person sends, as long as this browser has to hold them: their bytes, and addresses under which the page shows
//! them. The server's addresses are here as well.

pub mod upload;

use std::cell::RefCell;
use std::rc::Rc;

use shared::ids::{FileId, PersonId};
use shared::protocol::{Attachment, Extent};
use shared::text::FileName;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, Url};

use crate::api::{self, json};
use crate::browser::{random, window};

/// What browsers show as an image and the server takes for one.
const KINDS: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

#[derive(Debug)]
struct Local {
    id: FileId,
    blob: Blob,
    url: Option<String>,
}

/// The files that are held. Copies are of the same ones.
#[derive(Debug, Clone, Default)]
pub struct Files(Rc<RefCell<Vec<Local>>>);

impl PartialEq for Files {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Files {
    /// Holds a file.
    pub fn put(&self, id: FileId, blob: Blob) {
        if self.blob(id).is_none() {
            let url = Url::create_object_url_with_blob(&blob).ok();
            self.0.borrow_mut().push(Local { id, blob, url });
        }
    }

    /// The bytes of a file that is held.
    #[must_use]
    pub fn blob(&self, id: FileId) -> Option<Blob> {
        let held = self.0.borrow();
        let mut held = held.iter().filter(|one| one.id == id);
        held.next().map(|one| one.blob.clone())
    }

    /// An address of it for this page.
    #[must_use]
    pub fn url(&self, id: FileId) -> Option<String> {
        let held = self.0.borrow();
        let mut held = held.iter().filter(|one| one.id == id);
        held.next().and_then(|one| one.url.clone())
    }

    /// Which are held.
    #[must_use]
    pub fn ids(&self) -> Vec<FileId> {
        self.0.borrow().iter().map(|one| one.id).collect()
    }

    /// Holds a file no more.
    pub fn forget(&self, id: FileId) {
        self.0.borrow_mut().retain(|one| {
            if one.id == id
                && let Some(url) = &one.url
            {
                let _ = Url::revoke_object_url(url);
            }
            one.id != id
        });
    }
}

/// What a file is, as far as the browser knows.
pub async fn describe(file: &File) -> Attachment {
    Attachment {
        id: FileId(random::client_id().0),
        name: FileName::of(&file.name()),
        size: file.size() as u64,
        image: extent(file).await,
    }
}

/// How large an image is, held as it is to be seen.
async fn extent(file: &File) -> Option<Extent> {
    if !KINDS.contains(&file.type_().as_str()) {
        return None;
    }
    let bitmap = window().create_image_bitmap_with_blob(file).ok()?;
    let bitmap = JsFuture::from(bitmap).await.ok()?;
    let side = |name| u32::try_from(json::number(&bitmap, name)).ok();
    Some(Extent {
        width: side("width").filter(|width| *width > 0)?,
        height: side("height")?,
    })
}

/// Where the server has a file, for this person.
#[must_use]
pub fn address(file: FileId, me: PersonId) -> String {
    api::address(&format!("/files/{file}"), me)
}

/// The same of an image's small form.
#[must_use]
pub fn small_address(file: FileId, me: PersonId) -> String {
    api::address(&format!("/files/{file}/small"), me)
}
