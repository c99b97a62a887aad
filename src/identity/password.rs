//! Passwords: Argon2id, off the serving threads, as many at a time as there are cores.

use std::sync::{Arc, OnceLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::random::Random;

use crate::text::Password;

/// How many may wait per core; further ones are asked to retry.
const WAITING_PER_CORE: usize = 50;

/// Why a password was neither hashed nor verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too many are waiting already.
    #[error("Too many people are signing in right now. Please try again in a moment.")]
    Busy,
    /// The hash function failed, which is not the caller's fault.
    #[error("the password could not be hashed")]
    Failed,
}

/// Hashes and verifies.
#[derive(Debug)]
pub struct Passwords {
    cores: Arc<Semaphore>,
    places: Arc<Semaphore>,
    random: Random,
}

impl Passwords {
    /// Uses as many cores as the machine has.
    pub fn new(random: Random) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            cores: Arc::new(Semaphore::new(cores)),
            places: Arc::new(Semaphore::new(cores * WAITING_PER_CORE)),
            random,
        }
    }

    /// The hash to store, as a PHC string.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when too many are waiting.
    pub async fn hash(&self, password: &Password) -> Result<String, PasswordError> {
        let mut salt = [0_u8; 16];
        self.random.fill(&mut salt);
        let password = password.clone();
        self.work(move || hash_with(password.as_str(), &salt)).await?
    }

    /// Whether the password matches the hash. Without a hash the answer is no after the same amount
    /// of work, so that timing does not reveal which addresses are known.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when too many are waiting.
    pub async fn verify(
        &self,
        password: &str,
        stored: Option<String>,
    ) -> Result<bool, PasswordError> {
        let password = password.to_owned();
        self.work(move || match stored {
            Some(stored) => Ok(matches(&password, &stored)),
            None => {
                // Only for the time it takes.
                let _ = matches(&password, nobodys_hash()?);
                Ok(false)
            }
        })
        .await?
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<Result<T, PasswordError>, PasswordError> {
        let place =
            Arc::clone(&self.places).try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let core =
            Arc::clone(&self.cores).acquire_owned().await.map_err(|_| PasswordError::Failed)?;
        let held: [OwnedSemaphorePermit; 2] = [place, core];
        // The task holds the permits: a caller that gives up must not free a busy core.
        let task = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(held);
            result
        });
        task.await.map_err(|_| PasswordError::Failed)
    }
}

fn hash_with(password: &str, salt: &[u8]) -> Result<String, PasswordError> {
    // The crate's defaults: Argon2id, 19 MiB, 2 passes, as OWASP recommends.
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|_| PasswordError::Failed)?;
    Ok(hash.to_string())
}

fn matches(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

fn nobodys_hash() -> Result<&'static str, PasswordError> {
    static HASH: OnceLock<Option<String>> = OnceLock::new();
    HASH.get_or_init(|| hash_with("nobody", &[0; 16]).ok()).as_deref().ok_or(PasswordError::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_belongs_to_its_own_hash_only() {
        let passwords = Passwords::new(Random::seeded(1));
        let password: Password = "correct horse".parse().unwrap();
        let hash = passwords.hash(&password).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(passwords.verify("correct horse", Some(hash.clone())).await, Ok(true));
        assert_eq!(passwords.verify("correct house", Some(hash)).await, Ok(false));
        assert_eq!(passwords.verify("nobody", None).await, Ok(false));
    }

    #[tokio::test]
    async fn a_crowd_is_asked_to_retry() {
        let passwords = Passwords::new(Random::seeded(1));
        let all = u32::try_from(passwords.places.available_permits()).unwrap();
        let _waiting = Arc::clone(&passwords.places).acquire_many_owned(all).await.unwrap();
        assert_eq!(passwords.verify("anything", None).await, Err(PasswordError::Busy));
    }
}
