//! Micro-benchmarks of the hub without sockets: encoding, a publication's path through the hub,
//! parsing, frames. `make bench-micro`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use futures_util::future::BoxFuture;
use plenary::clock::{Clock, Timestamp};
use plenary::hub::{
    Appearance, Archive, ArchiveError, Hub, HubLimits, Item, Member, Opened, Outbox, OutboxLimits,
    Owner, Publication, SingleNode, Tempo, Tick, TypingPeople,
};
use plenary::id::{ChannelId, ConnectionId, EventId, PersonId, SignInId};
use plenary::protocol::{parse_request, push_frame, reply_line};
use plenary::random::Random;
use plenary::websocket::{Context, Deflate, Frame, Reader};
use serde_json::json;
use serde_json::value::RawValue;
use tokio::runtime::{Builder, Runtime};

/// The time of all benchmarks.
const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// Frames of one short message, of a tick, and of a long answer.
const SIZES: [usize; 3] = [300, 2_048, 20_480];

fn encode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encode");
    let random = Random::seeded(1);
    let channel = ChannelId::new(NOW, &random);
    let accepted = json!({ "seq": 12_345, "message": message(12_345, &random) });
    group.bench_function("reply", |bencher| {
        bencher.iter(|| reply_line(black_box(7), black_box(&accepted)));
    });
    let typing = TypingPeople { names: vec!["Ada".to_owned(), "Grace".to_owned()], more: 3 };
    let tick = Tick { people: 2_000, joined: Vec::new(), left: Vec::new(), typing };
    group.bench_function("push", |bencher| {
        bencher.iter(|| push_frame(Some(black_box(channel)), black_box(&tick)));
    });
    group.finish();
}

/// One message from the bus to all members' outboxes: the sequencer, the recent items, the frame,
/// the fan-out, until every connection's task is woken.
fn deliver(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("deliver");
    // Time is paused, and advances when all tasks are idle: a tick costs nothing.
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime");
    for count in [1, 100, 2_000] {
        let mut room = Room::new(count, &runtime);
        let (hub, members) = (Arc::clone(&room.hub), Arc::clone(&room.members));
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("members", count), |bencher| {
            bencher.to_async(&runtime).iter_batched(
                || room.next(),
                |publication| told(Arc::clone(&hub), Arc::clone(&members), publication),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

async fn told(hub: Arc<Hub>, members: Arc<[Arc<Member>]>, publication: Arc<Publication>) {
    hub.deliver(&publication).await;
    for member in members.iter() {
        member.outbox.woken().await;
    }
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    let random = Random::seeded(1);
    let text = words(200, &random);
    let data = json!({
        "channel": ChannelId::new(NOW, &random), "client_id": random.uuid(NOW), "text": text,
    });
    let line = json!({ "id": 7, "op": "message.send", "data": data }).to_string();
    group.throughput(Throughput::Bytes(line.len() as u64));
    group.bench_function("request", |bencher| {
        bencher.iter(|| parse_request(black_box(&line)).is_ok());
    });
    for size in SIZES {
        let bytes = from_client(messages(size, &random).as_bytes());
        let mut reader = Reader::new(64 * 1024, false);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(BenchmarkId::new("websocket", size), |bencher| {
            bencher.iter(|| {
                let mut input = black_box(bytes.as_slice());
                reader.next(&mut input).expect("a frame that a client may send")
            });
        });
    }
    group.finish();
}

const DEFLATE: Deflate = Deflate { reads: true, writes: true, follows: true };

fn frame(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frame");
    let random = Random::seeded(1);
    for size in SIZES {
        let text = messages(size, &random);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::new("text", size), |bencher| {
            bencher.iter(|| Frame::text(black_box(&text)));
        });
        group.bench_function(BenchmarkId::new("compressed", size), |bencher| {
            // The compressed form is cached, so that each frame must be a new one.
            bencher.iter_batched_ref(
                || Frame::text(&text),
                |frame| {
                    let form = frame.form(DEFLATE, &mut Context::default());
                    frame.on_wire(form).len()
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

/// A room with this many connections without sockets.
struct Room {
    hub: Arc<Hub>,
    channel: ChannelId,
    members: Arc<[Arc<Member>]>,
    random: Random,
    seq: u64,
}

impl Room {
    fn new(count: usize, runtime: &Runtime) -> Self {
        let random = Random::seeded(1);
        let quiet = Duration::ZERO;
        let tempo =
            Tempo { per_member: quiet, shortest: quiet, longest: quiet, ..Tempo::default() };
        let limits = HubLimits { tempo, ..HubLimits::default() };
        let hub = Hub::new(Arc::new(Empty), Arc::new(SingleNode), Clock::manual(NOW), limits);
        let channel = ChannelId::new(NOW, &random);
        let members: Arc<[Arc<Member>]> = (0..count).map(|_| member(&random)).collect();
        runtime.block_on(async {
            for member in members.iter() {
                hub.join(channel, member, None).await.expect("an archive that answers");
            }
        });
        Self { hub, channel, members, random, seq: 0 }
    }

    /// Sends the next message, once everyone has received the previous one.
    fn next(&mut self) -> Arc<Publication> {
        for member in self.members.iter() {
            member.outbox.take();
        }
        let after = self.seq;
        self.seq += 1;
        let json = RawValue::from_string(message(self.seq, &self.random).to_string());
        let json = json.expect("JSON").into();
        let item = Item { seq: self.seq, changed: self.seq, kept: false, json };
        Arc::new(Publication {
            channel: self.channel,
            after,
            seq: self.seq,
            count: self.seq,
            items: vec![item],
            mentions: Vec::new(),
        })
    }
}

fn member(random: &Random) -> Arc<Member> {
    let owner = Owner {
        event: EventId::new(NOW, random),
        person: PersonId::new(NOW, random),
        sign_in: SignInId::new(NOW, random),
        guest: false,
    };
    let card = RawValue::from_string(r#"{"name":"Ada"}"#.to_owned()).expect("JSON");
    let appearance = Appearance { name: "Ada".to_owned(), card, listed: true };
    let outbox = Outbox::new(OutboxLimits::default(), None);
    Member::new(ConnectionId::new(NOW, random), owner, appearance, outbox)
}

/// Empty channels.
struct Empty;

impl Archive for Empty {
    fn open(&self, _: ChannelId, _: usize) -> BoxFuture<'_, Result<Opened, ArchiveError>> {
        Box::pin(async { Ok(Opened { complete: true, ..Opened::default() }) })
    }

    fn after(
        &self,
        _: ChannelId,
        _: u64,
        _: usize,
    ) -> BoxFuture<'_, Result<Option<Publication>, ArchiveError>> {
        Box::pin(async { Ok(None) })
    }

    fn heads(
        &self,
        _: Vec<ChannelId>,
    ) -> BoxFuture<'_, Result<Vec<(ChannelId, u64)>, ArchiveError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// A message in its wire format.
fn message(seq: u64, random: &Random) -> serde_json::Value {
    json!({
        "id": random.uuid(NOW), "seq": seq, "changed": seq, "ordinal": seq, "sent_at": NOW,
        "sender": { "id": PersonId::new(NOW, random), "name": "Ada Lovelace", "badges": [] },
        "text": words(120, random), "reactions": {},
    })
}

/// Messages of about this many bytes.
fn messages(bytes: usize, random: &Random) -> String {
    let mut text = String::new();
    for seq in 1.. {
        text.push_str(&message(seq, random).to_string());
        if text.len() >= bytes {
            break;
        }
    }
    text.truncate(bytes);
    text
}

/// A text of about this many bytes, without repetitions that a compressor could use.
fn words(bytes: usize, random: &Random) -> String {
    const WORDS: [&str; 32] = [
        "the", "question", "is", "whether", "slides", "will", "be", "there", "after", "all", "of",
        "this", "talk", "and", "who", "has", "measured", "it", "with", "more", "people", "in",
        "one", "room", "than", "we", "could", "sound", "video", "faster", "again", "thanks",
    ];
    let mut text = String::new();
    while text.len() < bytes {
        let index = usize::try_from(random.below(WORDS.len() as u64)).unwrap_or(0);
        text.push_str(WORDS[index]);
        text.push(' ');
    }
    text
}

/// A client's text frame, masked (RFC 6455, section 5.3).
fn from_client(text: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];
    let length = u16::try_from(text.len()).expect("a length of two bytes");
    let mut bytes = vec![0x81, 0x80 | 126];
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&MASK);
    bytes.extend(text.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

fn short() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
}

criterion_group! { name = hub; config = short(); targets = encode, deliver, parse, frame }
criterion_main!(hub);
