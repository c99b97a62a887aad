//! The names of topics in Redis, and the server of a topic among several.

use crate::bus::topic::Topic;

/// The number of parts of a cluster's channels; those of one part are on the same server of it.
/// A part is one command on a reconnect, so there are few, but more than a cluster has servers.
const PARTS: u64 = 64;

/// The names of topics on one server, or in one cluster.
#[derive(Clone, Debug)]
pub(super) struct Names {
    prefix: String,
    in_parts: bool,
}

impl Names {
    /// Names with this prefix; in a cluster, each with its part as the hash tag (Redis Cluster
    /// specification, "Hash tags").
    pub(super) fn new(prefix: &str, in_parts: bool) -> Self {
        Self { prefix: prefix.to_owned(), in_parts }
    }

    /// The name of a topic's channel.
    pub(super) fn channel(&self, topic: Topic) -> String {
        if self.in_parts {
            format!("{}:{{{}}}:{topic}", self.prefix, part(topic))
        } else {
            format!("{}:{topic}", self.prefix)
        }
    }

    /// The topic of a channel, if it is one of ours.
    pub(super) fn topic(&self, channel: &[u8]) -> Option<Topic> {
        let rest = std::str::from_utf8(channel).ok()?;
        let rest = rest.strip_prefix(self.prefix.as_str())?.strip_prefix(':')?;
        let topic = if self.in_parts { rest.split_once("}:")?.1 } else { rest };
        topic.parse().ok()
    }

    /// The part of a topic: topics of the same part fit into one command.
    pub(super) fn part(&self, topic: Topic) -> u64 {
        if self.in_parts { part(topic) } else { 0 }
    }
}

fn part(topic: Topic) -> u64 {
    hash(&topic.to_string()) % PARTS
}

/// The topic's server among these: the same on every node, whatever the order of its list, and when
/// a server is added or removed, only its own share moves (rendezvous hashing).
pub(super) fn place(servers: &[String], topic: Topic) -> usize {
    if servers.len() < 2 {
        return 0;
    }
    let rank = |server: &String| (hash(&format!("{server} {topic}")), server.clone());
    let best = servers.iter().enumerate().max_by_key(|(_, server)| rank(server));
    best.map_or(0, |(index, _)| index)
}

/// FNV-1a with murmur3's finalizer: nodes of all versions must get the same number, which the
/// standard library does not guarantee.
pub(super) fn hash(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::ChannelId;

    fn channels(count: u128) -> impl Iterator<Item = Topic> {
        (0..count).map(|number| Topic::Channel(ChannelId(Uuid::from_u128(number))))
    }

    fn servers(names: &[&str]) -> Vec<String> {
        names.iter().copied().map(String::from).collect()
    }

    #[test]
    fn a_channel_is_read_as_it_is_named() {
        for in_parts in [false, true] {
            let names = Names::new("plenary:7", in_parts);
            for topic in channels(3).chain([Topic::All]) {
                let channel = names.channel(topic);
                assert_eq!(names.topic(channel.as_bytes()), Some(topic), "{channel}");
                assert_eq!(Names::new("plenary:8", in_parts).topic(channel.as_bytes()), None);
            }
        }
        assert_eq!(Names::new("plenary", false).channel(Topic::All), "plenary:all");
    }

    #[test]
    fn nodes_agree_whatever_the_order_of_their_lists() {
        let (one, other) = (servers(&["a:1", "b:1", "c:1"]), servers(&["c:1", "a:1", "b:1"]));
        for topic in channels(500) {
            assert_eq!(one[place(&one, topic)], other[place(&other, topic)]);
        }
    }

    #[test]
    fn each_server_has_its_share_and_keeps_it_when_one_more_comes() {
        let (few, more) = (servers(&["a:1", "b:1"]), servers(&["a:1", "b:1", "c:1"]));
        let (mut shares, mut moved) = ([0; 3], 0);
        for topic in channels(3_000) {
            let (before, after) = (place(&few, topic), place(&more, topic));
            shares[after] += 1;
            moved += usize::from(before != after);
            assert!(before == after || after == 2, "nothing moves between those that were there");
        }
        assert!(shares.iter().all(|share| (800..1_200).contains(share)), "{shares:?}");
        assert_eq!(moved, shares[2]);
    }

    #[test]
    fn what_nodes_agree_on_does_not_change_with_a_version() {
        assert_eq!(hash(""), 0xefd0_1f60_ba99_2926);
        assert_eq!(part(Topic::All), 57);
    }
}
