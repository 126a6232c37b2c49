//! Whole worlds: real client sessions and the real server, from the HTTP upgrade down to SQLite, over a network and a clock
//! that exist only here. The network delays, cuts (also inside a frame), stalls and swallows; the server restarts; tabs
//! are reloaded; people write, edit, delete, react, join and leave meanwhile. At rest the laws must hold.
//!
//! A world is a function of its seed: `SEED=n cargo test -p backend --test simulation` runs one again.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod backend_under_test;
mod chance;
mod clockwork;
mod happenings;
mod laws;
mod observer;
mod tab;
mod tally;
mod wire;
mod world;

use std::sync::atomic::{AtomicU64, Ordering};

use tally::Tally;
use world::World;

const SEEDS: u64 = 1_000;
const STEPS: usize = 2_000;

/// Worlds that run at once: they wait for the disk more than they compute. Each has the threads of its engine besides.
const WORKERS: usize = 6;

/// P1 to P4, P7, P8: S2, S8, S9, R1, R5 to R9, D1 to D4, C1 to C13.
#[test]
fn whatever_happens_nothing_is_lost_doubled_or_out_of_order() {
    let one = std::env::var("SEED").ok();
    let seeds = match &one {
        Some(seed) => {
            let (from, to) = seed.split_once("..").unwrap_or((seed, seed));
            from.parse().unwrap()..=to.parse().unwrap()
        }
        None => 1..=SEEDS,
    };
    let next = AtomicU64::new(*seeds.start());
    let tally = std::thread::scope(|scope| {
        let work = || {
            let mut tally = Tally::default();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if !seeds.contains(&seed) {
                    return tally;
                }
                tally += World::run(seed, STEPS).0;
            }
        };
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        let tallies = workers.into_iter().map(|worker| worker.join());
        tallies.fold(Tally::default(), |mut sum, tally| {
            // The seed was printed where it failed.
            sum += tally.expect("a world broke a law");
            sum
        })
    });
    println!("{tally:?}");
    if one.is_none() {
        tally.check_that_things_happened(SEEDS);
    }
}

/// Or a seed would be of no use.
#[test]
fn a_world_is_a_function_of_its_seed() {
    for seed in [3, 10] {
        let (first, second) = (World::run(seed, 700), World::run(seed, 700));
        assert_eq!(first, second);
    }
}
