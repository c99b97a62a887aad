//! What commands print.

use std::io::{ErrorKind, Write as _, stdout};

/// Prints a result, as it is. Whoever reads may have seen enough (`plenary … | head`); then the
/// rest is for nobody, and that is no failure.
///
/// # Errors
/// When it cannot be written for another reason, a full disk for example.
pub(super) fn print(text: &str) -> std::io::Result<()> {
    let mut output = stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
