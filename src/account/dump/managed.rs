//! A file of managed policies that a dump names and does not carry: `{"policies": [{"arn", "document"}]}`.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::limits::Limits;
use super::{page, scan};
use crate::account::document::{File, Form, Place};
use crate::account::problem::{Problem, ProblemKind};
use crate::source::Span;

/// Managed policies by ARN. None is read before someone names it.
#[derive(Debug, Clone)]
pub struct ManagedPolicies<'t> {
    pub(super) file: File,
    pub(super) text: &'t str,
    by_arn: HashMap<String, &'t RawValue>,
}

#[derive(Deserialize)]
struct Listed<'t> {
    #[serde(borrow)]
    policies: Vec<Entry<'t>>,
}

#[derive(Deserialize)]
struct Entry<'t> {
    arn: String,
    #[serde(borrow)]
    document: &'t RawValue,
}

impl<'t> ManagedPolicies<'t> {
    /// Reads the file that is the `at`-th of its kind.
    ///
    /// # Errors
    ///
    /// It is no JSON of that form, is beyond the limits, or has two policies with one ARN.
    pub fn read(at: usize, bytes: &'t [u8], limits: &Limits) -> Result<Self, Problem> {
        let file = File::Managed(at);
        let problem = |start: usize, subject: &str, kind| {
            let place = Place { file, span: Span::new(start, start), form: Form::Object };
            Problem::new(Some(place), subject, kind)
        };
        let text = scan::text(bytes, limits).map_err(|(start, kind)| problem(start, "", kind))?;
        let listed: Listed<'t> = serde_json::from_str(text).map_err(|error| {
            problem(page::offset(text, &error), "", ProblemKind::Json(page::message(&error)))
        })?;
        let mut by_arn = HashMap::with_capacity(listed.policies.len());
        for Entry { arn, document } in listed.policies {
            if let Some(first) = by_arn.insert(arn.clone(), document) {
                let start = page::offset_of(text, first.get());
                return Err(problem(start, &arn, ProblemKind::Duplicate { what: "the policy".to_owned() }));
            }
        }
        Ok(Self { file, text, by_arn })
    }

    /// The text of a policy.
    pub(super) fn get(&self, arn: &str) -> Option<&'t RawValue> {
        self.by_arn.get(arn).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_members_are_passed_over_and_an_arn_stands_once() {
        let text = br#"{"schema": 1, "policies": [{"arn": "a", "name": "n", "document": {}}]}"#;
        let managed = ManagedPolicies::read(0, text, &Limits::default()).unwrap();
        assert_eq!(managed.get("a").map(RawValue::get), Some("{}"));
        assert!(managed.get("b").is_none());
        for (text, code) in [
            (
                r#"{"policies": [{"arn": "a", "document": {}}, {"arn": "a", "document": {}}]}"#,
                "duplicate-entity",
            ),
            (r#"{"policies": [{"arn": "a"}]}"#, "dump-json"),
            (r#"{"policies": {}}"#, "dump-json"),
            ("[]", "dump-json"),
        ] {
            let problem = ManagedPolicies::read(0, text.as_bytes(), &Limits::default()).unwrap_err();
            assert_eq!(problem.code(), code, "{text}");
        }
    }
}
