//! Answers as the Query protocol writes them (API-003 to API-006).

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use quick_xml::escape::escape;

use super::{ApiError, iso8601};
use crate::query::Service;

/// RFC 3986: only these four stay beside letters and digits.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Elements side by side: the content of a result, of a structure, of a member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Xml {
    text: String,
}

impl Xml {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// `<NAME>text</NAME>`
    #[must_use]
    pub fn text(mut self, name: &str, text: &str) -> Self {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "<{name}>{}</{name}>", escaped(text));
        self
    }

    /// The same for what may be left out.
    #[must_use]
    pub fn optional(self, name: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// `true` or `false`.
    #[must_use]
    pub fn flag(self, name: &str, value: bool) -> Self {
        self.text(name, if value { "true" } else { "false" })
    }

    /// A whole number.
    #[must_use]
    pub fn number(self, name: &str, value: impl std::fmt::Display) -> Self {
        self.text(name, &value.to_string())
    }

    /// A time, from seconds since 1970.
    #[must_use]
    pub fn time(self, name: &str, seconds: u64) -> Self {
        self.text(name, &iso8601(seconds))
    }

    /// A policy text, percent-encoded as clients expect it (API-005).
    #[must_use]
    pub fn document(self, name: &str, text: &str) -> Self {
        let encoded = utf8_percent_encode(text, UNRESERVED).to_string();
        self.text(name, &encoded)
    }

    /// `<NAME>…</NAME>`; without content `<NAME/>`, which is how an empty list is written.
    #[must_use]
    pub fn inside(mut self, name: &str, content: &Self) -> Self {
        if content.text.is_empty() {
            let _ = write!(self.text, "<{name}/>");
        } else {
            let _ = write!(self.text, "<{name}>{}</{name}>", content.text);
        }
        self
    }

    /// `<NAME><member>…</member>…</NAME>`
    #[must_use]
    pub fn list(self, name: &str, members: impl IntoIterator<Item = Self>) -> Self {
        let members = members.into_iter().fold(Self::new(), |list, member| list.inside("member", &member));
        self.inside(name, &members)
    }

    /// A list of texts.
    #[must_use]
    pub fn texts<T: AsRef<str>>(self, name: &str, members: impl IntoIterator<Item = T>) -> Self {
        let members =
            members.into_iter().fold(Self::new(), |list, member| list.text("member", member.as_ref()));
        self.inside(name, &members)
    }

    /// `<NAME><entry><key>…</key><value>…</value></entry>…</NAME>`
    #[must_use]
    pub fn map<K: AsRef<str>, V: AsRef<str>>(
        self,
        name: &str,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let entries = entries.into_iter().fold(Self::new(), |list, (key, value)| {
            list.inside("entry", &Self::new().text("key", key.as_ref()).text("value", value.as_ref()))
        });
        self.inside(name, &entries)
    }

    /// The elements, one after the other.
    #[must_use]
    pub fn then(mut self, other: &Self) -> Self {
        self.text.push_str(&other.text);
        self
    }
}

/// The body of an answer.
pub fn envelope(operation: &str, service: Service, result: Option<&Xml>, request_id: &str) -> String {
    let metadata = Xml::new().text("RequestId", request_id);
    let mut content = Xml::new();
    if let Some(result) = result {
        content = content.inside(&format!("{operation}Result"), result);
    }
    let content = content.inside("ResponseMetadata", &metadata);
    format!("<{operation}Response xmlns=\"{}\">{}</{operation}Response>\n", service.namespace(), content.text)
}

/// The body of an error.
pub fn error_envelope(service: Service, error: &ApiError, request_id: &str) -> String {
    let inner =
        Xml::new().text("Type", error.fault()).text("Code", &error.code).text("Message", &error.message);
    let content = Xml::new().inside("Error", &inner).text("RequestId", request_id);
    format!("<ErrorResponse xmlns=\"{}\">{}</ErrorResponse>\n", service.namespace(), content.text)
}

/// Escapes, and replaces what XML 1.0 has no place for.
fn escaped(text: &str) -> Cow<'_, str> {
    let fits = |c: char| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    // A parser turns a bare carriage return into a line feed.
    if text.chars().all(fits) {
        return escape(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\r' => out.push_str("&#13;"),
            c if fits(c) => out.push_str(&escape(c.encode_utf8(&mut [0; 4]) as &str)),
            _ => out.push('\u{fffd}'),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_003_an_answer_with_and_without_a_result() {
        let result = Xml::new().inside("User", &Xml::new().text("UserName", "a&b"));
        insta::assert_snapshot!(envelope("GetUser", Service::Iam, Some(&result), "r-1"), @r#"<GetUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetUserResult><User><UserName>a&amp;b</UserName></User></GetUserResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetUserResponse>"#);
        insta::assert_snapshot!(envelope("DeleteUser", Service::Iam, None, "r-1"), @r#"<DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></DeleteUserResponse>"#);
    }

    #[test]
    fn api_004_lists_maps_and_what_is_empty() {
        let xml = Xml::new()
            .list("Users", [])
            .texts("PolicyNames", ["a", "<b>"])
            .map("SummaryMap", [("Users", "3")])
            .flag("IsTruncated", false)
            .time("CreateDate", 0)
            .document("PolicyDocument", "{\"a b\"}");
        insta::assert_snapshot!(xml.text, @"<Users/><PolicyNames><member>a</member><member>&lt;b&gt;</member></PolicyNames><SummaryMap><entry><key>Users</key><value>3</value></entry></SummaryMap><IsTruncated>false</IsTruncated><CreateDate>1970-01-01T00:00:00Z</CreateDate><PolicyDocument>%7B%22a%20b%22%7D</PolicyDocument>");
    }

    #[test]
    fn what_xml_has_no_place_for_does_not_break_a_document() {
        assert_eq!(Xml::new().text("A", "x\0y\r\n\u{ffff}").text, "<A>x\u{fffd}y&#13;\n\u{fffd}</A>");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_is_read_back_by_a_parser(text in proptest::string::string_regex("(?s).{0,40}").unwrap()) {
            use quick_xml::events::Event;
            let error = ApiError::validation(text.clone());
            let document = error_envelope(Service::Iam, &error, &text);
            let mut reader = quick_xml::Reader::from_str(&document);
            let mut read = String::new();
            loop {
                match reader.read_event().unwrap() {
                    Event::Eof => break,
                    Event::Text(part) => read.push_str(&part),
                    Event::GeneralRef(part) => read.push_str(&quick_xml::escape::unescape(&format!("&{};", &*part)).unwrap()),
                    _ => {}
                }
            }
            let kept = |c: char| if c < ' ' && !"\t\n\r".contains(c) || matches!(c, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { c };
            let kept: String = text.chars().map(kept).collect();
            proptest::prop_assert_eq!(read, format!("SenderValidationError{kept}{kept}\n"));
        }
    }

    #[test]
    fn api_006_an_error_names_whose_fault_it_is() {
        let error = ApiError::service_failure("disk");
        assert!(
            error_envelope(Service::Sts, &error, "r")
                .contains("<Type>Receiver</Type><Code>ServiceFailure</Code>")
        );
    }
}
