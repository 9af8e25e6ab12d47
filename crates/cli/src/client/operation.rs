//! One call, and the same call as a line for the AWS CLI.

use std::fmt::Write as _;

use twokeys_server::query::Service;

/// An operation of the API with its parameters.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// Whose.
    pub(crate) service: Service,
    /// `EnableMFADevice`
    pub(crate) action: &'static str,
    /// `UserName` and its value.
    pub(crate) parameters: Vec<(&'static str, String)>,
    /// What the line for the AWS CLI has besides, as the shell reads it.
    shell: String,
}

impl Operation {
    /// An operation of IAM.
    pub(crate) fn iam(action: &'static str) -> Self {
        Self { service: Service::Iam, action, parameters: Vec::new(), shell: String::new() }
    }

    /// An operation of STS.
    pub(crate) fn sts(action: &'static str) -> Self {
        Self { service: Service::Sts, ..Self::iam(action) }
    }

    /// With a parameter.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.push((name, value.into()));
        self
    }

    /// With a parameter, if it is given.
    pub(crate) fn with_some(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With words of the line for the AWS CLI that are no parameters of the call.
    pub(crate) fn shell(mut self, words: &str) -> Self {
        self.shell.push(' ');
        self.shell.push_str(words);
        self
    }

    /// The body of the request.
    pub(crate) fn body(&self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", self.action).append_pair("Version", self.service.version());
        for (name, value) in &self.parameters {
            form.append_pair(name, value);
        }
        form.finish()
    }

    /// `aws --endpoint-url URL iam enable-mfa-device --user-name alice …`
    pub(crate) fn aws_line(&self, url: &str) -> String {
        let mut line = format!("aws --endpoint-url {url} {} {}", self.service.as_str(), dashed(self.action));
        for (name, value) in &self.parameters {
            // Writing to a string cannot fail.
            let _ = write!(line, " --{} {}", dashed(name), quoted(value));
        }
        line.push_str(&self.shell);
        line
    }
}

/// `VirtualMFADeviceName` → `virtual-mfa-device-name`
fn dashed(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let new_word = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                !before.is_ascii_uppercase() || after.is_some_and(char::is_ascii_lowercase)
            });
        if new_word {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// A word for the shell.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_aws_cli() {
        for (name, expected) in [
            ("EnableMFADevice", "enable-mfa-device"),
            ("ListVirtualMFADevices", "list-virtual-mfa-devices"),
            ("VirtualMFADeviceName", "virtual-mfa-device-name"),
            ("AuthenticationCode1", "authentication-code1"),
            ("DurationSeconds", "duration-seconds"),
            ("GetCallerIdentity", "get-caller-identity"),
            ("RoleArn", "role-arn"),
        ] {
            assert_eq!(dashed(name), expected);
        }
    }

    #[test]
    fn words_pass_the_shell_as_they_are() {
        assert_eq!(quoted("arn:aws:iam::123456789012:mfa/a+b@c"), "arn:aws:iam::123456789012:mfa/a+b@c");
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(quoted(""), "''");
    }
}
