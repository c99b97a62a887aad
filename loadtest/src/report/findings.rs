//! What a scenario has found, in sentences.

use super::table::millis;
use crate::progress::grouped;
use crate::result::Run;
use crate::scenario::change::{BEFORE as BEFORE_CHANGE, MEANWHILE};
use crate::scenario::hostile::DELAY;
use crate::scenario::presence::TOTAL;
use crate::scenario::slow::{BEFORE, STALLED};
use crate::scenario::storm::BACK;
use crate::scenario::totals::{NODES, ROUNDS, SHOWN};

/// What the scenario has found and what else there is to say.
pub(crate) fn sentences(run: &Run) -> Vec<String> {
    let [back, total, before, stalled, delay] =
        [BACK, TOTAL, BEFORE, STALLED, DELAY].map(|name| run.findings.get(name).copied());
    let found = [
        back.map(|seconds| match seconds {
            f64::MAX => "Not all dropped connections were back at the end.".to_owned(),
            seconds => {
                format!("All dropped connections were back and caught up after {seconds:.2} s.")
            }
        }),
        total.map(|said| {
            let (said, there) = (said as u64, run.setup.clients as u64);
            let right = if said == there { "was right" } else { "was wrong" };
            let [said, there] = [said, there].map(grouped);
            format!("In the end the total {right}: {there} people were there, it said {said}.")
        }),
        before.zip(stalled).map(|(before, stalled)| {
            let change = (stalled / before - 1.0) * 100.0;
            let [before, stalled] = [before, stalled].map(millis);
            format!(
                "When some stopped reading, the others' p99 went from {before} ms to {stalled} ms \
                 ({change:+.0} %)."
            )
        }),
        delay.map(|delay| {
            let most = millis(delay.max(0.0));
            format!(
                "While others did harm, 99 of 100 of the listeners' messages came at most {most} ms \
                 later than undisturbed."
            )
        }),
        changed(run),
        summed(run),
    ];
    found.into_iter().flatten().chain(run.notes.iter().cloned()).collect()
}

/// What became of the messages while everybody read again.
fn changed(run: &Run) -> Option<String> {
    let figure = |name: &str| run.findings.get(name).copied().map(millis);
    let (before, meanwhile) = (figure(BEFORE_CHANGE)?, figure(MEANWHILE)?);
    Some(format!(
        "While everybody read again, the messages' p99 was {meanwhile} ms; before it was {before} ms."
    ))
}

/// How soon everybody was shown the sum.
fn summed(run: &Run) -> Option<String> {
    let figure = |name: &str| run.findings.get(name).copied();
    let (shown, rounds, nodes) = (figure(SHOWN)?, figure(ROUNDS)?, figure(NODES)?);
    let times = format!("{rounds:.0} times over {nodes:.0} node(s)");
    Some(match shown {
        f64::MAX => format!("Not everybody was shown the sum of all nodes in time, {times}."),
        shown => format!(
            "The sum of all nodes was shown to everybody after {shown:.2} s at most, {times}."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_told_in_sentences() {
        let mut run = Run::default();
        run.setup.clients = 1_000;
        let found = [(BACK, 1.5), (TOTAL, 999.0), (BEFORE, 10.0), (STALLED, 11.0), (DELAY, 12.5)];
        run.findings = found.map(|(name, value)| (name.to_owned(), value)).into();
        let told = sentences(&run).join(" ");
        assert!(told.contains("after 1.50 s") && told.contains("total was wrong: 1,000 people"));
        assert!(told.contains("(+10 %)") && told.contains("at most 12.5 ms later"), "{told}");
    }

    #[test]
    fn changes_and_sums_have_their_sentences() {
        let mut run = Run::default();
        let found = [(BEFORE_CHANGE, 4.0), (MEANWHILE, 9.5), (SHOWN, 1.25), (ROUNDS, 3.0)];
        run.findings = found.map(|(name, value)| (name.to_owned(), value)).into();
        assert_eq!(sentences(&run).len(), 1, "without its nodes a sum says nothing");
        run.findings.insert(NODES.to_owned(), 2.0);
        let told = sentences(&run).join(" ");
        assert!(told.contains("p99 was 9.50 ms; before it was 4.00 ms"), "{told}");
        assert!(told.contains("after 1.25 s at most, 3 times over 2 node(s)"), "{told}");
        run.findings.insert(SHOWN.to_owned(), f64::MAX);
        assert!(sentences(&run).join(" ").contains("Not everybody was shown"));
    }

    #[test]
    fn of_several_workers_the_worst_counts() {
        let mut run = Run::default();
        for seconds in [1.0, f64::MAX] {
            run.find(&[(BACK.to_owned(), seconds)].into());
        }
        assert_eq!(sentences(&run), ["Not all dropped connections were back at the end."]);
    }
}
