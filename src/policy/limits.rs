//! How much a policy may hold before it is refused (LM-002).

use crate::json;

/// The limits of a policy text; [`Limits::default`] is the largest set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub(super) json: json::Limits,
    pub(super) statements: usize,
    pub(super) values: usize,
    pub(super) pattern: usize,
    pub(super) variables: usize,
    pub(super) wildcards: usize,
}

impl Limits {
    /// Statements in one policy.
    pub const STATEMENTS: usize = 10_000;
    /// Values in one list.
    pub const VALUES: usize = 10_000;
    /// Bytes of an action, a resource or a condition value.
    pub const PATTERN: usize = 64 << 10;
    /// `${…}` in one of these.
    pub const VARIABLES: usize = 64;
    /// `?` in one of these. A `*` is cheap, but each `?` makes the text around it dearer to look for.
    pub const WILDCARDS: usize = 1_024;

    /// These limits for the JSON text.
    #[must_use]
    pub fn with_json(self, json: json::Limits) -> Self {
        Self { json, ..self }
    }

    /// At most `count` statements.
    #[must_use]
    pub fn with_statements(self, count: usize) -> Self {
        Self { statements: count.min(self.statements), ..self }
    }

    /// At most `count` values in a list.
    #[must_use]
    pub fn with_values(self, count: usize) -> Self {
        Self { values: count.min(self.values), ..self }
    }

    /// At most `bytes` for an action, a resource or a condition value.
    #[must_use]
    pub fn with_pattern(self, bytes: usize) -> Self {
        Self { pattern: bytes.min(self.pattern), ..self }
    }

    /// At most `count` variables in one of these.
    #[must_use]
    pub fn with_variables(self, count: usize) -> Self {
        Self { variables: count.min(self.variables), ..self }
    }

    /// At most `count` of `?` in one of these.
    #[must_use]
    pub fn with_wildcards(self, count: usize) -> Self {
        Self { wildcards: count.min(self.wildcards), ..self }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            json: json::Limits::default(),
            statements: Self::STATEMENTS,
            values: Self::VALUES,
            pattern: Self::PATTERN,
            variables: Self::VARIABLES,
            wildcards: Self::WILDCARDS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lm_002_each_limit_can_be_lowered_and_none_raised() {
        let json = json::Limits::default().with_depth(3);
        let low = Limits::default()
            .with_json(json)
            .with_statements(1)
            .with_values(2)
            .with_pattern(4)
            .with_variables(5)
            .with_wildcards(6);
        let expected = Limits { json, statements: 1, values: 2, pattern: 4, variables: 5, wildcards: 6 };
        assert_eq!(low, expected);
        let raised =
            low.with_statements(9).with_values(9).with_pattern(9).with_variables(9).with_wildcards(9);
        assert_eq!(raised, expected);
    }
}
