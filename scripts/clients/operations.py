"""Every operation once, by boto3; botocore's model checks the shape of each answer."""

import json
import sys
from pathlib import Path

from botocore.parsers import create_parser
from botocore.validate import ParamValidator

import shapes
from endpoint import ACCOUNT, Clock, Endpoint, Key, Report, code

MODEL = Path(__file__).resolve().parent.parent.parent / "crates/server/src/model/api.json"
BOUNDARY = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        },
    }
)
TAGS = [{"Key": "team", "Value": "blue"}]


class Asker:
    """Calls operations and checks what comes back."""

    def __init__(self, endpoint, report):
        self.endpoint, self.report, self.called = endpoint, report, set()
        self.key = endpoint.root

    def __call__(self, service, operation, **parameters):
        client = self.endpoint.boto(service, self.key)
        found = []

        def look(response_dict, operation_model, **_):
            body = response_dict["body"]
            if response_dict["status_code"] != 200:
                return
            found.extend(shapes.faults(operation_model, body))
            # botocore's own reading of the answer, before it is made pleasant, by botocore's own rules.
            if operation_model.output_shape is not None:
                parsed = create_parser("query").parse(response_dict, operation_model.output_shape)
                parsed.pop("ResponseMetadata", None)
                problems = ParamValidator().validate(parsed, operation_model.output_shape)
                found.extend([problems.generate_report()] if problems.has_errors() else [])

        client.meta.events.register(f"before-parse.{service}.*", look)
        self.called.add((service, operation))
        method = next(name for name, of in client.meta.method_to_api_mapping.items() if of == operation)
        try:
            answer = getattr(client, method)(**parameters)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure of this operation
            self.report.check(f"{service}:{operation}", False, error)
            return {}
        self.report.check(f"{service}:{operation}", not found, "; ".join(found))
        return answer


def iam_entities(ask):
    ask("iam", "CreateUser", UserName="ursula", Path="/staff/", Tags=TAGS)
    ask("iam", "CreateUser", UserName="temporary")
    ask("iam", "UpdateUser", UserName="temporary", NewUserName="passing", NewPath="/gone/")
    ask("iam", "DeleteUser", UserName="passing")
    ask("iam", "TagUser", UserName="ursula", Tags=[{"Key": "floor", "Value": "2"}])
    ask("iam", "UntagUser", UserName="ursula", TagKeys=["floor"])
    ask("iam", "ListUserTags", UserName="ursula")
    policy = ask("iam", "CreatePolicy", PolicyName="everything", PolicyDocument=BOUNDARY, Tags=TAGS, Description="all")
    arn = policy["Policy"]["Arn"]
    ask("iam", "PutUserPermissionsBoundary", UserName="ursula", PermissionsBoundary=arn)
    ask("iam", "GetUser", UserName="ursula")
    ask("iam", "ListUsers", PathPrefix="/staff/")
    ask("iam", "CreateGroup", GroupName="staff")
    ask("iam", "UpdateGroup", GroupName="staff", NewGroupName="crew")
    ask("iam", "AddUserToGroup", GroupName="crew", UserName="ursula")
    ask("iam", "GetGroup", GroupName="crew")
    ask("iam", "ListGroups")
    ask("iam", "ListGroupsForUser", UserName="ursula")
    ask("iam", "CreateRole", RoleName="helper", AssumeRolePolicyDocument=TRUST, Description="helps", Tags=TAGS)
    ask("iam", "UpdateRole", RoleName="helper", MaxSessionDuration=7200)
    ask("iam", "UpdateAssumeRolePolicy", RoleName="helper", PolicyDocument=TRUST)
    ask("iam", "TagRole", RoleName="helper", Tags=[{"Key": "floor", "Value": "2"}])
    ask("iam", "UntagRole", RoleName="helper", TagKeys=["floor"])
    ask("iam", "ListRoleTags", RoleName="helper")
    ask("iam", "PutRolePermissionsBoundary", RoleName="helper", PermissionsBoundary=arn)
    ask("iam", "GetRole", RoleName="helper")
    ask("iam", "ListRoles")
    return arn


def iam_policies(ask, arn):
    for kind, name in (("User", "ursula"), ("Group", "crew"), ("Role", "helper")):
        of = {f"{kind}Name": name}
        ask("iam", f"Put{kind}Policy", **of, PolicyName="inline", PolicyDocument=BOUNDARY)
        ask("iam", f"Get{kind}Policy", **of, PolicyName="inline")
        ask("iam", f"List{kind}Policies", **of)
        ask("iam", f"Attach{kind}Policy", **of, PolicyArn=arn)
        ask("iam", f"ListAttached{kind}Policies", **of)
    ask("iam", "ListEntitiesForPolicy", PolicyArn=arn)
    ask("iam", "GetPolicy", PolicyArn=arn)
    ask("iam", "ListPolicies", Scope="Local")
    ask("iam", "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=BOUNDARY, SetAsDefault=False)
    ask("iam", "GetPolicyVersion", PolicyArn=arn, VersionId="v2")
    ask("iam", "ListPolicyVersions", PolicyArn=arn)
    ask("iam", "SetDefaultPolicyVersion", PolicyArn=arn, VersionId="v2")
    ask("iam", "DeletePolicyVersion", PolicyArn=arn, VersionId="v1")


def iam_sign_in(ask, endpoint):
    ask("iam", "CreateLoginProfile", UserName="ursula", Password="Tangerine-7", PasswordResetRequired=True)
    ask("iam", "GetLoginProfile", UserName="ursula")
    ask("iam", "UpdateLoginProfile", UserName="ursula", PasswordResetRequired=False)
    ask("iam", "UpdateAccountPasswordPolicy", MinimumPasswordLength=10, AllowUsersToChangePassword=True, MaxPasswordAge=90)
    ask("iam", "GetAccountPasswordPolicy")
    key = Key.of(ask("iam", "CreateAccessKey", UserName="ursula")["AccessKey"])
    ask("iam", "ListAccessKeys", UserName="ursula")
    ask.key = key
    ask("iam", "ChangePassword", OldPassword="Tangerine-7", NewPassword="Clementine-8")
    ask.key = endpoint.root
    ask("iam", "GetAccessKeyLastUsed", AccessKeyId=key.id)
    ask("iam", "DeleteAccountPasswordPolicy")
    return key


def iam_devices(ask, key):
    made = ask("iam", "CreateVirtualMFADevice", VirtualMFADeviceName="phone", Tags=TAGS)["VirtualMFADevice"]
    serial, seed = made["SerialNumber"], made["Base32StringSeed"].decode()
    now = Clock.step()
    ask(
        "iam", "EnableMFADevice", UserName="ursula", SerialNumber=serial,
        AuthenticationCode1=code(seed, now - 5), AuthenticationCode2=code(seed, now - 4),
    )
    ask("iam", "ListMFADevices", UserName="ursula")
    ask("iam", "ListVirtualMFADevices")
    ask("iam", "GetMFADevice", UserName="ursula", SerialNumber=serial)
    ask("iam", "TagMFADevice", SerialNumber=serial, Tags=[{"Key": "floor", "Value": "2"}])
    ask("iam", "UntagMFADevice", SerialNumber=serial, TagKeys=["floor"])
    ask("iam", "ListMFADeviceTags", SerialNumber=serial)
    ask(
        "iam", "ResyncMFADevice", UserName="ursula", SerialNumber=serial,
        AuthenticationCode1=code(seed, now - 3), AuthenticationCode2=code(seed, now - 2),
    )
    root, ask.key = ask.key, key
    ask("sts", "GetSessionToken", SerialNumber=serial, TokenCode=code(seed, now - 1), DurationSeconds=900)
    ask.key = root
    ask("iam", "DeactivateMFADevice", UserName="ursula", SerialNumber=serial)
    ask("iam", "DeleteVirtualMFADevice", SerialNumber=serial)


def iam_account(ask):
    ask("iam", "CreateAccountAlias", AccountAlias="two-keys")
    ask("iam", "ListAccountAliases")
    ask("iam", "DeleteAccountAlias", AccountAlias="two-keys")
    ask("iam", "GetAccountSummary")
    ask("iam", "GenerateCredentialReport")
    ask("iam", "GetCredentialReport")
    ask("iam", "GetAccountAuthorizationDetails")


def simulators(ask):
    user = f"arn:aws:iam::{ACCOUNT}:user/staff/ursula"
    ask("iam", "SimulateCustomPolicy", PolicyInputList=[BOUNDARY], ActionNames=["iam:GetUser", "s3:GetObject"])
    ask(
        "iam", "SimulatePrincipalPolicy", PolicySourceArn=user, ActionNames=["s3:GetObject"],
        ResourceArns=["arn:aws:s3:::one/a", "arn:aws:s3:::two/b"],
        ContextEntries=[
            {"ContextKeyName": "aws:MultiFactorAuthPresent", "ContextKeyValues": ["true"], "ContextKeyType": "boolean"}
        ],
    )
    ask("iam", "GetContextKeysForCustomPolicy", PolicyInputList=[BOUNDARY])
    ask("iam", "GetContextKeysForPrincipalPolicy", PolicySourceArn=user)


def sts(ask, key):
    root, ask.key = ask.key, key
    ask("sts", "GetCallerIdentity")
    ask(
        "sts", "AssumeRole", RoleArn=f"arn:aws:iam::{ACCOUNT}:role/helper", RoleSessionName="ursula", Policy=BOUNDARY,
        Tags=TAGS, TransitiveTagKeys=["team"], SourceIdentity="ursula",
    )
    ask("sts", "GetFederationToken", Name="visitor", Policy=BOUNDARY)
    ask("sts", "GetAccessKeyInfo", AccessKeyId=key.id)
    ask.key = root


def undone(ask, arn, key):
    for kind, name in (("User", "ursula"), ("Group", "crew"), ("Role", "helper")):
        of = {f"{kind}Name": name}
        ask("iam", f"Delete{kind}Policy", **of, PolicyName="inline")
        ask("iam", f"Detach{kind}Policy", **of, PolicyArn=arn)
    ask("iam", "DeleteUserPermissionsBoundary", UserName="ursula")
    ask("iam", "DeleteRolePermissionsBoundary", RoleName="helper")
    ask("iam", "RemoveUserFromGroup", GroupName="crew", UserName="ursula")
    ask("iam", "DeleteGroup", GroupName="crew")
    ask("iam", "DeleteRole", RoleName="helper")
    ask("iam", "DeletePolicy", PolicyArn=arn)
    ask("iam", "UpdateAccessKey", UserName="ursula", AccessKeyId=key.id, Status="Inactive")
    ask("iam", "DeleteAccessKey", UserName="ursula", AccessKeyId=key.id)
    ask("iam", "DeleteLoginProfile", UserName="ursula")
    ask("iam", "DeleteUser", UserName="ursula")


def refused(endpoint, report):
    """A message that is not ours: the one operation whose success needs a server that seals messages."""
    client = endpoint.boto("sts")
    try:
        client.decode_authorization_message(EncodedMessage="not-one-of-ours")
        report.check("sts:DecodeAuthorizationMessage", False, "it opened something")
    except client.exceptions.ClientError as error:
        seen = (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
        wanted = ("InvalidAuthorizationMessageException", 400)
        report.check("sts:DecodeAuthorizationMessage", seen == wanted, seen)


def main(binary):
    report = Report()
    with Endpoint(binary) as endpoint:
        ask = Asker(endpoint, report)
        arn = iam_entities(ask)
        iam_policies(ask, arn)
        key = iam_sign_in(ask, endpoint)
        iam_devices(ask, key)
        iam_account(ask)
        simulators(ask)
        sts(ask, key)
        undone(ask, arn, key)
        refused(endpoint, report)
        ask.called.add(("sts", "DecodeAuthorizationMessage"))
    model = json.loads(MODEL.read_text())
    served = {(service, name) for service in ("iam", "sts") for name in model[service]["operations"]}
    report.check(f"all {len(served)} operations were called", served == ask.called, served ^ ask.called)
    report.end()


main(sys.argv[1])
