//! The bytes of files that wait to be sent. The browser keeps them on its disk; what is read back are handles.

use js_sys::Array;
use shared::ids::{FileId, PersonId};
use shared::wire;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, IdbKeyRange};

use super::{FILES, Kept, TEXTS, Unsent, text_key};
use crate::browser::database::{Mode, Refused, answer};

fn key(person: PersonId, file: FileId) -> JsValue {
    format!("{person}.{file}").into()
}

/// All files of a person: ids are written in hexadecimal digits.
fn all(person: PersonId) -> Result<JsValue, Refused> {
    let (first, last) = (format!("{person}."), format!("{person}.g"));
    Ok(IdbKeyRange::bound(&first.into(), &last.into())?.into())
}

impl Kept {
    /// Keeps a file with the text that it belongs to, so that neither is there without the other.
    pub fn keep_file(
        &self,
        person: PersonId,
        file: FileId,
        blob: &Blob,
        unsent: &Unsent,
    ) -> Result<impl Future<Output = Result<(), Refused>> + use<>, Refused> {
        let transaction = self.0.begin(&[FILES, TEXTS], Mode::Write)?;
        let files = transaction.store(FILES)?;
        files.put_with_key(blob, &key(person, file))?;
        let texts = transaction.store(TEXTS)?;
        let text_key = text_key(person, &unsent.room.to_string());
        texts.put_with_key(&wire::encode(unsent).into(), &text_key)?;
        Ok(transaction.commit())
    }

    /// A file of a person.
    pub async fn file(&self, person: PersonId, file: FileId) -> Result<Option<Blob>, Refused> {
        let transaction = self.0.begin(&[FILES], Mode::Read)?;
        let found = transaction.store(FILES)?.get(&key(person, file))?;
        Ok(answer(&found).await?.dyn_into().ok())
    }

    /// All files of a person.
    pub async fn files(&self, person: PersonId) -> Result<Vec<(FileId, Blob)>, Refused> {
        let transaction = self.0.begin(&[FILES], Mode::Read)?;
        let store = transaction.store(FILES)?;
        let range = all(person)?;
        let (keys, blobs) = (
            store.get_all_keys_with_key(&range)?,
            store.get_all_with_key(&range)?,
        );
        let keys = Array::from(&answer(&keys).await?);
        let blobs = Array::from(&answer(&blobs).await?);
        let file = |(key, blob): (JsValue, JsValue)| {
            let key = key.as_string()?;
            let (_, id) = key.split_once('.')?;
            Some((id.parse().ok()?, blob.dyn_into().ok()?))
        };
        Ok(keys.iter().zip(blobs.iter()).filter_map(file).collect())
    }

    /// Forgets some files.
    pub async fn forget_files(&self, person: PersonId, files: &[FileId]) -> Result<(), Refused> {
        let transaction = self.0.begin(&[FILES], Mode::Write)?;
        let store = transaction.store(FILES)?;
        for file in files {
            store.delete(&key(person, *file))?;
        }
        transaction.commit().await
    }

    pub(super) async fn forget_all_files(&self, person: PersonId) -> Result<(), Refused> {
        let transaction = self.0.begin(&[FILES], Mode::Write)?;
        transaction.store(FILES)?.delete(&all(person)?)?;
        transaction.commit().await
    }
}
