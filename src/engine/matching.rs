//! Texts of a policy against names and values of a request.
//!
//! A text without policy variables becomes a literal or a [`Pattern`] when the policy is made ready.
//! A text with variables stays a list of segments and is compared character by character while the
//! variables are read from the context, so that nothing has to be put together first. What comes out
//! of a variable is literal: a `*` in a user's name is a star, not a wildcard (VA-008).

use memchr::memmem;

use super::truth::Truth;
use crate::name::{Part, Pattern};
use crate::policy::{Segment, Template};
use crate::request::{Context, KeyName, KeyState};

/// A text of a policy, ready to be compared.
#[derive(Debug, Clone)]
pub(crate) enum Wording {
    /// Plain text.
    Literal(Box<str>),
    /// Text with wildcards.
    Pattern(Pattern),
    /// Text with variables, and perhaps wildcards.
    Variables(Box<[Token]>),
}

/// One stretch of a text with variables.
#[derive(Debug, Clone)]
pub(crate) enum Token {
    Text(Box<str>),
    One,
    Star,
    Variable {
        key: KeyName,
        default: Option<Box<str>>,
    },
    /// A variable that never resolves (VA-010).
    Malformed,
}

/// How a text is to be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparing {
    /// Case counts.
    Exact,
    /// ASCII case does not count.
    IgnoringCase,
    /// As six fields of an ARN: wildcards stay within the first five (CO-070).
    ArnFields,
}

impl Comparing {
    fn same(self, wanted: char, letter: char) -> bool {
        match self {
            Self::IgnoringCase => wanted.eq_ignore_ascii_case(&letter),
            Self::Exact | Self::ArnFields => wanted == letter,
        }
    }

    /// What is left of `subject` behind `text`, if it begins with it.
    fn strip_start<'s>(self, subject: &'s str, text: &str) -> Option<&'s str> {
        let start = subject.get(..text.len())?;
        let same = match self {
            Self::IgnoringCase => start.eq_ignore_ascii_case(text),
            Self::Exact | Self::ArnFields => start == text,
        };
        same.then(|| subject.get(text.len()..)).flatten()
    }
}

/// Did a value of the policy hit a value of the request?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) truth: Truth,
    /// Why it could not hit, if the reason is not simply that the texts differ.
    pub(crate) note: Option<Note>,
}

/// Why a value could not take part in a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Note {
    /// A variable of the policy's value has no value (VA-005, VA-009, VA-010).
    UnresolvedVariable,
    /// The policy's value cannot be read as the operator's type (CO-013).
    UnparsablePolicyValue,
    /// The request's value cannot be read as the operator's type (CO-013).
    UnparsableRequestValue,
    /// The policy's value with its variables filled in is longer than 64 KiB; it is not compared,
    /// and the answer is undecided.
    OverLimit,
}

/// The longest text that comes out of a value with variables, in bytes (RL-010).
const MAX_RESULT: usize = 64 * 1024;
/// The most steps spent on one comparison of a text with variables. No honest one needs a tenth.
const MAX_STEPS: usize = 1 << 20;

impl From<bool> for Hit {
    fn from(hit: bool) -> Self {
        Self { truth: hit.into(), note: None }
    }
}

impl Hit {
    pub(crate) fn missed(note: Note) -> Self {
        Self { truth: Truth::False, note: Some(note) }
    }
}

impl Wording {
    /// Text in which `*` and `?` are wildcards.
    pub(crate) fn with_wildcards(text: &str, variables: bool) -> Self {
        match tokens(text, variables, true) {
            Some(tokens) => Self::from_tokens(tokens),
            None if text.contains(['*', '?']) => Self::Pattern(Pattern::new(text)),
            None => Self::Literal(text.into()),
        }
    }

    /// Text in which `*` and `?` are themselves.
    pub(crate) fn without_wildcards(text: &str, variables: bool) -> Self {
        tokens(text, variables, false).map_or_else(|| Self::Literal(text.into()), Self::from_tokens)
    }

    /// Only a text with real variables has to wait for the request; escapes do not.
    fn from_tokens(tokens: Vec<Token>) -> Self {
        if tokens.iter().any(|token| matches!(token, Token::Variable { .. } | Token::Malformed)) {
            return Self::Variables(tokens.into());
        }
        let parts = tokens.into_iter().filter_map(|token| match token {
            Token::Text(text) => Some(Part::Text(text.into())),
            Token::One => Some(Part::One),
            Token::Star => Some(Part::Star),
            Token::Variable { .. } | Token::Malformed => None,
        });
        let pattern = Pattern::from_parts(parts);
        pattern.literal().map(|text| Self::Literal(text.into())).unwrap_or(Self::Pattern(pattern))
    }

    /// The letters that everything it can hit begins with.
    pub(crate) fn literal_start(&self) -> &str {
        match self {
            Self::Literal(text) => text,
            Self::Pattern(pattern) => pattern.literal_start(),
            Self::Variables(tokens) => match tokens.first() {
                Some(Token::Text(text)) => text,
                _ => "",
            },
        }
    }

    /// Does it cover all of `subject`?
    pub(crate) fn hit(&self, subject: &str, context: &Context, how: Comparing) -> Hit {
        match self {
            Self::Literal(text) if how == Comparing::IgnoringCase => {
                text.eq_ignore_ascii_case(subject).into()
            }
            Self::Literal(text) => (**text == *subject).into(),
            Self::Pattern(pattern) => pattern.matches(subject).into(),
            Self::Variables(tokens) => hit_with_variables(tokens, subject, context, how),
        }
    }

    /// The keys of its variables.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &KeyName> {
        let tokens: &[Token] = match self {
            Self::Variables(tokens) => tokens,
            _ => &[],
        };
        tokens.iter().filter_map(|token| match token {
            Token::Variable { key, .. } => Some(key),
            _ => None,
        })
    }
}

/// Cuts a text at variables and wildcards; none if there are no variables in it.
fn tokens(text: &str, variables: bool, wildcards: bool) -> Option<Vec<Token>> {
    if !variables || !text.contains("${") {
        return None;
    }
    let Template(segments) = Template::parse(text);
    let mut tokens = Vec::new();
    for segment in segments {
        match segment {
            Segment::Text(text) if wildcards => push_wildcards(&mut tokens, text),
            Segment::Text(text) | Segment::Literal(text) => tokens.push(Token::Text(text.into())),
            Segment::Variable { name, default } => {
                tokens.push(Token::Variable { key: KeyName::new(name), default: default.map(Into::into) });
            }
            Segment::Malformed(_) => tokens.push(Token::Malformed),
        }
    }
    Some(tokens)
}

fn push_wildcards(tokens: &mut Vec<Token>, text: &str) {
    let mut plain = String::new();
    for letter in text.chars() {
        let wildcard = match letter {
            '*' => Token::Star,
            '?' => Token::One,
            _ => {
                plain.push(letter);
                continue;
            }
        };
        if !plain.is_empty() {
            tokens.push(Token::Text(std::mem::take(&mut plain).into()));
        }
        tokens.push(wildcard);
    }
    if !plain.is_empty() {
        tokens.push(Token::Text(plain.into()));
    }
}

/// What a variable stands for in this context.
enum Resolved<'c> {
    Text(&'c str),
    Nothing,
    Unknown,
}

fn resolve<'c>(key: &KeyName, default: Option<&'c str>, context: &'c Context) -> Resolved<'c> {
    match context.state(key) {
        KeyState::Known([value]) if !value.is_empty() => Resolved::Text(value),
        // One empty value is no value (VA-006); several never are one (VA-009).
        KeyState::Known([_]) | KeyState::Absent => default.map_or(Resolved::Nothing, Resolved::Text),
        KeyState::Known(_) => Resolved::Nothing,
        KeyState::Unknown => Resolved::Unknown,
    }
}

fn hit_with_variables(tokens: &[Token], subject: &str, context: &Context, how: Comparing) -> Hit {
    let mut unresolved = false;
    let mut length = 0_usize;
    // What is left of the subject behind the texts that open the pattern, and how many of them there are.
    let mut rest = Some(subject);
    let mut opening = 0;
    for (token, at) in tokens.iter().zip(0..) {
        let text = match token {
            Token::Malformed => {
                unresolved = true;
                continue;
            }
            Token::Variable { key, default } => match resolve(key, default.as_deref(), context) {
                Resolved::Text(text) => text,
                Resolved::Nothing => {
                    unresolved = true;
                    continue;
                }
                Resolved::Unknown => return Hit { truth: Truth::Undecided, note: None },
            },
            Token::Text(text) => text,
            Token::One | Token::Star => continue,
        };
        length = length.saturating_add(text.len());
        if opening == at && how != Comparing::ArnFields {
            rest = rest.and_then(|rest| how.strip_start(rest, text));
            opening += 1;
        }
    }
    if unresolved {
        return Hit::missed(Note::UnresolvedVariable);
    }
    if length > MAX_RESULT {
        return Hit { truth: Truth::Undecided, note: Some(Note::OverLimit) };
    }
    let Some(rest) = rest else { return false.into() };
    match tokens.get(opening..).unwrap_or_default() {
        [] => rest.is_empty().into(),
        [Token::Star] => true.into(), // no field of an ARN: of those nothing is taken away, a variable is left
        tokens => covers(Cursor { tokens, context, token: 0, byte: 0 }, rest, how)
            .map_or(Hit { truth: Truth::Undecided, note: Some(Note::OverLimit) }, Hit::from),
    }
}

/// A place in a text with resolved variables.
#[derive(Clone, Copy)]
struct Cursor<'t> {
    tokens: &'t [Token],
    context: &'t Context,
    token: usize,
    byte: usize,
}

enum Step {
    Letter(char),
    One,
    Star,
}

impl Cursor<'_> {
    /// The next letter or wildcard, and the place after it.
    fn step(mut self) -> Option<(Step, Self)> {
        loop {
            let text = match self.tokens.get(self.token)? {
                Token::One => return Some((Step::One, self.skip())),
                Token::Star => return Some((Step::Star, self.skip())),
                Token::Text(text) => text,
                Token::Variable { key, default } => match resolve(key, default.as_deref(), self.context) {
                    Resolved::Text(text) => text,
                    Resolved::Nothing | Resolved::Unknown => "",
                },
                Token::Malformed => "",
            };
            match text.get(self.byte..).and_then(|rest| rest.chars().next()) {
                Some(letter) => {
                    self.byte += letter.len_utf8();
                    return Some((Step::Letter(letter), self));
                }
                None => self = self.skip(),
            }
        }
    }

    fn skip(self) -> Self {
        Self { token: self.token + 1, byte: 0, ..self }
    }

    /// The literal text that stands next, as far as one token holds it; empty before a wildcard.
    fn literal(&self) -> &str {
        let text = match self.tokens.get(self.token) {
            Some(Token::Text(text)) => text,
            Some(Token::Variable { key, default }) => match resolve(key, default.as_deref(), self.context) {
                Resolved::Text(text) => text,
                Resolved::Nothing | Resolved::Unknown => "",
            },
            _ => "",
        };
        text.get(self.byte..).unwrap_or_default()
    }
}

/// The greedy match with one place to come back to, at the last star (RE-012).
///
/// What follows a star is looked for whole, and not letter by letter, which keeps a hostile pattern from
/// costing the product of the two lengths.
///
/// For ARNs the wildcards of the first five fields do not cover a colon. That is the same as comparing
/// field by field, and a colon that came out of a variable counts like any other.
///
/// None if it would take more than [`MAX_STEPS`].
fn covers(mut pattern: Cursor<'_>, subject: &str, how: Comparing) -> Option<bool> {
    let mut at = 0;
    let mut steps = 0_usize;
    // What follows the last star, and where in the subject the star ends so far.
    let mut back: Option<(Cursor<'_>, usize)> = None;
    let mut colons = 0;
    loop {
        steps += 1;
        if steps > MAX_STEPS {
            return None;
        }
        let in_field = how == Comparing::ArnFields && colons < 5;
        let letter = first_letter(subject, at);
        match (pattern.step(), letter) {
            (None, None) => return Some(how != Comparing::ArnFields || colons >= 5),
            (Some((Step::Star, after)), _) => back = Some((after, at)),
            (Some((Step::One, after)), Some(letter)) if !in_field || letter != ':' => {
                (pattern, at) = (after, at + letter.len_utf8());
                continue;
            }
            (Some((Step::Letter(wanted), after)), Some(letter)) if how.same(wanted, letter) => {
                if in_field && letter == ':' {
                    // This field is done; a star in it cannot take more.
                    colons += 1;
                    back = None;
                }
                (pattern, at) = (after, at + letter.len_utf8());
                continue;
            }
            // Nothing fits, so the last star must take one letter more.
            _ => {
                let Some((_, end)) = &mut back else { return Some(false) };
                let taken = first_letter(subject, *end).filter(|taken| !in_field || *taken != ':');
                let Some(taken) = taken else { return Some(false) };
                *end += taken.len_utf8();
            }
        }
        let Some((after, end)) = &mut back else { return Some(false) };
        let literal = after.literal();
        let rest = subject.get(*end..).unwrap_or_default();
        // Looking ahead costs about the length of what is looked for, and of what is skipped.
        let Some(skipped) = memmem::find(rest.as_bytes(), literal.as_bytes()) else { return Some(false) };
        steps = steps.saturating_add((literal.len() + skipped) / 16);
        if in_field && rest.as_bytes().iter().take(skipped).any(|byte| *byte == b':') {
            return Some(false);
        }
        *end += skipped;
        (pattern, at) = (Cursor { byte: after.byte + literal.len(), ..*after }, *end + literal.len());
        let passed = literal.matches(':').count();
        if in_field && passed > 0 {
            colons += passed;
            back = None;
        }
    }
}

fn first_letter(text: &str, at: usize) -> Option<char> {
    text.get(at..).and_then(|rest| rest.chars().next())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn context(user: &str) -> Context {
        Context::builder().set("u", [user]).build().unwrap()
    }

    fn matches(text: &str, subject: &str, user: &str) -> bool {
        let wording = Wording::with_wildcards(text, true);
        wording.hit(subject, &context(user), Comparing::Exact).truth == Truth::True
    }

    #[test]
    fn va_008_what_comes_out_of_a_variable_is_literal() {
        assert!(matches("home/${u}/*", "home/*/x", "*"));
        assert!(!matches("home/${u}/*", "home/bob/x", "*"));
        assert!(!matches("home/${u}", "home/${u}", "bob"));
    }

    #[test]
    fn va_008_what_stands_between_variables_is_compared_letter_by_letter() {
        for (text, subject, expected) in [
            ("*${u}b", "zab", true),
            ("*${u}b", "zac", false),
            ("*${u}b", "zaab", true),
            ("${u}?b*", "axbc", true),
            ("${u}?b*", "axcc", false),
            ("${u}${u}", "aa", true),
            ("${u}${u}", "aaa", false),
        ] {
            assert_eq!(matches(text, subject, "a"), expected, "{text} on {subject}");
        }
    }

    #[test]
    fn without_wildcards_a_star_beside_a_variable_is_a_star() {
        let wording = Wording::without_wildcards("*/${u}/?", true);
        for (subject, how, expected) in [
            ("*/bob/?", Comparing::Exact, true),
            ("x/bob/y", Comparing::Exact, false),
            ("*/BOB/?", Comparing::Exact, false),
            ("*/BOB/?", Comparing::IgnoringCase, true),
        ] {
            let hit = wording.hit(subject, &context("bob"), how);
            assert_eq!(hit.truth == Truth::True, expected, "{subject}");
        }
    }

    #[test]
    fn re_012_a_hostile_pattern_with_a_variable_comes_to_an_end() {
        let many = "a".repeat(5_000);
        let hit = |text: &str, user: &str, subject: &str| {
            Wording::with_wildcards(text, true).hit(subject, &context(user), Comparing::Exact)
        };
        let (shorter, subject) = ("a".repeat(6_000), "a".repeat(10_000));
        // What follows a star is looked for whole, whether it is written there or comes out of a variable.
        assert_eq!(hit(&format!("*{many}${{u}}b*"), "a", &shorter), Hit::from(false));
        assert_eq!(hit("*${u}b*", &many, &shorter), Hit::from(false));
        assert_eq!(hit(&format!("{}${{u}}b", "*a".repeat(10_000)), "a", &subject), Hit::from(false));
        // A long way to the next is one step in sixteen.
        assert_eq!(
            hit(&format!("*b${{u}}{}a", "*b".repeat(100)), "a", &format!("{subject}ba").repeat(101)),
            Hit::from(true)
        );
    }

    #[test]
    fn rl_010_what_takes_too_many_steps_is_undecided() {
        let text = format!("*${{u}}{}b", "?".repeat(1_000));
        let hit = |length: usize| {
            Wording::with_wildcards(&text, true).hit(&"a".repeat(length), &context("a"), Comparing::Exact)
        };
        assert_eq!(hit(1_200), Hit::from(false));
        let undecided = Hit { truth: Truth::Undecided, note: Some(Note::OverLimit) };
        assert_eq!(hit(3_000), undecided);
        // To look for a long text costs, too.
        let many = Wording::with_wildcards(&format!("*{}${{u}}b*", "a".repeat(5_000)), true);
        assert_eq!(many.hit(&"a".repeat(10_000), &context("a"), Comparing::Exact), undecided);
    }

    #[test]
    fn rl_010_a_text_that_grows_too_long_is_undecided() {
        let wording = Wording::with_wildcards("${u}${u}", true);
        let hit = |length: usize, subject: &str| {
            wording.hit(subject, &context(&"a".repeat(length)), Comparing::Exact)
        };
        let undecided = Hit { truth: Truth::Undecided, note: Some(Note::OverLimit) };
        assert_eq!(hit(MAX_RESULT / 2, &"a".repeat(MAX_RESULT)), Hit::from(true));
        assert_eq!(hit(MAX_RESULT / 2, "x"), Hit::from(false));
        assert_eq!(hit(MAX_RESULT / 2 + 1, "x"), undecided);
        assert_eq!(MAX_RESULT, 65_536);
    }

    /// Is a text of six fields with the variable `u` met as six patterns would be, one a field?
    fn of_six_patterns(pattern: &str, user: &str, subject: &str) -> (bool, bool) {
        let written_out = pattern.replace("${u}", user);
        let wanted: Vec<&str> = written_out.splitn(6, ':').collect();
        let actual: Vec<&str> = subject.splitn(6, ':').collect();
        let expected = wanted.len() == 6
            && actual.len() == 6
            && wanted.iter().zip(&actual).all(|(wanted, actual)| Pattern::new(wanted).matches(actual));
        let hit = Wording::with_wildcards(pattern, true).hit(subject, &context(user), Comparing::ArnFields);
        (hit.truth == Truth::True, expected)
    }

    #[test]
    fn co_070_wildcards_stay_within_their_field_but_for_the_last() {
        const FIELDS: [&str; 5] = ["", "a", "*", "?", "*a"];
        const LAST: [&str; 6] = ["", "a", "aa", "a:a", ":", ":aba"];
        let pairs = |one: &[&'static str], other: &[&'static str]| -> Vec<(&str, &str)> {
            one.iter().flat_map(|one| other.iter().map(|other| (*one, *other))).collect()
        };
        let mut subjects = Vec::new();
        // With one colon too few and one too many.
        for (first, last) in pairs(&["", "a", "ba", "abaa"], &LAST) {
            subjects.extend(["::", ":::", "::::"].map(|colons| format!("{first}{colons}x:a:{last}")));
        }
        for ((first, fifth), last) in
            pairs(&FIELDS, &FIELDS).iter().flat_map(|some| FIELDS.map(|last| (*some, last)))
        {
            for pattern in [
                format!("{first}${{u}}:::x:{fifth}:{last}"),
                format!("{first}:::x:{fifth}${{u}}:{last}"),
                format!("{first}:::x:{fifth}:{last}${{u}}{last}"),
            ] {
                for (user, subject) in
                    ["a", ":", "b:"].iter().flat_map(|user| subjects.iter().map(move |it| (user, it)))
                {
                    let (hit, expected) = of_six_patterns(&pattern, user, subject);
                    assert_eq!(hit, expected, "{pattern} with {user} against {subject}");
                }
            }
        }
        // Elsewhere a colon is a letter like any other.
        for (text, subject) in [("a?${u}*c", "a:x:y:c"), ("*${u}?", "::x:"), ("*:a${u}", ":ay:ax")] {
            assert!(matches(text, subject, "x"), "{text}");
        }
    }

    proptest! {
        /// With a variable in it or with its value written out: the same answer.
        #[test]
        fn a_variable_matches_like_its_value(
            before in "[ab*?é]{0,5}", user in "[abé]{1,3}", after in "[ab*?é]{0,5}", subject in "[abé]{0,10}",
        ) {
            let written_out = Pattern::new(&format!("{before}{user}{after}")).matches(&subject);
            prop_assert_eq!(matches(&format!("{before}${{u}}{after}"), &subject, &user), written_out);
        }

        /// As fields of an ARN: the same as six patterns, one a field.
        #[test]
        fn co_070_arn_fields_match_like_six_patterns(
            fields in prop::collection::vec("[ab*?]{0,3}", 5..7), user in "[ab:]{1,3}", subject in "([ab]{0,2}:){4,6}[ab]{0,2}",
        ) {
            let (hit, expected) = of_six_patterns(&format!("{}${{u}}", fields.join(":")), &user, &subject);
            prop_assert_eq!(hit, expected);
        }
    }
}
