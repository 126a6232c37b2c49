//! What the engine does for files. Their bytes come over HTTP; here are the rows that speak of them.

use shared::ids::{FileId, PersonId, Timestamp};
use shared::problem::Problem;
use shared::protocol::Attachment;

use super::Engine;
use super::blobs::Blobs;
use super::operations::files::{Bring, BringTo, Doom, Sweep};
use super::queries::files::{self, Amounts, Seen};

impl Engine {
    /// Where the bytes are.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Takes a whole file into the store. The answer is what it is, also when it was brought before.
    pub async fn bring(&self, bring: Bring) -> Result<Attachment, Problem> {
        let blobs = self.blobs.clone();
        self.write(BringTo { bring, blobs }).await
    }

    /// A file, if the reader may see it.
    pub async fn see_file(&self, reader: PersonId, file: FileId) -> Result<Option<Seen>, Problem> {
        self.readers
            .ask(move |log| files::see(log, reader, file))
            .await
    }

    /// Who has brought a file, and what it is.
    pub async fn brought(&self, file: FileId) -> Result<Option<(PersonId, Attachment)>, Problem> {
        self.readers.ask(move |log| files::brought(log, file)).await
    }

    /// How much a person has brought since a moment, and how much there is.
    pub async fn amounts(&self, person: PersonId, since: Timestamp) -> Result<Amounts, Problem> {
        self.readers
            .ask(move |log| files::amounts(log, person, since))
            .await
    }

    /// Finds bytes in the store that no file has, as a crash in the middle of a commit leaves them. They go with the next
    /// sweep.
    pub async fn find_strays(&self) -> Result<(), Problem> {
        let blobs = self.blobs.clone();
        let strays = self
            .readers
            .ask(move |log| files::strays(log, blobs.all()))
            .await?;
        if !strays.is_empty() {
            self.write(Doom(strays)).await?;
        }
        Ok(())
    }

    /// Lets go of files that no message holds and that were brought before a moment, and of bytes that nobody needs.
    pub async fn sweep_files(&self, before: Timestamp) -> Result<(), Problem> {
        while self
            .readers
            .ask(move |log| files::to_sweep(log, before))
            .await?
        {
            let blobs = self.blobs.clone();
            let more = self.write(Sweep { blobs, before }).await?;
            if !more {
                break;
            }
        }
        Ok(())
    }
}
