//! Made-up accounts of any size, always the same for a seed.
//!
//! Good for trying things out and for measuring: most users are held to MFA by a gate of their group, some by
//! one with a classic mistake, a few by none; policies are shared as in real accounts, and roles have
//! policies of their own. An account is written as the AWS CLI would print it, an entry at a time, so
//! that its size costs no memory.

mod dice;
mod policies;

use std::fmt::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use self::dice::Dice;

/// What to make.
///
/// ```
/// use twokeys::account::{Account, ReadOptions, Synthetic};
///
/// let mut dump = String::new();
/// Synthetic::of_size(10, 1).write_dump(&mut dump)?;
/// let account = Account::read(&[dump.as_bytes()], &ReadOptions::default())?;
/// assert_eq!(account.principals().count(), 10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Synthetic {
    /// Decides all that is left open here.
    pub seed: u64,
    /// Users.
    pub users: usize,
    /// Roles.
    pub roles: usize,
    /// Groups.
    pub groups: usize,
    /// Managed policies of the account, beside the gates and those of AWS.
    pub policies: usize,
    /// About how many statements a policy has.
    pub statements: usize,
}

const ACCOUNT: &str = "111122223333";
const DATE: &str = "2026-01-05T09:00:00+00:00";

impl Synthetic {
    /// An account of so many users and roles, three of the former to two of the latter.
    pub fn of_size(principals: usize, seed: u64) -> Self {
        let roles = principals * 2 / 5;
        Self {
            seed,
            users: principals - roles,
            roles,
            groups: 2 + principals / 25,
            policies: 3 + principals / 10,
            statements: 3,
        }
    }

    /// Writes what `aws iam get-account-authorization-details` would print.
    ///
    /// # Errors
    ///
    /// `out` cannot be written to.
    pub fn write_dump(&self, out: &mut dyn Write) -> fmt::Result {
        out.write_str("{\n")?;
        list(out, "UserDetailList", self.users, |at| self.user(at))?;
        out.write_str(",\n")?;
        list(out, "GroupDetailList", self.groups, |at| self.group(at))?;
        out.write_str(",\n")?;
        list(out, "RoleDetailList", self.roles, |at| self.role(at))?;
        out.write_str(",\n")?;
        let fixed = policies::GATES.len() + policies::OF_AWS.len() + 1;
        list(out, "Policies", fixed + self.policies, |at| self.managed(at))?;
        out.write_str("\n}\n")
    }

    /// Writes a credential report for the same users.
    ///
    /// # Errors
    ///
    /// `out` cannot be written to.
    pub fn write_credential_report(&self, out: &mut dyn Write) -> fmt::Result {
        out.write_str(
            "user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,access_key_2_active\n",
        )?;
        let root = format!("arn:aws:iam::{ACCOUNT}:root,{DATE},not_supported,true,false,false");
        writeln!(out, "<root_account>,{root}")?;
        for at in 0..self.users {
            let mut dice = Dice::of(self.seed, "report", at);
            let is_machine = self.is_machine(at);
            let password = !is_machine;
            let mfa = password && dice.percent(80);
            let (one, two) = (is_machine || dice.percent(30), dice.percent(5));
            let name = user_name(at);
            let arn = format!("arn:aws:iam::{ACCOUNT}:user{}{name}", self.path(at));
            writeln!(out, "{name},{arn},{DATE},{password},{mfa},{one},{two}")?;
        }
        Ok(())
    }

    fn is_machine(&self, user: usize) -> bool {
        Dice::of(self.seed, "machine", user).percent(15)
    }

    fn path(&self, user: usize) -> &'static str {
        if self.is_machine(user) {
            "/machines/"
        } else {
            Dice::of(self.seed, "path", user).pick(&["/", "/", "/engineering/"])
        }
    }

    fn user(&self, at: usize) -> Value {
        let mut dice = Dice::of(self.seed, "user", at);
        let (name, path) = (user_name(at), self.path(at));
        let is_machine = self.is_machine(at);
        let count = if is_machine { 0 } else { 1 + dice.below(2) };
        let groups: Vec<String> = dice.several(count, self.groups).into_iter().map(group_name).collect();
        let mut inline = Vec::new();
        if is_machine || dice.percent(10) {
            inline.push(inline_policy("own", &policies::policy(&mut dice, self.statements)));
        }
        let mut attached = Vec::new();
        if dice.percent(5) {
            attached.push(managed_arn(dice.below(self.policies)));
        }
        if dice.percent(2) {
            attached.push(of_aws(0));
        }
        let mut user = json!({
            "Path": path, "UserName": name, "UserId": id("AIDA", at),
            "Arn": format!("arn:aws:iam::{ACCOUNT}:user{path}{name}"), "CreateDate": DATE,
            "UserPolicyList": inline, "GroupList": groups, "AttachedManagedPolicies": references(&attached),
            "Tags": [{"Key": "team", "Value": policies::team(&mut dice)}],
        });
        if dice.percent(5) {
            bounded(&mut user);
        }
        user
    }

    fn group(&self, at: usize) -> Value {
        let mut dice = Dice::of(self.seed, "group", at);
        let name = group_name(at);
        let mut attached: Vec<String> = dice.several(3, self.policies).into_iter().map(managed_arn).collect();
        match dice.below(10) {
            0 => attached.push(of_aws(0)),
            1..4 => attached.push(of_aws(1)),
            4..6 => attached.push(of_aws(2)),
            _ => {}
        }
        if dice.percent(85) {
            let (gate, _) = policies::GATES.get(policies::gate(&mut dice)).copied().unwrap_or_default();
            attached.push(format!("arn:aws:iam::{ACCOUNT}:policy/{gate}"));
        }
        let inline = if dice.percent(20) {
            vec![inline_policy("team", &policies::policy(&mut dice, self.statements))]
        } else {
            Vec::new()
        };
        json!({
            "Path": "/", "GroupName": name, "GroupId": id("AGPA", at),
            "Arn": format!("arn:aws:iam::{ACCOUNT}:group/{name}"), "CreateDate": DATE,
            "GroupPolicyList": inline, "AttachedManagedPolicies": references(&attached),
        })
    }

    fn role(&self, at: usize) -> Value {
        let mut dice = Dice::of(self.seed, "role", at);
        let name = format!("role-{at}");
        let trust = policies::trust(&mut dice);
        let attached: Vec<String> = dice.several(2, self.policies).into_iter().map(managed_arn).collect();
        let mut inline = Vec::new();
        if dice.percent(60) {
            inline.push(inline_policy("own", &policies::policy(&mut dice, self.statements)));
        }
        let mut role = json!({
            "Path": "/", "RoleName": name, "RoleId": id("AROA", at),
            "Arn": format!("arn:aws:iam::{ACCOUNT}:role/{name}"), "CreateDate": DATE,
            "AssumeRolePolicyDocument": trust, "InstanceProfileList": [], "RolePolicyList": inline,
            "AttachedManagedPolicies": references(&attached), "Tags": [], "RoleLastUsed": {},
        });
        if dice.percent(10) {
            bounded(&mut role);
        }
        role
    }

    fn managed(&self, at: usize) -> Value {
        let fixed = fixed_policies().nth(at);
        let (arn, document) = match fixed {
            Some((arn, text)) => (arn, serde_json::from_str(text).unwrap_or_default()),
            None => {
                let at = at.saturating_sub(fixed_policies().count());
                let mut dice = Dice::of(self.seed, "policy", at);
                (managed_arn(at), policies::policy(&mut dice, self.statements))
            }
        };
        let name = arn.rsplit('/').next().unwrap_or_default();
        json!({
            "PolicyName": name, "PolicyId": id("ANPA", at), "Arn": arn, "Path": "/", "DefaultVersionId": "v1",
            "IsAttachable": true, "CreateDate": DATE, "UpdateDate": DATE,
            "PolicyVersionList": [
                {"Document": document, "VersionId": "v1", "IsDefaultVersion": true, "CreateDate": DATE}],
        })
    }
}

fn managed_arn(at: usize) -> String {
    format!("arn:aws:iam::{ACCOUNT}:policy/policy-{at}")
}

/// The policies that every made-up account has.
fn fixed_policies() -> impl Iterator<Item = (String, &'static str)> {
    let own = policies::GATES.into_iter().chain([policies::BOUNDARY]);
    let own = own.map(|(name, text)| (format!("arn:aws:iam::{ACCOUNT}:policy/{name}"), text));
    own.chain(
        policies::OF_AWS.into_iter().map(|(name, text)| (format!("arn:aws:iam::aws:policy/{name}"), text)),
    )
}

fn user_name(at: usize) -> String {
    format!("user-{at}")
}

fn group_name(at: usize) -> String {
    format!("group-{at}")
}

fn of_aws(at: usize) -> String {
    let (name, _) = policies::OF_AWS.get(at).copied().unwrap_or_default();
    format!("arn:aws:iam::aws:policy/{name}")
}

fn id(kind: &str, at: usize) -> String {
    format!("{kind}{:017}", at + 1)
}

fn inline_policy(name: &str, document: &Value) -> Value {
    json!({"PolicyName": name, "PolicyDocument": document})
}

fn references(arns: &[String]) -> Value {
    let one =
        |arn: &String| json!({"PolicyName": arn.rsplit('/').next().unwrap_or_default(), "PolicyArn": arn});
    arns.iter().map(one).collect()
}

fn bounded(entity: &mut Value) {
    let (name, _) = policies::BOUNDARY;
    if let Some(members) = entity.as_object_mut() {
        members.insert(
            "PermissionsBoundary".to_owned(),
            json!({"PermissionsBoundaryType": "PermissionsBoundaryPolicy",
                   "PermissionsBoundaryArn": format!("arn:aws:iam::{ACCOUNT}:policy/{name}")}),
        );
    }
}

/// A list of the dump, an entry at a time, indented as the AWS CLI does.
fn list(out: &mut dyn Write, name: &str, count: usize, entry: impl Fn(usize) -> Value) -> fmt::Result {
    write!(out, "    \"{name}\": [")?;
    for at in 0..count {
        out.write_str(if at == 0 { "\n" } else { ",\n" })?;
        let mut text = Vec::new();
        let indented = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        let mut writer = serde_json::Serializer::with_formatter(&mut text, indented);
        entry(at).serialize(&mut writer).map_err(|_| fmt::Error)?;
        for (line, part) in String::from_utf8_lossy(&text).split('\n').enumerate() {
            out.write_str(if line == 0 { "        " } else { "\n        " })?;
            out.write_str(part)?;
        }
    }
    out.write_str(if count == 0 { "]" } else { "\n    ]" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Account, CredentialReport, ReadOptions};

    fn dump(synthetic: Synthetic) -> String {
        let mut dump = String::new();
        synthetic.write_dump(&mut dump).unwrap();
        dump
    }

    #[test]
    fn every_seed_gives_an_account_that_is_read_without_a_problem() {
        for seed in 0..20 {
            let synthetic = Synthetic::of_size(60, seed);
            let dump = dump(synthetic);
            let mut account = Account::read(&[dump.as_bytes()], &ReadOptions::default()).unwrap();
            assert_eq!((account.users().len(), account.roles().len()), (36, 24));
            for principal in account.principals() {
                account.policy_set(principal).unwrap();
            }
            let mut report = String::new();
            synthetic.write_credential_report(&mut report).unwrap();
            account.add_credential_report(&CredentialReport::read(report.as_bytes()).unwrap()).unwrap();
            assert_eq!(account.notices(), []);
        }
    }

    #[test]
    fn the_seed_decides_and_nothing_else() {
        assert_eq!(dump(Synthetic::of_size(30, 1)), dump(Synthetic::of_size(30, 1)));
        assert_ne!(dump(Synthetic::of_size(30, 1)), dump(Synthetic::of_size(30, 2)));
        let none = Synthetic { users: 0, roles: 0, groups: 0, policies: 0, ..Synthetic::of_size(0, 1) };
        assert!(serde_json::from_str::<Value>(&dump(none)).is_ok());
    }
}
