//! The limits of one shape.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::pattern;

/// Shapes whose values are never repeated, beside those that the model calls sensitive.
pub(super) const SECRET: &[&str] = &["authenticationCodeType", "tokenCodeType", "tokenType", "passwordType"];

/// A shape of the model.
#[derive(Debug, Deserialize)]
pub(super) struct Shape {
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    min: Option<i64>,
    max: Option<i64>,
    /// As the model writes it; so it stands in messages.
    pattern: Option<String>,
    #[serde(rename = "enum", default)]
    words: Vec<String>,
    #[serde(default)]
    pub(super) sensitive: bool,
    pub(super) member: Option<String>,
    #[serde(default)]
    pub(super) members: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) required: Vec<String>,
}

/// The kinds of shapes that inputs have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    String,
    Integer,
    Boolean,
    Timestamp,
    Blob,
    List,
    Structure,
}

impl Shape {
    /// The rules that a value breaks, in AWS's words.
    pub(super) fn of_value(&self, value: &str) -> Vec<String> {
        match self.kind {
            Kind::Integer => self.of_integer(value),
            Kind::Boolean if !matches!(value, "true" | "false") => {
                vec!["Member must be a boolean: true or false".to_owned()]
            }
            Kind::String => self.of_text(value),
            Kind::Boolean | Kind::Timestamp | Kind::Blob | Kind::List | Kind::Structure => Vec::new(),
        }
    }

    /// The rules that a list breaks.
    pub(super) fn of_count(&self, count: i64, scalar: bool) -> Vec<String> {
        if scalar {
            return vec!["Member must be a list".to_owned()];
        }
        self.within(count, "length ")
    }

    fn of_integer(&self, value: &str) -> Vec<String> {
        // One way to write a number: no plus sign, no zeros in front.
        match value.parse::<i64>() {
            Ok(number) if number.to_string() == value => self.within(number, "value "),
            _ => vec!["Member must be an integer".to_owned()],
        }
    }

    fn of_text(&self, value: &str) -> Vec<String> {
        let length = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
        let mut broken = self.within(length, "length ");
        // A pattern that is not known lets nothing through.
        if let Some(pattern) = &self.pattern
            && !pattern::check(pattern).is_some_and(|fits| fits(value))
        {
            broken.push(format!("Member must satisfy regular expression pattern: {pattern}"));
        }
        if !self.words.is_empty() && !self.words.iter().any(|word| word == value) {
            broken.push(format!("Member must satisfy enum value set: [{}]", self.words.join(", ")));
        }
        broken
    }

    fn within(&self, number: i64, of: &str) -> Vec<String> {
        let mut broken = Vec::new();
        if let Some(max) = self.max.filter(|max| number > *max) {
            broken.push(format!("Member must have {of}less than or equal to {max}"));
        }
        if let Some(min) = self.min.filter(|min| number < *min) {
            broken.push(format!("Member must have {of}greater than or equal to {min}"));
        }
        broken
    }

    #[cfg(test)]
    pub(super) fn pattern_is_known(&self) -> bool {
        self.pattern.as_deref().is_none_or(|pattern| pattern::check(pattern).is_some())
    }
}
