//! The limits of one shape.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use regex_lite::Regex;
use serde::Deserialize;

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
    /// The same for `regex-lite`, or the name of a check that it cannot say.
    pub(super) regex: Option<String>,
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
        let digits = value.strip_prefix('-').unwrap_or(value);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match plain.then(|| value.parse::<i64>().ok()).flatten() {
            Some(number) => self.within(number, "value "),
            None => vec!["Member must be an integer".to_owned()],
        }
    }

    fn of_text(&self, value: &str) -> Vec<String> {
        let length = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
        let mut broken = self.within(length, "length ");
        if let (Some(pattern), Some(regex)) = (&self.pattern, &self.regex)
            && !matches(regex, value).unwrap_or(false)
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
        self.regex.as_deref().is_none_or(|regex| matches(regex, "a").is_some())
    }
}

/// Does the whole of `value` fit? None if the pattern itself cannot be read.
fn matches(pattern: &str, value: &str) -> Option<bool> {
    static KNOWN: OnceLock<Mutex<HashMap<String, Arc<Regex>>>> = OnceLock::new();
    match pattern {
        "@tag" => return Some(value.chars().all(is_of_tag)),
        "@alias" => return Some(is_alias(value)),
        _ => {}
    }
    let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    let regex = match known.get(pattern) {
        Some(regex) => Arc::clone(regex),
        None => {
            let regex = Arc::new(Regex::new(&format!("^(?:{pattern})$")).ok()?);
            known.insert(pattern.to_owned(), Arc::clone(&regex));
            regex
        }
    };
    drop(known);
    Some(regex.is_match(value))
}

/// Letters, separators and numbers of all scripts, and some signs.
fn is_of_tag(c: char) -> bool {
    let separator = matches!(
        c,
        ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    );
    c.is_alphanumeric() || separator || "_.:/=+-@".contains(c)
}

/// 3 to 63 of small letters, digits and single hyphens, no hyphen at either end.
fn is_alias(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (3..=63).contains(&value.len())
        && value.bytes().all(plain)
        && !value.starts_with('-')
        && !value.ends_with('-')
        && !value.contains("--")
}
