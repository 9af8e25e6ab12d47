//! Parameters of a request, read strictly (API-002).
//!
//! One reading serves the routing, the authorization and the operation. What could be read in two ways
//! is refused: a name given twice, members with gaps, a name in another letter case.

use std::collections::BTreeMap;

use percent_encoding::percent_decode;

use super::ApiError;
use crate::sigv4::SignedRequest;

/// No more parameters than this: 10,000 statements would still fit a body of 1 MiB as text.
const MOST_PARAMETERS: usize = 10_000;
/// No longer names than this, in bytes. The longest of the API has 66.
const LONGEST_NAME: usize = 256;

/// The parameters of one request, by name.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params {
    values: BTreeMap<String, String>,
}

/// Names only: values may be passwords and codes.
impl std::fmt::Debug for Params {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl Params {
    /// The parameters of a request: of the body for `POST`, of the query for `GET`.
    ///
    /// # Errors
    ///
    /// They cannot be read, or stand in both places.
    pub fn of_request(request: &SignedRequest<'_>) -> Result<Self, ApiError> {
        let query = without_signature(request.query);
        match request.method {
            "GET" if request.body.is_empty() => Self::read(query.as_bytes()),
            "POST" => {
                is_form(request)?;
                if !query.is_empty() {
                    return Err(ApiError::invalid_query_parameter(
                        "A POST request has its parameters in its body",
                    ));
                }
                Self::read(request.body)
            }
            _ => Err(ApiError::validation("Only POST, and GET without a body, are served")),
        }
    }

    /// Reads a form.
    ///
    /// # Errors
    ///
    /// An escape is broken, the text is not UTF-8, a name is given twice or differs from another only in
    /// letter case, members have gaps, or there are too many.
    pub fn read(form: &[u8]) -> Result<Self, ApiError> {
        let mut values = BTreeMap::new();
        let mut folded = std::collections::HashSet::new();
        for pair in form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decoded(halves.next().unwrap_or_default())?;
            let value = decoded(halves.next().unwrap_or_default())?;
            if name.len() > LONGEST_NAME {
                let why = format!("The name {}... is longer than {LONGEST_NAME} bytes", shown(&name));
                return Err(ApiError::invalid_query_parameter(why));
            }
            if !folded.insert(name.to_ascii_lowercase()) {
                return Err(ApiError::invalid_query_parameter(format!(
                    "The parameter {} is given more than once",
                    shown(&name)
                )));
            }
            values.insert(name, value);
            if values.len() > MOST_PARAMETERS {
                let why = format!("There are more than {MOST_PARAMETERS} parameters");
                return Err(ApiError::invalid_query_parameter(why));
            }
        }
        let params = Self { values };
        params.check_members()?;
        Ok(params)
    }

    /// The value of this very name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Is there a parameter of this name, or of a part of it?
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name) || self.under(&format!("{name}.")).next().is_some()
    }

    /// Drops the parameters with other names than these.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.values.retain(|name, _| keep(name));
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// `NAME.member.1`, `NAME.member.2`, …
    pub fn list(&self, name: &str) -> Vec<&str> {
        let value = |at: usize| self.get(&format!("{name}.member.{at}"));
        (1..).map_while(value).collect()
    }

    /// The parameters below `NAME.member.1.`, `NAME.member.2.`, …, each under the rest of its name.
    pub fn structures(&self, name: &str) -> Vec<Self> {
        let inner = |at: usize| {
            let values: BTreeMap<_, _> = self
                .under(&format!("{name}.member.{at}."))
                .map(|(rest, value)| (rest.to_owned(), value.to_owned()))
                .collect();
            (!values.is_empty()).then_some(Self { values })
        };
        (1..).map_while(inner).collect()
    }

    /// A value that is `true` or `false`; the model was asked before.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.get(name).map(|value| value == "true")
    }

    /// A whole number; the model was asked before.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.get(name).and_then(|value| value.parse().ok())
    }

    fn under<'p>(&'p self, prefix: &'p str) -> impl Iterator<Item = (&'p str, &'p str)> {
        self.values
            .range(prefix.to_owned()..)
            .map_while(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }

    /// Members are numbered from 1 without gaps and without leading zeros.
    fn check_members(&self) -> Result<(), ApiError> {
        let mut lists: BTreeMap<&str, std::collections::BTreeSet<usize>> = BTreeMap::new();
        for name in self.names() {
            for (at, _) in name.match_indices(".member.") {
                let (list, rest) =
                    (name.get(..at).unwrap_or_default(), name.get(at + 8..).unwrap_or_default());
                let number = rest.split('.').next().unwrap_or_default();
                let plain = number.len() <= 5
                    && number.bytes().all(|byte| byte.is_ascii_digit())
                    && !number.starts_with('0');
                let index = plain.then(|| number.parse().ok()).flatten().ok_or_else(|| {
                    ApiError::invalid_query_parameter(format!("{} is no member of a list", shown(name)))
                })?;
                lists.entry(list).or_default().insert(index);
            }
        }
        for (list, members) in lists {
            if members.last() != Some(&members.len()) {
                let why = format!("The members of {} are not numbered from 1 without gaps", shown(list));
                return Err(ApiError::invalid_query_parameter(why));
            }
        }
        Ok(())
    }
}

/// The body is what it will be read as, and only that (H024).
fn is_form(request: &SignedRequest<'_>) -> Result<(), ApiError> {
    let mut kinds = request.all("content-type");
    let (kind, others) = (kinds.next().unwrap_or_default(), kinds.next());
    let mut parts = kind.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let utf8 = parts.all(|parameter| {
        let charset = parameter.to_ascii_lowercase();
        let Some(name) = charset.strip_prefix("charset=") else { return true };
        matches!(name.trim_matches('"'), "utf-8" | "utf8")
    });
    let plain =
        request.all("content-encoding").all(|encoding| encoding.trim().eq_ignore_ascii_case("identity"));
    let form = essence.eq_ignore_ascii_case("application/x-www-form-urlencoded");
    if form && utf8 && plain && others.is_none() { Ok(()) } else { Err(ApiError::unsupported_media_type()) }
}

/// The query without what a presigned request adds to it (API-034).
fn without_signature(query: &str) -> String {
    let is_ours = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        !name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("X-Amz-"))
    };
    query.split('&').filter(|pair| !pair.is_empty()).filter(is_ours).collect::<Vec<_>>().join("&")
}

/// A name in an error: short, and without what a terminal would act on.
fn shown(name: &str) -> String {
    name.chars().take(80).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn decoded(text: &[u8]) -> Result<String, ApiError> {
    let broken = || ApiError::invalid_query_parameter("An escape or a character of the form is broken");
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        let after = rest.get(at + 1..).unwrap_or_default();
        match after {
            [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                rest = after.get(2..).unwrap_or_default();
            }
            _ => return Err(broken()),
        }
    }
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| broken())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(form: &str) -> String {
        Params::read(form.as_bytes()).unwrap_err().message
    }

    #[test]
    fn api_002_lists_and_structures() {
        let params =
            Params::read(b"A.member.1=x&A.member.2=y&T.member.1.Key=k&T.member.1.Value=&B=a+b%20c").unwrap();
        assert_eq!(params.list("A"), ["x", "y"]);
        assert_eq!(params.get("B"), Some("a b c"));
        let tags = params.structures("T");
        assert_eq!((tags.len(), tags[0].get("Key"), tags[0].get("Value")), (1, Some("k"), Some("")));
        assert!(params.list("C").is_empty() && params.has("T") && !params.has("t"));
    }

    #[test]
    fn api_002_eleven_members_keep_their_order() {
        let form: Vec<String> = (1..=11).map(|at| format!("A.member.{at}=v{at}")).collect();
        let params = Params::read(form.join("&").as_bytes()).unwrap();
        assert_eq!(params.list("A").last(), Some(&"v11"));
        assert_eq!(params.list("A").len(), 11);
    }

    #[test]
    fn api_002_what_could_be_read_in_two_ways_is_refused() {
        for form in [
            "A=1&A=2",
            "A=1&a=2",
            "A=1&%41=2",
            "A.member.1=x&A.member.3=y",
            "A.member.0=x",
            "A.member.01=x",
            "A.member.x=y",
            "A.member.=y",
            "A.member.99999999999999999999=y",
            "A=%zz",
            "A=%4",
            "A=%ff",
        ] {
            assert!(!refused(form).is_empty(), "{form}");
        }
    }

    proptest::proptest! {
        #[test]
        fn api_002_what_was_meant_is_what_is_read(
            meant in proptest::collection::btree_map("[a-c.\\PC]{1,8}", "\\PC{0,8}", 0..8),
        ) {
            let folded: std::collections::BTreeSet<_> = meant.keys().map(|name| name.to_ascii_lowercase()).collect();
            proptest::prop_assume!(folded.len() == meant.len());
            let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&meant).finish();
            proptest::prop_assert_eq!(Params::read(form.as_bytes()).unwrap().values, meant);
        }
    }

    #[test]
    fn api_002_all_that_is_refused_is_400() {
        for form in ["A=1&A=2", "A=1&a=2", "A.member.2=x", "A.member.0=x", "A=%4", "A=%ff"] {
            let error = Params::read(form.as_bytes()).unwrap_err();
            assert_eq!((error.status, &*error.code), (400, "InvalidQueryParameter"), "{form}");
        }
    }

    #[test]
    fn rl_077_a_form_of_one_mib_takes_no_longer_than_its_length() {
        let deep = ".member.1".repeat(1 << 16);
        assert!(refused(&deep).contains("longer than 256 bytes"));
        let many: String = (0..=MOST_PARAMETERS).map(|at| format!("a{at}=&")).collect();
        assert!(refused(&many).contains("more than 10000 parameters"));
    }

    fn of(method: &str, query: &str, headers: &[(&str, &str)], body: &str) -> String {
        let request = SignedRequest { method, path: "/", query, headers, body: body.as_bytes() };
        Params::of_request(&request)
            .map_or_else(|error| format!("{} {}", error.status, error.code), |params| format!("{params:?}"))
    }

    #[test]
    fn h007_to_h009_one_place_and_one_name() {
        let form = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")];
        assert_eq!(of("POST", "", &form, "Action=GetUser"), r#"{"Action"}"#);
        assert_eq!(of("GET", "Action=GetUser", &[], ""), r#"{"Action"}"#);
        for (method, query, body) in [
            ("POST", "", "Action=GetUser&Action=DeleteUser"),
            ("POST", "", "Action=GetUser&action=DeleteUser"),
            ("POST", "", "Action=GetUser&%61ction=DeleteUser"),
            ("POST", "Action=GetUser", "Action=GetUser"),
            ("POST", "UserName=bob", "Action=GetUser"),
            ("GET", "Action=GetUser&Action=GetUser", ""),
        ] {
            assert_eq!(
                of(method, query, &form, body),
                "400 InvalidQueryParameter",
                "{method} {query} {body}"
            );
        }
        assert_eq!(of("GET", "Action=GetUser", &form, "Action=DeleteUser"), "400 ValidationError");
    }

    #[test]
    fn h021_h024_methods_and_kinds_of_bodies() {
        let kind = "application/x-www-form-urlencoded";
        for method in ["PUT", "HEAD", "TRACE", "post", ""] {
            assert_eq!(of(method, "", &[("Content-Type", kind)], "A=1"), "400 ValidationError", "{method}");
        }
        let refused: [&[(&str, &str)]; 6] = [
            &[],
            &[("Content-Type", "application/json")],
            &[("Content-Type", "application/x-www-form-urlencoded; charset=utf-16")],
            &[("Content-Type", kind), ("content-type", "text/plain")],
            &[("Content-Type", kind), ("Content-Encoding", "gzip")],
            &[("Content-Type", kind), ("Content-Encoding", "identity"), ("Content-Encoding", "br")],
        ];
        for headers in refused {
            assert_eq!(of("POST", "", headers, "A=1"), "415 UnsupportedMediaType", "{headers:?}");
        }
        let spelled = [("content-TYPE", "Application/X-WWW-Form-URLencoded;Charset=\"UTF-8\"")];
        assert_eq!(of("POST", "", &spelled, "A=1"), r#"{"A"}"#);
    }

    #[test]
    fn a_name_in_an_error_is_short_and_plain() {
        let name = format!("\u{1b}[31m{}", "x".repeat(500));
        assert!(refused(&format!("{name}=1&{name}=2")).len() < 200);
        assert!(!refused("\u{1b}=1&\u{1b}=2").contains('\u{1b}'));
    }
}
