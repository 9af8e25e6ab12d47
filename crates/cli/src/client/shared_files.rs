//! The shared files of the AWS CLI: `~/.aws/credentials` and `~/.aws/config`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;

use super::Remote;
use crate::failure::Problem;
use crate::input::variable;

/// What the files tell of one profile.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    /// Its name.
    pub(crate) name: String,
    /// Was it asked for by a flag? Then it wins over the keys of the environment, as in the AWS CLI.
    pub(crate) by_flag: bool,
    /// Its long-term or temporary key.
    pub(crate) key: Option<(String, SecretString, Option<SecretString>)>,
    /// `endpoint_url`
    pub(crate) endpoint: Option<String>,
    /// `region`
    pub(crate) region: Option<String>,
    /// How its keys would be had otherwise, which is not done here.
    pub(crate) other: Option<&'static str>,
}

/// Ways to keys that only the AWS CLI goes.
const OTHERS: [&str; 5] =
    ["credential_process", "role_arn", "sso_session", "sso_start_url", "web_identity_token_file"];

impl Profile {
    /// Reads the profile that is asked for; one that is named must be there.
    pub(crate) fn find(remote: &Remote) -> Result<Self, Problem> {
        let by_flag = remote.profile.is_some();
        let asked = remote.profile.clone().or_else(|| variable("AWS_PROFILE"));
        let name = asked.clone().unwrap_or_else(|| "default".to_owned());
        let mut profile = Self { name: name.clone(), by_flag, ..Self::default() };
        let mut found = false;
        for (file, default, section) in [
            ("AWS_SHARED_CREDENTIALS_FILE", "credentials", name.clone()),
            ("AWS_CONFIG_FILE", "config", format!("profile {name}")),
        ] {
            let path = variable(file)
                .map(PathBuf::from)
                .or_else(|| home().map(|home| home.join(".aws").join(default)));
            let Some(text) = path.and_then(|path| std::fs::read_to_string(path).ok()) else { continue };
            let mut sections = sections(&text);
            let values = sections.remove(&section).or_else(|| sections.remove(&name));
            if let Some(values) = values {
                found = true;
                profile.add(values);
            }
        }
        if asked.is_some() && !found {
            let message = format!("there is no profile `{name}` in the shared files of the AWS CLI");
            return Err(Problem::new("no-profile", message)
                .help("`aws configure list-profiles` tells which there are"));
        }
        Ok(profile)
    }

    /// What an earlier file says is kept.
    fn add(&mut self, mut values: BTreeMap<String, String>) {
        let secret = |text: String| SecretString::from(text);
        if self.key.is_none()
            && let Some(id) = values.remove("aws_access_key_id")
            && let Some(key) = values.remove("aws_secret_access_key")
        {
            self.key = Some((id, secret(key), values.remove("aws_session_token").map(secret)));
        }
        self.other = self.other.or_else(|| OTHERS.into_iter().find(|other| values.contains_key(*other)));
        self.endpoint = self.endpoint.take().or_else(|| values.remove("endpoint_url"));
        self.region = self.region.take().or_else(|| values.remove("region"));
    }
}

/// The folder of the user.
pub(super) fn home() -> Option<PathBuf> {
    variable("HOME").map(PathBuf::from)
}

/// The sections of a file, by name. What is indented belongs to the setting above, and is none of ours.
fn sections(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut sections: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut name = None;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) || line.starts_with([' ', '\t']) {
            continue;
        }
        if let Some(header) = trimmed.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            let header = header.split_whitespace().collect::<Vec<_>>().join(" ").replace(['"', '\''], "");
            sections.entry(header.clone()).or_default();
            name = Some(header);
        } else if let (Some(name), Some((key, value))) = (&name, trimmed.split_once('=')) {
            let value = value.split(" #").next().unwrap_or_default().trim();
            sections
                .entry(name.clone())
                .or_default()
                .insert(key.trim().to_ascii_lowercase(), value.to_owned());
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_read_as_the_aws_cli_reads_them() {
        let read = sections(
            "# mine\n[default]\naws_access_key_id = AKIA1\nAWS_SECRET_ACCESS_KEY=a=b\ns3 =\n  region = x\n\n\
             [profile \"two words\"]\nregion=eu-west-1 # near\n",
        );
        let default = read.get("default").unwrap();
        assert_eq!(default.get("aws_access_key_id").unwrap(), "AKIA1");
        assert_eq!(default.get("aws_secret_access_key").unwrap(), "a=b");
        assert_eq!(default.get("region"), None);
        assert_eq!(read.get("profile two words").unwrap().get("region").unwrap(), "eu-west-1");
    }
}
