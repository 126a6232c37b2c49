//! Passwords: Argon2id with the parameters of OWASP's Password Storage Cheat Sheet.
//!
//! A hash takes 19 MiB and some ten milliseconds of a core. So a few are made at once, away from the threads that serve
//! sockets, and whoever would wait for long is told so.

use std::fmt;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use shared::limits;
use shared::problem::Problem;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::random;

/// KiB of memory, passes and lanes: the second line of the sheet's table.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes at once for each core.
const AT_ONCE: usize = 2;

/// How long one waits for a turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// A hash with the same parameters that no password has: looked at in place of one that is not there, so that a wrong
/// name takes as long as a wrong password.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$cGFybGFuY2UubmFtZWxlc3M$\
                       AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password as it was typed, in Unicode's form NFC: keyboards differ in how they write "é".
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// One that is to be set, if it is long enough and not endless.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let password = Self::typed(typed);
        let long_enough = password.0.chars().count() >= limits::PASSWORD_CHARS;
        if !long_enough || password.0.len() > limits::PASSWORD_BYTES {
            return Err(Problem::BadPassword {
                least: limits::PASSWORD_CHARS,
                most: limits::PASSWORD_BYTES,
            });
        }
        Ok(password)
    }

    /// One that is to be looked at.
    #[must_use]
    pub fn typed(typed: &str) -> Self {
        Self(typed.nfc().collect())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Makes hashes and looks at them, a few at once.
#[derive(Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self {
            turns: Arc::new(Semaphore::new(cores * AT_ONCE)),
        }
    }
}

impl Passwords {
    /// The hash to be kept of a password.
    pub async fn hash(&self, password: Password) -> Result<String, Problem> {
        let hash = self.in_turn(move || {
            let salt: [u8; 16] = random::bytes();
            argon2()
                .hash_password_with_salt(password.0.as_bytes(), &salt)
                .map(|hash| hash.to_string())
        });
        hash.await?.map_err(|error| {
            tracing::error!(%error, "a password cannot be hashed");
            overloaded()
        })
    }

    /// Whether it is the password that a hash was made of. Without a hash it is not, and takes as long.
    pub async fn is_right(
        &self,
        password: Password,
        hash: Option<String>,
    ) -> Result<bool, Problem> {
        self.in_turn(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
            let right = PasswordHash::new(&hash).is_ok_and(|hash| {
                argon2()
                    .verify_password(password.0.as_bytes(), &hash)
                    .is_ok()
            });
            known && right
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = Arc::clone(&self.turns).acquire_owned();
        let Ok(Ok(turn)) = tokio::time::timeout(PATIENCE, turn).await else {
            return Err(overloaded());
        };
        // The turn goes into the thread: whoever hangs up does not make room for another hash before this one is done.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|_| overloaded())
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY, PASSES, LANES, None).expect("the parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn overloaded() -> Problem {
    let retry_after_ms = u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX);
    Problem::Overloaded { retry_after_ms }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A8
    #[tokio::test]
    async fn a_password_is_right_in_whatever_form_it_is_typed() {
        let passwords = Passwords::default();
        let hash = passwords
            .hash(Password::parse("caf\u{e9} au lait").unwrap())
            .await
            .unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        for (typed, right) in [
            ("caf\u{e9} au lait", true),
            ("cafe\u{301} au lait", true),
            ("cafe au lait", false),
            ("", false),
        ] {
            let found = passwords.is_right(Password::typed(typed), Some(hash.clone()));
            assert_eq!(found.await.unwrap(), right, "{typed}");
        }
    }

    /// A9: the hash that stands for none is a hash like the others, so that looking at it takes as long.
    #[tokio::test]
    async fn nobodys_hash_has_the_form_of_everybodys() {
        let hash = PasswordHash::new(NOBODYS).unwrap();
        let made = Passwords::default();
        let made = made.hash(Password::parse("anything long").unwrap()).await;
        let made = made.unwrap();
        let made = PasswordHash::new(&made).unwrap();
        assert_eq!(hash.params, made.params);
        let length = |hash: &PasswordHash| hash.hash.as_ref().unwrap().as_bytes().len();
        assert_eq!(length(&hash), length(&made));
    }

    /// A8
    #[test]
    fn a_password_has_eight_characters() {
        assert!(Password::parse("1234567").is_err());
        assert!(Password::parse("密码密码密码密码").is_ok());
        assert!(Password::parse(&"x".repeat(1_025)).is_err());
    }

    /// A8
    #[tokio::test(start_paused = true)]
    async fn who_would_wait_for_long_is_told_so() {
        let passwords = Passwords {
            turns: Arc::new(Semaphore::new(0)),
        };
        let refused = passwords.hash(Password::parse("12345678").unwrap()).await;
        assert_eq!(refused, Err(overloaded()));
    }
}
