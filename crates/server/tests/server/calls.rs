//! A valid call of every operation, for tests that walk the whole table.

use serde_json::{Value, json};

use crate::world::ACCOUNT;

/// Operation, its parameters, and what an allowed call comes to in [`furnished`]: `ok`, or an error that
/// only the handler gives.
pub(crate) const CALLS: &str = "
CreateUser UserName=new | ok
GetUser UserName=target | ok
ListUsers | ok
UpdateUser UserName=target&NewUserName=other | ok
DeleteUser UserName=idle | ok
TagUser UserName=target&Tags.member.1.Key=a&Tags.member.1.Value=b | ok
UntagUser UserName=target&TagKeys.member.1=a | ok
ListUserTags UserName=target | ok
PutUserPermissionsBoundary UserName=target&PermissionsBoundary=POLICY | ok
DeleteUserPermissionsBoundary UserName=target | NoSuchEntity
CreateGroup GroupName=new | ok
GetGroup GroupName=staff | ok
ListGroups | ok
UpdateGroup GroupName=staff&NewGroupName=crew | ok
DeleteGroup GroupName=nobody | ok
AddUserToGroup GroupName=staff&UserName=target | ok
RemoveUserFromGroup GroupName=staff&UserName=target | ok
ListGroupsForUser UserName=target | ok
CreateRole RoleName=new&AssumeRolePolicyDocument=TRUST | ok
GetRole RoleName=helper | ok
ListRoles | ok
UpdateRole RoleName=helper | ok
UpdateAssumeRolePolicy RoleName=helper&PolicyDocument=TRUST | ok
DeleteRole RoleName=idle | ok
TagRole RoleName=helper&Tags.member.1.Key=a&Tags.member.1.Value=b | ok
UntagRole RoleName=helper&TagKeys.member.1=a | ok
ListRoleTags RoleName=helper | ok
PutRolePermissionsBoundary RoleName=helper&PermissionsBoundary=POLICY | ok
DeleteRolePermissionsBoundary RoleName=helper | NoSuchEntity
PutUserPolicy UserName=target&PolicyName=p&PolicyDocument=DOCUMENT | ok
GetUserPolicy UserName=target&PolicyName=own | ok
ListUserPolicies UserName=target | ok
DeleteUserPolicy UserName=target&PolicyName=own | ok
PutGroupPolicy GroupName=staff&PolicyName=p&PolicyDocument=DOCUMENT | ok
GetGroupPolicy GroupName=staff&PolicyName=own | ok
ListGroupPolicies GroupName=staff | ok
DeleteGroupPolicy GroupName=staff&PolicyName=own | ok
PutRolePolicy RoleName=helper&PolicyName=p&PolicyDocument=DOCUMENT | ok
GetRolePolicy RoleName=helper&PolicyName=own | ok
ListRolePolicies RoleName=helper | ok
DeleteRolePolicy RoleName=helper&PolicyName=own | ok
CreatePolicy PolicyName=new&PolicyDocument=DOCUMENT | ok
GetPolicy PolicyArn=POLICY | ok
ListPolicies | ok
DeletePolicy PolicyArn=POLICY | ok
CreatePolicyVersion PolicyArn=POLICY&PolicyDocument=DOCUMENT | ok
GetPolicyVersion PolicyArn=POLICY&VersionId=v1 | ok
ListPolicyVersions PolicyArn=POLICY | ok
SetDefaultPolicyVersion PolicyArn=POLICY&VersionId=v1 | ok
DeletePolicyVersion PolicyArn=POLICY&VersionId=v2 | NoSuchEntity
AttachUserPolicy UserName=target&PolicyArn=POLICY | ok
DetachUserPolicy UserName=target&PolicyArn=POLICY | NoSuchEntity
ListAttachedUserPolicies UserName=target | ok
AttachGroupPolicy GroupName=staff&PolicyArn=POLICY | ok
DetachGroupPolicy GroupName=staff&PolicyArn=POLICY | NoSuchEntity
ListAttachedGroupPolicies GroupName=staff | ok
AttachRolePolicy RoleName=helper&PolicyArn=POLICY | ok
DetachRolePolicy RoleName=helper&PolicyArn=POLICY | NoSuchEntity
ListAttachedRolePolicies RoleName=helper | ok
ListEntitiesForPolicy PolicyArn=POLICY | ok
CreateLoginProfile UserName=target&Password=Correct-horse-7 | ok
GetLoginProfile UserName=target | NoSuchEntity
UpdateLoginProfile UserName=target&Password=Correct-horse-7 | NoSuchEntity
DeleteLoginProfile UserName=target | NoSuchEntity
ChangePassword OldPassword=Correct-horse-7&NewPassword=Correct-horse-8 | NoSuchEntity
UpdateAccountPasswordPolicy MinimumPasswordLength=12 | ok
GetAccountPasswordPolicy | NoSuchEntity
DeleteAccountPasswordPolicy | NoSuchEntity
CreateAccessKey UserName=target | ok
ListAccessKeys UserName=target | ok
UpdateAccessKey UserName=target&AccessKeyId=AKIATARGETAAAAAAAAAA&Status=Inactive | ok
DeleteAccessKey UserName=target&AccessKeyId=AKIATARGETAAAAAAAAAA | ok
GetAccessKeyLastUsed AccessKeyId=AKIATARGETAAAAAAAAAA | ok
CreateVirtualMFADevice VirtualMFADeviceName=new | ok
DeleteVirtualMFADevice SerialNumber=MFA/spare | ok
EnableMFADevice UserName=target&SerialNumber=MFA/spare&AuthenticationCode1=123456&AuthenticationCode2=789012 | InvalidAuthenticationCode
DeactivateMFADevice UserName=target&SerialNumber=MFA/phone | ok
ResyncMFADevice UserName=target&SerialNumber=MFA/phone&AuthenticationCode1=123456&AuthenticationCode2=789012 | InvalidAuthenticationCode
ListMFADevices UserName=target | ok
ListVirtualMFADevices | ok
GetMFADevice UserName=target&SerialNumber=MFA/phone | ok
TagMFADevice SerialNumber=MFA/phone&Tags.member.1.Key=a&Tags.member.1.Value=b | ok
UntagMFADevice SerialNumber=MFA/phone&TagKeys.member.1=a | ok
ListMFADeviceTags SerialNumber=MFA/phone | ok
CreateAccountAlias AccountAlias=two-keys | ok
ListAccountAliases | ok
DeleteAccountAlias AccountAlias=two-keys | NoSuchEntity
GetAccountSummary | ok
GenerateCredentialReport | ok
GetCredentialReport | ReportNotPresent
GetAccountAuthorizationDetails | ok
SimulateCustomPolicy PolicyInputList.member.1=DOCUMENT&ActionNames.member.1=s3:GetObject | ok
SimulatePrincipalPolicy PolicySourceArn=USER&ActionNames.member.1=s3:GetObject | ok
GetContextKeysForCustomPolicy PolicyInputList.member.1=DOCUMENT | ok
GetContextKeysForPrincipalPolicy PolicySourceArn=USER | ok
GetSessionToken | ok
AssumeRole RoleArn=ROLE&RoleSessionName=session | ok
GetFederationToken Name=visitor | ok
GetCallerIdentity | ok
DecodeAuthorizationMessage EncodedMessage=nothing | InvalidAuthorizationMessageException
GetAccessKeyInfo AccessKeyId=AKIATARGETAAAAAAAAAA | ok
";

/// One line of [`CALLS`].
pub(crate) struct Call {
    pub(crate) name: &'static str,
    pub(crate) pairs: Vec<(&'static str, String)>,
    pub(crate) comes_to: &'static str,
}

pub(crate) fn calls() -> Vec<Call> {
    CALLS.trim().lines().map(read).collect()
}

fn read(line: &'static str) -> Call {
    let (call, comes_to) = line.split_once(" | ").unwrap();
    let (name, params) = call.split_once(' ').unwrap_or((call, ""));
    let mut pairs = vec![("Action", name.to_owned())];
    for (key, value) in params.split('&').filter_map(|pair| pair.split_once('=')) {
        let arn = |rest: &str| format!("arn:aws:iam::{ACCOUNT}:{rest}");
        let value = match value {
            "POLICY" => arn("policy/everything"),
            "USER" => arn("user/target"),
            "ROLE" => arn("role/helper"),
            "DOCUMENT" => everything().to_string(),
            "TRUST" => trust().to_string(),
            _ => value
                .strip_prefix("MFA/")
                .map_or_else(|| value.to_owned(), |name| arn(&format!("mfa/{name}"))),
        };
        pairs.push((key, value));
    }
    Call { name, pairs, comes_to }
}

impl Call {
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        self.pairs.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }
}

fn everything() -> Value {
    json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } })
}

fn trust() -> Value {
    json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "AWS": format!("arn:aws:iam::{ACCOUNT}:root") } } })
}

/// An account in which every call of [`CALLS`] finds what it names; `users` may do what they are said to.
pub(crate) fn furnished(mut users: Vec<Value>) -> Value {
    let mut target =
        crate::world::user("target", &json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }]));
    target["groups"] = json!(["staff"]);
    users.push(target);
    users.push(json!({ "name": "idle" }));
    json!({
        "users": users,
        "groups": [{ "name": "staff", "policies": { "own": {
            "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "s3:*", "Resource": "*" } } } },
            { "name": "nobody" }],
        "roles": [{ "name": "helper", "trust": trust(), "policies": { "own": everything() } }, { "name": "idle", "trust": trust() }],
        "policies": { "everything": everything() },
        "virtual_mfa": [
            { "name": "phone", "seed": crate::world::SEED, "user": "target" },
            { "name": "spare", "seed": crate::world::SEED },
        ],
    })
}
