//! Resources to ask about where none is named: one that each entry of an `Allow` matches (UX-045).
//!
//! "Is there a resource on which this is allowed?" has no finite list of resources to try. But what can be
//! allowed is allowed by some entry, and one resource that the entry matches, made of a word that occurs in
//! no policy, is caught by no `Deny` that is not meant for it. So a "yes" comes with its resource and can be
//! asked again; a "no" means none of these, and is no proof.

use crate::engine::{PolicySet, StatementRef, completed_arn};
use crate::name::{AccountId, Pattern};
use crate::policy::{Effect, PolicyType, Segment, Template};
use crate::request::{Context, KeyName, KeyState, Resource};

/// What a wildcard is replaced by.
#[derive(Debug, Clone)]
pub(super) struct Filler {
    /// For `*`; no policy of the set contains it.
    word: String,
    account: AccountId,
    partition: String,
}

/// A resource that is complete but for the service and for what the asker's context tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    head: [Part; 5],
    resource: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The service of the action.
    Service,
    Variable {
        key: KeyName,
        default: Option<String>,
    },
}

/// For `?`.
const LETTER: &str = "x";
/// The word for `*`, unless a policy contains it; then a number is put behind it.
const WORD: &str = "xyzzy";

impl Filler {
    /// What to put for wildcards of this set.
    pub(super) fn new(set: &PolicySet, account: AccountId, partition: &str) -> Self {
        let contains = |word: &str| set.statements().any(|(_, statement)| is_in(statement, word));
        let numbered = (1_u64..).map(|number| format!("{WORD}{number}"));
        let word = std::iter::once(WORD.to_owned()).chain(numbered).find(|word| !contains(word));
        Self { word: word.unwrap_or_else(|| WORD.to_owned()), account, partition: partition.to_owned() }
    }

    /// The resources that a statement brings into play.
    pub(super) fn candidates(&self, statement: StatementRef<'_>) -> Vec<Candidate> {
        let Some(part) = &statement.statement.resource else { return Vec::new() };
        if statement.statement.effect.value != Effect::Allow {
            return Vec::new();
        }
        let text = |text: &str| Part::Text(text.to_owned());
        if part.negated {
            let head = [text("arn"), text(&self.partition), Part::Service, text(""), text("")];
            return vec![Candidate { head, resource: vec![text(&self.word)] }];
        }
        let variables = statement.policy.policy().has_variables();
        let kind = statement.policy.kind();
        let entries = part.entries.iter().filter(|entry| entry.value != "*");
        entries.filter_map(|entry| self.candidate(&entry.value, kind, variables)).collect()
    }

    fn candidate(&self, entry: &str, kind: PolicyType, variables: bool) -> Option<Candidate> {
        let entry = completed_arn(entry, kind)?;
        let mut fields = entry.splitn(6, ':');
        let mut field = || fields.next();
        let (arn, partition, service) = (field()?, field()?, field()?);
        let (region, account, resource) = (field()?, field()?, field()?);
        let service =
            if service.contains(['*', '?']) { Part::Service } else { Part::Text(service.to_owned()) };
        let head = [
            self.filled(arn, "arn"),
            self.filled(partition, &self.partition),
            service,
            self.filled(region, &self.word),
            // A made-up account would be no account at all.
            self.filled(account, &self.account.to_string()),
        ];
        Some(Candidate { head, resource: self.resource(resource, variables)? })
    }

    /// The field as it is if it is plain, `best` if it fits, else with its wildcards replaced.
    fn filled(&self, field: &str, best: &str) -> Part {
        let fits = field.contains(['*', '?']) && Pattern::new(field).matches(best);
        Part::Text(if fits { best.to_owned() } else { self.without_wildcards(field) })
    }

    fn without_wildcards(&self, text: &str) -> String {
        text.replace('?', LETTER).replace('*', &self.word)
    }

    /// None if a variable in it never resolves.
    fn resource(&self, text: &str, variables: bool) -> Option<Vec<Part>> {
        if !variables {
            return Some(vec![Part::Text(self.without_wildcards(text))]);
        }
        let Template(segments) = Template::parse(text);
        let parts = segments.into_iter().map(|segment| match segment {
            Segment::Text(text) => Some(Part::Text(self.without_wildcards(text))),
            Segment::Literal(text) => Some(Part::Text(text.to_owned())),
            Segment::Variable { name, default } => {
                Some(Part::Variable { key: KeyName::new(name), default: default.map(str::to_owned) })
            }
            Segment::Malformed(_) => None,
        });
        parts.collect()
    }
}

impl Candidate {
    /// Does it depend on which service is asked?
    pub(super) fn is_by_service(&self) -> bool {
        self.head.contains(&Part::Service)
    }

    /// Does it wait for the asker's context?
    pub(super) fn has_variables(&self) -> bool {
        self.resource.iter().any(|part| matches!(part, Part::Variable { .. }))
    }

    /// The candidate as a text: two are the same if these are.
    pub(super) fn key(&self) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => format!("={text}"),
            Part::Service => "service".to_owned(),
            Part::Variable { key, default } => format!("${} {default:?}", crate::name::fold(key.as_str())),
        };
        self.head.iter().chain(&self.resource).map(part).collect::<Vec<_>>().join("\n")
    }

    /// The resource, for an action of `service` asked in `context`; none if a variable has no value, for
    /// then the entry matches nothing.
    pub(super) fn resolve(&self, service: &str, context: &Context) -> Option<Resource> {
        let value = |part: &Part| match part {
            Part::Text(text) => Some(text.clone()),
            Part::Service => Some(service.to_owned()),
            Part::Variable { key, default } => match context.state(key) {
                KeyState::Known([value]) if !value.is_empty() => Some(value.clone()),
                KeyState::Known([_]) | KeyState::Absent => default.clone(),
                // Any text may be the one that it stands for; the answer will be undecided.
                KeyState::Unknown => Some(WORD.to_owned()),
                KeyState::Known(_) => None,
            },
        };
        let head: Option<Vec<String>> = self.head.iter().map(value).collect();
        let resource: Option<String> = self.resource.iter().map(value).collect();
        format!("{}:{}", head?.join(":"), resource?).parse().ok()
    }
}

/// Does a resource or a value of the statement contain the word, in whatever case?
fn is_in(statement: StatementRef<'_>, word: &str) -> bool {
    let contains = |text: &str| text.to_ascii_lowercase().contains(word);
    let statement = statement.statement;
    let entries = statement.resource.iter().flat_map(|part| &part.entries).map(|entry| entry.value.as_str());
    let tests = statement.condition.iter().flat_map(|block| &block.tests);
    let values = tests.flat_map(|test| &test.values).map(|value| value.text.as_str());
    entries.chain(values).any(contains)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Prepared;
    use crate::policy::Policy;

    fn resources(statement: &str, service: &str) -> Vec<String> {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}]}}"#);
        let policy = Prepared::new("p", Policy::parse(&text).unwrap(), PolicyType::Identity).unwrap();
        let set = PolicySet::builder().identity(policy).build().unwrap();
        let filler = Filler::new(&set, "111122223333".parse().unwrap(), "aws");
        let context = Context::builder().set("aws:username", ["alice"]).set("aws:TagKeys", ["a", "b"]);
        let context = context.build().unwrap();
        let candidates = set.statements().flat_map(|(_, statement)| filler.candidates(statement));
        candidates.filter_map(|one| one.resolve(service, &context)).map(|one| one.to_string()).collect()
    }

    #[test]
    fn ux_045_each_entry_of_an_allow_gives_one_resource_that_it_matches() {
        for (entry, expected) in [
            ("arn:aws:s3:::b/*", Some("arn:aws:s3:::b/xyzzy")),
            ("arn:aws:s3:::b-??/*/c", Some("arn:aws:s3:::b-xx/xyzzy/c")),
            ("arn:aws:iam::*:user/${aws:username}", Some("arn:aws:iam::111122223333:user/alice")),
            ("arn:*:iam::1111*:user/a", Some("arn:aws:iam::111122223333:user/a")),
            ("arn:aws:iam::9*:user/a", Some("arn:aws:iam::9xyzzy:user/a")),
            ("arn:aws:sqs:*:111122223333:${*}", Some("arn:aws:sqs:xyzzy:111122223333:*")),
            ("arn:aws:s3:::${aws:PrincipalTag/t, 'none'}", Some("arn:aws:s3:::none")),
            ("arn:aws:s3:::${aws:PrincipalTag/t}", None),
            ("arn:aws:s3:::${aws:TagKeys}", None),
            ("arn:aws:s3:::${a b}", None),
            ("arn:aws:s*:::b", Some("arn:aws:ec2:::b")),
            ("arn:aws:s3", Some("arn:aws:s3:xyzzy:111122223333:xyzzy")),
            ("nonsense", None),
            ("*", None),
        ] {
            let statement = format!(r#"{{"Effect": "Allow", "Action": "*", "Resource": "{entry}"}}"#);
            assert_eq!(resources(&statement, "ec2"), Vec::from_iter(expected), "{entry}");
        }
    }

    #[test]
    fn ux_045_an_entry_that_is_excluded_is_avoided_and_a_deny_brings_none() {
        let not = r#"{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b/xyzzy"}"#;
        assert_eq!(resources(not, "sqs"), ["arn:aws:sqs:::xyzzy1"], "the word is in a policy");
        let deny = r#"{"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::b"}"#;
        assert_eq!(resources(deny, "s3"), [""; 0]);
    }
}
