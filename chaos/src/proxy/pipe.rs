//! One direction of one connection.

use std::cell::Cell;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::time::{Instant, sleep};

use super::Weather;

/// Bytes taken at once.
const CHUNK_BYTES: usize = 8 * 1024;

/// The troubles of one direction.
#[derive(Debug, Default)]
pub(super) struct Lane {
    /// Breaks the connection after so many more bytes.
    pub(super) cut_after: Cell<Option<u64>>,
    /// Swallows everything, the end included.
    pub(super) hole: Cell<bool>,
}

impl Lane {
    /// How many of `length` bytes still pass; the second says that the connection breaks then.
    fn admit(&self, length: usize) -> (usize, bool) {
        match self.cut_after.get() {
            Some(left) if left <= length as u64 => (left as usize, true),
            Some(left) => {
                self.cut_after.set(Some(left - length as u64));
                (length, false)
            }
            None => (length, false),
        }
    }
}

/// Carries bytes until one side ends or the lane is cut.
pub(super) async fn run(
    from: &mut ReadHalf<'_>,
    to: &mut WriteHalf<'_>,
    lane: &Lane,
    weather: &Weather,
) {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let length = match from.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(length) => length,
        };
        if lane.hole.get() {
            continue;
        }
        if let Some(by_ms) = active(&weather.late) {
            sleep(Duration::from_millis(by_ms)).await;
        }
        let (passes, cut) = lane.admit(length);
        if write(to, &chunk[..passes], weather).await.is_err() || cut {
            return;
        }
    }
}

async fn write(to: &mut WriteHalf<'_>, bytes: &[u8], weather: &Weather) -> std::io::Result<()> {
    let Some(bytes_per_s) = active(&weather.thin) else {
        return to.write_all(bytes).await;
    };
    // Twenty pieces a second.
    let piece = (bytes_per_s / 20).max(1) as usize;
    for part in bytes.chunks(piece) {
        to.write_all(part).await?;
        if active(&weather.thin).is_some() {
            sleep(Duration::from_millis(50)).await;
        }
    }
    Ok(())
}

/// The value, while its time lasts.
fn active(setting: &Cell<Option<(u64, Instant)>>) -> Option<u64> {
    let (value, until) = setting.get()?;
    (Instant::now() < until).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_falls_at_its_byte_and_not_before() {
        let lane = Lane::default();
        assert_eq!(lane.admit(100), (100, false));
        lane.cut_after.set(Some(150));
        assert_eq!(lane.admit(100), (100, false));
        assert_eq!(lane.admit(100), (50, true));
    }

    #[test]
    fn a_cut_can_be_at_once() {
        let lane = Lane::default();
        lane.cut_after.set(Some(0));
        assert_eq!(lane.admit(1), (0, true));
    }
}
