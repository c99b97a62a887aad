//! How several hubs hear each other.

use std::path::PathBuf;

use clap::Args;

/// The servers between nodes.
#[derive(Args, Clone, Debug)]
pub struct Redis {
    /// Redis, by which several hubs on one database server hear each other at once: redis://[USER:PASSWORD@]HOST:PORT, rediss:// with TLS, redis+sentinel://HOST:PORT,HOST:PORT/MASTER or redis+cluster://HOST:PORT,HOST:PORT; more than one share the work [default: this hub is the only one]
    #[arg(
        id = "redis",
        long,
        env = "PLENARY_REDIS",
        hide_env_values = true,
        value_name = "URL[,URL…]"
    )]
    pub urls: Vec<String>,

    /// File with the certificate (PEM) of a private authority that signs those of Redis [default: the public authorities]
    #[arg(id = "redis-ca", long, env = "PLENARY_REDIS_CA", value_name = "REDIS_CA")]
    pub authority: Option<PathBuf>,
}
