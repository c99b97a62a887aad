//! Makes Cargo notice what the macros read while compiling: new migrations, and for a release the
//! built web app and JS client (a debug build reads those from the disk when asked for).

use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed=client-js/sdk/example");
        for built in ["client-js/app/dist", "client-js/sdk/dist"] {
            // Cargo takes a missing folder for one that changes all the time.
            if let Err(error) = fs::create_dir_all(built) {
                println!("cargo:warning={built} cannot be made: {error}");
            }
            println!("cargo:rerun-if-changed={built}");
        }
    }
}
