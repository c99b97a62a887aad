//! Addresses of Redis servers, as written by operators.

use std::path::Path;

use redis::io::tcp::TcpSettings;
use redis::{
    Client, ConnectionAddr, ConnectionInfo, ProtocolVersion, RedisResult, TlsCertificates,
};

use super::names::hash;

/// The maximum length of a list that is recorded in the database, in characters.
const LONGEST_LIST: usize = 160;

/// An invalid address. Never contains the input, which may include a password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// One of the addresses.
    #[error("--redis, address {number}: {why}")]
    Address {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The file with the authority's certificate.
    #[error("--redis-ca: {0}")]
    Authority(String),
}

/// The servers that connect nodes; each has its share of the topics.
#[derive(Clone, Debug)]
pub struct Servers(pub(super) Vec<Server>);

/// One of them: a Redis, the master found by Sentinels, or a Redis Cluster.
#[derive(Clone, Debug)]
pub(super) struct Server {
    /// Its hosts and ports as written, without a password; the same on every node.
    pub(super) name: String,
    pub(super) kind: Kind,
    authority: Option<Vec<u8>>,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    One(ConnectionInfo),
    Sentinel { sentinels: Vec<ConnectionInfo>, master: String, node: ConnectionInfo },
    Cluster(Vec<ConnectionInfo>),
}

impl Servers {
    /// Reads a list of addresses, separated by commas or in several texts: `redis://HOST:PORT`,
    /// `redis+sentinel://HOST:PORT,HOST:PORT/MASTER`, `redis+cluster://HOST:PORT,HOST:PORT`, each
    /// with `USER:PASSWORD@` before the first host, and `rediss` instead of `redis` for TLS, by
    /// the certificate in this file or by the public authorities.
    ///
    /// # Errors
    /// A sentence that names the setting.
    pub fn parse(texts: &[String], authority: Option<&Path>) -> Result<Self, AddressError> {
        let authority = authority.map(read_authority).transpose()?;
        let mut servers = Vec::new();
        for text in addresses(texts) {
            let server = Server::parse(&text, authority.clone());
            let number = servers.len() + 1;
            servers.push(server.map_err(|why| AddressError::Address { number, why })?);
        }
        Ok(Self(servers))
    }

    /// The servers as written, without passwords: the same text on every node that distributes
    /// topics in the same way. A long list is truncated and made unique by a hash.
    pub fn list(&self) -> String {
        let mut names: Vec<&str> = self.0.iter().map(|server| server.name.as_str()).collect();
        names.sort_unstable();
        let list = names.join(", ");
        if list.chars().count() <= LONGEST_LIST {
            return list;
        }
        let begin: String = list.chars().take(LONGEST_LIST - 18).collect();
        format!("{begin}… {:016x}", hash(&list))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Hosts of one address are separated by commas, like addresses: these have a scheme.
fn addresses(texts: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in texts.iter().flat_map(|text| text.split(',')).map(str::trim) {
        match found.last_mut() {
            Some(last) if !part.contains("://") => *last += &format!(",{part}"),
            _ => found.push(part.to_owned()),
        }
    }
    found
}

fn read_authority(path: &Path) -> Result<Vec<u8>, AddressError> {
    let refused = |why: String| AddressError::Authority(format!("{}: {why}", path.display()));
    let text = std::fs::read(path).map_err(|error| refused(error.to_string()))?;
    let info = connection_info("rediss://localhost").map_err(|why| refused(why.to_owned()))?;
    let certificates = TlsCertificates { client_tls: None, root_cert: Some(text.clone()) };
    let begin = b"-----BEGIN CERTIFICATE-----";
    if !text.windows(begin.len()).any(|window| window == begin) {
        return Err(refused("it contains no certificate in PEM format".to_owned()));
    }
    Client::build_with_tls(info, certificates).map_err(|error| refused(error.to_string()))?;
    Ok(text)
}

impl Server {
    fn parse(text: &str, authority: Option<Vec<u8>>) -> Result<Self, &'static str> {
        let (scheme, rest) = text.split_once("://").ok_or(SCHEMES)?;
        let (base, kind) = scheme.split_once('+').unwrap_or((scheme, ""));
        if !matches!(base, "redis" | "rediss") || !matches!(kind, "" | "sentinel" | "cluster") {
            return Err(SCHEMES);
        }
        let (user, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        let (place, question) = place.split_once('?').unwrap_or((place, ""));
        let (hosts, path) = place.split_once('/').unwrap_or((place, ""));
        let at = if user.is_empty() { "" } else { "@" };
        let reach = |user: &str, at: &str| -> Result<Vec<ConnectionInfo>, &'static str> {
            hosts
                .split(',')
                .map(|host| connection_info(&format!("{base}://{user}{at}{host}")))
                .collect()
        };
        let mut nodes = reach(user, at)?;
        if kind != "sentinel" && !(path.is_empty() && question.is_empty()) {
            return Err("nothing may follow the port: pub/sub has no database");
        }
        let kind = match kind {
            "cluster" => Kind::Cluster(nodes),
            "sentinel" => {
                if path.is_empty() {
                    return Err("the name of the master must follow the Sentinels, as in \
                                redis+sentinel://HOST:PORT,HOST:PORT/NAME");
                }
                let sentinels = match question.split_once('=') {
                    None if question.is_empty() => reach("", "")?,
                    Some(("sentinel_password", password)) => reach(&format!(":{password}"), "@")?,
                    _ => return Err("only ?sentinel_password=… may follow the master's name"),
                };
                Kind::Sentinel { sentinels, master: path.to_owned(), node: nodes.swap_remove(0) }
            }
            _ if nodes.len() > 1 => return Err(SCHEMES),
            _ => Kind::One(nodes.swap_remove(0)),
        };
        let name = if path.is_empty() { hosts.to_owned() } else { format!("{hosts}/{path}") };
        Ok(Self { name, kind, authority })
    }

    /// The client for one of its nodes.
    pub(super) fn client(&self, info: ConnectionInfo) -> RedisResult<Client> {
        match (&info.addr(), self.certificates()) {
            (ConnectionAddr::TcpTls { .. }, Some(certificates)) => {
                Client::build_with_tls(info, certificates)
            }
            _ => Client::open(info),
        }
    }

    /// The private authority, if there is one.
    pub(super) fn certificates(&self) -> Option<TlsCertificates> {
        let root_cert = Some(self.authority.clone()?);
        Some(TlsCertificates { client_tls: None, root_cert })
    }
}

const SCHEMES: &str =
    "it must begin with redis://, rediss:// (TLS), redis+sentinel:// or redis+cluster://";

/// One host, with the protocol that delivers messages between answers.
fn connection_info(url: &str) -> Result<ConnectionInfo, &'static str> {
    let wrong = "it must be HOST:PORT, with USER:PASSWORD@ before it if Redis wants them, and each \
                 of @ : / , ? # % in them written as %40 %3A %2F %2C %3F %23 %25";
    if url.contains(['#', ' ']) {
        return Err(wrong);
    }
    let info: ConnectionInfo = url.parse().map_err(|_| wrong)?;
    if matches!(info.addr(), ConnectionAddr::Tcp(host, _) if host.is_empty()) {
        return Err(wrong);
    }
    let login = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    let tcp = TcpSettings::default().set_nodelay(true);
    Ok(info.set_redis_settings(login).set_tcp_settings(tcp))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<Server>, AddressError> {
        Servers::parse(&[text.to_owned()], None).map(|servers| servers.0)
    }

    #[test]
    fn one_server_several_and_those_behind_sentinels_are_read() {
        let one = parse("redis://user:p%40ss@redis.example:7000").expect("an address");
        assert_eq!(one[0].name, "redis.example:7000");
        let Kind::One(info) = &one[0].kind else { panic!("{one:?}") };
        assert_eq!(info.redis_settings().password(), Some("p@ss"));
        assert_eq!(info.redis_settings().username(), Some("user"));
        assert_eq!(info.redis_settings().protocol(), ProtocolVersion::RESP3);

        let several = parse("rediss://a, redis://b:1,redis+cluster://c:1,d:2").expect("three");
        let names: Vec<&str> = several.iter().map(|server| server.name.as_str()).collect();
        assert_eq!(names, ["a", "b:1", "c:1,d:2"]);
        let Kind::Cluster(nodes) = &several[2].kind else { panic!("{several:?}") };
        assert_eq!(nodes.len(), 2);

        let text = "redis+sentinel://:secret@a:1,b:2/main?sentinel_password=other";
        let sentinel = parse(text).expect("an address");
        let Kind::Sentinel { sentinels, master, node } = &sentinel[0].kind else {
            panic!("{sentinel:?}")
        };
        assert_eq!((sentinels.len(), master.as_str()), (2, "main"));
        assert_eq!(node.redis_settings().password(), Some("secret"));
        assert_eq!(sentinels[1].redis_settings().password(), Some("other"));
        assert_eq!(sentinel[0].name, "a:1,b:2/main");
    }

    #[test]
    fn what_is_no_address_is_refused_without_saying_a_password() {
        for text in [
            "",
            "localhost:6379",
            "http://:hunter2@localhost",
            "redis+proxy://:hunter2@localhost",
            "redis://",
            "redis://:hunter2@",
            "redis://:hunter2@localhost:port",
            "redis://:hunter2@localhost/3",
            "redis://:hunter2@localhost#insecure",
            "redis://:hunter2@a:1,b:2",
            "redis+sentinel://:hunter2@a:1",
            "redis+sentinel://:hunter2@a:1/main?hunter2",
            "redis+cluster://a:1,:hunter2@",
        ] {
            let refusal = parse(text).expect_err(text).to_string();
            assert!(refusal.starts_with("--redis, address 1: "), "{refusal}");
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
        let second = parse("redis://a,http://b").expect_err("the second is none").to_string();
        assert!(second.starts_with("--redis, address 2: "), "{second}");
    }

    #[test]
    fn a_list_is_the_same_in_any_order_and_holds_no_password() {
        let list = |text: &str| Servers(parse(text).expect("servers")).list();
        assert_eq!(list("redis://:hunter2@b:1,rediss://a"), "a, b:1");
        assert_eq!(list("redis://a,redis://b:1"), list("redis://b:1,redis://a"));
        let many = |count: u32| {
            let servers: Vec<_> = (0..count).map(|it| format!("redis://server-{it:03}")).collect();
            list(&servers.join(","))
        };
        assert_eq!(many(200).chars().count(), LONGEST_LIST);
        assert_ne!(many(200), many(201));
    }

    #[test]
    fn an_authority_must_be_a_file_with_a_certificate() {
        for path in ["/nowhere/ca.pem", "Cargo.toml"] {
            let refusal = Servers::parse(&[], Some(Path::new(path))).expect_err(path).to_string();
            assert!(refusal.starts_with(&format!("--redis-ca: {path}: ")), "{refusal}");
        }
    }
}
