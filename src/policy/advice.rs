//! What a person is told beside the message of a [`ParseErrorKind`]: what belongs there, what to do.

use super::error::{Parent, ParseErrorKind, Shape};
use super::kind::PolicyType;
use super::parse::{VARIABLES, WILDCARDS, WRAPPERS};
use crate::source::{Span, shown};

impl ParseErrorKind {
    /// What stands beside the caret; may be empty.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Json(kind) => kind.label().to_owned(),
            Self::NulCharacter => "no AWS name has this character".to_owned(),
            Self::NotAnObject { .. } => "a policy starts with `{`".to_owned(),
            Self::MissingStatement => "`Statement` belongs in here".to_owned(),
            Self::UnknownElement { misplaced: true, .. } => "not at this level".to_owned(),
            Self::UnknownElement { .. } => "unknown element".to_owned(),
            Self::WrongType { expected, .. } => format!("expected {expected}"),
            Self::InvalidVersion { .. } => "expected `2012-10-17` or `2008-10-17`".to_owned(),
            Self::MissingEffect => "`Effect` belongs in here".to_owned(),
            Self::InvalidEffect { .. } => "expected `Allow` or `Deny`".to_owned(),
            Self::MissingAction => "`Action` belongs in here".to_owned(),
            Self::MissingResource { .. } => "`Resource` belongs in here".to_owned(),
            Self::MissingPrincipal { .. } => "`Principal` belongs in here".to_owned(),
            Self::UnsupportedPrincipal { .. } => "not in this type of policy".to_owned(),
            Self::ElementCombination { first, .. } => format!("cannot be combined with `{first}`"),
            Self::UnknownOperator { .. } | Self::NullIfExists { .. } => "unknown operator".to_owned(),
            Self::SameButCase { .. } => "given again here".to_owned(),
            Self::ConditionValue { .. } => "expected a string, a number or a boolean".to_owned(),
            Self::TooLong { .. } => "too long".to_owned(),
            Self::TooMany { .. } => "too many".to_owned(),
        }
    }

    /// Another place that belongs to the mistake, with a few words.
    pub(super) fn other(&self) -> Option<(Span, String)> {
        match self {
            Self::Json(kind) => kind.other(),
            Self::ElementCombination { first, first_span, .. } => {
                Some((*first_span, format!("`{first}` stands here")))
            }
            Self::SameButCase { first_span, .. } => Some((*first_span, "given here first".to_owned())),
            _ => None,
        }
    }

    /// The smallest change that mends it.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Json(kind) => return kind.help(),
            Self::NulCharacter => "remove it",
            Self::NotAnObject { found: "a string" } => {
                "if the policy is inside this string, take it out of the string and undo its escapes"
            }
            Self::NotAnObject { .. } => "write `{\"Version\": \"2012-10-17\", \"Statement\": [ … ]}`",
            Self::MissingStatement => "add `\"Statement\": [ … ]` with the statements of the policy",
            Self::UnknownElement { name, parent, nearest, misplaced } => {
                return Some(unknown_element(name, *parent, *nearest, *misplaced));
            }
            Self::WrongType { element, expected, found } => wrong_type(element, *expected, found),
            Self::InvalidVersion { .. } => {
                "write `\"2012-10-17\"`: the version is that of the policy language, not of this policy"
            }
            Self::MissingEffect => "add `\"Effect\": \"Allow\"` or `\"Effect\": \"Deny\"`",
            Self::InvalidEffect { nearest: Some(nearest), .. } => {
                return Some(format!("write `\"{nearest}\"`, with these capitals"));
            }
            Self::InvalidEffect { .. } => "write `\"Allow\"` or `\"Deny\"`; there is no other effect",
            Self::MissingAction => {
                "add `\"Action\"` with the operations it is about, such as `\"Action\": \"s3:GetObject\"`"
            }
            Self::MissingResource { .. } => {
                "add `\"Resource\"` with the ARNs it is about, or `\"Resource\": \"*\"` for all"
            }
            Self::MissingPrincipal { kind: PolicyType::ResourceControl } => {
                "add `\"Principal\": \"*\"`; a resource control policy is about everyone"
            }
            Self::MissingPrincipal { .. } => {
                "say whom it is about, such as `\"Principal\": {\"AWS\": \"arn:aws:iam::111122223333:root\"}`"
            }
            Self::UnsupportedPrincipal { kind: PolicyType::ServiceControl, .. } => {
                "remove it; the policy is about every principal of the accounts it is attached to"
            }
            Self::UnsupportedPrincipal { .. } => {
                "remove it; the policy is about whom it is attached to (a principal stands in resource and trust policies)"
            }
            Self::ElementCombination { .. } => "keep one of the two; if both are meant, write two statements",
            Self::UnknownOperator { nearest: Some(nearest), .. } => {
                return Some(format!("did you mean `{nearest}`?"));
            }
            Self::UnknownOperator { .. } => {
                "write one that AWS documents, such as `StringLike`, `Bool`, `DateLessThan` or `IpAddress`"
            }
            Self::NullIfExists { .. } => "write `Null`: it asks by itself whether the key exists",
            Self::SameButCase { what: "condition operator", .. } => {
                "put the keys of both under one of the two"
            }
            Self::SameButCase { .. } => "keep one of the two, with the values of both in one list",
            Self::ConditionValue { found: "null" } => {
                "to ask whether the key is missing, put it under the operator `Null` with the value `\"true\"`"
            }
            Self::ConditionValue { found: "a list" } => "put all values into one list",
            Self::ConditionValue { .. } => {
                "write `\"key\": \"value\"`; a tag belongs to the key, as in `\"aws:PrincipalTag/team\": \"red\"`"
            }
            Self::TooLong { .. } => "shorten it; no name of AWS is as long",
            Self::TooMany { what: WILDCARDS, .. } => "write `*` where any text will do",
            Self::TooMany { what: VARIABLES, .. } => "split the string, or use fewer variables",
            Self::TooMany { what, .. } if what.starts_with("mistakes") => "mend those above first",
            Self::TooMany { .. } => "split the policy; AWS takes far smaller ones",
        };
        Some(help.to_owned())
    }
}

fn unknown_element(name: &str, parent: Parent, nearest: Option<&str>, misplaced: bool) -> String {
    match (nearest, parent) {
        (Some(nearest), _) if nearest.eq_ignore_ascii_case(name) => {
            format!("write `{nearest}`: capitals count in names of elements")
        }
        (Some(nearest), _) => format!("did you mean `{nearest}`?"),
        (None, Parent::Policy) if misplaced => {
            format!("move it into a statement: `\"Statement\": [ {{ \"{name}\": …, … }} ]`")
        }
        (None, Parent::Statement) if misplaced => {
            "move it out of the statement, to the level of `Statement`".to_owned()
        }
        (None, Parent::Policy) if WRAPPERS.contains(&name) => {
            format!("give the policy alone: the object that is the value of `{}`", shown(name))
        }
        (None, Parent::Policy) => "remove it; a policy has `Version`, `Id` and `Statement`".to_owned(),
        (None, Parent::Statement) => {
            "remove it; a statement has `Sid`, `Effect`, `Principal`, `Action`, `Resource`, `Condition` and their `Not…` forms".to_owned()
        }
    }
}

fn wrong_type(element: &str, expected: Shape, found: &str) -> &'static str {
    match (expected, found) {
        (Shape::StarOrObject, "a list") => {
            "put the list into an object that says of what kind: `{\"AWS\": [ … ]}`"
        }
        (Shape::StarOrObject, _) => {
            "write `\"*\"`, or an object such as `{\"Service\": \"ec2.amazonaws.com\"}`"
        }
        (Shape::Object, _) if element == "`Condition`" => {
            "write operators with keys and values: `{\"Bool\": {\"aws:SecureTransport\": \"true\"}}`"
        }
        (Shape::Object, "a list") => "write one object, with all members in it",
        (Shape::Object, _) => "write `{ … }` with names and values",
        (_, "null") => "give it a value, or remove it",
        (_, "a number" | "a boolean") => "put it in double quotation marks",
        (Shape::Text, "a list") => "write one string without brackets",
        (_, "a list") => "put all entries into one list",
        _ => "write the names alone, without an object around them",
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::Policy;

    #[test]
    fn what_has_the_wrong_type_is_told_how_to_be_written() {
        for (statement, advice) in [
            (r#""Sid": ["a"]"#, "write one string without brackets"),
            (r#""Sid": 1"#, "put it in double quotation marks"),
            (r#""Sid": null"#, "give it a value, or remove it"),
            (r#""Condition": ["a"]"#, "write operators with keys and values"),
            (r#""Principal": ["a"]"#, "put the list into an object that says of what kind"),
            (r#""Action": {"a": 1}"#, "write the names alone, without an object around them"),
            (r#""Action": [["s3:GetObject"]]"#, "put all entries into one list"),
        ] {
            let text = format!(r#"{{"Statement": {{"Effect": "Allow", {statement}}}}}"#);
            let errors = Policy::parse(&text).unwrap_err();
            let told: Vec<_> = errors.to_diagnostics().into_iter().filter_map(|one| one.help).collect();
            assert!(told.iter().any(|help| help.starts_with(advice)), "{statement}: {told:?}");
        }
    }
}
