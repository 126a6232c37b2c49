//! Text that outlives a reload. Either store may be blocked or full; then nothing panics and the caller is told.

use web_sys::Storage;

use crate::browser::window;

/// Which of the browser's two stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// Of this tab, gone with it.
    Tab,
    /// Of this browser, shared by all tabs.
    Browser,
}

/// The browser would not keep it (blocked, private mode, or full).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotKept;

impl Store {
    fn open(self) -> Option<Storage> {
        let store = match self {
            Self::Tab => window().session_storage(),
            Self::Browser => window().local_storage(),
        };
        store.ok().flatten()
    }

    /// What is kept under `key`, if anything is and it can be read.
    #[must_use]
    pub fn get(self, key: &str) -> Option<String> {
        self.open()?.get_item(key).ok().flatten()
    }

    /// Keeps `text` under `key`.
    pub fn set(self, key: &str, text: &str) -> Result<(), NotKept> {
        let store = self.open().ok_or(NotKept)?;
        store.set_item(key, text).map_err(|_| NotKept)
    }

    /// Forgets what is under `key`. There is nothing to do when that fails.
    pub fn remove(self, key: &str) {
        if let Some(store) = self.open() {
            let _ = store.remove_item(key);
        }
    }

    /// The keys that start with `prefix`.
    #[must_use]
    pub fn keys(self, prefix: &str) -> Vec<String> {
        let Some(store) = self.open() else {
            return Vec::new();
        };
        let count = store.length().unwrap_or(0);
        let keys = (0..count).filter_map(|at| store.key(at).ok().flatten());
        keys.filter(|key| key.starts_with(prefix)).collect()
    }
}
