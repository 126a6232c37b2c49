//! Who sends, where the browser has no locks: a record that names a tab and ends unless that tab renews it.

use serde::Serialize;
use shared::ids::PersonId;
use shared::json::FromJson;
use shared::wire;

use super::{Kept, LEASES};
use crate::browser::database::{Mode, Refused, answer};

/// Milliseconds that a lease lasts, by the wall clock, which all tabs share.
pub(super) const LEASE_MS: u64 = 5_000;

#[derive(Debug, Serialize, FromJson)]
struct Lease {
    tab: u64,
    until: u64,
}

impl Kept {
    /// Takes or renews the lease for a tab, and says until when it has it; `None` while another tab does.
    pub async fn lease(
        &self,
        person: PersonId,
        tab: u64,
        now: u64,
    ) -> Result<Option<u64>, Refused> {
        let transaction = self.0.begin(&[LEASES], Mode::Write)?;
        let store = transaction.store(LEASES)?;
        let key = person.to_string().into();
        let text = answer(&store.get(&key)?).await?.as_string();
        let lease: Option<Lease> = text.and_then(|text| wire::decode(&text));
        let runs = |lease: &Lease| now < lease.until && lease.until - now <= LEASE_MS;
        if lease.is_some_and(|lease| lease.tab != tab && runs(&lease)) {
            transaction.commit().await?;
            return Ok(None);
        }
        let until = now + LEASE_MS;
        store.put_with_key(&wire::encode(&Lease { tab, until }).into(), &key)?;
        transaction.commit().await?;
        Ok(Some(until))
    }

    /// Gives the lease back, if this tab has it.
    pub async fn end_lease(&self, person: PersonId, tab: u64) -> Result<(), Refused> {
        let transaction = self.0.begin(&[LEASES], Mode::Write)?;
        let store = transaction.store(LEASES)?;
        let key = person.to_string().into();
        let text = answer(&store.get(&key)?).await?.as_string();
        let lease: Option<Lease> = text.and_then(|text| wire::decode(&text));
        if lease.is_some_and(|lease| lease.tab == tab) {
            store.delete(&key)?;
        }
        transaction.commit().await
    }
}
