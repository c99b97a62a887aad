//! The result of one check of `plenary doctor`.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// As it should be.
    Fine,
    /// The hub runs, but not as it should in production.
    Warning,
    /// The hub does not run, or loses something.
    Problem,
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub weight: Weight,
    /// Which part: "settings", "database", "redis", "disk", "mail", or a capability's name.
    pub part: &'static str,
    /// What was found.
    pub found: String,
    /// What to do about it; empty when it is fine.
    pub advice: String,
}

impl Finding {
    /// All is as it should be.
    pub fn fine(part: &'static str, found: impl Into<String>) -> Self {
        Self { weight: Weight::Fine, part, found: found.into(), advice: String::new() }
    }

    /// The hub runs, but not as it should in production.
    pub fn warning(
        part: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { weight: Weight::Warning, part, found: found.into(), advice: advice.into() }
    }

    /// The hub does not run, or loses something.
    pub fn problem(
        part: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { weight: Weight::Problem, part, found: found.into(), advice: advice.into() }
    }
}
