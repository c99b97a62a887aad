//! Pictures: which files are accepted, and what of them others see.
//!
//! A file from outside is never passed on. It is decoded within limits, off the serving threads, and
//! encoded anew at two sizes ([`written`]): whatever a file may hide, from where it was taken to what
//! would take gigabytes of a browser, ends here. What was written is kept in the database and copied
//! to the disks of the nodes that serve it ([`keeping`]).

mod decode;
mod foreign;
mod http;
mod keeping;
mod store;
#[cfg(test)]
mod tests;
mod upkeep;
mod watch;
mod webp;
mod written;

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;

use crate::core::Core;
use crate::cpu_pool::{CpuPool, NotDone};
use crate::protocol::Refusal;
use crate::registry::Registry;

use keeping::Pictures;

pub use foreign::{NotFetched, fetch};
pub use keeping::{adopt_all, keep, remove, replace};
pub use upkeep::sweep;
pub use written::{Format, Picture, Size};

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 2 * 1024 * 1024;

/// Why a file is no picture of anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPicture {
    /// It is something else.
    #[error("Choose a picture in PNG, JPEG or WebP format.")]
    Unknown,
    /// It is truncated, malformed, or contradicts itself.
    #[error("The picture is damaged. Save it again, or choose another one.")]
    Damaged,
    /// It has too many pixels.
    #[error(
        "The picture is too large. It may be {side} pixels wide and high, and have 12 million in all.",
        side = decode::LONGEST_SIDE
    )]
    TooLarge,
    /// It is animated.
    #[error("The picture moves. Choose one that stands still.")]
    Animated,
}

/// Why there is no picture to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The file is none.
    #[error(transparent)]
    File(#[from] NotAPicture),
    /// It was not tried.
    #[error(transparent)]
    NotDone(#[from] NotDone),
}

/// Reads a file as a picture, for this network address.
///
/// # Errors
/// Why there is none.
pub async fn read(pool: &CpuPool, asker: IpAddr, file: Bytes) -> Result<Picture, Unreadable> {
    let read = move || decode::decode(&file).and_then(|pixels| written::write(&pixels));
    Ok(pool.run(asker, read).await??)
}

/// Too many pictures wait to be decoded.
fn busy() -> Refusal {
    let message = "Many pictures are being changed just now. Please try again in a moment.";
    Refusal::new("server.busy", message).retry_after(2_000)
}

/// Registers pictures.
pub fn register(hub: &mut Registry, core: &Core) {
    let pictures = Arc::new(Pictures::new(core));
    hub.pages(http::router(), Arc::clone(&pictures));
    let own = core.clone();
    hub.task("pictures.watch", async move |_| watch::watch(own).await);
    let own = Arc::clone(&pictures);
    hub.task("pictures.upkeep", async move |_| upkeep::run(&own).await);
    let own = core.clone();
    hub.sweep(move || {
        let core = own.clone();
        async move { sweep(&core.db, core.clock.now()).await }
    });
}
