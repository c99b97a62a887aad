//! Passwords: Argon2id, on the [`CpuPool`].

use std::cell::RefCell;
use std::net::IpAddr;

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::cpu_pool::{CpuPool, NotDone};
use crate::random::Random;
use crate::text::Password;

thread_local! {
    /// The memory of a hash, 19 MiB. Each thread of the pool keeps its own: memory that is taken and
    /// given back for every hash comes from somewhere else each time, and the process grows.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// The hash of no password: only for the time that it takes.
const NOBODYS_HASH: &str = concat!(
    "$argon2id$v=19$m=19456,t=2,p=1",
    "$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
);

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

impl From<NotDone> for PasswordError {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::Busy => Self::Busy,
            NotDone::Panicked => Self::Failed,
        }
    }
}

/// Hashes and verifies.
#[derive(Debug)]
pub struct Passwords {
    pool: CpuPool,
    random: Random,
}

impl Passwords {
    /// Works on this pool.
    pub fn new(pool: CpuPool, random: Random) -> Self {
        Self { pool, random }
    }

    /// The hash to store, as a PHC string, for this network address.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when too many are waiting.
    pub async fn hash(&self, asker: IpAddr, password: &Password) -> Result<String, PasswordError> {
        let mut salt = [0_u8; 16];
        self.random.fill(&mut salt);
        let password = password.clone();
        self.pool.run(asker, move || hash_with(password.as_str(), &salt)).await?
    }

    /// Whether the password matches the hash. Without a hash the answer is no after the same amount
    /// of work, so that timing does not reveal which addresses are known. Those of one network
    /// address wait for each other, and not the others for them.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when too many are waiting.
    pub async fn verify(
        &self,
        asker: IpAddr,
        password: &str,
        stored: Option<String>,
    ) -> Result<bool, PasswordError> {
        let password = password.to_owned();
        let work = move || match stored {
            Some(stored) => matches(&password, &stored),
            None => {
                matches(&password, NOBODYS_HASH)?;
                Ok(false)
            }
        };
        self.pool.run(asker, work).await?
    }
}

/// The crate's defaults: Argon2id, 19 MiB, 2 passes, as OWASP recommends.
fn hash_with(password: &str, salt: &[u8]) -> Result<String, PasswordError> {
    let salt = Salt::new(salt).map_err(|_| PasswordError::Failed)?;
    let argon2 = Argon2::default();
    let params = argon2.params().try_into().map_err(|_| PasswordError::Failed)?;
    let output = derive(&argon2, password, &salt, Params::DEFAULT_OUTPUT_LEN)?;
    let hash = PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params,
        salt: Some(salt),
        hash: Some(output),
    };
    Ok(hash.to_string())
}

/// Whether it has this hash, by the hash's own parameters. Comparing takes the same time wherever
/// they differ.
fn matches(password: &str, stored: &str) -> Result<bool, PasswordError> {
    let failed = |_| PasswordError::Failed;
    let stored = PasswordHash::new(stored).map_err(failed)?;
    let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else {
        return Err(PasswordError::Failed);
    };
    let params = Params::try_from(&stored).map_err(|_| PasswordError::Failed)?;
    let algorithm =
        Algorithm::try_from(stored.algorithm.as_str()).map_err(|_| PasswordError::Failed)?;
    let version = stored.version.map(Version::try_from).transpose();
    let version = version.map_err(|_| PasswordError::Failed)?.unwrap_or_default();
    let argon2 = Argon2::new(algorithm, version, params);
    Ok(derive(&argon2, password, &salt, expected.len())? == expected)
}

/// The hash, computed in the thread's own memory.
fn derive(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &[u8],
    length: usize,
) -> Result<Output, PasswordError> {
    let mut bytes = [0_u8; Output::MAX_LENGTH];
    let bytes = bytes.get_mut(..length).ok_or(PasswordError::Failed)?;
    MEMORY
        .with_borrow_mut(|memory| {
            let blocks = argon2.params().block_count();
            if memory.len() < blocks {
                memory.resize(blocks, Block::default());
            }
            argon2.hash_password_into_with_memory(
                password.as_bytes(),
                salt,
                bytes,
                &mut memory[..blocks],
            )
        })
        .map_err(|_| PasswordError::Failed)?;
    Output::new(bytes).map_err(|_| PasswordError::Failed)
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordHasher as _;

    use super::*;

    const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn passwords() -> Passwords {
        Passwords::new(CpuPool::new(1), Random::seeded(1))
    }

    #[tokio::test]
    async fn a_password_belongs_to_its_own_hash_only() {
        let passwords = passwords();
        let password: Password = "correct horse".parse().unwrap();
        let hash = passwords.hash(ADDRESS, &password).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(passwords.verify(ADDRESS, "correct horse", Some(hash.clone())).await, Ok(true));
        assert_eq!(passwords.verify(ADDRESS, "correct house", Some(hash)).await, Ok(false));
        assert_eq!(passwords.verify(ADDRESS, "nobody", None).await, Ok(false));
    }

    #[tokio::test]
    async fn hashes_of_earlier_versions_are_still_good() {
        // They came from the crate's own function, which takes its memory anew each time.
        let stored: PasswordHash =
            Argon2::default().hash_password_with_salt(b"correct horse", &[7; 16]).unwrap();
        let stored = Some(stored.to_string());
        let passwords = passwords();
        assert_eq!(passwords.verify(ADDRESS, "correct horse", stored.clone()).await, Ok(true));
        assert_eq!(passwords.verify(ADDRESS, "correct house", stored).await, Ok(false));
    }
}
