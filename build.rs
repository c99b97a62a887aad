//! Makes Cargo notice new migrations: `sqlx::migrate!` reads the folders while compiling.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
