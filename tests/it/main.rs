//! Whole-system tests, all in one program: every further one would link the hub again.

mod databases;
mod scripts;
#[allow(dead_code, reason = "a tool stays when the last test that used it goes")]
mod support;
