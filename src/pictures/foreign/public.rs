//! Which network addresses are public (IANA's registries of special-purpose addresses, RFC 6890).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What of IPv4 is not public: address and length of the prefix.
const SPECIAL: [([u8; 4], u32); 15] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Multicast, reserved, broadcast.
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// What of IPv6's public addresses is not public after all: protocols and tunnels, of which some
/// contain an IPv4 address, and documentation.
const SPECIAL_6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether anybody on the Internet can reach it: none of this machine, of a private network, of a
/// link; and none that wraps an IPv4 address, which could be one of those.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let within = |(prefix, length): &([u8; 4], u32)| {
                let differ = u32::from(address) ^ u32::from(Ipv4Addr::from(*prefix));
                differ.leading_zeros() >= *length
            };
            !SPECIAL.iter().any(within)
        }
        IpAddr::V6(address) => {
            let within = |prefix: Ipv6Addr, length: u32| {
                (u128::from(address) ^ u128::from(prefix)).leading_zeros() >= length
            };
            // Only these have been given to anybody: everything mapped, local or translated is elsewhere.
            within(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3)
                && !SPECIAL_6.iter().any(|(prefix, length)| within(*prefix, *length))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_count_as_such() {
        for (addresses, public) in [
            ("1.1.1.1 8.8.8.8 100.63.0.1 172.32.0.1 192.0.1.1 223.255.255.255", true),
            ("2606:4700::1111 2001:4860::8888 2a00::1 2001:200::1", true),
            ("0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254", false),
            ("172.16.0.1 172.31.255.255 192.168.1.1 192.0.2.1 198.19.0.1 224.0.0.1", false),
            ("240.0.0.1 255.255.255.255", false),
            (":: ::1 fe80::1 fc00::1 fd00::1 fec0::1 ff02::1 2001:db8::1 100::1", false),
            // Mapped, compatible, translated, 6to4, Teredo.
            (
                "::ffff:127.0.0.1 ::ffff:1.1.1.1 ::7f00:1 64:ff9b::7f00:1 2002:7f00:1:: 2001::1",
                false,
            ),
        ] {
            for address in addresses.split(' ') {
                assert_eq!(is_public(address.parse().expect("an address")), public, "{address}");
            }
        }
    }
}
