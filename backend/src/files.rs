//! Files on their way in: written to the disk as they come, looked at when they are whole, and handed to the store.
//!
//! Nothing that a client says about a file is believed but its name, and of that only what is harmless. It must never hold a
//! whole file in memory that is no image, never decode more than one image at a time, and never know of HTTP.

mod image;
mod incoming;
mod strip;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Buf;
use futures_util::Stream;
use shared::http::Upload;
use shared::ids::{FileId, PersonId, Timestamp};
use shared::limits;
use shared::problem::Problem;
use shared::protocol::Attachment;
use shared::text::FileName;
use tokio::sync::Semaphore;

use crate::clock;
use crate::engine::operations::files::Bring;
use crate::rooms::Rooms;

use self::incoming::{Incoming, Whole};

/// Milliseconds after which a part may come again that met an earlier one of the same file.
const BUSY_RETRY_MS: u64 = 1_000;

/// What is allowed; the defaults are the limits of the protocol.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of all files.
    pub all_bytes: u64,
    /// Bytes of what one person brings within a day.
    pub day_bytes: u64,
    /// For an upload to bring something.
    pub silence: Duration,
    /// Between two looks for files that nobody needs.
    pub sweep: Duration,
    /// Until an upload goes that no message holds.
    pub kept: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: limits::FILE_BYTES,
            all_bytes: 20 * 1024 * 1024 * 1024,
            day_bytes: limits::FILE_BYTES_PER_DAY,
            silence: Duration::from_millis(limits::UPLOAD_SILENCE_MS),
            sweep: Duration::from_secs(60),
            kept: Duration::from_millis(limits::UPLOAD_KEPT_MS),
        }
    }
}

/// Part of a file, as its bringer describes it.
#[derive(Debug, Clone)]
pub struct Part {
    /// Which file.
    pub id: FileId,
    /// What it is called.
    pub name: FileName,
    /// Bytes of the whole.
    pub size: u64,
    /// Where this part begins.
    pub from: u64,
}

/// The files of a server.
#[derive(Debug)]
pub struct Files {
    rooms: Arc<Rooms>,
    limits: Limits,
    /// Those of which a part is coming in.
    busy: Mutex<HashSet<FileId>>,
    looking: Arc<Semaphore>,
}

impl Files {
    /// Of these rooms.
    #[must_use]
    pub fn new(rooms: Arc<Rooms>, limits: Limits) -> Self {
        Self {
            rooms,
            limits,
            busy: Mutex::default(),
            looking: Arc::new(Semaphore::new(1)),
        }
    }

    /// Takes part of a file, or, without a body, says how much of it is held.
    pub async fn receive<B: Buf, E>(
        &self,
        me: PersonId,
        part: Part,
        body: Option<impl Stream<Item = Result<B, E>>>,
    ) -> Result<Upload, Problem> {
        if self.rooms.is_draining() {
            return Err(Problem::Draining);
        }
        let limit = self.limits.file_bytes;
        if part.size == 0 || part.size > limit {
            return Err(Problem::BadFileSize { limit });
        }
        match self.rooms.engine().brought(part.id).await? {
            Some((person, file)) if person == me => return Ok(whole(file)),
            Some(_) => return Err(Problem::NoSuchFile),
            None => {}
        }
        let _turn = self.turn(part.id)?;
        let incoming = Incoming::of(self.rooms.engine().blobs(), me, part.id);
        let mut held = incoming.held().await?;
        if let Some(body) = body {
            if part.from != held {
                return Err(Problem::WrongPlace { held });
            }
            if held == 0 {
                self.check_room(me, &incoming, part.size).await?;
            }
            held = incoming
                .append(held, part.size, self.limits.silence, body)
                .await
                .map_err(|fault| fault.problem(limit))?;
        }
        if held < part.size {
            return Ok(Upload { held, file: None });
        }
        self.finish(me, part, &incoming).await.map(whole)
    }

    /// Looks at a file that is whole, and puts it into the store.
    async fn finish(
        &self,
        me: PersonId,
        part: Part,
        incoming: &Incoming,
    ) -> Result<Attachment, Problem> {
        let looked_at = incoming.look(&self.looking).await;
        if matches!(looked_at, Err(Problem::ImageTooLarge { .. })) {
            incoming.forget().await;
        }
        let Whole {
            hash,
            size,
            image,
            bytes,
            small,
        } = looked_at?;
        let file = Attachment {
            id: part.id,
            name: part.name,
            size,
            image: image.map(|(_, extent)| extent),
        };
        let bring = Bring {
            person: me,
            file,
            hash,
            kind: image.map(|(kind, _)| kind),
            bytes,
            small,
            at: clock::now(),
        };
        let file = self.rooms.engine().bring(bring).await?;
        incoming.forget().await;
        Ok(file)
    }

    /// Whether one more file may come.
    async fn check_room(
        &self,
        me: PersonId,
        incoming: &Incoming,
        size: u64,
    ) -> Result<(), Problem> {
        const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
        let limit = limits::UPLOADS_UNFINISHED;
        if incoming.others().await? >= limit {
            return Err(Problem::TooManyUploads { limit });
        }
        let since = Timestamp(clock::now().0.saturating_sub(DAY_MS));
        let amounts = self.rooms.engine().amounts(me, since).await?;
        if amounts.of_person + size > self.limits.day_bytes
            || amounts.in_all + size > self.limits.all_bytes
        {
            return Err(Problem::NoRoomForFiles);
        }
        Ok(())
    }

    /// One part of a file at a time.
    fn turn(&self, id: FileId) -> Result<Turn<'_>, Problem> {
        let mut busy = self.busy.lock().unwrap_or_else(|error| error.into_inner());
        if !busy.insert(id) {
            let retry_after_ms = BUSY_RETRY_MS;
            return Err(Problem::Overloaded { retry_after_ms });
        }
        Ok(Turn { files: self, id })
    }

    /// The rooms whose messages hold them.
    #[must_use]
    pub fn rooms(&self) -> &Arc<Rooms> {
        &self.rooms
    }

    /// Lets go of what nobody needs, from time to time, for ever.
    pub async fn sweep(self: Arc<Self>) {
        let mut times = tokio::time::interval(self.limits.sweep);
        if let Err(problem) = self.rooms.engine().find_strays().await {
            tracing::warn!(%problem, "it is not known which files nobody needs");
        }
        loop {
            times.tick().await;
            let kept = u64::try_from(self.limits.kept.as_millis()).unwrap_or(u64::MAX);
            let before = Timestamp(clock::now().0.saturating_sub(kept));
            if let Err(problem) = self.rooms.engine().sweep_files(before).await {
                tracing::warn!(%problem, "files that nobody needs stay for now");
            }
            incoming::sweep(self.rooms.engine().blobs(), self.limits.kept).await;
        }
    }
}

fn whole(file: Attachment) -> Upload {
    Upload {
        held: file.size,
        file: Some(file),
    }
}

/// The right to write a file, given back when it is dropped.
struct Turn<'a> {
    files: &'a Files,
    id: FileId,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut busy = self.files.busy.lock().unwrap_or_else(|e| e.into_inner());
        busy.remove(&self.id);
    }
}
