//! Sets of actions and of resources, as statements name them, and which lies within which.

use crate::lint::text::{has_variable, whole_arn, widest};
use crate::name::{Part, Pattern, fold};
use crate::policy::{NamesPart, Segment, Statement, Template};

/// One entry, as far as it can be compared without a request.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Name {
    /// An ARN by its fields; anything else, and a star, whole.
    fields: Vec<Field>,
    /// Is it everything?
    is_star: bool,
}

/// A stretch in which wildcards reach no further.
#[derive(Debug, Clone)]
struct Field {
    /// Variables stand for themselves.
    exact: Pattern,
    /// Variables stand for anything.
    widest: Pattern,
}

impl Name {
    /// Does it match all that the other one matches?
    pub(in crate::lint) fn includes(&self, other: &Self) -> bool {
        self.is_star()
            || self.fields.len() == other.fields.len()
                && self
                    .fields
                    .iter()
                    .zip(&other.fields)
                    .all(|(wide, narrow)| wide.exact.includes(&narrow.exact))
    }

    /// Is there, for all that is known, something that both match?
    pub(in crate::lint) fn overlaps(&self, other: &Self) -> bool {
        self.fields.len() != other.fields.len()
            || self.fields.iter().zip(&other.fields).all(|(one, other)| one.widest.overlaps(&other.widest))
    }

    /// Does it match everything?
    pub(in crate::lint) fn is_star(&self) -> bool {
        self.is_star
    }

    fn new(fields: Vec<Field>) -> Self {
        let is_star =
            matches!(fields.as_slice(), [all] if all.exact.is_star() || all.exact == Pattern::new("*:*"));
        Self { fields, is_star }
    }
}

/// What an `Action`, `NotAction`, `Resource` or `NotResource` element reaches.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Names {
    negated: bool,
    patterns: Vec<Name>,
}

impl Names {
    /// The actions of a statement.
    pub(in crate::lint) fn actions(statement: &Statement) -> Self {
        Self::of(&statement.action, action)
    }

    /// The resources of a statement; all of them, where it names none.
    pub(in crate::lint) fn resources(statement: &Statement) -> Self {
        statement.resource.as_ref().map_or_else(Self::everything, |part| Self::of(part, resource))
    }

    fn of(part: &NamesPart, read: impl Fn(&str) -> Name) -> Self {
        Self {
            negated: part.negated,
            patterns: part.entries.iter().map(|entry| read(&entry.value)).collect(),
        }
    }

    /// Those that one pattern matches.
    pub(in crate::lint) fn only(pattern: Name) -> Self {
        Self { negated: false, patterns: vec![pattern] }
    }

    fn everything() -> Self {
        Self { negated: true, patterns: Vec::new() }
    }

    /// Is there nothing outside it?
    pub(in crate::lint) fn is_everything(&self) -> bool {
        if self.negated { self.patterns.is_empty() } else { self.patterns.iter().any(Name::is_star) }
    }

    /// Does it hold all that a pattern matches?
    pub(in crate::lint) fn holds(&self, pattern: &Name) -> bool {
        if self.negated {
            !self.patterns.iter().any(|entry| entry.overlaps(pattern))
        } else {
            self.patterns.iter().any(|entry| entry.includes(pattern))
        }
    }

    /// Does it hold something that a pattern matches?
    pub(in crate::lint) fn meets(&self, pattern: &Name) -> bool {
        if self.negated {
            !self.patterns.iter().any(|entry| entry.includes(pattern))
        } else {
            self.patterns.iter().any(|entry| entry.overlaps(pattern))
        }
    }

    /// Does it hold all that the other one holds? "No" may also mean that it takes several entries together.
    pub(in crate::lint) fn includes(&self, other: &Self) -> bool {
        match (self.negated, other.negated) {
            (_, false) => other.patterns.iter().all(|pattern| self.holds(pattern)),
            (false, true) => self.is_everything(),
            (true, true) => {
                let excluded = |pattern: &Name| other.patterns.iter().any(|entry| entry.includes(pattern));
                self.patterns.iter().all(excluded)
            }
        }
    }

    /// The parts of which it is made: each entry for itself, or the whole if it says what is left out.
    pub(in crate::lint) fn cells(&self) -> Vec<Self> {
        if self.negated {
            return vec![self.clone()];
        }
        self.patterns.iter().cloned().map(Self::only).collect()
    }
}

/// An action, as it is compared.
pub(in crate::lint) fn action(text: &str) -> Name {
    let pattern = Pattern::new(&fold(text));
    Name::new(vec![Field { exact: pattern.clone(), widest: pattern }])
}

/// A resource, as it is compared: an ARN field by field (RE-003).
///
/// A policy lives in one partition, so that `aws`, `*` and a variable say the same there. Variables
/// stand for themselves, whatever the capitals of their names.
pub(in crate::lint) fn resource(text: &str) -> Name {
    let field = |text: &str| Field { exact: exact(text), widest: widest(text) };
    let fields = match whole_arn(text) {
        Some([arn, partition, rest @ ..]) => {
            let own = partition == "*" || has_variable(partition);
            let first = [arn, if own { "aws" } else { partition }];
            first.into_iter().chain(rest).map(field).collect()
        }
        None => vec![field(text)],
    };
    Name::new(fields)
}

/// The pattern of a text in which variables stand for themselves.
fn exact(text: &str) -> Pattern {
    let Template(segments) = Template::parse(text);
    Pattern::from_parts(segments.into_iter().flat_map(|segment| match segment {
        Segment::Text(text) => Part::all(text),
        Segment::Literal(text) => vec![Part::Text(text.to_owned())],
        Segment::Variable { name, default } => {
            vec![Part::Text(format!("${{{}{}}}", fold(name), default.unwrap_or_default()))]
        }
        Segment::Malformed(_) => vec![Part::Text("${}".to_owned())],
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    fn actions(element: &str) -> Names {
        let text = format!(r#"{{"Statement": {{"Effect": "Deny", {element}, "Resource": "*"}}}}"#);
        Names::actions(&Policy::parse(&text).unwrap().statements[0])
    }

    #[test]
    fn what_is_named_and_what_is_left_out_are_compared() {
        for (wide, narrow, expected) in [
            (r#""Action": "s3:*""#, r#""Action": ["s3:Get*", "S3:putobject"]"#, true),
            (r#""Action": "s3:Get*""#, r#""Action": "s3:*""#, false),
            (r#""Action": "*:*""#, r#""NotAction": "iam:*""#, true),
            (r#""Action": "s3:*""#, r#""NotAction": "iam:*""#, false),
            (r#""NotAction": "iam:*""#, r#""Action": "s3:*""#, true),
            (r#""NotAction": "iam:*""#, r#""Action": "*:GetUser""#, false),
            (r#""NotAction": "iam:GetUser""#, r#""NotAction": "iam:*""#, true),
            (r#""NotAction": "iam:*""#, r#""NotAction": "iam:GetUser""#, false),
        ] {
            assert_eq!(actions(wide).includes(&actions(narrow)), expected, "{wide} over {narrow}");
        }
    }

    #[test]
    fn partitions_and_names_of_variables_do_not_separate_resources() {
        let own = resource("arn:aws:iam::*:user/${aws:username}");
        assert!(resource("arn:${aws:Partition}:iam::*:user/${aws:UserName}").includes(&own));
        assert!(!resource("arn:aws-cn:iam::*:user/*").includes(&own));
    }

    #[test]
    fn re_003_a_wildcard_ends_with_its_field() {
        assert!(!resource("arn:aws:iam::*:mfa/*").overlaps(&resource("arn:aws:iam::*:user/*")));
        assert!(!resource("arn:aws:s*").includes(&resource("arn:aws:s3:::b")));
        assert!(resource("*").includes(&resource("arn:aws:s3:::b")));
        assert!(resource("arn:aws:s3:::${aws:username}").overlaps(&resource("arn:aws:s3:::b")));
    }
}
