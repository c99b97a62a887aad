//! The commands that capabilities bring to the command line.

use clap::{ArgMatches, Parser};
use futures_util::future::{BoxFuture, FutureExt as _};

use crate::config::Settings;
use crate::core::Core;

/// Commands that stand together: `plenary import …`.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// What comes before the commands' own names.
    pub name: &'static str,
    /// What they have in common, for the help.
    pub about: &'static str,
}

impl Group {
    /// For a command of any capability that brings something in.
    pub const IMPORT: Self = Self { name: "import", about: "Brings in what other programs know" };
    /// For a command of any capability that brings something out.
    pub const EXPORT: Self =
        Self { name: "export", about: "Brings out what is here, for other programs" };
}

/// Opens the conference that settings lead to, beside a hub that serves it or without one. Where there
/// is none it says so, unless the command is one that begins an installation. Such a command looks at
/// its other arguments first: one that cannot be done shall leave no new database behind.
pub type Open = Box<dyn FnOnce(Settings) -> BoxFuture<'static, anyhow::Result<Core>> + Send>;

/// Does what a command is for.
type Run =
    Box<dyn FnOnce(&ArgMatches, Open) -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync>;

/// Whether a command may begin an installation where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MayBegin {
    /// It may.
    Yes,
    /// It looks into one that is there, or changes it.
    No,
}

/// All of them, in the order in which they were registered.
#[derive(Default)]
pub(crate) struct Commands(Vec<Registered>);

struct Registered {
    group: Group,
    may_begin: MayBegin,
    command: clap::Command,
    run: Run,
}

impl Commands {
    pub(super) fn add<C, F, O>(&mut self, group: Group, may_begin: MayBegin, run: F)
    where
        C: Parser + 'static,
        F: FnOnce(C, Open) -> O + Send + Sync + 'static,
        O: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let run = move |matches: &ArgMatches, open| match C::from_arg_matches(matches) {
            Ok(command) => run(command, open).boxed(),
            Err(error) => std::future::ready(Err(error.into())).boxed(),
        };
        self.0.push(Registered { group, may_begin, command: C::command(), run: Box::new(run) });
    }

    /// Adds them to a command line, each below its group.
    pub(crate) fn add_to(&self, line: clap::Command) -> clap::Command {
        let mut groups: Vec<Group> = Vec::new();
        for Registered { group, .. } in &self.0 {
            if !groups.iter().any(|known| known.name == group.name) {
                groups.push(*group);
            }
        }
        line.subcommands(groups.into_iter().map(|group| {
            let own = self.0.iter().filter(|registered| registered.group.name == group.name);
            clap::Command::new(group.name)
                .about(group.about)
                .subcommand_required(true)
                .arg_required_else_help(true)
                .subcommands(own.map(|registered| registered.command.clone()))
        }))
    }

    /// Begins the command that a parsed line asks for, unless it asks for one of the program's own.
    pub(crate) fn run(
        self,
        line: &ArgMatches,
        open: impl FnOnce(Settings, MayBegin) -> BoxFuture<'static, anyhow::Result<Core>>
        + Send
        + 'static,
    ) -> Option<BoxFuture<'static, anyhow::Result<()>>> {
        let (group, matches) = line.subcommand()?;
        let (name, matches) = matches.subcommand()?;
        let asked_for = |registered: &Registered| {
            registered.group.name == group && registered.command.get_name() == name
        };
        let found = self.0.into_iter().find(asked_for)?;
        let Registered { may_begin, run, .. } = found;
        Some(run(matches, Box::new(move |settings| open(settings, may_begin))))
    }
}
