//! The context keys every service shares: their types, and when a request carries them (B.1).
//!
//! See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.

/// A key that is not bound to one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GlobalKey {
    /// The name in AWS's spelling. One that ends in `/` opens a family: the rest is a tag's key.
    pub name: &'static str,
    /// What its values are read as; a few keys have two forms.
    pub types: &'static [ValueType],
    /// Can a request give it several values at once? Then it wants a set operator.
    pub multivalued: bool,
    /// When a request has it, and what it holds.
    pub presence: &'static str,
}

/// What the text of a value stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Plain text.
    String,
    /// `true` or `false`.
    Bool,
    /// A decimal number.
    Number,
    /// A point in time.
    Date,
    /// An address.
    Ip,
    /// An ARN.
    Arn,
}

impl ValueType {
    /// The word by which AWS's pages call the type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Bool => "Bool",
            Self::Number => "Numeric",
            Self::Date => "Date",
            Self::Ip => "IP address",
            Self::Arn => "ARN",
        }
    }
}

impl GlobalKey {
    /// The row of a key, by its name in any case.
    ///
    /// ```
    /// use twokeys::request::GlobalKey;
    ///
    /// let key = GlobalKey::find("AWS:principaltag/team").unwrap();
    /// assert_eq!(key.name, "aws:PrincipalTag/");
    /// assert!(GlobalKey::find("aws:MultiFactorAuthPresentIfExists").is_none());
    /// ```
    pub fn find(name: &str) -> Option<&'static Self> {
        GLOBAL_KEYS.iter().find(|key| match name.split_at_checked(key.name.len()) {
            Some((start, rest)) if start.eq_ignore_ascii_case(key.name) => rest.is_empty() != key.is_family(),
            _ => false,
        })
    }

    /// Is it a beginning that a tag's key completes?
    pub fn is_family(&self) -> bool {
        self.name.ends_with('/')
    }
}

const fn one(name: &'static str, types: &'static [ValueType], presence: &'static str) -> GlobalKey {
    GlobalKey { name, types, multivalued: false, presence }
}

const fn many(name: &'static str, presence: &'static str) -> GlobalKey {
    GlobalKey { name, types: &[ValueType::String], multivalued: true, presence }
}

const STRING: &[ValueType] = &[ValueType::String];
const BOOL: &[ValueType] = &[ValueType::Bool];
const NUMBER: &[ValueType] = &[ValueType::Number];
const DATE: &[ValueType] = &[ValueType::Date];
const IP: &[ValueType] = &[ValueType::Ip];
const ARN: &[ValueType] = &[ValueType::Arn];

/// The day of the list; AWS adds keys now and then.
pub const GLOBAL_KEYS_DATE: &str = "2026-11-24";

/// All of them, grouped as AWS groups them: principal, session, network, resource, request.
pub const GLOBAL_KEYS: &[GlobalKey] = &[
    one(
        "aws:PrincipalArn",
        ARN,
        "signed requests; for a role session the ARN of the role, not of the session",
    ),
    one("aws:PrincipalAccount", STRING, "always; `anonymous` when the request is not signed"),
    one("aws:PrincipalOrgID", STRING, "the caller's account belongs to an organization"),
    many("aws:PrincipalOrgPaths", "the caller's account belongs to an organization; `o-…/r-…/ou-…/`"),
    one("aws:PrincipalTag/", STRING, "the user, role or session has this tag; never for anonymous callers"),
    one(
        "aws:PrincipalIsAWSService",
        BOOL,
        "signed requests; true only when a service calls on its own behalf",
    ),
    one("aws:PrincipalServiceName", STRING, "a service calls on its own behalf"),
    many("aws:PrincipalServiceNamesList", "a service calls on its own behalf; all its names"),
    one("aws:PrincipalType", STRING, "always: Account, User, FederatedUser, AssumedRole or Anonymous"),
    one("aws:userid", STRING, "always; the unique id, of a role session with the session's name behind it"),
    one("aws:username", STRING, "IAM users only; never for root, roles and federated users"),
    one(
        "aws:MultiFactorAuthPresent",
        BOOL,
        "temporary credentials only; a request signed with a long-term access key does not have it",
    ),
    one(
        "aws:MultiFactorAuthAge",
        NUMBER,
        "temporary credentials that were got with MFA; the seconds since then",
    ),
    one("aws:TokenIssueTime", DATE, "temporary credentials; when they were issued"),
    one("aws:AssumedRoot", BOOL, "sessions made by AssumeRoot"),
    one(
        "aws:FederatedProvider",
        &[ValueType::String, ValueType::Arn],
        "web-identity sessions and the call that makes them; the identity provider",
    ),
    one("aws:SourceIdentity", STRING, "a source identity was set; role chaining keeps it"),
    one("aws:SignInSessionArn", ARN, "sessions of the command line's browser sign-in; not of the console"),
    one("aws:ChatbotSourceArn", ARN, "role sessions made by Amazon Q in chat applications"),
    one(
        "aws:Ec2InstanceSourceVpc",
        STRING,
        "credentials of an EC2 instance role; the VPC they were given to",
    ),
    one(
        "aws:Ec2InstanceSourcePrivateIPv4",
        IP,
        "credentials of an EC2 instance role; the instance's private address",
    ),
    one("ec2:RoleDelivery", NUMBER, "credentials of an EC2 instance role; version of the metadata service"),
    one("ec2:SourceInstanceArn", ARN, "credentials of an EC2 instance role; the instance"),
    one("lambda:SourceFunctionArn", ARN, "credentials of a Lambda function's role; the function"),
    one("ssm:SourceInstanceArn", ARN, "credentials that Systems Manager gave a managed node; the node"),
    one("codebuild:BuildArn", ARN, "credentials of a CodeBuild role; the build"),
    one("codebuild:ProjectArn", ARN, "credentials of a CodeBuild role; the project"),
    one("glue:RoleAssumedBy", STRING, "credentials of a Glue role; the service that assumed it"),
    one("glue:CredentialIssuingService", STRING, "credentials of a Glue role; the service that issued them"),
    one("identitystore:UserId", STRING, "users of IAM Identity Center"),
    one("aws:SourceIp", IP, "calls that do not come through a VPC endpoint; a public address"),
    one("aws:VpcSourceIp", IP, "calls through a VPC endpoint; not in calls a service forwards"),
    one("aws:SourceVpc", STRING, "calls through a VPC endpoint; not in calls a service forwards"),
    one("aws:SourceVpce", STRING, "calls through a VPC endpoint; not in calls a service forwards"),
    one("aws:SourceVpcArn", ARN, "calls through a VPC endpoint to a service that supports the key"),
    one("aws:VpceAccount", STRING, "calls through a VPC endpoint to a service that supports the key"),
    one(
        "aws:VpceOrgID",
        STRING,
        "calls through a VPC endpoint whose owner belongs to an organization, where supported",
    ),
    many(
        "aws:VpceOrgPaths",
        "calls through a VPC endpoint whose owner belongs to an organization, where supported",
    ),
    one("aws:ResourceAccount", STRING, "most actions; the account that owns the resource"),
    one("aws:ResourceOrgID", STRING, "the resource's account belongs to an organization"),
    many("aws:ResourceOrgPaths", "the resource's account belongs to an organization"),
    one("aws:ResourceTag/", STRING, "the resource has this tag or gets it when it is made, where supported"),
    many("aws:CalledVia", "calls that a service forwards for a caller; the services, in order"),
    one("aws:CalledViaFirst", STRING, "calls that a service forwards; the first service"),
    one("aws:CalledViaLast", STRING, "calls that a service forwards; the last service"),
    one("aws:ViaAWSService", BOOL, "always; true for calls that a service forwards for a caller"),
    one("aws:CalledViaAWSMCP", STRING, "calls forwarded by an AWS MCP service; which one"),
    one("aws:ViaAWSMCPService", BOOL, "calls forwarded by an AWS MCP service"),
    one("aws:IsMcpServiceAction", BOOL, "actions of an AWS MCP service"),
    one("aws:CurrentTime", DATE, "always; when the request arrived"),
    one(
        "aws:EpochTime",
        &[ValueType::Date, ValueType::Number],
        "always; when the request arrived, in seconds since 1970",
    ),
    one("aws:RequestedRegion", STRING, "always; global services report `us-east-1`"),
    one("aws:RequestTag/", STRING, "the request passes this tag"),
    many("aws:TagKeys", "the request passes tags; their keys"),
    one("aws:SecureTransport", BOOL, "always; was the call made over TLS?"),
    one("aws:SourceAccount", STRING, "a service calls for a resource; the resource's account"),
    one("aws:SourceOrgID", STRING, "a service calls for a resource; the organization of its account"),
    one("aws:SourceArn", ARN, "a service calls for a resource; the resource"),
    many("aws:SourceOrgPaths", "a service calls for a resource; the path of its account"),
    one("aws:UserAgent", STRING, "always; the caller writes it"),
    one("aws:referer", STRING, "links followed in a browser; the caller writes it"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ck_002_names_are_found_in_any_case_and_once() {
        for key in GLOBAL_KEYS {
            let name = format!("{}{}", key.name.to_uppercase(), if key.is_family() { "team" } else { "" });
            assert_eq!(GlobalKey::find(&name), Some(key), "{name}");
        }
    }

    #[test]
    fn a_family_needs_a_tag_key_and_a_plain_key_takes_none() {
        for name in ["aws:PrincipalTag", "aws:PrincipalTag/", "aws:SourceIp/x", "aws:", ""] {
            assert_eq!(GlobalKey::find(name), None, "{name}");
        }
    }
}
