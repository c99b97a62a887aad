//! The runs, in the order in which they are made.

use std::fmt::Write as _;

use clap::Parser as _;

use crate::options::{BenchOptions, Command, HostileOptions, LoadOptions, Options, Play};
use crate::play::{self, Played};
use crate::report::limits::floor_ratio;
use crate::scenario::slow::{BEFORE, STALLED};

/// A run by its name, and as one would type it.
#[derive(Clone, Copy, Debug)]
pub(super) struct One {
    pub(super) name: &'static str,
    arguments: &'static str,
    /// What is asked of a run that is made several times: the turn in the middle counts.
    figure: Option<Figure>,
    /// How often it is made.
    turns: usize,
    trial: bool,
}

pub(super) type Figure = fn(&Played) -> Option<f64>;

const fn one(name: &'static str, arguments: &'static str) -> One {
    One { name, arguments, figure: None, turns: 1, trial: false }
}

/// One whose figure is close to its budget, for what differs from one minute to the next:
/// microseconds of CPU by a tenth on a machine that also has the load tester, and on any that is
/// itself a guest of another.
const fn middle(turns: usize, name: &'static str, figure: Figure, arguments: &'static str) -> One {
    One { name, arguments, figure: Some(figure), turns, trial: false }
}

/// The first warms the server up: its threads, its caches, its connections to the database. What
/// memory sockets need must be seen before there was ever a crowd, whose memory would be used again.
const RUNS: [One; 12] = [
    one(WARMING, "fanout --clients 200 --rate 20 --duration 2 --warm-up 1"),
    one("idle", "idle --clients 10000 --ramp 2000 --duration 30 --warm-up 2"),
    middle(
        3,
        "join",
        cpu_per_connection,
        "join --clients 12000 --ramp 4000 --duration 3.5 --warm-up 12",
    ),
    middle(
        11,
        "alone",
        times_the_floor,
        "fanout --clients 2000 --rate 10 --duration 5 --warm-up 2 --floor",
    ),
    one("tick", "fanout --clients 2000 --rate 200 --duration 15 --warm-up 3"),
    middle(
        3,
        "room",
        told_within,
        "fanout --clients 12000 --rate 100 --ramp 2000 --duration 15 --warm-up 5",
    ),
    one("publish", "publish --clients 1000 --rooms 100 --rate 1000 --duration 15 --warm-up 3"),
    one("storm", "storm --clients 12000 --rate 10 --ramp 2000 --duration 24 --warm-up 3"),
    middle(
        3,
        "slow",
        others_later,
        "slow --clients 2000 --rate 50 --payload 1000 --duration 30 --warm-up 3",
    ),
    one("hostile", "hostile --clients 1000 --rate 10 --ramp 2000 --duration 25 --warm-up 3"),
    one("plain", "conference --clients 3000 --hour 10 --duration 25 --warm-up 3"),
    one("compressed", "conference --clients 3000 --hour 10 --duration 25 --warm-up 3 --compress"),
];

pub(super) fn cpu_per_connection(played: &Played) -> Option<f64> {
    played.run.cpu_per_connection()
}

pub(super) fn times_the_floor(played: &Played) -> Option<f64> {
    floor_ratio(&played.run, played.floor.as_ref())
}

/// Within how many milliseconds 99 of 100 messages were told.
pub(super) fn told_within(played: &Played) -> Option<f64> {
    played.run.account.delivery.percentile(99.0)
}

/// By how many percent the others' 99th percentile is higher once some stop reading.
pub(super) fn others_later(played: &Played) -> Option<f64> {
    let findings = &played.run.findings;
    Some((findings.get(STALLED)? / findings.get(BEFORE)? - 1.0) * 100.0)
}

const WARMING: &str = "warming";

/// The most rooms and people that a run needs.
const ROOMS: usize = 100;
const PEOPLE: usize = 12_000;

/// A trial has so many times fewer sockets, but as many as this.
const SMALLER: usize = 50;
const FEWEST: usize = 80;

/// What is to be run.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) runs: Vec<One>,
    trial: bool,
}

/// The runs that the options name; all, if they name none.
///
/// # Errors
/// A name that no run has.
pub(super) fn chosen(options: &BenchOptions) -> anyhow::Result<Chosen> {
    let names = RUNS.map(|one| one.name);
    for name in &options.only {
        anyhow::ensure!(
            names.contains(&name.as_str()),
            "there is no run {name}; there are {}",
            names.join(", ")
        );
    }
    let is_wanted = |one: &One| {
        let named = options.only.iter().any(|name| name == one.name);
        options.only.is_empty() || one.name == WARMING || named
    };
    let runs = RUNS.into_iter().filter(is_wanted);
    let runs = runs.map(|one| One { trial: options.trial, ..one }).collect();
    Ok(Chosen { runs, trial: options.trial })
}

impl Chosen {
    /// How many rooms and people are needed.
    pub(super) fn stage(&self) -> (usize, usize) {
        (ROOMS, if self.trial { PEOPLE / SMALLER } else { PEOPLE })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.runs.iter().any(|one| one.name == name)
    }
}

impl One {
    /// As one would type it.
    pub(super) fn command(&self) -> String {
        let mut command = format!("plenary-loadtest {}", self.arguments);
        if self.trial {
            // Writing into a string cannot fail.
            let _ = write!(command, " (a trial: {SMALLER} times fewer, and shorter)");
        } else if self.turns() > 1 {
            let _ = write!(command, "  # the middle of {}", self.turns());
        }
        command
    }

    /// How often it is to be made.
    pub(super) fn turns(&self) -> usize {
        if self.trial { 1 } else { self.turns }
    }

    pub(super) fn play(&self, options: &BenchOptions) -> anyhow::Result<Played> {
        let mut scenario = self.scenario()?;
        let run = scenario.options();
        run.url.clone_from(&options.url);
        run.stage.clone_from(&options.stage);
        run.measurement.pid = vec![options.pid];
        if self.trial {
            shrink(&mut run.load);
            if let Play::Hostile(hostile) = &mut scenario {
                shrink_harm(hostile);
            }
        }
        play::play(scenario)
    }

    fn scenario(&self) -> anyhow::Result<Play> {
        let line = ["plenary-loadtest"].into_iter().chain(self.arguments.split(' '));
        match Options::try_parse_from(line)?.command {
            Command::Play(scenario) => Ok(*scenario),
            _ => anyhow::bail!("{} is no scenario", self.arguments),
        }
    }
}

fn shrink(load: &mut LoadOptions) {
    load.clients = (load.clients / SMALLER).max(FEWEST);
    load.warm_up = load.warm_up.min(1.0);
    load.duration = load.duration.map(|seconds| seconds.min(4.0));
}

fn shrink_harm(hostile: &mut HostileOptions) {
    for count in [&mut hostile.crowd, &mut hostile.slow_heads, &mut hostile.half_open] {
        *count = (*count / SMALLER).max(FEWEST);
    }
    hostile.flood /= SMALLER as f64;
}

/// What became of the runs.
#[derive(Debug, Default)]
pub(super) struct Results(Vec<(&'static str, anyhow::Result<Turns>)>);

/// What a run has found, each time that it was made: at least once, the lowest figure first.
#[derive(Debug)]
pub(super) struct Turns(Vec<Played>);

impl Turns {
    fn middle(&self) -> Option<&Played> {
        self.0.get(self.0.len() / 2)
    }
}

impl Results {
    /// Takes what a run has found in all its turns, or why it could not be made.
    pub(super) fn add(&mut self, one: &One, played: anyhow::Result<Vec<Played>>) {
        let turns = played.map(|mut turns| {
            if let Some(figure) = one.figure {
                let order = |played: &Played| figure(played).unwrap_or(f64::INFINITY);
                turns.sort_by(|one, other| order(one).total_cmp(&order(other)));
            }
            Turns(turns)
        });
        self.0.push((one.name, turns));
    }

    /// What a run has found, if it could be made.
    pub(super) fn get(&self, name: &str) -> Option<&Played> {
        let (_, turns) = self.0.iter().find(|(known, _)| *known == name)?;
        turns.as_ref().ok()?.middle()
    }

    /// What each run has found.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &Played)> {
        self.0.iter().filter_map(|(name, turns)| Some((*name, turns.as_ref().ok()?.middle()?)))
    }

    /// What each run has found in each of its turns.
    pub(super) fn every_turn(&self) -> impl Iterator<Item = &Played> {
        self.0.iter().filter_map(|(_, turns)| turns.as_ref().ok()).flat_map(|turns| &turns.0)
    }

    /// Why one of these runs could not be made.
    pub(super) fn error(&self, names: &[&str]) -> Option<String> {
        let failed = self.0.iter().filter(|(name, _)| names.contains(name));
        failed.filter_map(|(_, played)| played.as_ref().err()).map(|why| format!("{why:#}")).next()
    }

    /// The lowest and the highest figure of a run that was made several times.
    pub(super) fn spread(&self, name: &str, figure: Figure) -> Option<[f64; 2]> {
        let (_, turns) = self.0.iter().find(|(known, _)| *known == name)?;
        let turns = &turns.as_ref().ok()?.0;
        let [first, .., last] = turns.as_slice() else { return None };
        Some([figure(first)?, figure(last)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_can_be_typed_and_fits_the_stage() {
        for one in RUNS {
            let mut scenario = one.scenario().unwrap_or_else(|why| panic!("{}: {why}", one.name));
            let clients = scenario.options().load.clients;
            let crowd = if let Play::Hostile(hostile) = &scenario { hostile.crowd } else { 0 };
            assert!(clients + crowd <= PEOPLE, "{}", one.name);
            if let Play::Publish { rooms, .. } | Play::Conference { rooms, .. } = scenario {
                assert!(rooms <= ROOMS, "{}", one.name);
            }
        }
    }
}
