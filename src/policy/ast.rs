//! What a reader of a policy sees on the page: statements, with their place in the text.
//!
//! The tree keeps every value as written (a number keeps its digits) and in the order of the text.
//! Two policies are equal if they say the same with the same words; where the words stand, and
//! whether a list of one was written with brackets, does not count. The grammar is
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.

use super::operator::Operator;
use crate::source::{Span, Spanned};

/// One policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The language version, if the text states one.
    pub version: Option<Spanned<Version>>,
    /// `Id`: a name without effect.
    pub id: Option<Spanned<String>>,
    /// The statements, in the order of the text.
    pub statements: Vec<Statement>,
    /// Where the value of `Statement` stands.
    pub statements_span: Place,
    /// The whole document.
    pub span: Place,
    /// How many characters the text has, with and without white space outside strings (LM-001).
    pub size: Size,
}

/// A span that does not take part in comparisons.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place(pub Span);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

/// The length of a policy text in characters; does not take part in comparisons.
#[derive(Debug, Clone, Copy, Default)]
pub struct Size {
    /// All characters.
    pub all: usize,
    /// Without space, tab and line breaks outside strings, as IAM counts.
    pub without_white_space: usize,
}

impl PartialEq for Size {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Size {}

/// The version of the policy language. Variables work in the newer one only (PA-006).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// `2008-10-17`
    V2008,
    /// `2012-10-17`
    V2012,
}

/// One statement: if all its parts match a request, its effect counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The statement's name, without effect on decisions.
    pub sid: Option<Spanned<String>>,
    /// What follows from a match.
    pub effect: Spanned<Effect>,
    /// `Principal` or `NotPrincipal`, if there is one.
    pub principal: Option<PrincipalPart>,
    /// `Action` or `NotAction`.
    pub action: NamesPart,
    /// `Resource` or `NotResource`, if there is one.
    pub resource: Option<NamesPart>,
    /// `Condition`: all blocks must hold.
    pub condition: Vec<ConditionBlock>,
    /// Where the value of `Condition` stands, if there is one (it may be empty).
    pub condition_span: Option<Place>,
    /// The whole statement.
    pub span: Place,
}

/// What a matching statement does. Exhaustive on purpose: a third effect must break every caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// It grants.
    Allow,
    /// It forbids, and nothing overrides it.
    Deny,
}

/// `Action`, `NotAction`, `Resource` or `NotResource` with its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamesPart {
    /// Is it the `Not…` form?
    pub negated: bool,
    /// The entries as written.
    pub entries: Vec<Spanned<String>>,
    /// Where the element's name stands.
    pub name_span: Place,
    /// Where the element's value stands.
    pub span: Place,
}

/// `Principal` or `NotPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalPart {
    /// Is it `NotPrincipal`?
    pub negated: bool,
    /// The value.
    pub value: PrincipalValue,
    /// Where the element's name stands.
    pub name_span: Place,
    /// Where the element's value stands.
    pub span: Place,
}

/// The two forms of a principal element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrincipalValue {
    /// A bare string. Only `"*"` means something; any other text matches nobody.
    Text(Spanned<String>),
    /// A map from a kind (`AWS`, `Service`, …) to values, in the order of the text.
    Map(Vec<PrincipalGroup>),
}

/// One member of a principal map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalGroup {
    /// The kind as written: `AWS`, `Service`, `Federated`, `CanonicalUser`, or a mistake.
    pub kind: Spanned<String>,
    /// The values as written.
    pub values: Vec<Spanned<String>>,
}

/// One operator of a condition with its keys; all must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionBlock {
    /// The operator. Its span is that of the name.
    pub operator: Spanned<Operator>,
    /// The operator's name as written.
    pub written: String,
    /// The keys with their values.
    pub tests: Vec<ConditionTest>,
}

/// One key of an operator with the values it is compared to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionTest {
    /// The context key as written.
    pub key: Spanned<String>,
    /// The values in the order of the text.
    pub values: Vec<ConditionValue>,
    /// Where the value or the list of values stands.
    pub span: Place,
}

/// One value of a condition, as text.
///
/// Values are equal if their text is: the JSON type of a value never changes an answer.
#[derive(Debug, Clone)]
pub struct ConditionValue {
    /// The text; of a number or boolean, the digits or the word as written.
    pub text: String,
    /// How it was written.
    pub form: ValueForm,
    /// Where.
    pub span: Span,
}

impl PartialEq for ConditionValue {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for ConditionValue {}

/// The JSON type a condition value was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueForm {
    /// `"text"`
    String,
    /// `10`
    Number,
    /// `true`
    Boolean,
}

impl Policy {
    /// Do `${…}` variables work in this policy? Only with version 2012-10-17 (PA-006).
    pub fn has_variables(&self) -> bool {
        self.version.as_ref().is_some_and(|version| version.value == Version::V2012)
    }
}

impl Version {
    /// The version as policies spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2008 => "2008-10-17",
            Self::V2012 => "2012-10-17",
        }
    }
}

impl Effect {
    /// The effect as policies spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}
