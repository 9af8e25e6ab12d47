//! Who asks, as people write it: `user/alice`, `role/ops`, `root`, or a full name (UX-083).

use twokeys::name::Arn;
use twokeys::request::{InvalidPrincipal, Principal};

use super::home::Home;
use crate::failure::Problem;

/// The account of short names where nothing tells another: AWS's example account.
pub(crate) const EXAMPLE_ACCOUNT: &str = "111122223333";
/// Who asks when nobody is named.
const EXAMPLE_USER: &str = "user/example";

/// The principal that `text` names, and the ARN of its role where the text tells it.
pub(crate) fn principal(text: &str, home: Option<&Home>) -> Result<(Principal, Option<Arn>), Problem> {
    let full = |arn: String| arn.parse::<Principal>().map_err(|error| refused(&error, text));
    let (partition, account) = match home {
        Some(home) => (home.account.partition(), home.account.id().to_string()),
        None => ("aws", EXAMPLE_ACCOUNT.to_owned()),
    };
    let empty =
        |prefix| text.strip_prefix(prefix).is_some_and(|name: &str| name.is_empty() || name.ends_with('/'));
    if text.is_empty() || empty("user/") || empty("role/") {
        let shown = if text.is_empty() { "''" } else { text };
        let message = format!("`-p {shown}` names nobody");
        return Err(Problem::new("bad-principal", message).help("write `user/NAME`, `role/NAME` or `root`"));
    }
    if text == "root" {
        return Ok((full(format!("arn:{partition}:iam::{account}:root"))?, None));
    }
    if let Some(home) = home.filter(|_| text.starts_with("user/") || text.starts_with("role/")) {
        let named = home.named(text)?.to_principal().map_err(|error| refused(&error, text))?;
        return Ok((named, None));
    }
    if let Some(name) = text.strip_prefix("user/") {
        return Ok((full(format!("arn:aws:iam::{account}:user/{name}"))?, None));
    }
    if let Some(path) = text.strip_prefix("role/") {
        let name = path.rsplit('/').next().unwrap_or(path);
        let session = full(format!("arn:aws:sts::{account}:assumed-role/{name}/twokeys"))?;
        return Ok((session, format!("arn:aws:iam::{account}:role/{path}").parse().ok()));
    }
    Ok((full(text.to_owned())?, None))
}

/// Who asks when nobody is named.
pub(super) fn example() -> Result<Principal, Problem> {
    principal(EXAMPLE_USER, None).map(|(principal, _)| principal)
}

fn refused(error: &InvalidPrincipal, text: &str) -> Problem {
    let help = match error {
        InvalidPrincipal::Role(arn) => {
            let name = arn.split_once(":role/").map_or(arn.as_str(), |(_, name)| name);
            format!("`-p role/{name}` asks for a session of it; so does the session's own ARN")
        }
        InvalidPrincipal::Capitals(name) => format!("did you mean `{}`?", name.to_ascii_lowercase()),
        InvalidPrincipal::Unknown(_) if text == "*" => {
            "one requester asks, not all: `-p user/NAME`, or `-p anonymous` for a request without a signature"
                .to_owned()
        }
        InvalidPrincipal::Unknown(_) if ["root", "anonymous"].contains(&&*text.to_ascii_lowercase()) => {
            format!("did you mean `{}`?", text.to_ascii_lowercase())
        }
        InvalidPrincipal::Unknown(_) if !text.contains(['.', '/']) => {
            format!("for a user of that name write `-p user/{text}`")
        }
        _ => "write `user/NAME`, `role/NAME`, `root`, an ARN, a service such as `lambda.amazonaws.com`, or \
              `anonymous`"
            .to_owned(),
    };
    Problem::new("bad-principal", error.to_string()).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, Option<String>), Problem> {
        principal(text, None).map(|(who, role)| (who.as_str().to_owned(), role.map(|arn| arn.to_string())))
    }

    #[test]
    fn ux_083_short_names_are_names_in_the_account() {
        for (text, expected) in [
            ("root", "arn:aws:iam::111122223333:root"),
            ("user/a/alice", "arn:aws:iam::111122223333:user/a/alice"),
            ("anonymous", "anonymous"),
            ("lambda.amazonaws.com", "lambda.amazonaws.com"),
            ("arn:aws:iam::444455556666:user/bob", "arn:aws:iam::444455556666:user/bob"),
        ] {
            assert_eq!(read(text).unwrap(), (expected.to_owned(), None), "{text}");
        }
    }

    #[test]
    fn ux_083_a_role_is_a_session_of_it() {
        let (session, role) = read("role/team/ops").unwrap();
        assert_eq!(session, "arn:aws:sts::111122223333:assumed-role/ops/twokeys");
        assert_eq!(role.as_deref(), Some("arn:aws:iam::111122223333:role/team/ops"));
    }

    #[test]
    fn pr_001_a_role_itself_never_asks() {
        assert!(read("arn:aws:iam::111122223333:role/ops").is_err());
        assert!(read("alice").is_err());
        assert!(read("user/").is_err());
    }
}
