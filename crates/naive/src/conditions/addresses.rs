//! CO-060, CO-061: addresses in ranges.

use std::net::IpAddr;

/// An address as bits, most significant first; 32 of them or 128.
type Bits = Vec<bool>;

/// Does the request's address lie in the policy's address or range?
pub(super) fn inside(range: &str, address: &str) -> bool {
    let (Some((start, prefix)), Some(address)) = (parse_range(range), parse_address(address)) else {
        return false;
    };
    let address = without_mapping(address, 128).0;
    start.len() == address.len() && start.iter().zip(&address).take(prefix).all(|(one, other)| one == other)
}

/// `address` or `address/prefix`; only the first `prefix` bits count.
fn parse_range(text: &str) -> Option<(Bits, usize)> {
    let (address, prefix) = match text.split_once('/') {
        None => (parse_address(text)?, None),
        Some((address, prefix)) => (parse_address(address)?, Some(parse_prefix(prefix)?)),
    };
    let prefix = prefix.unwrap_or(address.len());
    if prefix > address.len() {
        return None;
    }
    Some(without_mapping(address, prefix))
}

fn parse_prefix(text: &str) -> Option<usize> {
    let is_plain = text == "0" || (!text.starts_with('0') && text.chars().all(|c| c.is_ascii_digit()));
    if is_plain { text.parse().ok() } else { None }
}

fn parse_address(text: &str) -> Option<Bits> {
    let bytes = match text.parse().ok()? {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    let bits = |byte: u8| (0..8).rev().map(move |place| byte >> place & 1 == 1);
    Some(bytes.into_iter().flat_map(bits).collect())
}

/// CO-061: `::ffff:a.b.c.d` is the IPv4 address `a.b.c.d`, if the prefix leaves those 96 bits alone.
fn without_mapping(address: Bits, prefix: usize) -> (Bits, usize) {
    let mapping = || (0..96).map(|place| place >= 80);
    let is_mapped = address.len() == 128 && address.iter().copied().take(96).eq(mapping());
    match prefix.checked_sub(96) {
        Some(rest) if is_mapped => (address.into_iter().skip(96).collect(), rest),
        _ => (address, prefix),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn co_060_and_co_061_addresses_in_ranges() {
        for (range, address, expected) in [
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.9.9.9/8", "10.1.2.3", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.2", false),
            ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "10.0.0.1", false),
            ("2001:DB8::/32", "2001:db8::1", true),
            ("10.0.0.0/33", "10.0.0.0", false),
            ("10.0.0.0/255.0.0.0", "10.0.0.0", false),
            ("10.0.0.0/", "10.0.0.0", false),
            ("10.00.0.0/8", "10.0.0.0", false),
            ("10.0.0.0/8", "10.0.0.0/8", false),
            ("fe80::1%eth0", "fe80::1", false),
            ("::ffff:10.0.0.0/104", "10.200.0.1", true),
            ("::ffff:10.0.0.0/96", "99.0.0.1", true),
            ("::ffff:10.0.0.0/95", "10.0.0.0", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true),
            ("::/0", "::ffff:10.0.0.1", false),
        ] {
            assert_eq!(inside(range, address), expected, "{address} in {range}");
        }
    }
}
