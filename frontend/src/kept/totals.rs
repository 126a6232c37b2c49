//! The totals of the proof of delivery, over all tabs and people of this browser: a record for each time that a tab has
//! added something, so that none needs to read before it writes.

use serde::Serialize;
use shared::json::FromJson;
use shared::session::proof::Proof;
use shared::wire;

use super::{Kept, TOTALS};
use crate::browser::database::{Mode, Refused, texts};
use crate::browser::random;

/// Records above which they are made one.
const RECORDS: usize = 32;

#[derive(Debug, Default, Serialize, FromJson)]
#[serde(default)]
struct Counted {
    applied: u64,
    repeated: u64,
    early: u64,
    diverged: u64,
}

impl Kept {
    /// Adds what a tab has counted since it last did. It is begun at once, so that a page may go right after it.
    pub fn add(
        &self,
        counted: &Proof,
    ) -> Result<impl Future<Output = Result<(), Refused>> + use<>, Refused> {
        let transaction = self.0.begin(&[TOTALS], Mode::Write)?;
        let store = transaction.store(TOTALS)?;
        store.put_with_key(&text(counted).into(), &key())?;
        Ok(transaction.commit())
    }

    /// The totals of all tabs.
    pub async fn totals(&self) -> Result<Proof, Refused> {
        let transaction = self.0.begin(&[TOTALS], Mode::Write)?;
        let store = transaction.store(TOTALS)?;
        let records = texts(&store.get_all()?).await?;
        let read = |text: &String| wire::decode(text);
        let total = records.iter().filter_map(read).fold(Proof::default(), sum);
        if records.len() > RECORDS {
            store.clear()?;
            store.put_with_key(&text(&total).into(), &key())?;
        }
        transaction.commit().await?;
        Ok(total)
    }
}

fn sum(total: Proof, counted: Counted) -> Proof {
    Proof {
        applied: total.applied + counted.applied,
        repeated: total.repeated + counted.repeated,
        early: total.early + counted.early,
        diverged: total.diverged + counted.diverged,
    }
}

fn text(counted: &Proof) -> String {
    wire::encode(&Counted {
        applied: counted.applied,
        repeated: counted.repeated,
        early: counted.early,
        diverged: counted.diverged,
    })
}

fn key() -> wasm_bindgen::JsValue {
    random::client_id().to_string().into()
}
