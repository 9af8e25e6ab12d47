//! Are a statement's conditions met?
//!
//! A condition is a list of tests that must all hold; each test is an operator, a context key and
//! values (CO-001). One file per operator family knows how two values compare. Everything else is
//! settled here, once for all of them: negation (CO-004), missing keys (CO-005), `…IfExists` (CO-006),
//! several values (CO-008), set prefixes (CO-009, CO-010) and unknown keys (EV-009).
//!
//! The sentence to remember: for a missing key a plain operator is false, a negated one true, and with
//! `IfExists` both are true. That is why a `Deny` with `Bool … "false"` spares long-term access keys.

mod arn;
mod binary;
mod boolean;
mod date;
mod ip;
mod null;
mod numeric;

use std::cmp::Ordering;

use ipnet::IpNet;

use self::arn::ArnTest;
pub use super::matching::Note;
use super::matching::{Comparing, Hit, Wording};
use super::truth::Truth;
use crate::policy::{Comparison, ConditionBlock, Operator, Order, SetPrefix};
use crate::request::{Context, KeyName, KeyState};

/// One operator with one key, ready to be asked.
#[derive(Debug, Clone)]
pub(crate) struct Test {
    operator: Operator,
    pub(crate) key: KeyName,
    values: Values,
    /// Which block of the `Condition`, and which test in it.
    pub(crate) place: (usize, usize),
}

/// The policy's values, read as the operator's type. What cannot be read stays as `None`, so that it
/// is counted as "no hit" and not forgotten (CO-013).
#[derive(Debug, Clone)]
enum Values {
    Text(Comparing, Box<[Wording]>),
    Numeric(Order, Box<[Box<str>]>),
    Date(Order, Box<[Option<date::Instant>]>),
    Bool(Box<[BoolTest]>),
    Binary(Box<[Box<str>]>),
    Ip(Box<[Option<IpNet>]>),
    Arn(Box<[ArnTest]>),
    Null(Box<[Option<bool>]>),
}

/// The policy's side of `Bool`.
#[derive(Debug, Clone)]
enum BoolTest {
    Word(Option<bool>),
    /// AWS's pages disagree on variables in Bool; they are resolved (VA-011).
    Variables(Wording),
}

/// The answer of one test, with the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgment {
    /// Does the test hold?
    pub truth: Truth,
    /// Why.
    pub reason: Reason,
    /// What could not be compared on the way.
    pub note: Option<Note>,
}

/// Why a test holds or does not (EV-100).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The values were compared.
    Compared,
    /// The key is missing, and that settles it for this operator.
    KeyMissing,
    /// The key is missing and the operator ends in `IfExists`.
    IfExists,
    /// The key is missing and `ForAllValues:` has nothing to object to.
    EmptySet,
    /// The key has several values and the operator no set prefix (CO-008).
    SetOperatorNeeded,
    /// `Null` asks about the key itself.
    Presence,
    /// Nobody knows the key, or a key of a variable.
    KeyUnknown,
}

/// Makes all tests of a statement's `Condition` ready.
pub(crate) fn prepare(blocks: &[ConditionBlock], variables: bool) -> Vec<Test> {
    let mut tests = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        for (index, test) in block.tests.iter().enumerate() {
            let texts = test.values.iter().map(|value| value.text.as_str());
            tests.push(Test {
                operator: block.operator.value,
                key: KeyName::new(&test.key.value),
                values: Values::new(block.operator.value.base.comparison, texts, variables),
                place: (at, index),
            });
        }
    }
    tests
}

/// Does a condition hold, apart from any statement?
///
/// `variables` says whether the policy's version has them. The linter asks this for callers with and
/// without MFA, so that no second piece of code judges conditions.
pub(crate) fn condition_holds(blocks: &[ConditionBlock], variables: bool, context: &Context) -> Truth {
    Truth::all(prepare(blocks, variables).iter().map(|test| test.judge(context).truth))
}

/// Can this text be read as a value of this comparison? If not, it never hits (CO-013).
pub(crate) fn is_readable(comparison: Comparison, text: &str) -> bool {
    match comparison {
        Comparison::Numeric(_) => numeric::parse(text).is_some(),
        Comparison::Date(_) => date::parse(text).is_some(),
        Comparison::Bool | Comparison::Null => boolean::parse(text).is_some(),
        Comparison::Binary => binary::decode(text).is_some(),
        Comparison::Ip => ip::parse_block(text).is_some(),
        Comparison::Arn(_) => !matches!(ArnTest::new(text, false), ArnTest::Short),
        Comparison::StringEquals | Comparison::StringEqualsIgnoreCase | Comparison::StringLike => true,
    }
}

/// The second in which a date of a policy lies; none if the text is no date.
pub(crate) fn instant(text: &str) -> Option<i128> {
    date::parse(text).map(|(seconds, _)| seconds)
}

impl Test {
    /// Does it hold in this context?
    pub(crate) fn judge(&self, context: &Context) -> Judgment {
        let operator = self.operator;
        let state = context.state(&self.key);
        if let Values::Null(wanted) = &self.values {
            let truth = null::holds(wanted, operator.set, state);
            let reason = if truth == Truth::Undecided { Reason::KeyUnknown } else { Reason::Presence };
            return Judgment { truth, reason, note: None };
        }
        // For a set prefix empty texts alone are no values (CK-006).
        let empty_set = |values: &[String]| operator.set.is_some() && values.iter().all(String::is_empty);
        let (truth, reason) = match (state, operator.set) {
            (KeyState::Unknown, _) => (Truth::Undecided, Reason::KeyUnknown),
            (KeyState::Absent, _) => self.missing(),
            (KeyState::Known(values), _) if empty_set(values) => self.missing(),
            (KeyState::Known([value]), None) => return self.compare(std::slice::from_ref(value), context),
            (KeyState::Known(_), None) => (Truth::False, Reason::SetOperatorNeeded),
            (KeyState::Known(values), Some(_)) => return self.compare(values, context),
        };
        Judgment { truth, reason, note: None }
    }

    /// The answer for a missing key.
    fn missing(&self) -> (Truth, Reason) {
        match (self.operator.if_exists, self.operator.set) {
            (true, _) => (Truth::True, Reason::IfExists),
            (false, Some(SetPrefix::ForAllValues)) => (Truth::True, Reason::EmptySet),
            (false, Some(SetPrefix::ForAnyValue)) => (Truth::False, Reason::KeyMissing),
            (false, None) => (self.operator.base.negated.into(), Reason::KeyMissing),
        }
    }

    /// The answer for values that are there.
    fn compare(&self, actual: &[String], context: &Context) -> Judgment {
        let mut note = None;
        let one = |value: &String| {
            let hit = self.values.hit(value, context);
            note = note.max(hit.note);
            hit.truth.negate_if(self.operator.base.negated)
        };
        let truth = match self.operator.set {
            Some(SetPrefix::ForAnyValue) => Truth::any(actual.iter().map(one)),
            Some(SetPrefix::ForAllValues) | None => Truth::all(actual.iter().map(one)),
        };
        let reason = if truth == Truth::Undecided { Reason::KeyUnknown } else { Reason::Compared };
        Judgment { truth, reason, note }
    }

    /// The keys whose being unknown can matter: its own, and those of variables.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &KeyName> {
        std::iter::once(&self.key).chain(self.keys_of_variables())
    }

    /// The keys of the variables in its values.
    fn keys_of_variables(&self) -> impl Iterator<Item = &KeyName> {
        let (texts, bools, arns): (&[Wording], &[BoolTest], &[ArnTest]) = match &self.values {
            Values::Text(_, wordings) => (wordings, &[], &[]),
            Values::Bool(tests) => (&[], tests, &[]),
            Values::Arn(tests) => (&[], &[], tests),
            _ => (&[], &[], &[]),
        };
        let wordings = bools.iter().filter_map(BoolTest::wording);
        let wordings = texts.iter().chain(wordings).chain(arns.iter().filter_map(ArnTest::wording));
        wordings.flat_map(Wording::keys)
    }
}

impl Values {
    fn new<'t>(comparison: Comparison, texts: impl Iterator<Item = &'t str>, variables: bool) -> Self {
        match comparison {
            Comparison::StringEquals => Self::Text(
                Comparing::Exact,
                texts.map(|text| Wording::without_wildcards(text, variables)).collect(),
            ),
            Comparison::StringEqualsIgnoreCase => Self::Text(
                Comparing::IgnoringCase,
                texts.map(|text| Wording::without_wildcards(text, variables)).collect(),
            ),
            Comparison::StringLike => Self::Text(
                Comparing::Exact,
                texts.map(|text| Wording::with_wildcards(text, variables)).collect(),
            ),
            Comparison::Numeric(order) => Self::Numeric(order, texts.map(Into::into).collect()),
            Comparison::Date(order) => Self::Date(order, texts.map(date::parse).collect()),
            Comparison::Bool => Self::Bool(texts.map(|text| BoolTest::new(text, variables)).collect()),
            Comparison::Binary => Self::Binary(texts.map(Into::into).collect()),
            Comparison::Ip => Self::Ip(texts.map(ip::parse_block).collect()),
            Comparison::Arn(_) => Self::Arn(texts.map(|text| ArnTest::new(text, variables)).collect()),
            Comparison::Null => Self::Null(texts.map(boolean::parse).collect()),
        }
    }

    /// Does any of the policy's values hit this value of the request?
    fn hit(&self, actual: &str, context: &Context) -> Hit {
        match self {
            Self::Text(how, wanted) => any(wanted.iter().map(|wanted| wanted.hit(actual, context, *how))),
            Self::Arn(wanted) => any(wanted.iter().map(|wanted| wanted.hit(actual, context))),
            Self::Bool(wanted) => {
                let actual = boolean::parse(actual);
                any(wanted.iter().map(|wanted| wanted.hit(actual, context)))
            }
            Self::Numeric(order, wanted) => typed(numeric::parse(actual), wanted, |wanted, actual| {
                numeric::parse(wanted).map(|wanted| stands(numeric::compare(*actual, wanted), *order))
            }),
            Self::Date(order, wanted) => typed(date::parse(actual), wanted, |wanted, actual| {
                wanted.map(|wanted| stands(actual.cmp(&wanted), *order))
            }),
            Self::Ip(wanted) => typed(ip::parse_address(actual), wanted, |wanted, actual| {
                wanted.map(|block| block.contains(actual))
            }),
            Self::Binary(wanted) => typed(binary::decode(actual).map(|_| ()), wanted, |wanted, ()| {
                binary::decode(wanted).zip(binary::decode(actual)).map(|(wanted, actual)| wanted.eq(actual))
            }),
            // `Null` looks at the key and never at a value.
            Self::Null(_) => false.into(),
        }
    }
}

/// OR over the policy's values, for a type the request's value has to be read as.
fn typed<T, W>(actual: Option<T>, wanted: &[W], hit: impl Fn(&W, &T) -> Option<bool>) -> Hit {
    let Some(actual) = actual else { return Hit::missed(Note::UnparsableRequestValue) };
    any(wanted
        .iter()
        .map(|wanted| hit(wanted, &actual).map_or(Hit::missed(Note::UnparsablePolicyValue), Hit::from)))
}

impl BoolTest {
    fn wording(&self) -> Option<&Wording> {
        if let Self::Variables(wording) = self { Some(wording) } else { None }
    }

    fn new(text: &str, variables: bool) -> Self {
        match Wording::without_wildcards(text, variables) {
            wording @ Wording::Variables(_) => Self::Variables(wording),
            Wording::Literal(_) | Wording::Pattern(_) => Self::Word(boolean::parse(text)),
        }
    }

    /// `actual`: the request's value, if it is a truth value.
    fn hit(&self, actual: Option<bool>, context: &Context) -> Hit {
        let word = if actual == Some(true) { "true" } else { "false" };
        let hit = match self {
            Self::Word(Some(wanted)) => Hit::from(actual == Some(*wanted)),
            Self::Word(None) => Hit::missed(Note::UnparsablePolicyValue),
            Self::Variables(wording) => wording.hit(word, context, Comparing::IgnoringCase),
        };
        match (actual, hit.truth) {
            // A variable with an unknown key is undecided, whatever it is compared to (EV-009).
            (Some(_), _) | (None, Truth::Undecided) => hit,
            (None, _) => Hit::missed(Note::UnparsableRequestValue),
        }
    }
}

/// The strongest of the hits; the note of a miss is kept even if another value hits.
fn any(hits: impl Iterator<Item = Hit>) -> Hit {
    let mut any = Hit::from(false);
    for hit in hits {
        any = Hit { truth: any.truth.or(hit.truth), note: any.note.max(hit.note) };
        if any.truth == Truth::True {
            break;
        }
    }
    any
}

/// Does the request's value stand to the policy's as the operator wants? The request is on the left.
fn stands(ordering: Ordering, wanted: Order) -> bool {
    match wanted {
        Order::Equals => ordering.is_eq(),
        Order::LessThan => ordering.is_lt(),
        Order::LessThanEquals => ordering.is_le(),
        Order::GreaterThan => ordering.is_gt(),
        Order::GreaterThanEquals => ordering.is_ge(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    /// The one test of a condition, ready.
    fn test(condition: &str) -> Test {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*",
              "Condition": {condition}}}}}"#
        );
        let policy = Policy::parse(&text).unwrap();
        prepare(&policy.statements[0].condition, true).remove(0)
    }

    #[test]
    fn ev_100_the_reason_tells_what_was_compared_from_what_nobody_knows() {
        let same = test(r#"{"StringEquals": {"aws:username": "${aws:userid}"}}"#);
        let alice = || Context::builder().set("aws:username", ["alice"]);
        for (context, truth, reason) in [
            (alice().set("aws:userid", ["alice"]), Truth::True, Reason::Compared),
            (alice().set("aws:userid", ["bob"]), Truth::False, Reason::Compared),
            (alice().unknown("aws:userid"), Truth::Undecided, Reason::KeyUnknown),
            (alice().forget("aws:username").unknown("*"), Truth::Undecided, Reason::KeyUnknown),
            (alice().forget("aws:username"), Truth::False, Reason::KeyMissing),
        ] {
            let judgment = same.judge(&context.build().unwrap());
            assert_eq!((judgment.truth, judgment.reason), (truth, reason));
        }
    }

    #[test]
    fn ev_100_the_keys_of_a_test_are_its_own_and_those_of_its_variables() {
        for (condition, keys) in [
            (r#"{"StringLike": {"aws:UserName": ["a", "${aws:userid}-${aws:PrincipalTag/t, 'x'}"]}}"#, 3),
            (r#"{"Bool": {"aws:SecureTransport": "${aws:ViaAWSService}"}}"#, 2),
            (r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::1:user/${aws:username}"}}"#, 2),
            (r#"{"NumericEquals": {"aws:EpochTime": "1"}}"#, 1),
        ] {
            let test = test(condition);
            assert_eq!(test.keys().count(), keys, "{condition}");
            assert_eq!(test.keys().next(), Some(&test.key), "{condition}");
        }
    }

    #[test]
    fn ev_100_null_asks_for_the_key_itself_and_says_so() {
        let issued = test(r#"{"Null": {"aws:TokenIssueTime": "true"}}"#);
        for (context, truth, reason) in [
            (Context::builder(), Truth::True, Reason::Presence),
            (
                Context::builder().set("aws:TokenIssueTime", ["2026-01-05T09:00:00Z"]),
                Truth::False,
                Reason::Presence,
            ),
            (Context::builder().unknown("aws:TokenIssueTime"), Truth::Undecided, Reason::KeyUnknown),
        ] {
            let judgment = issued.judge(&context.build().unwrap());
            assert_eq!((judgment.truth, judgment.reason), (truth, reason));
        }
    }

    #[test]
    fn co_013_each_type_has_texts_that_it_reads_and_others() {
        for (operator, readable, other) in [
            ("NumericEquals", "1.5", Some("soon")),
            ("DateLessThan", "2026-01-05T09:00:00Z", Some("soon")),
            ("Bool", "TRUE", Some("yes")),
            ("Null", "false", Some("no")),
            ("BinaryEquals", "YQ==", Some("?")),
            ("IpAddress", "203.0.113.0/24", Some("203.0.113")),
            ("ArnLike", "arn:aws:iam::111122223333:user/*", Some("arn:aws:iam")),
            ("StringEquals", "", None),
            ("StringLike", "*", None),
        ] {
            let comparison = test(&format!(r#"{{"{operator}": {{"a:b": "c"}}}}"#)).operator.base.comparison;
            assert!(is_readable(comparison, readable), "{operator} {readable}");
            assert!(other.is_none_or(|other| !is_readable(comparison, other)), "{operator} {other:?}");
        }
    }

    #[test]
    fn an_instant_is_the_second_of_a_date() {
        assert_eq!(instant("1970-01-01T00:02:03Z"), Some(123));
        assert_eq!(instant("soon"), None);
    }
}
