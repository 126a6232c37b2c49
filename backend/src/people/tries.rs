//! Counts what may be done only so often: wrong passwords for a name and from an address.
//!
//! The tables have a fixed size. Two names that fall into one place share their tries, which can only make the limit
//! tighter; so nobody makes room for more tries by asking for many names.

use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::sync::Mutex;

use shared::limits;
use shared::problem::Problem;
use tokio::time::Instant;

/// How often within the time of a table.
pub const SLOTS: usize = limits::TRIES;

/// Places in a table: 640 KiB at most, of which the system gives only what is touched. To fill it with wrong passwords
/// takes an hour of both cores.
const PLACES: usize = 16 * 1024;

/// The seconds, counted from 1, in which something was done last; 0 where there is nothing.
type Slots = [u32; SLOTS];

/// What was done lately, by anything that can be hashed.
#[derive(Debug)]
pub struct Recent {
    seconds: u32,
    begun: Instant,
    /// Keyed at random: nobody can aim at another one's place.
    keys: RandomState,
    places: Mutex<Vec<Slots>>,
}

/// One that was counted.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    place: usize,
    second: u32,
}

impl Recent {
    /// [`SLOTS`] times within so many seconds.
    #[must_use]
    pub fn within(seconds: u32) -> Self {
        Self {
            seconds,
            begun: Instant::now(),
            keys: RandomState::new(),
            places: Mutex::new(vec![[0; SLOTS]; PLACES]),
        }
    }

    /// Counts one more, or says for how long there may be none.
    pub fn count(&self, who: impl Hash) -> Result<Counted, Problem> {
        let now = self.begun.elapsed().as_secs();
        let second = u32::try_from(now).unwrap_or(u32::MAX - 1) + 1;
        let place = (self.keys.hash_one(who) % PLACES as u64) as usize;
        let mut places = self.places.lock().unwrap_or_else(|e| e.into_inner());
        let oldest = places[place].iter_mut().min().expect("there are slots");
        let again = *oldest + self.seconds;
        if *oldest > 0 && again > second {
            return Err(Problem::RateLimited {
                retry_after_ms: u64::from(again - second) * 1_000,
            });
        }
        *oldest = second;
        Ok(Counted { place, second })
    }

    /// It was none of those that count.
    pub fn forgive(&self, counted: Counted) {
        let mut places = self.places.lock().unwrap_or_else(|e| e.into_inner());
        let mut slots = places[counted.place].iter_mut();
        if let Some(slot) = slots.find(|slot| **slot == counted.second) {
            *slot = 0;
        }
    }
}

/// Wrong passwords.
#[derive(Debug)]
pub struct Tries {
    names: Recent,
    addresses: Recent,
}

impl Default for Tries {
    fn default() -> Self {
        let seconds = u32::try_from(limits::TRIES_MS / 1_000).unwrap_or(u32::MAX);
        Self {
            names: Recent::within(seconds),
            addresses: Recent::within(seconds),
        }
    }
}

impl Tries {
    /// Counts a try before it is known whether it is right: of many at once no more come through.
    pub fn count(&self, name: &str, address: IpAddr) -> Result<[Counted; 2], Problem> {
        let address = self.addresses.count(network(address))?;
        match self.names.count(name) {
            Ok(name) => Ok([name, address]),
            Err(problem) => {
                self.addresses.forgive(address);
                Err(problem)
            }
        }
    }

    /// It was right.
    pub fn forgive(&self, [name, address]: [Counted; 2]) {
        self.names.forgive(name);
        self.addresses.forgive(address);
    }
}

/// One line to the internet: of IPv6 it has at least a /64.
#[must_use]
pub fn network(address: IpAddr) -> [u8; 8] {
    let bytes = match address.to_canonical() {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    };
    let half = match address.to_canonical() {
        IpAddr::V4(_) => &bytes[8..],
        IpAddr::V6(_) => &bytes[..8],
    };
    half.try_into().expect("half of sixteen")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    /// A9
    #[tokio::test(start_paused = true)]
    async fn ten_tries_for_a_name_and_then_a_wait_that_is_told() {
        let tries = Tries::default();
        for n in 0..10 {
            let address = IpAddr::from([192, 0, 2, n]);
            assert!(tries.count("ada", address).is_ok());
        }
        tokio::time::advance(Duration::from_secs(60)).await;
        let Err(Problem::RateLimited { retry_after_ms }) = tries.count("ada", HOME) else {
            panic!("the eleventh");
        };
        assert_eq!(retry_after_ms, 14 * 60 * 1_000);
        assert!(tries.count("bob", HOME).is_ok(), "another name");
        tokio::time::advance(Duration::from_millis(retry_after_ms)).await;
        assert!(tries.count("ada", HOME).is_ok());
    }

    /// A9
    #[tokio::test(start_paused = true)]
    async fn ten_tries_from_an_address_whatever_the_names() {
        let tries = Tries::default();
        for n in 0..10 {
            assert!(tries.count(&format!("name {n}"), HOME).is_ok());
        }
        assert!(tries.count("another", HOME).is_err());
        let neighbour = IpAddr::from([192, 0, 2, 2]);
        assert!(tries.count("another", neighbour).is_ok());
    }

    /// A9
    #[tokio::test(start_paused = true)]
    async fn right_passwords_do_not_count() {
        let tries = Tries::default();
        for _ in 0..100 {
            let counted = tries.count("ada", HOME).unwrap();
            tries.forgive(counted);
        }
    }

    #[test]
    fn all_addresses_of_one_line_are_one() {
        let one = |text: &str| network(text.parse().unwrap());
        assert_eq!(one("2001:db8::1"), one("2001:db8::ffff:2"));
        assert_ne!(one("2001:db8::1"), one("2001:db8:0:1::1"));
        assert_eq!(one("192.0.2.1"), one("::ffff:192.0.2.1"));
        assert_ne!(one("192.0.2.1"), one("192.0.2.2"));
    }
}
