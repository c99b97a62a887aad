//! What commands print.

use std::io::{ErrorKind, Write as _, stdout};

/// Prints a result, as it is. Whoever reads may have seen enough (`plenary … | head`); then the
/// rest is for nobody, and that is no failure.
///
/// # Errors
/// When it cannot be written for another reason, a full disk for example.
pub fn print(text: &str) -> std::io::Result<()> {
    print_piece(text.as_bytes()).map(drop)
}

/// Prints a piece of a long result, and answers whether anybody reads on.
///
/// # Errors
/// As above.
pub fn print_piece(piece: &[u8]) -> std::io::Result<bool> {
    let mut output = stdout().lock();
    match output.write_all(piece).and_then(|()| output.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true),
    }
}
