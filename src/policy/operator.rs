//! The names of condition operators, taken apart.
//!
//! A name is an optional set prefix, a base name and an optional `IfExists` (CO-002). Letter case
//! does not count. `NullIfExists` does not exist. See
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>.

use std::fmt;

use crate::name::nearest;

/// A condition operator: `ForAnyValue:StringLikeIfExists` in three parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operator {
    /// How several values of the request are combined, if stated.
    pub set: Option<SetPrefix>,
    /// The comparison.
    pub base: Base,
    /// Does a missing key make it true?
    pub if_exists: bool,
}

/// `ForAllValues:` or `ForAnyValue:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SetPrefix {
    /// Every value of the request must pass; a missing key passes.
    ForAllValues,
    /// One value of the request must pass; a missing key does not.
    ForAnyValue,
}

/// One row of [`BASES`]: what is compared, how, and whether the result is turned around.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Base {
    /// The comparison.
    pub comparison: Comparison,
    /// Is this the `Not…` form? (CO-004)
    pub negated: bool,
}

/// The positive form of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `StringEquals`
    StringEquals,
    /// `StringEqualsIgnoreCase`
    StringEqualsIgnoreCase,
    /// `StringLike`
    StringLike,
    /// `Numeric…`
    Numeric(Order),
    /// `Date…`
    Date(Order),
    /// `Bool`
    Bool,
    /// `BinaryEquals`
    Binary,
    /// `IpAddress`
    Ip,
    /// `ArnEquals` and `ArnLike`, which are the same (CO-070).
    Arn(ArnName),
    /// `Null`
    Null,
}

/// How the request's value must stand to the policy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// equal
    Equals,
    /// less
    LessThan,
    /// less or equal
    LessThanEquals,
    /// greater
    GreaterThan,
    /// greater or equal
    GreaterThanEquals,
}

/// Which of the two names of the ARN comparison was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArnName {
    /// `ArnEquals`
    Equals,
    /// `ArnLike`
    Like,
}

const fn positive(comparison: Comparison) -> Base {
    Base { comparison, negated: false }
}

const fn negative(comparison: Comparison) -> Base {
    Base { comparison, negated: true }
}

/// All base operators that AWS documents, in their canonical spelling.
pub const BASES: &[(&str, Base)] = &[
    ("StringEquals", positive(Comparison::StringEquals)),
    ("StringNotEquals", negative(Comparison::StringEquals)),
    ("StringEqualsIgnoreCase", positive(Comparison::StringEqualsIgnoreCase)),
    ("StringNotEqualsIgnoreCase", negative(Comparison::StringEqualsIgnoreCase)),
    ("StringLike", positive(Comparison::StringLike)),
    ("StringNotLike", negative(Comparison::StringLike)),
    ("NumericEquals", positive(Comparison::Numeric(Order::Equals))),
    ("NumericNotEquals", negative(Comparison::Numeric(Order::Equals))),
    ("NumericLessThan", positive(Comparison::Numeric(Order::LessThan))),
    ("NumericLessThanEquals", positive(Comparison::Numeric(Order::LessThanEquals))),
    ("NumericGreaterThan", positive(Comparison::Numeric(Order::GreaterThan))),
    ("NumericGreaterThanEquals", positive(Comparison::Numeric(Order::GreaterThanEquals))),
    ("DateEquals", positive(Comparison::Date(Order::Equals))),
    ("DateNotEquals", negative(Comparison::Date(Order::Equals))),
    ("DateLessThan", positive(Comparison::Date(Order::LessThan))),
    ("DateLessThanEquals", positive(Comparison::Date(Order::LessThanEquals))),
    ("DateGreaterThan", positive(Comparison::Date(Order::GreaterThan))),
    ("DateGreaterThanEquals", positive(Comparison::Date(Order::GreaterThanEquals))),
    ("Bool", positive(Comparison::Bool)),
    ("BinaryEquals", positive(Comparison::Binary)),
    ("IpAddress", positive(Comparison::Ip)),
    ("NotIpAddress", negative(Comparison::Ip)),
    ("ArnEquals", positive(Comparison::Arn(ArnName::Equals))),
    ("ArnNotEquals", negative(Comparison::Arn(ArnName::Equals))),
    ("ArnLike", positive(Comparison::Arn(ArnName::Like))),
    ("ArnNotLike", negative(Comparison::Arn(ArnName::Like))),
    ("Null", positive(Comparison::Null)),
];

/// Why a text is no operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAnOperator {
    /// No documented operator has this name.
    Unknown,
    /// `IfExists` after `Null`: a key is missing or it is not.
    NullIfExists,
}

impl Operator {
    /// Takes a name apart.
    ///
    /// ```
    /// use twokeys::policy::Operator;
    ///
    /// let operator = Operator::parse("boolifexists").unwrap();
    /// assert_eq!(operator.to_string(), "BoolIfExists");
    /// assert!(Operator::parse("BoolEquals").is_err());
    /// ```
    pub fn parse(name: &str) -> Result<Self, NotAnOperator> {
        let (set, rest) = match name.split_once(':') {
            None => (None, name),
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAllValues") => {
                (Some(SetPrefix::ForAllValues), rest)
            }
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAnyValue") => {
                (Some(SetPrefix::ForAnyValue), rest)
            }
            Some(_) => return Err(NotAnOperator::Unknown),
        };
        let find = |wanted: &str| {
            BASES.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, base)| *base)
        };
        if let Some(base) = find(rest) {
            return Ok(Self { set, base, if_exists: false });
        }
        let stem = rest.len().checked_sub("IfExists".len()).and_then(|at| rest.split_at_checked(at));
        match stem {
            Some((stem, suffix)) if suffix.eq_ignore_ascii_case("IfExists") => match find(stem) {
                Some(base) if base.comparison == Comparison::Null => Err(NotAnOperator::NullIfExists),
                Some(base) => Ok(Self { set, base, if_exists: true }),
                None => Err(NotAnOperator::Unknown),
            },
            _ => Err(NotAnOperator::Unknown),
        }
    }
}

impl Operator {
    /// The operator whose name comes closest to `written`, if one stands out.
    ///
    /// ```
    /// use twokeys::policy::Operator;
    ///
    /// let meant = Operator::nearest("ForAnyValues:StringLikes").unwrap();
    /// assert_eq!(meant.to_string(), "ForAnyValue:StringLike");
    /// assert_eq!(Operator::nearest("Matches"), None);
    /// ```
    pub fn nearest(written: &str) -> Option<Self> {
        let (prefix, rest) = match written.split_once(':') {
            Some((prefix, rest)) => (nearest(prefix, ["ForAllValues", "ForAnyValue"])?, rest),
            None => ("", written),
        };
        let stem = rest.len().checked_sub("IfExists".len()).and_then(|at| rest.split_at_checked(at));
        let (rest, suffix) = match stem {
            Some((stem, suffix)) if suffix.eq_ignore_ascii_case("IfExists") => (stem, "IfExists"),
            _ => (rest, ""),
        };
        let names = BASES.iter().map(|(name, _)| *name);
        let base = nearest(rest, names.clone()).or_else(|| {
            // `BoolEquals`, `NullEquals`: an operator with a tail that it does not have.
            let starts =
                |name: &&str| rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
            names.filter(starts).max_by_key(|name| name.len())
        })?;
        let colon = if prefix.is_empty() { "" } else { ":" };
        Self::parse(&format!("{prefix}{colon}{base}{suffix}")).ok()
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.set {
            Some(SetPrefix::ForAllValues) => f.write_str("ForAllValues:")?,
            Some(SetPrefix::ForAnyValue) => f.write_str("ForAnyValue:")?,
            None => {}
        }
        let name = BASES.iter().find(|(_, base)| *base == self.base).map_or("", |(name, _)| name);
        f.write_str(name)?;
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn co_002_every_name_with_prefix_and_suffix_comes_back_as_printed() {
        for (name, base) in BASES {
            for prefix in ["", "ForAllValues:", "ForAnyValue:"] {
                let plain = format!("{prefix}{name}");
                assert_eq!(Operator::parse(&plain).unwrap().to_string(), plain);
                assert_eq!(Operator::parse(&plain.to_ascii_uppercase()).unwrap().to_string(), plain);
                let if_exists = format!("{plain}IfExists");
                match Operator::parse(&if_exists) {
                    Ok(operator) => assert_eq!(operator.to_string(), if_exists),
                    Err(error) => {
                        assert_eq!(error, NotAnOperator::NullIfExists);
                        assert_eq!(base.comparison, Comparison::Null);
                    }
                }
            }
        }
    }

    #[test]
    fn co_003_near_misses_are_unknown() {
        for name in [
            "",
            "BoolEquals",
            "StringsEquals",
            "IfExists",
            "ForAllValues:",
            "For:Bool",
            "Bool ",
            "BinaryNotEquals",
            "BoolIfExistsIfExists",
            "ForAllValues:ForAnyValue:Bool",
            "éIfExists",
            "StringEqual\u{017f}",
        ] {
            assert_eq!(Operator::parse(name), Err(NotAnOperator::Unknown), "{name}");
        }
    }

    #[test]
    fn co_003_the_nearest_operator_keeps_prefix_and_suffix() {
        for (written, expected) in [
            ("StringsEquals", Some("StringEquals")),
            ("BoolEquals", Some("Bool")),
            ("forallvalue:stringlikes", Some("ForAllValues:StringLike")),
            ("StringEqualIfExists", Some("StringEqualsIfExists")),
            ("Bol:Bool", None),
            ("NulIfExists", None),
            ("", None),
            ("é", None),
        ] {
            let nearest = Operator::nearest(written).map(|operator| operator.to_string());
            assert_eq!(nearest.as_deref(), expected, "{written}");
        }
    }
}
