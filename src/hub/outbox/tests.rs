//! The lanes and the bound of an outbox, without a socket.

use super::*;

fn frame(text: &str) -> Frame {
    Frame::text(text)
}

fn channel(number: u128) -> ChannelId {
    ChannelId(uuid::Uuid::from_u128(number))
}

/// This many bytes, including headers.
fn outbox(bytes: usize) -> Outbox {
    Outbox::new(OutboxLimits { bytes }, None)
}

fn texts(outbox: &Outbox) -> Vec<String> {
    let (frames, _) = outbox.take();
    frames.iter().map(|frame| String::from_utf8(frame.payload().to_vec()).unwrap()).collect()
}

#[test]
fn control_goes_first_and_totals_are_newest_only() {
    let outbox = outbox(100);
    outbox.push(Lane::Totals(channel(1), TotalKinds::PRESENCE), &frame("1 person"));
    outbox.push(Lane::Durable(channel(1)), &frame("message"));
    outbox.push(Lane::Totals(channel(1), TotalKinds::PRESENCE), &frame("2 people"));
    outbox.push(Lane::Control, &frame("reply"));
    assert_eq!(texts(&outbox), ["reply", "message", "2 people"]);
    assert_eq!(outbox.bytes(), 0);
    assert!(texts(&outbox).is_empty());
}

#[test]
fn a_total_replaces_only_those_of_its_own_kinds() {
    let outbox = outbox(100);
    let (votes, viewers) = (TotalKinds::of(0), TotalKinds::of(1));
    let push = |kinds, text: &str| outbox.push(Lane::Totals(channel(1), kinds), &frame(text));
    push(TotalKinds::PRESENCE, "2 people");
    push(votes, "1 vote");
    push(viewers, "7 viewers");
    push(votes, "2 votes");
    assert_eq!(texts(&outbox), ["2 people", "7 viewers", "2 votes"]);
    push(votes.and(viewers), "3 votes, 8 viewers");
    push(votes, "4 votes");
    assert_eq!(texts(&outbox), ["3 votes, 8 viewers", "4 votes"], "the newest comes last");
    push(votes, "5 votes");
    push(TotalKinds::PRESENCE.and(votes).and(viewers), "all");
    assert_eq!(texts(&outbox), ["all"]);
}

#[test]
fn a_full_outbox_drops_totals_first_and_then_tells_of_the_gap() {
    let outbox = outbox(14);
    outbox.push(Lane::Totals(channel(2), TotalKinds::PRESENCE), &frame("totals"));
    outbox.push(Lane::Durable(channel(1)), &frame("12345"));
    outbox.push(Lane::Durable(channel(2)), &frame("other"));
    outbox.push(Lane::Durable(channel(1)), &frame("67890"));
    outbox.push(Lane::Durable(channel(1)), &frame("x"));
    let told = texts(&outbox);
    assert_eq!(told[0], "other");
    assert!(told[1].contains(r#""push":"reset""#), "{told:?}");
    assert!(told[1].contains(&channel(1).to_string()));
    assert_eq!(told.len(), 2);
    outbox.push(Lane::Durable(channel(1)), &frame("again"));
    assert_eq!(texts(&outbox), ["again"], "after the gap is told, the channel goes on");
}

#[test]
fn control_that_does_not_fit_closes() {
    let outbox = outbox(14);
    outbox.push(Lane::Durable(channel(1)), &frame("12345"));
    outbox.push(Lane::Control, &frame("12345678"));
    outbox.push(Lane::Control, &frame("12345678"));
    let (frames, close) = outbox.take();
    assert_eq!(frames.len(), 1);
    assert_eq!(close.expect("a close").reason, "connection.slow");
}
