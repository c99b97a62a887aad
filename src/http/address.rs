//! The client address of a request, for limits and for the list of a person's sign-ins.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::core::Core;

/// The address of the person's machine, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The address behind a connection from `peer` through `proxies` trusted proxies.
    ///
    /// Each proxy appends its client to `X-Forwarded-For`, so the entry of the outermost trusted
    /// proxy is found by counting from the right; anything left of it may be forged. If the header
    /// is shorter than that, its first entry counts.
    pub fn behind(peer: IpAddr, headers: &HeaderMap, proxies: u8) -> Self {
        let listed: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        let position = listed.len().saturating_sub(usize::from(proxies));
        let forwarded = listed.get(position).filter(|_| proxies > 0);
        let address = forwarded.and_then(|text| parse(text.trim())).unwrap_or(peer);
        Self(address.to_canonical())
    }

    /// The key of limits per address: a household gets one IPv4 address, or 2⁶⁴ IPv6 ones.
    pub fn limit_key(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
        }
    }
}

/// Some proxies add the port.
fn parse(text: &str) -> Option<IpAddr> {
    text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

impl<S> FromRequestParts<S> for ClientAddress
where
    Core: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        Ok(Self::behind(peer, &parts.headers, Core::from_ref(state).settings.addresses.proxies))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const PEER: &str = "10.0.0.9";

    fn behind(forwarded: &[&'static str], proxies: u8) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let peer = PEER.parse().expect("an address");
        ClientAddress::behind(peer, &headers, proxies).0.to_string()
    }

    #[test]
    fn without_a_proxy_the_header_is_not_believed() {
        assert_eq!(behind(&["192.0.2.1"], 0), PEER);
    }

    #[test]
    fn the_entry_of_the_outermost_proxy_counts() {
        assert_eq!(behind(&["192.0.2.1"], 1), "192.0.2.1");
        assert_eq!(behind(&["203.0.113.5, 192.0.2.1"], 1), "192.0.2.1", "the first is made up");
        assert_eq!(behind(&["192.0.2.1", "10.0.0.2"], 2), "192.0.2.1", "one header per proxy");
        assert_eq!(behind(&["[2001:db8::1]:4711"], 1), "2001:db8::1");
    }

    #[test]
    fn what_cannot_be_read_leaves_the_connection_itself() {
        assert_eq!(behind(&[], 1), PEER);
        assert_eq!(behind(&["unknown"], 1), PEER);
    }

    #[test]
    fn a_household_counts_once() {
        let key = |text: &str| ClientAddress(text.parse().expect("an address")).limit_key();
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:1"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }
}
