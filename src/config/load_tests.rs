//! Whether the hub may be tested under load.

use clap::Args;

/// Load tests.
#[derive(Args, Clone, Debug)]
pub struct LoadTests {
    /// Lets organizers sign made-up people in by the thousand, for the load tester. Only for tests.
    #[arg(id = "load-tests", long, env = "PLENARY_LOAD_TESTS")]
    pub allowed: bool,
}
