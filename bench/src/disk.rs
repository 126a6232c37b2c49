//! What the disk itself takes, measured where the database is.

use std::fs::OpenOptions;
use std::io::Write;
use std::time::Instant;

use anyhow::Result;

use crate::figures::{FSYNC, FSYNC_RATE, Sample, per_second};
use crate::stats::Waits;
use crate::system::Place;

/// What a small commit appends to SQLite's log: one page.
const BLOCK_BYTES: usize = 4096;

/// Appends a block and waits for the disk, again and again.
///
/// # Errors
/// When the file cannot be written.
pub fn measure(place: &Place, times: usize, sample: &mut Sample) -> Result<()> {
    let folder = place.folder()?;
    let mut file = OpenOptions::new()
        .create_new(true)
        .append(true)
        .open(folder.path().join("fsync"))?;
    let mut waits = Waits::default();
    let began = Instant::now();
    for _ in 0..times {
        let one = Instant::now();
        file.write_all(&[7; BLOCK_BYTES])?;
        file.sync_data()?;
        waits.push(one.elapsed());
    }
    sample.put(FSYNC_RATE, per_second(times as u64, began.elapsed()));
    for (figure, permille) in FSYNC.into_iter().zip([500, 990]) {
        sample.put(figure, waits.permille_ms(permille));
    }
    Ok(())
}
