//! An upload on the disk: what has come so far is the length of its file, which survives a restart.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Buf;
use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use shared::ids::{FileId, PersonId};
use shared::problem::Problem;
use shared::protocol::Extent;
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::image::{self, Image};
use crate::engine::STORAGE_RETRY_MS;
use crate::engine::blobs::{Blobs, Hash};

/// Bytes that are read at once where a file is not held as a whole.
const STEP: usize = 64 * 1024;

/// Where one upload is.
#[derive(Debug, Clone)]
pub(super) struct Incoming {
    folder: PathBuf,
    person: PersonId,
    /// As it comes.
    raw: PathBuf,
}

/// A file that is whole, as it is to be kept.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) hash: Hash,
    pub(super) size: u64,
    /// The media type and the size of an image that can be shown.
    pub(super) image: Option<(&'static str, Extent)>,
    pub(super) bytes: PathBuf,
    pub(super) small: Option<PathBuf>,
}

/// Why a part did not come to its end. What has come stays.
#[derive(Debug)]
pub(super) enum Broken {
    /// The line broke, or nothing came for too long.
    Line,
    /// More came than was said.
    TooLong,
    /// The disk did not take it.
    Disk(io::Error),
}

impl Broken {
    pub(super) fn problem(&self, limit: u64) -> Problem {
        match self {
            Self::Line => Problem::Malformed {
                detail: "the body broke off".to_owned(),
            },
            Self::TooLong => Problem::BadFileSize { limit },
            Self::Disk(error) => unavailable(error),
        }
    }
}

fn unavailable(error: &io::Error) -> Problem {
    tracing::error!(%error, "a file cannot be written");
    let retry_after_ms = STORAGE_RETRY_MS;
    Problem::StorageUnavailable { retry_after_ms }
}

impl Incoming {
    pub(super) fn of(blobs: &Blobs, person: PersonId, id: FileId) -> Self {
        let folder = blobs.incoming();
        Self {
            raw: folder.join(format!("{person}-{id}")),
            folder,
            person,
        }
    }

    /// How much has come.
    pub(super) async fn held(&self) -> Result<u64, Problem> {
        match tokio::fs::metadata(&self.raw).await {
            Ok(known) => Ok(known.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(unavailable(&error)),
        }
    }

    /// How many uploads of the same person are unfinished.
    pub(super) async fn others(&self) -> Result<usize, Problem> {
        let (folder, person) = (self.folder.clone(), self.person.to_string());
        let count = spawn_blocking(move || match fs::read_dir(folder) {
            Ok(all) => {
                let names = all.filter_map(|one| Some(one.ok()?.file_name()));
                let own = |name: &std::ffi::OsString| {
                    name.to_str().is_some_and(|name| name.starts_with(&person))
                };
                Ok(names.filter(own).count())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        });
        settled(count.await).map_err(|error| unavailable(&error))
    }

    /// Writes what comes behind what is held, and says how much that is then.
    pub(super) async fn append<B: Buf, E>(
        &self,
        held: u64,
        size: u64,
        silence: Duration,
        body: impl Stream<Item = Result<B, E>>,
    ) -> Result<u64, Broken> {
        let open = async {
            tokio::fs::create_dir_all(&self.folder).await?;
            let mut options = tokio::fs::OpenOptions::new();
            options.create(true).append(true).open(&self.raw).await
        };
        let mut file = open.await.map_err(Broken::Disk)?;
        let written = write(&mut file, held, size, silence, body).await;
        // What has come counts, also when the line broke.
        file.flush().await.map_err(Broken::Disk)?;
        written
    }

    /// Finds out what a whole file is, and writes it down as it is to be kept. One at a time: an image is decoded for it.
    pub(super) async fn look(&self, looking: &Arc<Semaphore>) -> Result<Whole, Problem> {
        let Ok(turn) = Arc::clone(looking).acquire_owned().await else {
            return Err(Problem::Draining);
        };
        let this = self.clone();
        let looked = spawn_blocking(move || {
            let looked = this.look_now();
            drop(turn);
            looked
        });
        match looked.await {
            Ok(looked) => looked,
            Err(error) => Err(unavailable(&io::Error::other(error))),
        }
    }

    fn look_now(&self) -> Result<Whole, Problem> {
        let start = start_of(&self.raw).map_err(|error| unavailable(&error))?;
        if image::sniff(&start).is_some() {
            let bytes = fs::read(&self.raw).map_err(|error| unavailable(&error))?;
            if let Some(image) = image::look(&bytes)? {
                return self.keep(&image).map_err(|error| unavailable(&error));
            }
        }
        self.keep_as_it_is().map_err(|error| unavailable(&error))
    }

    fn keep(&self, image: &Image) -> io::Result<Whole> {
        let bytes = self.raw.with_extension("clean");
        write_through(&bytes, &image.bytes)?;
        let small = match &image.small {
            Some(small) => {
                let path = self.raw.with_extension("small");
                write_through(&path, small)?;
                Some(path)
            }
            None => None,
        };
        Ok(Whole {
            hash: Hash(Sha256::digest(&image.bytes).into()),
            size: image.bytes.len() as u64,
            image: Some((image.kind, image.extent)),
            bytes,
            small,
        })
    }

    fn keep_as_it_is(&self) -> io::Result<Whole> {
        let mut raw = File::open(&self.raw)?;
        let mut hash = Sha256::new();
        let mut step = vec![0; STEP];
        let mut size = 0;
        loop {
            let length = raw.read(&mut step)?;
            if length == 0 {
                break;
            }
            hash.update(&step[..length]);
            size += length as u64;
        }
        raw.sync_all()?;
        Ok(Whole {
            hash: Hash(hash.finalize().into()),
            size,
            image: None,
            bytes: self.raw.clone(),
            small: None,
        })
    }

    /// Removes whatever is left of it.
    pub(super) async fn forget(&self) {
        for path in [
            self.raw.clone(),
            self.raw.with_extension("clean"),
            self.raw.with_extension("small"),
        ] {
            // Most often it was moved; what cannot be removed is swept later.
            let _ = tokio::fs::remove_file(path).await;
        }
    }
}

async fn write<B: Buf, E>(
    file: &mut tokio::fs::File,
    mut held: u64,
    size: u64,
    silence: Duration,
    body: impl Stream<Item = Result<B, E>>,
) -> Result<u64, Broken> {
    let mut body = pin!(body);
    loop {
        let next = tokio::time::timeout(silence, body.next()).await;
        let mut piece = match next {
            Ok(Some(Ok(piece))) => piece,
            Ok(None) => return Ok(held),
            Ok(Some(Err(_))) | Err(_) => return Err(Broken::Line),
        };
        held += piece.remaining() as u64;
        if held > size {
            return Err(Broken::TooLong);
        }
        file.write_all_buf(&mut piece).await.map_err(Broken::Disk)?;
    }
}

fn start_of(path: &PathBuf) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    let mut file = File::open(path)?.take(image::START as u64);
    file.read_to_end(&mut start).map(|_| start)
}

fn write_through(path: &PathBuf, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn settled<T>(outcome: Result<io::Result<T>, tokio::task::JoinError>) -> io::Result<T> {
    outcome.unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// Removes uploads that nobody goes on with.
pub(super) async fn sweep(blobs: &Blobs, kept: Duration) {
    let folder = blobs.incoming();
    let swept = spawn_blocking(move || sweep_now(&folder, kept));
    if let Err(error) = settled(swept.await)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "unfinished uploads stay for now");
    }
}

fn sweep_now(folder: &PathBuf, kept: Duration) -> io::Result<()> {
    let now = SystemTime::now();
    for upload in fs::read_dir(folder)? {
        let upload = upload?;
        // One that has just come to its end is there no more.
        let age = upload.metadata().and_then(|known| known.modified());
        let age = age.ok().and_then(|at| now.duration_since(at).ok());
        if age.is_some_and(|age| age > kept) {
            fs::remove_file(upload.path())?;
        }
    }
    Ok(())
}
