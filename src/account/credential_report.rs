//! The table of `aws iam get-credential-report`: who has a password, a device, access keys (API-046).

use super::csv;
use super::problem::{Problem, ProblemKind};
use crate::name::{AccountId, Arn};

/// A credential report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialReport {
    /// The account, as the ARNs of the rows tell it.
    pub account: AccountId,
    /// The row `<root_account>`.
    pub root: Option<Credentials>,
    /// The users, in the order of the report.
    pub users: Vec<(String, Credentials)>,
}

/// What the report says of one user, or of root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credentials {
    /// Is there a password for the console? The report does not say so of root, who always has one.
    pub password: Option<bool>,
    /// Is an MFA device active?
    pub mfa: bool,
    /// How many access keys are active?
    pub access_keys: u8,
}

const ROOT: &str = "<root_account>";

/// The columns that are read. The report has more, and AWS adds some now and then.
const COLUMNS: [&str; 6] =
    ["user", "arn", "password_enabled", "mfa_active", "access_key_1_active", "access_key_2_active"];

impl CredentialReport {
    /// Reads a report.
    ///
    /// ```
    /// use twokeys::account::CredentialReport;
    ///
    /// let text = "user,arn,password_enabled,mfa_active,access_key_1_active,access_key_2_active\n\
    ///             bob,arn:aws:iam::111122223333:user/bob,true,false,true,false\n";
    /// let report = CredentialReport::read(text.as_bytes())?;
    /// let (name, bob) = &report.users[0];
    /// assert_eq!((name.as_str(), bob.password, bob.mfa, bob.access_keys), ("bob", Some(true), false, 1));
    /// # Ok::<(), twokeys::account::Problem>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A column is missing or twice there, a row is too short, a value is none that IAM writes, or the
    /// rows are of several accounts.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        read(bytes).map_err(|(line, words)| {
            let subject = if line == 0 { String::new() } else { format!("line {line}") };
            Problem::new(None, subject, ProblemKind::Report(words))
        })
    }
}

fn read(bytes: &[u8]) -> Result<CredentialReport, (usize, String)> {
    let text = str::from_utf8(bytes).map_err(|_| (0, "the credential report is not UTF-8".to_owned()))?;
    if text.trim_start().starts_with('{') {
        let words = "this is the answer of the API; the report is its member `Content`, in Base64";
        return Err((1, words.to_owned()));
    }
    let records = csv::records(text).map_err(|(line, words)| (line, words.to_owned()))?;
    let mut records = records.into_iter();
    let (_, header) = records.next().ok_or((0, "the credential report is empty".to_owned()))?;
    let columns = columns(&header).map_err(|words| (1, words))?;
    let (mut account, mut root, mut users) = (None, None, Vec::<(String, Credentials)>::new());
    for (line, fields) in records {
        if fields.len() != header.len() {
            let words = format!("{} fields, but the report has {} columns", fields.len(), header.len());
            return Err((line, words));
        }
        let [user, arn, password, mfa, one, two] =
            columns.map(|column| fields.get(column).map(String::as_str).unwrap_or_default());
        let flag = |column: &str, value: &str| flag(column, value).map_err(|words| (line, words));
        let of: Arn = arn.parse().map_err(|error| (line, format!("{error}")))?;
        let of = of.account().ok_or_else(|| (line, format!("`{arn}` has no account")))?;
        if account.replace(of).is_some_and(|before| before != of) {
            return Err((line, "the rows belong to several accounts".to_owned()));
        }
        let active = |value: Option<bool>| u8::from(value == Some(true));
        let credentials = Credentials {
            password: flag("password_enabled", password)?,
            mfa: flag("mfa_active", mfa)? == Some(true),
            access_keys: active(flag("access_key_1_active", one)?)
                + active(flag("access_key_2_active", two)?),
        };
        if user != ROOT {
            users.push((user.to_owned(), credentials));
        } else if root.replace(credentials).is_some() {
            return Err((line, "the root user is there twice".to_owned()));
        }
    }
    let mut names: Vec<&str> = users.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    if let Some((name, _)) = names.iter().zip(names.iter().skip(1)).find(|(one, other)| one == other) {
        return Err((0, format!("`{name}` is in the report twice")));
    }
    let account = account.ok_or((0, "the credential report has no rows".to_owned()))?;
    Ok(CredentialReport { account, root, users })
}

/// Where the columns stand.
fn columns(header: &[String]) -> Result<[usize; 6], String> {
    let mut places = [0; 6];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let mut found = header.iter().enumerate().filter(|(_, name)| *name == column);
        *place = match (found.next(), found.next()) {
            (Some((at, _)), None) => at,
            (None, _) => return Err(format!("the credential report has no column `{column}`")),
            (Some(_), Some(_)) => {
                return Err(format!("the credential report has the column `{column}` twice"));
            }
        };
    }
    Ok(places)
}

fn flag(column: &str, value: &str) -> Result<Option<bool>, String> {
    match value.to_ascii_lowercase().as_str() {
        "true" => Ok(Some(true)),
        "false" => Ok(Some(false)),
        "n/a" | "not_supported" | "no_information" => Ok(None),
        _ => Err(format!("`{column}` is `{value}`, which is none of its values")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,access_key_2_active";

    fn report(rows: &str) -> Result<CredentialReport, String> {
        let text = format!("{HEADER}\n{rows}");
        CredentialReport::read(text.as_bytes()).map_err(|problem| problem.to_string())
    }

    #[test]
    fn api_046_root_stands_apart_and_its_password_is_not_told() {
        let report = report(
            "<root_account>,arn:aws:iam::111122223333:root,2020,not_supported,true,false,false\n\
             \"a,b\",\"arn:aws:iam::111122223333:user/a,b\",2020,true,false,true,true\n",
        );
        let report = report.unwrap();
        let root = Credentials { password: None, mfa: true, access_keys: 0 };
        assert_eq!(report.root, Some(root));
        let user = Credentials { password: Some(true), mfa: false, access_keys: 2 };
        assert_eq!(report.users, [("a,b".to_owned(), user)]);
    }

    #[test]
    fn what_is_no_report_is_refused_with_its_line() {
        let row = "a,arn:aws:iam::111122223333:user/a,2020,true,false,true,true\n";
        for (rows, words) in [
            ("", "the credential report has no rows"),
            ("a,b\n", "line 2: 2 fields, but the report has 7 columns"),
            (
                "a,arn:aws:iam::111122223333:user/a,2020,yes,false,true,true\n",
                "line 2: `password_enabled` is `yes`, which is none of its values",
            ),
            (&format!("{row}{row}"), "`a` is in the report twice"),
            (
                &format!("{row}b,arn:aws:iam::444455556666:user/b,2020,true,false,true,true\n"),
                "line 3: the rows belong to several accounts",
            ),
            (
                "a,user/a,2020,true,false,true,true\n",
                "line 2: an ARN begins with `arn:`, but `user/a` does not",
            ),
        ] {
            assert_eq!(report(rows), Err(words.to_owned()), "{rows}");
        }
        for (text, words) in [
            ("user,arn\n", "line 1: the credential report has no column `password_enabled`"),
            (
                "{\"Content\": \"dXNlcg==\"}",
                "line 1: this is the answer of the API; the report is its member `Content`, in Base64",
            ),
        ] {
            assert_eq!(CredentialReport::read(text.as_bytes()).unwrap_err().to_string(), words);
        }
        let twice = format!("{HEADER},mfa_active\n");
        assert_eq!(CredentialReport::read(twice.as_bytes()).unwrap_err().code(), "bad-report");
    }
}
