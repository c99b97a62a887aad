//! Several hubs on one database: what they do for each other beside telling news.

mod heads;

pub use heads::keep_heads;
