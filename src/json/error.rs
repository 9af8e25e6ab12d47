//! What can be wrong with a JSON text, in words that say what to do next.

use thiserror::Error;

use crate::source::{Diagnostic, Severity, Span, shown};

/// What is found where nothing is left.
pub(super) const END_OF_TEXT: &str = "the end of the text";

/// One mistake in a JSON text and its place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct Error {
    span: Span,
    kind: ErrorKind,
}

/// The mistake itself, apart from where it stands. New kinds may appear in any minor release.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// The document is longer than allowed.
    #[error("the text is longer than {limit} bytes")]
    DocumentTooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// Lists and objects are nested too deeply.
    #[error("lists and objects are nested more than {limit} deep")]
    TooDeep {
        /// The limit in levels.
        limit: usize,
    },
    /// A string is longer than allowed.
    #[error("a string is longer than {limit} bytes")]
    StringTooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// A member's name is longer than allowed.
    #[error("a name is longer than {limit} bytes")]
    KeyTooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// A number has more digits than allowed.
    #[error("a number has more than {limit} digits")]
    NumberTooLong {
        /// The limit in digits.
        limit: usize,
    },
    /// The document has more values than allowed.
    #[error("the document has more than {limit} values")]
    TooManyValues {
        /// The limit in values of any kind, lists and objects included.
        limit: usize,
    },
    /// There were so many mistakes that reading stopped.
    #[error("more than {limit} mistakes; reading stopped here")]
    TooMany {
        /// How many are reported.
        limit: usize,
    },
    /// The text starts with U+FEFF.
    #[error("the text starts with a byte-order mark (U+FEFF)")]
    ByteOrderMark,
    /// The text is encoded in two bytes a character.
    #[error("the text is encoded in UTF-16")]
    Utf16,
    /// A byte that no UTF-8 text has at this place.
    #[error("the text is not UTF-8: byte 0x{byte:02X} cannot stand here{}", overlong_note(*.overlong))]
    NotUtf8 {
        /// The first byte that cannot be read.
        byte: u8,
        /// Would the bytes be a character written longer than need be?
        overlong: bool,
    },
    /// Something else stands where a token is due.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What was due.
        expected: &'static str,
        /// What stands there, ready to be shown.
        found: String,
    },
    /// Two neighbors without a comma.
    #[error("a comma is missing")]
    MissingComma,
    /// A comma before the end of a list or object.
    #[error("a comma follows the last entry")]
    TrailingComma,
    /// A comma with nothing before it.
    #[error("a comma too many")]
    ExtraComma,
    /// A name without a colon.
    #[error("a colon is missing after `{}`", shown(.key))]
    MissingColon {
        /// The name.
        key: String,
    },
    /// A name and a colon without a value.
    #[error("a value is missing")]
    MissingValue,
    /// A list or object that is not closed.
    #[error("the text ends before the `{open}` is closed")]
    Unclosed {
        /// The opening bracket.
        open: char,
    },
    /// A list closed by `}` or an object closed by `]`.
    #[error("`{found}` does not close the `{open}`")]
    WrongBracket {
        /// The opening bracket.
        open: char,
        /// The closing one.
        found: char,
        /// Where the opening bracket stands.
        opened: Span,
    },
    /// A comment, which JSON does not have.
    #[error("JSON has no comments")]
    Comment,
    /// A text in other marks than `"`.
    #[error("a string stands in double quotation marks, not in `{mark}`")]
    WrongQuotes {
        /// The mark that was used.
        mark: char,
        /// The text between the marks.
        inner: String,
    },
    /// A text or a name without quotation marks.
    #[error("`{}` stands without quotation marks", shown(.word))]
    NotQuoted {
        /// The word.
        word: String,
    },
    /// `True`, `NULL`, `NaN`, …: a word that other languages have.
    #[error("JSON has no `{}`", shown(.word))]
    ForeignWord {
        /// The word.
        word: String,
        /// What JSON has instead.
        instead: Option<&'static str>,
    },
    /// A number that JSON does not have in this form.
    #[error("`{}` is not a JSON number", shown(.text))]
    BadNumber {
        /// The number as written.
        text: String,
    },
    /// A number whose size or smallness no double has.
    #[error("the number `{}` is out of range", shown(.text))]
    NumberOutOfRange {
        /// The number as written.
        text: String,
    },
    /// A string without a closing mark on its line.
    #[error("the string is not closed")]
    UnclosedString,
    /// A raw control character in a string.
    #[error("a control character (U+{code:04X}) stands raw in a string")]
    ControlCharacter {
        /// The character's number.
        code: u32,
    },
    /// A backslash followed by the wrong thing.
    #[error("`{}` is not a JSON escape", shown(.escape))]
    BadEscape {
        /// Backslash and what follows.
        escape: String,
    },
    /// `\ud800`…`\udfff` without its other half.
    #[error("`{escape}` is half a surrogate pair and no character")]
    LoneSurrogate {
        /// The escape as written.
        escape: String,
    },
    /// The same name twice in one object.
    #[error("`{}` is given twice in one object", shown(.key))]
    DuplicateKey {
        /// The repeated name.
        key: String,
        /// Where it stood first.
        first: Span,
    },
    /// A second document after the first.
    #[error("a second document follows the first")]
    SecondDocument,
    /// Something after the end of the document.
    #[error("{found} follows the end of the document")]
    TrailingText {
        /// What stands there, ready to be shown.
        found: String,
    },
}

impl Error {
    pub(super) fn new(span: Span, kind: ErrorKind) -> Self {
        Self { span, kind }
    }

    /// Where the mistake stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// What the mistake is.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The mistake without its place.
    pub fn into_kind(self) -> ErrorKind {
        self.kind
    }

    /// The mistake as shown to a person.
    pub fn to_diagnostic(&self) -> Diagnostic {
        Diagnostic {
            code: self.kind.code(),
            severity: Severity::Error,
            message: self.to_string(),
            span: self.span,
            label: self.kind.label().to_owned(),
            other: self.kind.other(),
            help: self.kind.help(),
        }
    }
}

impl ErrorKind {
    /// The code in the catalog of rules.
    pub fn code(&self) -> &'static str {
        if matches!(self, Self::DuplicateKey { .. }) { "E102" } else { "E101" }
    }

    /// What was expected at the place, in few words; may be empty.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Empty
            | Self::DocumentTooLong { .. }
            | Self::Utf16
            | Self::TooManyValues { .. }
            | Self::TooMany { .. }
            | Self::Unexpected { .. } => "",
            Self::TooDeep { .. } => "one level too many",
            Self::StringTooLong { .. } | Self::KeyTooLong { .. } | Self::NumberTooLong { .. } => "too long",
            Self::ByteOrderMark => "must not be here",
            Self::NotUtf8 { .. } => "not UTF-8",
            Self::MissingComma => "`,` belongs here",
            Self::TrailingComma => "no entry follows this comma",
            Self::ExtraComma => "no entry stands before this comma",
            Self::MissingColon { .. } => "`:` and a value belong here",
            Self::MissingValue => "a value belongs here",
            Self::Unclosed { .. } => "opened here",
            Self::WrongBracket { .. } => "the wrong bracket",
            Self::Comment => "not part of JSON",
            Self::WrongQuotes { .. } | Self::NotQuoted { .. } => "write it as \"…\"",
            Self::ForeignWord { .. } => "no JSON value",
            Self::BadNumber { .. } => "no JSON number",
            Self::NumberOutOfRange { .. } => "beyond every range",
            Self::UnclosedString => "`\"` opens a string here",
            Self::ControlCharacter { .. } => "must be escaped",
            Self::BadEscape { .. } => "unknown escape",
            Self::LoneSurrogate { .. } => "the other half is missing",
            Self::DuplicateKey { .. } => "given again here",
            Self::SecondDocument => "starts here",
            Self::TrailingText { .. } => "the document has ended before",
        }
    }

    /// The smallest change that mends it.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Empty => "write an object, `{ … }`; was the right file given?",
            Self::DocumentTooLong { .. } | Self::TooManyValues { .. } => "split the text into several files",
            Self::TooDeep { .. } => "take away the brackets that are not needed; a policy needs six levels",
            Self::StringTooLong { .. } => "split the string, or shorten it",
            Self::KeyTooLong { .. } => "shorten the name; a closing `\"` may be missing",
            Self::NumberTooLong { .. } | Self::NumberOutOfRange { .. } => {
                "write the value as a string, or give it fewer digits"
            }
            Self::TooMany { .. } => "mend the mistakes above, then read the text again",
            Self::ByteOrderMark => "save the file as UTF-8 without byte-order mark",
            Self::Utf16 => "save the file as UTF-8",
            Self::NotUtf8 { overlong: true, .. } => "write the character itself, in its shortest form",
            Self::NotUtf8 { .. } => "save the file as UTF-8; it may be Latin-1, or damaged",
            Self::Unexpected { found, .. } if found == END_OF_TEXT => {
                "the text is cut off; is the file complete?"
            }
            Self::Unexpected { found, .. } if found == "`:`" => {
                "a colon stands between a name and its value; close the list by `]` before the name"
            }
            Self::Unexpected { expected, .. } if expected.contains(',') => "entries are separated by `,`",
            Self::Unexpected { expected: "`{`", .. } => {
                "write JSON: an object with names in double quotation marks, such as `{\"Version\": \"2012-10-17\"}`"
            }
            Self::Unexpected { .. } => "remove it, or put it in double quotation marks",
            Self::MissingComma => "separate the two entries by `,`",
            Self::TrailingComma | Self::ExtraComma => "remove the comma",
            Self::MissingColon { key } => return Some(format!("write `\"{}\": …`", shown(key))),
            Self::MissingValue => "give the value, or remove the name",
            Self::Unclosed { open: '[', .. } => {
                "add `]` and what else is missing behind it; is the file complete?"
            }
            Self::Unclosed { .. } => "add `}` and what else is missing behind it; is the file complete?",
            Self::WrongBracket { open: '[', .. } => "close the list by `]`",
            Self::WrongBracket { .. } => "close the object by `}`",
            Self::Comment => "remove the comment; `Sid` and `Id` can hold a remark",
            Self::WrongQuotes { inner, .. } => return Some(format!("write `\"{}\"`", shown(inner))),
            Self::NotQuoted { word } => return Some(format!("write `\"{}\"`", shown(word))),
            Self::ForeignWord { instead: Some(instead), .. } => return Some(format!("write `{instead}`")),
            Self::ForeignWord { .. } => "write a number, or a text in double quotation marks",
            Self::BadNumber { .. } => {
                "write digits, then perhaps a point with digits and an exponent: `-1.5e3`; or quote it"
            }
            Self::UnclosedString => "close it by `\"` on the same line; a line break inside is written `\\n`",
            Self::ControlCharacter { code: 9 } => "write a tab as `\\t`",
            Self::ControlCharacter { code } => {
                return Some(format!("write it as `\\u{code:04x}`, or remove it"));
            }
            Self::BadEscape { .. } => "a backslash itself is written `\\\\`; a character by number `\\u00e9`",
            Self::LoneSurrogate { .. } => "write the character itself, or both halves: `\\ud83d\\ude00`",
            Self::DuplicateKey { .. } => {
                "readers disagree on which of the two counts; keep one, or put the values of both into it"
            }
            Self::SecondDocument => "put each document into a file of its own",
            Self::TrailingText { found } if found == "`:`" => "put the whole text into `{ … }`",
            Self::TrailingText { .. } => "remove it, or the bracket that closes the document too early",
        };
        Some(help.to_owned())
    }

    /// Another place that belongs to it.
    pub(crate) fn other(&self) -> Option<(Span, String)> {
        match self {
            Self::DuplicateKey { first, .. } => Some((*first, "given here first".to_owned())),
            Self::WrongBracket { opened, .. } => Some((*opened, "opened here".to_owned())),
            _ => None,
        }
    }
}

fn overlong_note(overlong: bool) -> &'static str {
    if overlong { " (a character written longer than need be)" } else { "" }
}
