//! From JSON to a policy: the grammar, one function per element.
//!
//! Every function tells all mistakes it sees and goes on with the rest, so that one run shows them
//! all. A policy comes out only if there was none: what is refused here has no single meaning
//! (PA-019), and skipping it could make a `Deny` vanish.

use super::ast::{
    Effect, NamesPart, Place, Policy, PrincipalGroup, PrincipalPart, PrincipalValue, Size, Statement, Version,
};
use super::error::{Parent, ParseError, ParseErrorKind, ParseErrors, Shape};
use super::limits::Limits;
use crate::json::{self, Member, Node, Value};
use crate::name::nearest;
use crate::source::{Span, Spanned};

const POLICY_ELEMENTS: &[&str] = &["Version", "Id", "Statement"];

const STATEMENT_ELEMENTS: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Members that hold a policy in templates and in what AWS tools print.
pub(super) const WRAPPERS: &[&str] =
    &["PolicyDocument", "AssumeRolePolicyDocument", "Document", "Policy", "PolicyVersion", "Properties"];

/// How [`ParseErrorKind::TooMany`] counts variables.
pub(super) const VARIABLES: &str = "variables in one string";

/// How [`ParseErrorKind::TooMany`] counts `?`.
pub(super) const WILDCARDS: &str = "`?` in one string";

/// No more mistakes than this are told; a person reads fewer.
const MOST_ERRORS: usize = 50;

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    ///
    /// All mistakes of the text, each with its place: broken JSON, names given twice, elements that
    /// do not exist, contradict each other or are missing, unknown operators, wrong JSON types.
    ///
    /// ```
    /// use twokeys::policy::Policy;
    ///
    /// let text = r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#;
    /// assert_eq!(Policy::parse(text)?.statements.len(), 1);
    ///
    /// let errors = Policy::parse(r#"{"Statement": {"effect": "Deny", "Action": 7}}"#).unwrap_err();
    /// let codes: Vec<&str> = errors.iter().map(|error| error.code()).collect();
    /// assert_eq!(codes, ["E106", "E107"]);
    /// # Ok::<(), twokeys::policy::ParseErrors>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ParseErrors> {
        Self::parse_bytes(text.as_bytes())
    }

    /// Reads a policy from bytes that may not even be text.
    ///
    /// # Errors
    ///
    /// As [`Policy::parse`].
    pub fn parse_bytes(bytes: &[u8]) -> Result<Self, ParseErrors> {
        Self::parse_within(bytes, &Limits::default())
    }

    /// Reads a policy that must keep within `limits`.
    ///
    /// # Errors
    ///
    /// As [`Policy::parse`].
    pub fn parse_within(bytes: &[u8], limits: &Limits) -> Result<Self, ParseErrors> {
        let reading = json::read(bytes, &limits.json);
        let mut reader = Reader { limits, errors: Vec::new() };
        reader.errors.extend(reading.errors.into_iter().map(ParseError::from));
        for span in reading.nuls {
            reader.fail(span, ParseErrorKind::NulCharacter);
        }
        // What is beyond the limits is hostile or no policy; its grammar is of no interest.
        let root = reading.root.filter(|_| !reader.errors.iter().any(ParseError::is_limit));
        let policy = root.and_then(|root| reader.policy(root));
        match (ParseErrors::from_vec(reader.errors), policy) {
            (None, Some(mut policy)) => {
                let all = String::from_utf8_lossy(bytes).chars().count();
                policy.size = Size { all, without_white_space: all.saturating_sub(reading.white_space) };
                Ok(policy)
            }
            (Some(errors), _) => Err(errors),
            // A reading without a document always has an error that says why.
            (None, None) => Err(ParseErrors::from(ParseError::new(
                Span::default(),
                ParseErrorKind::Json(json::ErrorKind::Empty),
            ))),
        }
    }
}

/// Collects the mistakes of one policy while it is read.
pub(super) struct Reader<'l> {
    pub(super) limits: &'l Limits,
    errors: Vec<ParseError>,
}

impl Reader<'_> {
    fn policy(&mut self, node: Node<'_>) -> Option<Policy> {
        let span = node.span;
        let members = match node.value {
            Value::Object(members) => members,
            Value::Broken => return None,
            other => {
                // If the text is not even JSON, that is told already.
                if self.errors.is_empty() {
                    self.fail(span, ParseErrorKind::NotAnObject { found: other.kind() });
                }
                return None;
            }
        };
        if let Some(member) = members.iter().find(|member| is_elsewhere(member, &members)) {
            // The rest would only repeat that the statements are somewhere else.
            self.element(member, Parent::Policy);
            return None;
        }
        let (mut version, mut id, mut statements) = (None, None, None);
        let complete = !members.iter().any(Member::is_unreadable);
        for member in members {
            match self.element(&member, Parent::Policy) {
                Some("Version") => version = self.version(member.value),
                Some("Id") => id = self.text(member.value, "`Id`"),
                Some("Statement") => {
                    let place = Place(member.value.span);
                    statements = Some((self.statements(member.value), place));
                }
                _ => {}
            }
        }
        let Some((statements, statements_span)) = statements else {
            if complete {
                self.fail(opening(span), ParseErrorKind::MissingStatement);
            }
            return None;
        };
        Some(Policy { version, id, statements, statements_span, span: Place(span), size: Size::default() })
    }

    fn version(&mut self, node: Node<'_>) -> Option<Spanned<Version>> {
        let text = self.text(node, "`Version`")?;
        for version in [Version::V2012, Version::V2008] {
            if version.as_str() == text.value {
                return Some(Spanned::new(version, text.span));
            }
        }
        self.fail(text.span, ParseErrorKind::InvalidVersion { found: text.value });
        None
    }

    fn statements(&mut self, node: Node<'_>) -> Vec<Statement> {
        match node.value {
            Value::Array(items) => {
                let limit = self.limits.statements;
                self.at_most(items.len(), limit, "statements in one policy", node.span);
                tight(items.into_iter().filter_map(|item| self.statement(item)))
            }
            _ => tight(self.statement(node)),
        }
    }

    fn statement(&mut self, node: Node<'_>) -> Option<Statement> {
        let span = node.span;
        let members = self.object(node, "a statement")?;
        let mut missing_is_an_error = !members.iter().any(Member::is_unreadable);
        let (mut sid, mut effect, mut principal, mut action) = (None, None, None, None);
        let (mut resource, mut condition) = (None, None);
        let mut seen: Vec<(&'static str, Span)> = Vec::with_capacity(members.len());
        for member in members {
            let Some(element) = self.element(&member, Parent::Statement) else { continue };
            seen.push((element, member.key_span));
            match element {
                "Sid" => sid = self.text(member.value, "`Sid`"),
                "Effect" => effect = self.effect(member.value),
                "Principal" | "NotPrincipal" => principal = self.principal(element, member),
                "Action" | "NotAction" => action = self.names(element, member),
                "Resource" | "NotResource" => resource = self.names(element, member),
                _ => condition = Some((Place(member.value.span), self.condition(member.value))),
            }
        }
        let find = |name: &str| seen.iter().find(|(element, _)| *element == name).copied();
        for (plain, negated) in
            [("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource")]
        {
            if let (Some(one), Some(other)) = (find(plain), find(negated)) {
                let (first, second) = if one.1 < other.1 { (one, other) } else { (other, one) };
                let kind = ParseErrorKind::ElementCombination {
                    first: first.0,
                    second: second.0,
                    first_span: first.1,
                };
                self.fail(second.1, kind);
            }
        }
        missing_is_an_error &= self.errors.len() < MOST_ERRORS;
        if missing_is_an_error && find("Effect").is_none() {
            self.fail(opening(span), ParseErrorKind::MissingEffect);
        }
        if missing_is_an_error && find("Action").is_none() && find("NotAction").is_none() {
            self.fail(opening(span), ParseErrorKind::MissingAction);
        }
        let (condition_span, condition) = condition.unzip();
        Some(Statement {
            sid,
            effect: effect?,
            principal,
            action: action?,
            resource,
            condition: condition.unwrap_or_default(),
            condition_span,
            span: Place(span),
        })
    }

    fn effect(&mut self, node: Node<'_>) -> Option<Spanned<Effect>> {
        let text = self.text(node, "`Effect`")?;
        let known = [Effect::Allow, Effect::Deny];
        if let Some(effect) = known.into_iter().find(|effect| effect.as_str() == text.value) {
            return Some(Spanned::new(effect, text.span));
        }
        let nearest = nearest(&text.value, known.map(Effect::as_str));
        self.fail(text.span, ParseErrorKind::InvalidEffect { found: text.value, nearest });
        None
    }

    /// `Action`, `NotAction`, `Resource`, `NotResource`.
    fn names(&mut self, element: &'static str, member: Member<'_>) -> Option<NamesPart> {
        let (negated, what) = match element {
            "Action" => (false, "`Action`"),
            "NotAction" => (true, "`NotAction`"),
            "Resource" => (false, "`Resource`"),
            _ => (true, "`NotResource`"),
        };
        let (name_span, span) = (Place(member.key_span), Place(member.value.span));
        let entries = self.texts(member.value, what)?;
        for entry in &entries {
            self.within_limits(&entry.value, what, entry.span);
        }
        Some(NamesPart { negated, entries, name_span, span })
    }

    fn principal(&mut self, element: &'static str, member: Member<'_>) -> Option<PrincipalPart> {
        let negated = element == "NotPrincipal";
        let (name_span, span) = (Place(member.key_span), member.value.span);
        let value = match member.value.value {
            Value::String(text) => PrincipalValue::Text(Spanned::new(text.into_owned(), span)),
            Value::Object(kinds) => PrincipalValue::Map(self.principal_map(kinds)),
            Value::Broken => return None,
            other => {
                let element = if negated { "`NotPrincipal`" } else { "`Principal`" };
                self.wrong_type(span, element, Shape::StarOrObject, &other);
                return None;
            }
        };
        Some(PrincipalPart { negated, value, name_span, span: Place(span) })
    }

    fn principal_map(&mut self, kinds: Vec<Member<'_>>) -> Vec<PrincipalGroup> {
        let mut groups = Vec::with_capacity(kinds.len());
        for member in kinds {
            if let Some(values) = self.texts(member.value, "the list of principals") {
                groups.push(PrincipalGroup {
                    kind: Spanned::new(member.key.into_owned(), member.key_span),
                    values,
                });
            }
        }
        groups
    }

    /// The element a member stands for. A misspelled one is told and then read as what was meant.
    fn element(&mut self, member: &Member<'_>, parent: Parent) -> Option<&'static str> {
        let (known, elsewhere) = match parent {
            Parent::Policy => (POLICY_ELEMENTS, STATEMENT_ELEMENTS),
            Parent::Statement => (STATEMENT_ELEMENTS, POLICY_ELEMENTS),
        };
        let name = member.key.as_ref();
        if let Some(element) = known.iter().find(|element| **element == name) {
            return Some(element);
        }
        if member.is_unreadable() {
            return None;
        }
        let misplaced = elsewhere.contains(&name);
        let advised = !misplaced && self.has_room();
        let nearest = if advised { nearest(name, known.iter().copied()) } else { None };
        let kind = ParseErrorKind::UnknownElement { name: name.to_owned(), parent, nearest, misplaced };
        self.fail(member.key_span, kind);
        nearest
    }

    pub(super) fn object<'t>(&mut self, node: Node<'t>, element: &'static str) -> Option<Vec<Member<'t>>> {
        match node.value {
            Value::Object(members) => Some(members),
            Value::Broken => None,
            other => {
                self.wrong_type(node.span, element, Shape::Object, &other);
                None
            }
        }
    }

    fn text(&mut self, node: Node<'_>, element: &'static str) -> Option<Spanned<String>> {
        self.string(node, element, Shape::Text)
    }

    fn string(&mut self, node: Node<'_>, element: &'static str, expected: Shape) -> Option<Spanned<String>> {
        match node.value {
            Value::String(text) => Some(Spanned::new(text.into_owned(), node.span)),
            Value::Broken => None,
            other => {
                self.wrong_type(node.span, element, expected, &other);
                None
            }
        }
    }

    /// A string, or a list of strings (PA-014).
    fn texts(&mut self, node: Node<'_>, element: &'static str) -> Option<Vec<Spanned<String>>> {
        let items = match node.value {
            Value::String(text) => return Some(vec![Spanned::new(text.into_owned(), node.span)]),
            Value::Array(items) => items,
            Value::Broken => return None,
            other => {
                self.wrong_type(node.span, element, Shape::Texts, &other);
                return None;
            }
        };
        let limit = self.limits.values;
        self.at_most(items.len(), limit, "values in one list", node.span);
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            texts.extend(self.string(item, element, Shape::Entry));
        }
        Some(texts)
    }

    fn wrong_type(&mut self, span: Span, element: &'static str, expected: Shape, found: &Value<'_>) {
        self.fail(span, ParseErrorKind::WrongType { element, expected, found: found.kind() });
    }

    /// What is matched costs its length; what has variables costs their number.
    pub(super) fn within_limits(&mut self, text: &str, element: &'static str, span: Span) {
        // Most texts are too short to be worth a look.
        if text.len() > self.limits.pattern {
            self.fail(span, ParseErrorKind::TooLong { element, limit: self.limits.pattern });
        }
        let most = self.limits.variables;
        if text.len() / 2 > most && text.matches("${").nth(most).is_some() {
            self.fail(span, ParseErrorKind::TooMany { limit: most, what: VARIABLES });
        }
        let most = self.limits.wildcards;
        if text.len() > most && text.matches('?').nth(most).is_some() {
            self.fail(span, ParseErrorKind::TooMany { limit: most, what: WILDCARDS });
        }
    }

    pub(super) fn at_most(&mut self, count: usize, limit: usize, what: &'static str, span: Span) {
        if count > limit {
            self.fail(opening(span), ParseErrorKind::TooMany { limit, what });
        }
    }

    pub(super) fn fail(&mut self, span: Span, kind: ParseErrorKind) {
        match self.errors.len() {
            count if count < MOST_ERRORS => self.errors.push(ParseError::new(span, kind)),
            MOST_ERRORS => {
                let kind =
                    ParseErrorKind::TooMany { limit: MOST_ERRORS, what: "mistakes; the rest is not told" };
                self.errors.push(ParseError::new(span, kind));
            }
            _ => {}
        }
    }

    /// Will another mistake still be told? Advice for one that will not is wasted.
    pub(super) fn has_room(&self) -> bool {
        self.errors.len() < MOST_ERRORS
    }
}

/// Does this member of a document without `Statement` show where the statements are?
fn is_elsewhere(member: &Member<'_>, members: &[Member<'_>]) -> bool {
    let name = member.key.as_ref();
    (STATEMENT_ELEMENTS.contains(&name) || WRAPPERS.contains(&name))
        && !members.iter().any(|member| member.key == "Statement")
}

/// A list without room for more: policies are kept, many thousands of them for an account.
pub(super) fn tight<T>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = items.into_iter().collect();
    list.shrink_to_fit();
    list
}

/// The bracket that opens an object or list: what is missing in it is told there.
fn opening(span: Span) -> Span {
    Span { end: span.end.min(span.start + 1), ..span }
}
