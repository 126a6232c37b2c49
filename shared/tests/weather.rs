//! Bad weather keeps the order, loses what it says, and says when something was lost.

use shared::limits;
use shared::session::time::Ticks;
use shared::weather::{DELAY_MS, Sky, Weather};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn drain(sky: &mut Sky<u32>, now: u64) -> Vec<u32> {
    std::iter::from_fn(|| sky.due(Ticks(now))).collect()
}

#[test]
fn what_is_delayed_keeps_its_order_also_behind_the_change_to_fair() {
    let mut sky = Sky::default();
    assert_eq!(sky.take(0, 0, Ticks(5)), Some(0));
    sky.change(Weather::Slow);
    assert_eq!(sky.take(1, 0, Ticks(10)), None);
    assert_eq!(sky.take(2, 0, Ticks(20)), None);
    assert_eq!(sky.next_due(), Some(Ticks(10 + DELAY_MS)));
    assert!(drain(&mut sky, 9 + DELAY_MS).is_empty());
    assert_eq!(drain(&mut sky, 10 + DELAY_MS), [1]);
    assert!(!sky.change(Weather::Fair), "nothing was lost");
    assert_eq!(sky.take(3, 0, Ticks(30)), None, "2 is before it");
    assert_eq!(drain(&mut sky, 30), [2, 3]);
    assert_eq!(sky.take(4, 0, Ticks(31)), Some(4));
}

#[test]
fn what_is_frozen_passes_whole_when_it_thaws() {
    let mut sky = Sky::default();
    sky.change(Weather::Frozen);
    for n in 0..100 {
        assert_eq!(sky.take(n, 0, Ticks(1)), None);
    }
    assert_eq!(sky.next_due(), None);
    assert!(!sky.change(Weather::Fair));
    assert_eq!(drain(&mut sky, 1), (0..100).collect::<Vec<_>>());
}

#[test]
fn no_more_is_held_than_the_limit_and_what_is_beyond_it_counts_as_lost() {
    let mut sky = Sky::default();
    sky.change(Weather::Frozen);
    for n in 0..=u32::try_from(limits::WEATHER_HELD).unwrap_or_default() {
        sky.take(n, 0, Ticks(1));
    }
    assert!(sky.change(Weather::Fair));
    assert_eq!(drain(&mut sky, 1).len(), limits::WEATHER_HELD);
}

#[test]
fn one_in_five_is_lost_and_the_loss_is_told_once() {
    let mut sky = Sky::default();
    sky.change(Weather::Lossy);
    let passed = (0..100_u32).filter(|&n| sky.take(n, u64::from(n), Ticks(1)).is_some());
    assert_eq!(passed.count(), 80);
    assert!(!sky.change(Weather::Slow), "it is not fair yet");
    assert!(sky.change(Weather::Fair));
    assert!(!sky.change(Weather::Fair));
}

#[test]
fn offline_and_half_open_lose_everything() {
    for weather in [Weather::Offline, Weather::HalfOpen] {
        let mut sky = Sky::default();
        sky.change(weather);
        assert_eq!(sky.take(1, 99, Ticks(1)), None);
        assert_eq!(sky.next_due(), None);
        assert!(sky.change(Weather::Fair));
    }
}
