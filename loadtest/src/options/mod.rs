//! The command line.

mod bench;
mod hostile;
mod run;
mod values;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use self::values::{percent, positive, rate, seconds, servers};
pub(crate) use bench::{BenchOptions, CompareOptions};
pub(crate) use hostile::HostileOptions;
pub(crate) use run::{Limits, LoadOptions, OutputOptions, ProtocolName, RunOptions, StageOptions};

/// Drives thousands of sockets at Plenary, or at what one might use instead, and counts exactly
/// what comes back and how late.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Ends with status 0; with 1 when a stated limit is broken; with 2 when \
    it could not be run as asked."
)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Play(Box<Play>),
    /// Makes the event, the rooms and the people, and writes them into the file of --stage.
    Prepare {
        /// The hub's address.
        #[arg(long, default_value = "http://127.0.0.1:8080", value_parser = servers, value_name = "URL")]
        url: String,
        /// How many people.
        #[arg(long, default_value_t = 1_000, value_parser = positive, value_name = "N")]
        clients: usize,
        /// How many rooms.
        #[arg(long, default_value_t = 1, value_parser = positive, value_name = "N")]
        rooms: usize,
        #[command(flatten)]
        stage: StageOptions,
    },
    /// Makes one result of those of several parts.
    Merge {
        /// What the parts wrote with --json.
        #[arg(required = true, value_name = "FILE")]
        parts: Vec<PathBuf>,
        #[command(flatten)]
        output: OutputOptions,
        #[command(flatten, next_help_heading = "Limits")]
        limits: Limits,
    },
    /// Measures Plenary's budgets, one after the other, and shows each beside its goal.
    Bench(BenchOptions),
    /// Sets the results of several servers side by side.
    Compare(CompareOptions),
    /// The bare server itself, on its own.
    FloorServer {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: std::net::SocketAddr,
    },
}

/// The scenarios.
#[derive(Debug, Subcommand)]
pub(crate) enum Play {
    /// One room; everybody in it hears what is said.
    Fanout(RunOptions),
    /// A conference's day, faster: rooms of very different sizes, few who speak, private messages,
    /// typing, reactions, and people who change rooms on the hour.
    Conference {
        /// How many rooms; the second has half as many people as the first, the third a third.
        #[arg(long, default_value_t = 20, value_parser = positive, value_name = "N")]
        rooms: usize,
        /// How long an hour is.
        #[arg(long, default_value_t = 60.0, value_parser = seconds, value_name = "SECONDS")]
        hour: f64,
        #[command(flatten)]
        run: RunOptions,
    },
    /// All connections break at once, and come back with the numbers they have.
    Storm {
        /// Over how long a time they come back.
        #[arg(long, default_value_t = 1.0, value_parser = seconds, value_name = "SECONDS")]
        spread: f64,
        #[command(flatten)]
        run: RunOptions,
    },
    /// People come at the rate of the ramp, into a room in which fifty messages wait.
    Join(RunOptions),
    /// Nobody speaks, and nobody comes or goes: what do sockets cost that are only there?
    Idle(RunOptions),
    /// Many rooms with few people, all of whom speak: how soon is it acknowledged? The rate is that
    /// of all rooms together.
    Publish {
        /// How many rooms.
        #[arg(long, default_value_t = 100, value_parser = positive, value_name = "N")]
        rooms: usize,
        #[command(flatten)]
        run: RunOptions,
    },
    /// Nobody speaks; connections break and come back, and the totals must be right in the end.
    Presence {
        /// Connections that break a second.
        #[arg(long, default_value_t = 20.0, value_parser = rate, value_name = "PER SECOND")]
        churn: f64,
        #[command(flatten)]
        run: RunOptions,
    },
    /// An organizer changes the event, and everybody reads it again within the time that they are
    /// told: are the reads spread over it?
    Change(RunOptions),
    /// Every node is given numbers to count, and everybody is to be shown the sum: how soon is it
    /// shown on all nodes?
    Totals {
        /// How long everybody has, until the next numbers.
        #[arg(long, default_value_t = 8.0, value_parser = rate, value_name = "SECONDS")]
        every: f64,
        #[command(flatten)]
        run: RunOptions,
    },
    /// In the second half some stop reading; what does that do to the others?
    Slow {
        /// How many of a hundred stop reading.
        #[arg(long, default_value_t = 5.0, value_parser = percent, value_name = "PERCENT")]
        stalled: f64,
        #[command(flatten)]
        run: RunOptions,
    },
    /// A room listens, and others do harm, one after the other in five equal parts of the time: nothing
    /// yet; a crowd breaks off at once; connections are opened and dropped; requests come a byte a
    /// second; connections are opened and left at that. How much later do the listeners' messages
    /// come?
    Hostile(HostileOptions),
    /// For hours, talk and connections that break and come back: does the memory stay level?
    Soak {
        /// Connections that break a second.
        #[arg(long, default_value_t = 1.0, value_parser = rate, value_name = "PER SECOND")]
        churn: f64,
        #[command(flatten)]
        run: RunOptions,
    },
    /// The same as fanout, at the bare server of this program: the least that it can cost.
    Floor(RunOptions),
}

impl Play {
    /// What every scenario can be told.
    pub(crate) fn options(&mut self) -> &mut RunOptions {
        match self {
            Self::Fanout(run)
            | Self::Join(run)
            | Self::Idle(run)
            | Self::Change(run)
            | Self::Floor(run) => run,
            Self::Hostile(hostile) => &mut hostile.run,
            Self::Conference { run, .. }
            | Self::Storm { run, .. }
            | Self::Publish { run, .. }
            | Self::Presence { run, .. }
            | Self::Totals { run, .. }
            | Self::Slow { run, .. }
            | Self::Soak { run, .. } => run,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::run::Part;
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
    }

    #[test]
    fn parts_are_one_of_several() {
        assert_eq!("2/3".parse(), Ok(Part { index: 1, count: 3 }));
        for text in ["0/3", "4/3", "1", "a/b", "1/0"] {
            assert!(text.parse::<Part>().is_err(), "{text}");
        }
    }

    #[test]
    fn values_out_of_bounds_are_refused_by_name() {
        for (flag, value) in
            [("--clients", "0"), ("--rate", "0"), ("--duration", "inf"), ("--part", "5/4")]
        {
            let refusal = Options::try_parse_from(["loadtest", "fanout", flag, value]);
            assert!(refusal.expect_err(value).to_string().contains(flag));
        }
    }
}
