//! Context keys with values that policies and requests choose from.

use twokeys::policy::BASES;

use super::dice::Dice;

/// A context key and its values.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    /// Names of operators that fit.
    pub(super) operators: &'static [&'static str],
    /// Values in a policy; the first are the plainest.
    pub(super) in_policy: &'static [&'static str],
    /// Lists of values in a request.
    pub(super) in_request: &'static [&'static [&'static str]],
}

const STRINGS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
];

/// All keys.
pub(super) static KEYS: [Key; 10] = [
    Key {
        name: "aws:MultiFactorAuthPresent",
        operators: &["Bool"],
        in_policy: &["true", "false", "TRUE", "${aws:username}", "${aws:none, 'true'}", "yes", ""],
        in_request: &[&["true"], &["false"], &["False"], &["yes"], &[""], &["true", "true"]],
    },
    Key {
        name: "aws:MultiFactorAuthAge",
        operators: &[
            "NumericLessThan",
            "NumericGreaterThan",
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThanEquals",
            "NumericGreaterThanEquals",
        ],
        in_policy: &[
            "10",
            "3600",
            "10.00",
            "0",
            "+10",
            "-5",
            "1e1",
            "10.",
            "100000000000000000000000000000001",
            "${aws:MultiFactorAuthAge}",
        ],
        in_request: &[
            &["10"],
            &["9"],
            &["3600.5"],
            &["010"],
            &["-0"],
            &["0"],
            &["100000000000000000000000000000000"],
            &["1e1"],
            &["ten"],
            &["9", "11"],
        ],
    },
    Key {
        name: "aws:username",
        operators: STRINGS,
        in_policy: &[
            "alice",
            "ALICE",
            "a*",
            "a?ice",
            "*",
            "${aws:username}",
            "${AWS:USERNAME}",
            "${aws:PrincipalTag/team}",
            "${aws:none, 'alice'}",
            "a${*}",
            "a${?}ice",
            "${aws:username,'alice'}",
            "${aws:user name}",
            "${}",
            "${aws:username",
            "$${aws:none}*",
            "${aws:PrincipalTag/team, 'x'}${*",
        ],
        in_request: &[&["alice"], &["bob"], &["a*"], &["Alice"], &[""], &["alice", "bob"]],
    },
    Key {
        name: "aws:PrincipalTag/team",
        operators: STRINGS,
        in_policy: &[
            "red",
            "r*",
            "?ed",
            "${aws:username}${aws:none}",
            "${aws:none}${aws:username}",
            "${a b}${aws:username}",
            "${aws:PrincipalTag/team, 'red'}",
            "${aws:TagKeys}",
            "",
            "Red",
        ],
        in_request: &[&["red"], &["blue"], &["r*"], &["${aws:username}"], &[""], &["red", "red"], &["alice"]],
    },
    Key {
        name: "aws:TagKeys",
        operators: &[
            "ForAllValues:StringEquals",
            "ForAnyValue:StringEquals",
            "ForAllValues:StringNotEquals",
            "ForAnyValue:StringNotLike",
            "StringLike",
        ],
        in_policy: &["x", "y", "x*", "", "${aws:username}", "${aws:none}", "*"],
        in_request: &[&["x"], &["x", "y"], &["z"], &[""], &["", ""], &["", "x"], &["alice", "x"], &[]],
    },
    Key {
        name: "aws:SourceIp",
        operators: &["IpAddress", "NotIpAddress"],
        in_policy: &[
            "10.0.0.0/8",
            "10.0.0.1",
            "10.9.9.9/8",
            "0.0.0.0/0",
            "::/0",
            "2001:DB8::/32",
            "::ffff:10.0.0.0/104",
            "::ffff:10.0.0.0/80",
            "10.0.0.0/33",
            "10.0.0.01",
            "*",
        ],
        in_request: &[
            &["10.0.0.1"],
            &["11.0.0.1"],
            &["::ffff:10.0.0.1"],
            &["2001:db8:0::1"],
            &["10.0.0.0"],
            &["10.0.0.1/32"],
            &["here"],
            &["10.0.0.1", "11.0.0.1"],
        ],
    },
    Key {
        name: "aws:CurrentTime",
        operators: &[
            "DateLessThan",
            "DateGreaterThan",
            "DateEquals",
            "DateNotEquals",
            "DateLessThanEquals",
            "DateGreaterThanEquals",
        ],
        in_policy: &[
            "2026-09-01T00:00:00Z",
            "2026-09-01",
            "2026-09",
            "1788220800",
            "2026-09-01T02:00+02:00",
            "2026-08-31T23:59:59.999999999",
            "2027",
            "2026-02-30",
            "2026-09-01T24:00:00Z",
            "2026-08-31T23:59:60Z",
            "2026-09-01T00:00:00.5Z",
            "12345678901234567890123",
        ],
        in_request: &[
            &["2026-09-01T00:00:00Z"],
            &["2026-09-01T00:00:00.000000001Z"],
            &["1788220799"],
            &["2026-08-31T22:00:00-02:00"],
            &["2026-09-01t00:00:00Z"],
            &["-1"],
            &["2026-09-01T00:00:00.500000Z"],
            &["2026-03-01T00:00Z"],
            &["1788220800", "0"],
        ],
    },
    Key {
        name: "aws:PrincipalArn",
        operators: &["ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals", "StringLike"],
        in_policy: &[
            "arn:aws:iam::111122223333:role/app",
            "arn:aws:iam::111122223333:*",
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::*",
            "*",
            "arn:*:*:*:*:*",
            "arn:aws:iam::111122223333:user/${aws:username}",
            "${aws:SourceArn}",
            "${aws:SourceArn}*",
            "arn:aws:iam::${aws:none, '111122223333'}:role/app",
            "arn:aws:iam::111122223333:role/${*}",
            "arn:aws:iam::111122223333:ROLE/app",
            "arn:aws:iam::*:role/a:b",
        ],
        in_request: &[
            &["arn:aws:iam::111122223333:role/app"],
            &["arn:aws:iam::111122223333:user/alice"],
            &["arn:aws:iam::111122223333:role/*"],
            &["arn:aws:iam::444455556666:role/a:b"],
            &["alice"],
            &[""],
        ],
    },
    Key {
        name: "aws:SourceArn",
        operators: &["ArnLike", "ArnNotLike", "StringEquals"],
        in_policy: &[
            "arn:aws:iam::111122223333:role/*",
            "arn:aws:sns:*:111122223333:*",
            "${aws:PrincipalArn}",
        ],
        in_request: &[
            &["arn:aws:iam::111122223333:role/"],
            &["arn:aws:sns:eu-west-1:111122223333:t:u"],
            &["x"],
        ],
    },
    Key {
        name: "x:Blob",
        operators: &["BinaryEquals"],
        in_policy: &["Zm9v", "Zg==", "Zg", "Zh==", "", "${x:Blob}", "Zm9v Zg=="],
        in_request: &[&["Zm9v"], &["Zg=="], &["Zg"], &["Zh=="], &[""], &["%"]],
    },
];

/// May a value with this text stand without quotation marks?
pub(super) fn is_json_literal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_ascii_digit());
    let is_number = digits(whole) && digits(fraction) && (whole == "0" || !whole.starts_with('0'));
    is_number || text == "true" || text == "false"
}

/// Any operator; with most keys it makes no sense, which must not confuse anyone.
pub(super) fn any_operator(dice: &mut Dice) -> &'static str {
    dice.pick(BASES).map_or("Null", |(name, _)| name)
}
