//! `IpAddress`: does the caller's address lie in a block?
//!
//! A bare address in a policy is a block of one. IPv4 and IPv6 never match each other, but an IPv4
//! address written as IPv6 (`::ffff:a.b.c.d`) is the IPv4 address (CO-061).

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

/// The policy's side: an address or a block; its host bits do not count.
pub(super) fn parse_block(text: &str) -> Option<IpNet> {
    let (address, prefix) = match text.split_once('/') {
        None => return parse_address(text).map(IpNet::from),
        Some((address, prefix)) => (address.parse::<IpAddr>().ok()?, prefix),
    };
    let plain = !prefix.is_empty() && prefix.len() <= 3 && prefix.bytes().all(|byte| byte.is_ascii_digit());
    let prefix: u8 = prefix.parse().ok().filter(|_| plain)?;
    match address {
        IpAddr::V6(six) => match (six.to_ipv4_mapped(), prefix.checked_sub(96)) {
            (Some(four), Some(prefix)) => Ipv4Net::new(four, prefix).ok().map(IpNet::from),
            _ => IpNet::new(address, prefix).ok(),
        },
        IpAddr::V4(_) => IpNet::new(address, prefix).ok(),
    }
}

/// The request's side: one address.
pub(super) fn parse_address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn co_060_addresses_and_blocks() {
        for (block, address, expected) in [
            ("203.0.113.0/24", "203.0.113.255", true),
            ("203.0.113.77/24", "203.0.113.1", true),
            ("203.0.113.7", "203.0.113.7", true),
            ("203.0.113.7", "203.0.113.8", false),
            ("0.0.0.0/0", "198.51.100.1", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "198.51.100.1", false),
            ("2001:DB8::/32", "2001:db8:1::1", true),
            ("2001:db8::1", "2001:db8:0:0::1", true),
            ("::ffff:203.0.113.0/120", "203.0.113.9", true),
            ("203.0.113.0/24", "::ffff:203.0.113.9", true),
        ] {
            let inside = parse_block(block).unwrap().contains(&parse_address(address).unwrap());
            assert_eq!(inside, expected, "{address} in {block}");
        }
    }

    #[test]
    fn co_060_what_is_no_address() {
        for text in [
            "",
            "10.0.0.0/33",
            "::/129",
            "010.0.0.1",
            "10.0.0.1/255.0.0.0",
            "fe80::1%eth0",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.0.0/8",
            "10.0.0.0/0008",
        ] {
            assert!(parse_block(text).is_none(), "{text}");
        }
        assert!(parse_address("10.0.0.0/8").is_none());
    }
}
