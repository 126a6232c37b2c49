//! Pipes: connections without an upgrade, made of plain requests (rules W1 to W10).
//!
//! To the connection's task a pipe is a socket like any other. Requests bring what the client says and fetch what it is to
//! hear: as a stream of events, or by polls that wait or do not. This module must never know what the messages say.

mod costs;
mod ends;
mod requests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use crate::engine::session::TokenHash;
use crate::random;

use self::costs::Costs;
use self::ends::Far;

pub(super) use self::costs::Metered;
pub(super) use self::requests::{allowed, answer};

/// How long the last words of a connection wait to be fetched.
const LAST_WORDS: Duration = Duration::from_secs(30);

/// Every pipe.
#[derive(Debug, Default)]
pub struct Pipes(Mutex<HashMap<PipeId, Arc<Pipe>>>);

/// Which pipe: 128 random bits.
type PipeId = u128;

/// One pipe.
#[derive(Debug)]
struct Pipe {
    /// The session that made it, the only one that may use it.
    token: TokenHash,
    far: Far,
    costs: Arc<Costs>,
}

impl Pipes {
    fn add(&self, token: TokenHash, far: Far, costs: Arc<Costs>) -> PipeId {
        let id = random::client_id().0;
        let pipe = Arc::new(Pipe { token, far, costs });
        self.lock().insert(id, pipe);
        id
    }

    fn find(&self, id: PipeId) -> Option<Arc<Pipe>> {
        self.lock().get(&id).cloned()
    }

    /// Nobody uses it any more: its connection ends.
    fn remove(&self, id: PipeId) {
        let removed = self.lock().remove(&id);
        if let Some(pipe) = removed {
            pipe.far.close();
        }
    }

    /// How many a session has, those included that have ended and may still be heard.
    fn of(&self, token: TokenHash) -> usize {
        let pipes = self.lock();
        pipes.values().filter(|pipe| pipe.token == token).count()
    }

    fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether somebody may still come to hear how their connection ended.
    #[must_use]
    pub fn have_last_words(&self) -> bool {
        self.lock().values().any(|pipe| pipe.far.has_last_words())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PipeId, Arc<Pipe>>> {
        // Nothing in this file panics while it holds the lock.
        self.0.lock().unwrap_or_else(|error| error.into_inner())
    }
}

/// Forgets a pipe some time after its connection has ended.
async fn forget(pipes: Arc<Pipes>, id: PipeId) {
    tokio::time::sleep(LAST_WORDS).await;
    pipes.remove(id);
}
