//! What a scenario has found, in sentences.

use super::table::millis;
use crate::progress::grouped;
use crate::result::Run;
use crate::scenario::hostile::DELAY;
use crate::scenario::presence::TOTAL;
use crate::scenario::slow::{BEFORE, STALLED};
use crate::scenario::storm::BACK;

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
    ];
    found.into_iter().flatten().chain(run.notes.iter().cloned()).collect()
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
    fn of_several_workers_the_worst_counts() {
        let mut run = Run::default();
        for seconds in [1.0, f64::MAX] {
            run.find(&[(BACK.to_owned(), seconds)].into());
        }
        assert_eq!(sentences(&run), ["Not all dropped connections were back at the end."]);
    }
}
