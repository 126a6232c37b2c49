//! Where the bytes of files are: each under the SHA-256 of what it holds, so that nothing is there twice.
//!
//! `files/incoming` has what is on its way, `files/ab/abcd…` what is whole; an image's small form has `.small` behind its name.
//! The folders are made when they are needed.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The folder's name in the data directory.
const FOLDER: &str = "files";

/// The SHA-256 of a file's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Hash {
    fn parse(name: &str) -> Option<Self> {
        let mut hash = [0; 32];
        for (at, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(name.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        (name.len() == 64).then_some(Self(hash))
    }
}

/// The store.
#[derive(Debug, Clone)]
pub struct Blobs(PathBuf);

impl Blobs {
    pub(super) fn new(data: &Path) -> Self {
        Self(data.join(FOLDER))
    }

    /// Where uploads are on their way.
    #[must_use]
    pub fn incoming(&self) -> PathBuf {
        self.0.join("incoming")
    }

    /// Where a file is, or its small form.
    #[must_use]
    pub fn path(&self, hash: Hash, small: bool) -> PathBuf {
        let name = hash.to_string();
        let suffix = if small { ".small" } else { "" };
        self.0.join(&name[..2]).join(format!("{name}{suffix}"))
    }

    /// Everything that is in the store.
    pub(super) fn all(&self) -> Vec<Hash> {
        let folders = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let files = folders.filter_map(|folder| fs::read_dir(folder.path()).ok());
        let names = files.flatten().flatten().map(|file| file.file_name());
        names
            .filter_map(|name| Hash::parse(name.to_str()?))
            .collect()
    }

    /// Moves what was written through to the disk to its place. What is there already stays.
    pub(super) fn take(&self, hash: Hash, bytes: &Path, small: Option<&Path>) -> io::Result<()> {
        let place = self.path(hash, false);
        let folder = place.parent().unwrap_or(&self.0);
        fs::create_dir_all(folder)?;
        if let Some(small) = small {
            fs::rename(small, self.path(hash, true))?;
        }
        if place.exists() {
            fs::remove_file(bytes)?;
        } else {
            fs::rename(bytes, &place)?;
        }
        File::open(folder)?.sync_all()?;
        File::open(&self.0)?.sync_all()
    }

    /// Removes a file and its small form; one that is not there is no error.
    pub(super) fn remove(&self, hash: Hash) -> io::Result<()> {
        for small in [true, false] {
            match fs::remove_file(self.path(hash, small)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}
