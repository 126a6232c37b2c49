//! Brings the file that the session needs next to the server, and lets go of files that nobody needs any more.

use shared::ids::{ClientId, FileId, PersonId};
use shared::problem::Problem;
use shared::protocol::Attachment;
use shared::session::io::Input;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;
use yew::prelude::*;

use crate::browser::clock;
use crate::chat::keeping::Step;
use crate::chat::{Chat, Msg};
use crate::files::Files;
use crate::files::upload::{Line, bring};
use crate::kept::{Kept, Unsent};

/// How often, and after how many milliseconds each, a file is looked for that another tab may be keeping just now.
const LOOKS: u32 = 3;
const LOOK_MS: u32 = 700;

/// A file on its way. Dropped, it stays where it is.
#[derive(Debug)]
pub(super) struct Uploading {
    file: FileId,
    line: Line,
}

impl Drop for Uploading {
    fn drop(&mut self) {
        self.line.give_up();
    }
}

impl Chat {
    /// Brings what is wanted, if that is not on its way already.
    pub(super) fn upload(&mut self, ctx: &Context<Self>) {
        let next = self.wanted_file();
        if self.uploading.as_ref().map(|it| it.file) == next.as_ref().map(|(_, file)| file.id) {
            return;
        }
        self.uploading = None;
        let me = self.session.borrow().me().map(|me| me.id);
        let (Some((client_id, file)), Some(me)) = (next, me) else {
            return;
        };
        let line = Line::default();
        self.uploading = Some(Uploading {
            file: file.id,
            line: line.clone(),
        });
        let (files, kept, link) = (
            self.actions.files.clone(),
            self.open_store(),
            ctx.link().clone(),
        );
        spawn_local(async move {
            let id = file.id;
            let brought = match find(&files, kept, me, id).await {
                Some(blob) => bring(me, &file, &blob, &line).await,
                None => Some(Err(Problem::NoSuchFile)),
            };
            match brought {
                Some(Ok(())) => link.send_message(Msg::Input(Input::Uploaded { file: id })),
                Some(Err(problem)) => {
                    link.send_message(Msg::Input(Input::NotUploaded { client_id, problem }));
                }
                None => {}
            }
        });
    }

    fn wanted_file(&self) -> Option<(ClientId, Attachment)> {
        let session = self.session.borrow();
        let (draft, id) = session.next_upload()?;
        let mut files = draft.action.attachments().iter();
        let file = files.find(|file| file.id == id)?;
        Some((draft.client_id, file.clone()))
    }

    /// A file was put into a composer: it is kept together with the text that it belongs to.
    pub(super) fn attached(&mut self, ctx: &Context<Self>, unsent: &Unsent, id: FileId) {
        let (Some(kept), Some(me)) = (self.open_store(), self.person()) else {
            return;
        };
        let Some(blob) = self.actions.files.blob(id) else {
            return;
        };
        let keeping = kept.keep_file(me, id, &blob, unsent);
        let (link, client_id) = (ctx.link().clone(), unsent.client_id);
        spawn_local(async move {
            let kept = match keeping {
                Ok(keeping) => keeping.await,
                Err(refused) => Err(refused),
            };
            if kept.is_err() {
                link.send_message(Msg::Keeping(me, Step::Unkept(client_id)));
            }
        });
    }

    /// What neither waits in the outbox nor is in a composer is held no longer.
    pub(super) fn drop_files(&mut self) {
        let held = self.actions.files.ids();
        if held.is_empty() || !self.knows_what_is_kept() {
            return;
        }
        let drafts = self.session.borrow().drafts();
        let sent = drafts.iter().flat_map(|it| it.action.attachments());
        let mut used: Vec<FileId> = sent.map(|file| file.id).collect();
        used.extend(self.actions.texts.all_files());
        let unused: Vec<FileId> = held.into_iter().filter(|id| !used.contains(id)).collect();
        for id in &unused {
            self.actions.files.forget(*id);
        }
        if let (Some(kept), Some(me), false) = (self.open_store(), self.person(), unused.is_empty())
        {
            spawn_local(async move {
                // What stays takes room until the next time.
                let _ = kept.forget_files(me, &unused).await;
            });
        }
    }
}

/// A file of this tab, or one that another tab keeps.
async fn find(files: &Files, kept: Option<Kept>, me: PersonId, id: FileId) -> Option<Blob> {
    for look in 0..LOOKS {
        if let Some(blob) = files.blob(id) {
            return Some(blob);
        }
        if look > 0 {
            clock::pause(LOOK_MS).await;
        }
        if let Ok(Some(blob)) = kept.as_ref()?.file(me, id).await {
            files.put(id, blob);
        }
    }
    files.blob(id)
}
