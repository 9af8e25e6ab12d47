//! A request as people and programs write it: one JSON object (TE-001, UX-082).
//!
//! The reading is strict. A member that does not exist, a value of the wrong type or a key given
//! twice is an error with a place, because a request that is not the one its author meant gets an
//! answer that is not the one he needs. All members may be left out; whoever asks fills them in or
//! says what is missing.

mod error;
mod read;

pub use error::{CODES, RequestError, RequestErrorKind, RequestErrors};

use super::Resource;
use super::context::ContextBuilder;
use super::credential::{Credential, MfaAsked};
use super::principal::{CredentialType, Principal, PrincipalDetails};
use crate::json::{Node, Value};
use crate::name::{AccountId, Action, Arn};
use crate::source::{Span, Spanned};

/// What a request object holds. A member that is not there is `None` or empty.
#[derive(Debug, Clone, Default)]
pub struct RequestObject {
    /// `id`: comes back with the answer.
    pub id: Option<String>,
    /// `principal`
    pub principal: Option<Spanned<Principal>>,
    /// `principalDetails`
    pub details: Details,
    /// `action`
    pub action: Option<Spanned<Action>>,
    /// `resource`
    pub resource: Option<Spanned<Resource>>,
    /// `resourceAccount`
    pub resource_account: Option<Spanned<AccountId>>,
    /// `resourceInManagementAccount`
    pub resource_in_management_account: Option<bool>,
    /// `context` and `unknown`
    pub context: ContextBuilder,
    /// Where `context` or `unknown` names an MFA key: the request is then asked once, as it is.
    pub mfa_key: Option<Span>,
    /// `mfa`
    pub mfa: Option<Spanned<MfaAsked>>,
    /// `mfaAge`, in seconds
    pub mfa_age: Option<Spanned<u64>>,
    /// `credential`
    pub credential: Option<Spanned<Credential>>,
    /// `expect`: the answer that is expected, as written.
    pub expect: Option<Spanned<String>>,
}

/// `principalDetails`: facts that the name of a principal does not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// `roleArn`
    pub role_arn: Option<Arn>,
    /// `issuerUserArn`
    pub issuer_user_arn: Option<Arn>,
    /// `uniqueId`
    pub unique_id: Option<String>,
    /// `canonicalUser`
    pub canonical_user: Option<String>,
    /// `serviceNames`
    pub service_names: Option<Vec<String>>,
    /// `managementAccount`
    pub management_account: Option<bool>,
    /// `credential`
    pub credential: Option<CredentialType>,
}

impl RequestObject {
    /// The longest request object, in bytes.
    pub const MAX_BYTES: usize = 1 << 20;

    /// Reads one request object.
    ///
    /// ```
    /// use twokeys::request::RequestObject;
    ///
    /// let object = RequestObject::read(br#"{"action": "s3:GetObject", "mfa": "true", "mfaAge": 5}"#)?;
    /// assert_eq!(object.mfa_age.map(|age| age.value), Some(5));
    ///
    /// let errors = RequestObject::read(br#"{"acton": "s3:GetObject"}"#).unwrap_err();
    /// assert_eq!(errors.to_string(), "a request has no member `acton`");
    /// assert_eq!(errors.first().help().as_deref(), Some("did you mean `action`?"));
    /// # Ok::<(), twokeys::request::RequestErrors>(())
    /// ```
    ///
    /// # Errors
    ///
    /// All mistakes of the text.
    pub fn read(text: &[u8]) -> Result<Self, RequestErrors> {
        read::read(text, read::Reader::root)
    }

    /// Reads a bare context: an object of keys and values.
    ///
    /// # Errors
    ///
    /// All mistakes of the text.
    pub fn read_context(text: &[u8]) -> Result<ContextBuilder, RequestErrors> {
        read::read(text, read::Reader::context).map(|object| object.context)
    }
}

impl Details {
    /// The names of the details.
    pub const NAMES: [&'static str; 7] = [
        "roleArn",
        "issuerUserArn",
        "uniqueId",
        "canonicalUser",
        "serviceNames",
        "managementAccount",
        "credential",
    ];

    /// Sets one detail by its name, as `NAME=VALUE` on a command line does.
    ///
    /// # Errors
    ///
    /// There is no such detail, or the value is none for it.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), RequestErrorKind> {
        let plain = |value| Node { value, span: Span::default() };
        let value = match (name, value) {
            ("managementAccount", "true") => Value::Bool(true),
            ("managementAccount", "false") => Value::Bool(false),
            ("serviceNames", names) => {
                Value::Array(names.split(',').map(|name| plain(Value::String(name.into()))).collect())
            }
            _ => Value::String(value.into()),
        };
        read::detail(self, name, Span::default(), &plain(value)).map_err(RequestError::into_kind)
    }

    /// The details as the engine takes them.
    pub fn into_principal_details(self) -> PrincipalDetails {
        PrincipalDetails {
            role_arn: self.role_arn,
            issuer_user_arn: self.issuer_user_arn,
            unique_id: self.unique_id,
            canonical_user: self.canonical_user,
            service_names: self.service_names.unwrap_or_default(),
            management_account: self.management_account.unwrap_or_default(),
            credential: self.credential,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Context, KeyState};

    fn mistakes(text: &str) -> Vec<String> {
        match RequestObject::read(text.as_bytes()) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.iter().map(|error| format!("{}: {error}", error.code())).collect(),
        }
    }

    fn context(text: &str) -> Context {
        RequestObject::read_context(text.as_bytes()).unwrap().build().unwrap()
    }

    #[test]
    fn te_001_all_members_are_read() {
        let text = r#"{"id": "r-1", "principal": "arn:aws:sts::111122223333:assumed-role/ops/s1",
            "principalDetails": {"roleArn": "arn:aws:iam::111122223333:role/x/ops", "uniqueId": "AROAX",
              "canonicalUser": "79a5", "serviceNames": ["a.amazonaws.com"], "managementAccount": true,
              "credential": "long-term", "issuerUserArn": "arn:aws:iam::111122223333:user/u"},
            "action": "s3:GetObject", "resource": "*", "resourceAccount": "444455556666",
            "resourceInManagementAccount": true, "context": {"aws:SourceIp": "203.0.113.7"},
            "unknown": ["aws:ResourceTag/*"], "mfa": false, "expect": "deny@scp"}"#;
        let object = RequestObject::read(text.as_bytes()).unwrap();
        assert_eq!(object.id.as_deref(), Some("r-1"));
        assert_eq!(object.mfa.map(|mfa| mfa.value), Some(MfaAsked::False));
        assert_eq!(object.expect.map(|expect| expect.value).as_deref(), Some("deny@scp"));
        assert_eq!(object.details.credential, Some(CredentialType::LongTerm));
        assert_eq!(object.details.service_names, Some(vec!["a.amazonaws.com".to_owned()]));
        assert_eq!(object.mfa_key, None);
        let context = object.context.build().unwrap();
        assert_eq!(context.get("aws:ResourceTag/team"), KeyState::Unknown);
    }

    #[test]
    fn ux_082_values_keep_the_digits_they_are_written_with() {
        // J025: 2^53 + 1 is not 2^53.
        let context = context(
            r#"{"a:n": 9007199254740993, "a:f": 1.50, "a:b": true, "a:l": ["x", 1, false],
                                  "a:null": null, "a:none": []}"#,
        );
        let known = |key| match context.get(key) {
            KeyState::Known(values) => values.join("|"),
            _ => "-".to_owned(),
        };
        assert_eq!(
            ["a:n", "a:f", "a:b", "a:l"].map(known),
            ["9007199254740993", "1.50", "true", "x|1|false"]
        );
        assert_eq!(["a:null", "a:none"].map(|key| context.get(key)), [KeyState::Absent; 2]);
    }

    #[test]
    fn what_no_request_can_mean_is_refused_where_it_stands() {
        for (text, expected) in [
            (r#"{"action":"s3:*"}"#, "bad-action: a request asks for one action, but `s3:*` has a wildcard"),
            (
                r#"{"action":"GetObject"}"#,
                "bad-action: an action is `service:Operation`, but `GetObject` is not",
            ),
            (
                r#"{"principal":"arn:aws:iam::111122223333:user/a\n"}"#,
                r#"bad-principal: an ARN has no control characters, but "arn:aws:iam::111122223333:user/a\n" has one"#,
            ),
            (
                r#"{"context":{"aws:MultiFactorAuthAge":"-1"}}"#,
                "bad-context: `aws:MultiFactorAuthAge` is `-1`, but an age is never below zero",
            ),
            (
                r#"{"context":{"aws:MultiFactorAuthPresent":"false","AWS:MULTIFACTORAUTHPRESENT":"true"}}"#,
                "bad-context: the context key `AWS:MULTIFACTORAUTHPRESENT` is given twice (keys compare without case)",
            ),
            (
                r#"{"context":{"aws:MultiFactorAuthAge":1e4}}"#,
                "bad-number: `1e4` has an exponent; numbers are compared with the digits as written",
            ),
            (
                r#"{"context":{"a:b":[null]}}"#,
                "wrong-type: a value of `a:b` is a string, a boolean, a number or a list of these, but here stands `null`",
            ),
            (r#"{"context":[]}"#, "wrong-type: `context` is an object, but here stands a list"),
            (r"[]", "wrong-type: a request is an object, but here stands a list"),
            (r#"{"Action":"s3:GetObject"}"#, "unknown-member: a request has no member `Action`"),
            (
                r#"{"context":{"a:b":"c"},"unknown":["A:B"]}"#,
                "bad-context: `A:B` is given in `context`, so it is not unknown",
            ),
            (r#"{"mfa":"yes"}"#, "bad-credential: MFA is `missing`, `false`, `true` or `all`, not `yes`"),
            (
                r#"{"mfa":"true","context":{"aws:multifactorauthpresent":"true"}}"#,
                "mfa-twice: the state of MFA is given twice: by an MFA key in the context and by `mfa`",
            ),
            (
                r#"{"credential":"root","unknown":["aws:MultiFactor*"]}"#,
                "mfa-twice: the state of MFA is given twice: by an MFA key in the context and by `credential`",
            ),
            (
                r#"{"mfa":"true","credential":"root"}"#,
                "mfa-twice: the state of MFA is given twice: by `mfa` and by `credential`",
            ),
            (
                r#"{"mfa":"false","mfaAge":5}"#,
                "bad-age: `mfaAge` is given, but `mfa` is `false`, which has no age",
            ),
            (
                r#"{"mfaAge":1.5}"#,
                "bad-age: an age is a whole number of seconds, zero or more, but `1.5` is not",
            ),
            (
                r#"{"principalDetails":{"credential":"root"}}"#,
                "bad-credential: `root` is no credential that AWS restricts",
            ),
        ] {
            assert_eq!(mistakes(text), [expected], "{text}");
        }
    }

    #[test]
    fn j_023_to_j_026_limits_and_numbers_of_a_context() {
        let refused = |text: &str| RequestObject::read_context(text.as_bytes()).is_err();
        assert!(refused(&format!("{}{}", "[".repeat(500), "]".repeat(500))), "J023");
        assert!(refused(r#"{"aws:MultiFactorAuthAge":1e400}"#), "J024");
        assert!(!refused(r#"{"aws:MultiFactorAuthAge":9007199254740993}"#), "J025");
        assert!(refused(&format!(r#"{{"aws:MultiFactorAuthAge":{}}}"#, "9".repeat(1_000_000))), "J026");
    }

    #[test]
    fn c_001_to_c_004_are_kept_as_written_for_the_engine_to_judge() {
        assert_eq!(context("{}").get("aws:MultiFactorAuthPresent"), KeyState::Absent);
        for (value, expected) in
            [(r#""""#, vec![""]), (r#""TRUE""#, vec!["TRUE"]), (r#"["true","false"]"#, vec!["true", "false"])]
        {
            let context = context(&format!(r#"{{"aws:MultiFactorAuthPresent":{value}}}"#));
            let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(context.get("aws:MultiFactorAuthPresent"), KeyState::Known(&expected));
        }
    }

    #[test]
    fn all_mistakes_are_told_and_what_is_broken_once() {
        let errors = mistakes(r#"{"action": "x", "resource": "y", "principal": }"#);
        assert_eq!(errors.len(), 3, "{errors:?}");
        assert!(
            RequestObject::read(b"{\"action\": \"s3:GetObject\", \"action\": \"s3:PutObject\"}").is_err()
        );
    }

    #[test]
    fn that_all_else_is_unknown_mentions_no_mfa_key() {
        let object = RequestObject::read(br#"{"unknown": ["*"], "mfa": "true"}"#).unwrap();
        assert_eq!(object.mfa_key, None);
    }

    #[test]
    fn advice_is_the_smallest_change() {
        for (text, expected) in [
            (r#"{"resorce":"*"}"#, "did you mean `resource`?"),
            (
                r#"{"principal":"arn:aws:iam::111122223333:role/path/ops"}"#,
                "write `arn:aws:sts::111122223333:assumed-role/ops/SESSION`",
            ),
            (r#"{"credential":"sesion"}"#, "did you mean `session`?"),
            (r#"{"principalDetails":{"rolearn":"x"}}"#, "did you mean `roleArn`?"),
        ] {
            let errors = RequestObject::read(text.as_bytes()).unwrap_err();
            assert_eq!(errors.first().help().as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn ux_083_a_detail_is_set_by_its_name() {
        let mut details = Details::default();
        details.set("managementAccount", "true").unwrap();
        details.set("serviceNames", "a.amazonaws.com,b.amazonaws.com").unwrap();
        assert_eq!(details.management_account, Some(true));
        assert_eq!(details.service_names.as_ref().map(Vec::len), Some(2));
        assert!(details.set("roleArn", "ops").is_err());
        assert!(details.set("role", "ops").is_err());
        assert!(details.set("managementAccount", "yes").is_err());
    }

    #[test]
    fn every_code_is_explained_once() {
        let mut codes: Vec<&str> = CODES.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), CODES.len());
    }
}
