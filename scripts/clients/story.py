"""The story of a second key, with the AWS CLI: from a new user to a call that only a code opens.

Codes come from an authenticator that knows nothing but the QR picture. A device may be enabled with the two
codes of some minutes ago (the endpoint takes it for a slow clock); so most devices here are, and nobody waits.
"""

import json
import os
import pty
import re
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from endpoint import ACCOUNT, REGION, Authenticator, Clock, Endpoint, Key, Report, code, read_qr

POLICIES = Path(__file__).resolve().parent.parent.parent / "policies"
WRONG_PAIR = "Authentication code for device is not valid."
WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code."
WRONG_SERIAL = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number"
ONE_OF_TWO = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."


class Ran:
    """What one run of the CLI gave."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err
        found = re.search(r"An error occurred \((\w+)\) when calling the (\w+) operation[^:]*: (.*)", err, re.S)
        self.error, self.message = (found[1], found[3].strip()) if found else (None, "")

    def __str__(self):
        return f"status {self.status}\n     {self.out.strip()}\n     {self.err.strip()}"

    @property
    def json(self):
        return json.loads(self.out)


class Story:
    def __init__(self, aws, endpoint, report):
        self.aws, self.endpoint, self.report = aws, endpoint, report
        self.files = endpoint.folder

    # How it asks

    def environment(self, key=None):
        keep = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        nothing = str(self.files / "nothing")
        return keep | (key or self.endpoint.root).environment() | {
            "AWS_CONFIG_FILE": nothing, "AWS_SHARED_CREDENTIALS_FILE": nothing, "AWS_DEFAULT_REGION": REGION,
            # The CLI keeps the sessions of roles there.
            "HOME": str(self.files),
            "AWS_PAGER": "", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1", "NO_PROXY": "127.0.0.1",
        }

    def run(self, line, key=None):
        """Runs `aws …`; words with blanks are given as a list."""
        words = line.split() if isinstance(line, str) else line
        words = [self.aws, "--endpoint-url", self.endpoint.url, "--output", "json", *words]
        ran = subprocess.run(words, env=self.environment(key), capture_output=True, text=True)
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    def works(self, what, line, key=None, holds=lambda ran: True):
        ran = self.run(line, key)
        self.report.check(what, ran.status == 0 and holds(ran), ran)
        return ran

    def refused(self, what, error, message, line, key=None):
        """The CLI tells this error, and the account is as it was."""
        before = self.account()
        ran = self.run(line, key)
        told = ran.status != 0 and ran.error == error and ran.message.startswith(message)
        self.report.check(f"{what}: {error}", told, ran)
        after = self.account()
        if before != after:
            self.report.check(f"{what}: nothing has changed", False, f"{before}\n{after}")

    def account(self):
        """All that the API tells of the account."""
        iam = self.endpoint.boto("iam")
        details = iam.get_account_authorization_details()
        users = [user["UserName"] for user in details["UserDetailList"]]
        devices = iam.list_virtual_mfa_devices()["VirtualMFADevices"]
        keys = [iam.list_access_keys(UserName=user)["AccessKeyMetadata"] for user in users]
        enabled = [iam.list_mfa_devices(UserName=user)["MFADevices"] for user in users]
        details.pop("ResponseMetadata")
        return json.dumps([details, devices, keys, enabled], default=str, sort_keys=True)

    # Parts that several chapters need

    def user(self, name):
        """A user with an access key and a policy that lets it do everything."""
        iam = self.endpoint.boto("iam")
        iam.create_user(UserName=name)
        everything = (POLICIES / "administrator.json").read_text()
        iam.put_user_policy(UserName=name, PolicyName="everything", PolicyDocument=everything)
        return Key.of(iam.create_access_key(UserName=name)["AccessKey"])

    def device(self, name):
        """A virtual device, and the app that scanned it."""
        made = self.endpoint.boto("iam").create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
        return Authenticator(made["SerialNumber"], made["Base32StringSeed"].decode())

    def enable(self, user, serial, first, second):
        return (
            f"iam enable-mfa-device --user-name {user} --serial-number {serial} "
            f"--authentication-code1 {first} --authentication-code2 {second}"
        )

    def token(self, serial, number):
        return f"sts get-session-token --duration-seconds 900 --serial-number {serial} --token-code {number}"

    # The chapters

    def a_new_user(self):
        self.works("create the user", "iam create-user --user-name alice",
                   holds=lambda ran: re.fullmatch(r"AIDA[A-Z2-7]{17}", ran.json["User"]["UserId"]))
        self.works("give it a password", "iam create-login-profile --user-name alice --password Correct-horse-7")
        made = self.works("give it an access key", "iam create-access-key --user-name alice",
                          holds=lambda ran: re.fullmatch(r"AKIA[A-Z2-7]{16}", ran.json["AccessKey"]["AccessKeyId"]))
        self.alice = Key.of(made.json["AccessKey"])
        self.works("the key is the user's", "sts get-caller-identity", self.alice,
                   lambda ran: ran.json["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/alice")
        self.refused("a key with a wrong secret", "SignatureDoesNotMatch", "The request signature we calculated",
                     "sts get-caller-identity", Key(self.alice.id, "x" * 40))
        self.refused("an unknown key", "InvalidClientTokenId", "The security token included in the request is invalid",
                     "sts get-caller-identity", Key("AKIAQQQQQQQQQQQQQQQQ", self.alice.secret))

    def bootstrap(self):
        before = self.account()
        ran = self.run("iam create-virtual-mfa-device --virtual-mfa-device-name phone --outfile " + str(self.files / "no"))
        self.report.check("without a bootstrap method the CLI refuses by itself",
                          ran.status != 0 and "--bootstrap-method" in ran.err and before == self.account(), ran)
        picture, text = self.files / "phone.png", self.files / "tablet.txt"
        create = "iam create-virtual-mfa-device --virtual-mfa-device-name {} --bootstrap-method {} --outfile {}"
        bare = lambda ran: set(ran.json["VirtualMFADevice"]) == {"SerialNumber"}
        self.works("create a device with a QR code", create.format("phone", "QRCodePNG", picture), holds=bare)
        self.works("create a device with a seed", create.format("tablet", "Base32StringSeed", text), holds=bare)
        private = all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (picture, text))
        self.report.check("the CLI wrote a picture and a seed, for the user alone",
                          private and picture.read_bytes().startswith(b"\x89PNG\r\n"))
        self.tablet = text.read_text()
        self.report.check("the seed is 64 characters of Base32", re.fullmatch(r"[A-Z2-7]{64}", self.tablet), self.tablet)
        uri = read_qr(picture)
        parts, asked = urlsplit(uri), parse_qs(urlsplit(uri).query)
        phone = self.phone = asked["secret"][0]
        self.report.check("a reader of QR codes reads who issues, which device, whose account",
                          (parts.scheme, parts.netloc, unquote(parts.path)) == ("otpauth", "totp", f"/twokeys:phone@{ACCOUNT}")
                          and asked.keys() == {"secret", "issuer"} and asked["issuer"] == ["twokeys"], parts._replace(query=""))
        self.report.check("and a seed of its own", re.fullmatch(r"[A-Z2-7]{64}", phone) and phone != self.tablet)
        self.refused("the same name again", "EntityAlreadyExists",
                     "MFADevice entity at the same path and name already exists.",
                     create.format("PHONE", "QRCodePNG", self.files / "no"))
        self.refused("a name with a blank", "ValidationError", "1 validation error detected: Value 'bad name!' at 'virtualMFADeviceName'",
                     ["iam", "create-virtual-mfa-device", "--virtual-mfa-device-name", "bad name!",
                      "--bootstrap-method", "QRCodePNG", "--outfile", str(self.files / "no")])
        self.works("both wait to be assigned; no list holds a seed", "iam list-virtual-mfa-devices --assignment-status Unassigned",
                   holds=lambda ran: [set(device) for device in ran.json["VirtualMFADevices"]] == [{"SerialNumber"}] * 2)
        self.serial = f"arn:aws:iam::{ACCOUNT}:mfa/phone"
        self.app = Authenticator(self.serial, phone)
        self.other = f"arn:aws:iam::{ACCOUNT}:mfa/tablet"

    def two_codes_in_a_row(self):
        pair = ("iam enable-mfa-device --user-name alice --serial-number " + self.serial
                + " --authentication-code1 {} --authentication-code2 {}")
        now = Clock.early()
        shown = lambda step: code(self.phone, step)
        ran = self.run(f"iam enable-mfa-device --user-name alice --serial-number {self.serial} --authentication-code1 {shown(now)}")
        self.report.check("one code only: the CLI refuses by itself", ran.status != 0 and re.search("authentication-?code2", ran.err, re.I), ran)
        bad = (
            ("wrong codes", "123456", "789012"),
            ("the same code twice", shown(now), shown(now)),
            ("reversed codes", shown(now), shown(now - 1)),
            ("codes with a gap", shown(now - 2), shown(now)),
            ("codes of another device", code(self.tablet, now - 1), code(self.tablet, now)),
        )
        for what, first, second in bad:
            self.refused(what, "InvalidAuthenticationCode", WRONG_PAIR, pair.format(first, second))
        for what, first in (("letters for a code", "12a456"), ("seven digits", "1234567")):
            self.refused(what, "ValidationError", "1 validation error detected: Value at 'authenticationCode1'",
                         pair.format(first, shown(now)))
        self.refused("an unknown user", "NoSuchEntity", "The user with name nobody cannot be found.",
                     self.enable("nobody", self.serial, shown(now - 1), shown(now)))
        self.refused("an unknown device", "NoSuchEntity", f"VirtualMFADevice with serial number {self.serial}x doesn't exist.",
                     self.enable("alice", self.serial + "x", shown(now - 1), shown(now)))
        # After five failures in a row the next code waits for a second; this has taken longer.
        self.works("two codes in a row enable the device", self.enable("alice", self.serial, *self.app.pair(Clock.step() - 1)))
        self.works("it is listed as the user's", "iam list-mfa-devices --user-name alice",
                   holds=lambda ran: [device["SerialNumber"] for device in ran.json["MFADevices"]] == [self.serial])
        self.refused("enabled twice", "EntityAlreadyExists", "MFA Device is already in use.",
                     self.enable("alice", self.serial, "123456", "789012"))
        self.user("bob")
        self.refused("shared by a second user", "EntityAlreadyExists", "MFA Device is already in use.",
                     self.enable("bob", self.serial, "123456", "789012"))
        self.refused("deleted while enabled", "DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.",
                     f"iam delete-virtual-mfa-device --serial-number {self.serial}")

    def codes_and_sessions(self):
        iam = self.endpoint.boto("iam")
        self_manage = (POLICIES / "mfa/self-manage.json").read_text()
        iam.put_user_policy(UserName="alice", PolicyName="self-manage", PolicyDocument=self_manage)
        more = {"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": ["iam:ListUsers", "sts:AssumeRole", "iam:SimulateCustomPolicy"], "Resource": "*"}}
        # Inline policies of a user have 2,048 characters together.
        more = iam.create_policy(PolicyName="more", PolicyDocument=json.dumps(more))["Policy"]["Arn"]
        iam.attach_user_policy(UserName="alice", PolicyArn=more)

        def trust(*statements):
            whole = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
            return json.dumps({"Version": "2012-10-17", "Statement": [whole | more for more in statements]})

        present = lambda operator, value: {"Condition": {operator: {"aws:MultiFactorAuthPresent": value}}}
        iam.create_role(RoleName="guarded", AssumeRolePolicyDocument=trust(present("Bool", "true")))

        # Codes of the two steps that enabled the device are spent.
        spent = self.app.last
        self.refused("the code that enabled the device", "AccessDenied", WRONG_CODE,
                     self.token(self.serial, code(self.phone, spent)), self.alice)
        before = self.account()
        no_mfa = self.works("a session without a code", "sts get-session-token", self.alice,
                            lambda ran: ran.json["Credentials"]["AccessKeyId"].startswith("ASIA"))
        self.false = Key.of(no_mfa.json["Credentials"])
        self.report.check("changes nothing", before == self.account())
        self.refused("a serial number without a code", "AccessDenied", ONE_OF_TWO,
                     f"sts get-session-token --serial-number {self.serial}", self.alice)
        self.refused("a code without a serial number", "AccessDenied", ONE_OF_TWO,
                     f"sts get-session-token --token-code {code(self.phone, spent + 1)}", self.alice)
        self.refused("the user's ARN for a serial number", "AccessDenied", WRONG_SERIAL,
                     self.token(f"arn:aws:iam::{ACCOUNT}:user/alice", "123456"), self.alice)
        self.refused("a device that is not enabled", "AccessDenied", WRONG_SERIAL,
                     self.token(self.other, code(self.tablet, Clock.step())), self.alice)
        self.refused("a wrong code", "AccessDenied", WRONG_CODE, self.token(self.serial, "000000"), self.alice)
        self.refused("a code with letters", "ValidationError", "1 validation error detected: Value at 'tokenCode'",
                     self.token(self.serial, "12a456"), self.alice)
        self.refused("a code of another device", "AccessDenied", WRONG_CODE,
                     self.token(self.serial, code(self.tablet, Clock.step())), self.alice)
        self.used = self.app.next()
        buys = self.works("the next code buys a session", self.token(self.serial, self.used), self.alice)
        self.true = Key.of(buys.json["Credentials"])
        self.refused("the same code again", "AccessDenied", WRONG_CODE,
                     self.token(self.serial, self.used), self.alice)
        self.refused("a session asking for a session", "AccessDenied", "Cannot call GetSessionToken with session credentials",
                     "sts get-session-token", self.true)
        for what, key in (("true", self.true), ("false", self.false)):
            self.works(f"the session with MFA {what} is the user", "sts get-caller-identity", key,
                       lambda ran: ran.json["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/alice")
        forged = self.true.token[:-4] + ("AAAA" if self.true.token[-4:] != "AAAA" else "BBBB")
        for what, key in (
            ("a session key without its token", Key(self.true.id, self.true.secret)),
            ("a token of another session", Key(self.true.id, self.true.secret, self.false.token)),
            ("a token that was tampered with", Key(self.true.id, self.true.secret, forged)),
            ("a long-term key with a token", Key(self.alice.id, self.alice.secret, self.true.token)),
        ):
            self.refused(what, "InvalidClientTokenId", "The security token included in the request is invalid",
                         "sts get-caller-identity", key)

        self.three_states(trust, present)
        self.assume_role()

    def three_states(self, trust, present):
        """Missing, false and true are three answers: of the policy that the tutorials teach, and of its traps."""
        denied = f"User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: "
        self.refused("self-manage, MFA missing", "AccessDenied", denied + "iam:ListUsers on resource:", "iam list-users", self.alice)
        self.refused("self-manage, MFA false", "InvalidClientTokenId", "The security token included in the request is invalid",
                     "iam list-users", self.false)
        self.works("self-manage, MFA true", "iam list-users", self.true)
        self.works("self-manage lets its own devices be listed without MFA", "iam list-mfa-devices", self.alice)
        ran = self.run("iam list-users", self.alice)
        self.report.check("the denial names the kind of policy",
                          ran.message.endswith("with an explicit deny in an identity-based policy"), ran)
        assume = f"sts assume-role --role-arn arn:aws:iam::{ACCOUNT}:role/guarded --role-session-name alice"
        wanted = denied + f"sts:AssumeRole on resource: arn:aws:iam::{ACCOUNT}:role/guarded"
        self.refused("a role that asks for MFA, MFA missing", "AccessDenied", wanted, assume, self.alice)
        self.refused("a role that asks for MFA, MFA false", "AccessDenied", wanted, assume, self.false)
        self.works("a role that asks for MFA, MFA true: no further code", assume, self.true)
        # `Deny` with `Bool` spares whoever carries no key at all: the three states are three, not two.
        iam = self.endpoint.boto("iam")
        carol = self.user("carol")
        iam.create_role(RoleName="trap", AssumeRolePolicyDocument=trust({}, {"Effect": "Deny"} | present("Bool", "false")))
        app = self.carols = self.device("carols")
        self.works("enable with the codes of five minutes ago",
                   self.enable("carol", app.serial, *app.pair(Clock.step() - 10)))
        assume = f"sts assume-role --role-arn arn:aws:iam::{ACCOUNT}:role/trap --role-session-name carol"
        without = Key.of(self.run("sts get-session-token", carol).json["Credentials"])
        with_code = Key.of(self.run(self.token(app.serial, app.next()), carol).json["Credentials"])
        self.works("Deny with Bool spares the missing key", assume, carol)
        self.refused("Deny with Bool, MFA false", "AccessDenied",
                     f"User: arn:aws:iam::{ACCOUNT}:user/carol is not authorized to perform: sts:AssumeRole", assume, without)
        self.works("Deny with Bool, MFA true", assume, with_code)
        self.carol = carol

    def assume_role(self):
        """A role that asks for MFA, assumed with a code of the call itself."""
        iam = self.endpoint.boto("iam")
        iam.put_role_policy(RoleName="guarded", PolicyName="read", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:ListRoles", "Resource": "*"}}))
        assume = f"sts assume-role --role-arn arn:aws:iam::{ACCOUNT}:role/guarded --role-session-name carol"
        serial = self.carols.serial
        self.refused("the role without a code", "AccessDenied", f"User: arn:aws:iam::{ACCOUNT}:user/carol is not authorized", assume, self.carol)
        self.refused("the role with a wrong code", "AccessDenied", WRONG_CODE, f"{assume} --serial-number {serial} --token-code 000000", self.carol)
        with_code = f"{assume} --serial-number {serial} --token-code {self.carols.next()}"
        ran = self.works("the role with a code", with_code, self.carol,
                         lambda ran: re.fullmatch(r"AROA[A-Z2-7]{17}:carol", ran.json["AssumedRoleUser"]["AssumedRoleId"]))
        self.refused("the role with that code again", "AccessDenied", WRONG_CODE, with_code, self.carol)
        role = Key.of(ran.json["Credentials"])
        self.works("the role's session is the role", "sts get-caller-identity", role,
                   lambda ran: ran.json["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/guarded/carol")
        self.works("and may what the role may", "iam list-roles", role)
        self.refused("and nothing else", "AccessDenied",
                     f"User: arn:aws:sts::{ACCOUNT}:assumed-role/guarded/carol is not authorized to perform: iam:ListUsers",
                     "iam list-users", role)
        self.refused("a role that is not there reads the same", "AccessDenied",
                     f"User: arn:aws:iam::{ACCOUNT}:user/carol is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::{ACCOUNT}:role/none",
                     f"sts assume-role --role-arn arn:aws:iam::{ACCOUNT}:role/none --role-session-name carol", self.carol)
        self.profile()

    def profile(self):
        """`mfa_serial` in a profile: the CLI asks for the code on the terminal."""
        serial = self.carols.serial
        if "aws-cli/1." not in subprocess.run([self.aws, "--version"], capture_output=True, text=True).stdout:
            # Older versions 2 know no endpoint in a profile.
            return
        config = self.files / "config"
        config.write_text(
            f"[profile base]\nregion = {REGION}\naws_access_key_id = {self.carol.id}\naws_secret_access_key = {self.carol.secret}\n"
            f"endpoint_url = {self.endpoint.url}\n"
            f"[profile guarded]\nregion = {REGION}\nrole_arn = arn:aws:iam::{ACCOUNT}:role/guarded\nsource_profile = base\n"
            f"mfa_serial = {serial}\nendpoint_url = {self.endpoint.url}\n"
        )
        environment = self.environment() | {"AWS_CONFIG_FILE": str(config), "AWS_ENDPOINT_URL": self.endpoint.url}
        environment.pop("AWS_ACCESS_KEY_ID"), environment.pop("AWS_SECRET_ACCESS_KEY")
        line = [self.aws, "--profile", "guarded", "sts", "get-caller-identity"]
        said = typed(line, environment, f"Enter MFA code for {serial}:", self.carols.next())
        self.report.check("a profile with mfa_serial asks for the code and assumes the role", "assumed-role/guarded/" in said, said)

    def killed(self):
        """What was used before a crash stays used after it."""
        serial, number = self.carols.serial, self.carols.next()
        last = self.works("a code right before the crash", self.token(serial, number), self.carol)
        before = self.account()
        self.endpoint.kill()
        self.endpoint.start()
        self.report.check("killed and started again, the account is the same", before == self.account())
        self.refused("the code from before the crash", "AccessDenied", WRONG_CODE, self.token(serial, number), self.carol)
        self.works("the session from before the crash", "iam list-users", Key.of(last.json["Credentials"]))
        self.refused("the code from before that", "AccessDenied", WRONG_CODE,
                     self.token(self.serial, self.used), self.alice)

    def eight_devices(self):
        self.user("dora")
        iam = self.endpoint.boto("iam")
        now = Clock.step()
        for at in range(8):
            app = self.device(f"dora-{at}")
            first, second = app.pair(now - 1)
            iam.enable_mfa_device(UserName="dora", SerialNumber=app.serial,
                                  AuthenticationCode1=first, AuthenticationCode2=second)
        app = self.device("dora-8")
        ninth = self.enable("dora", app.serial, *app.pair(now - 1))
        self.refused("a ninth device", "LimitExceeded", "Cannot exceed quota for MFADevicesPerUser: 8", ninth)
        self.works("one goes", f"iam deactivate-mfa-device --user-name dora --serial-number arn:aws:iam::{ACCOUNT}:mfa/dora-0")
        self.works("the refused ninth spent no code: it works now", ninth)

    def resync_and_end(self):
        erin = self.user("erin")
        app = self.device("erins")
        serial, seed, now = app.serial, app.seed, Clock.step()
        self.works("a second device's life begins", self.enable("erin", serial, *app.pair(now - 16)))
        self.refused("its clock has run away: a code of now", "AccessDenied", WRONG_CODE, self.token(serial, code(seed, now)), erin)
        resync = (f"iam resync-mfa-device --user-name erin --serial-number {serial} "
                  "--authentication-code1 {} --authentication-code2 {}")
        for what, first, second in (
            ("resync with the same code twice", now - 1, now - 1),
            ("resync reversed", now - 1, now - 2),
            ("resync with codes that are spent", now - 16, now - 15),
        ):
            self.refused(what, "InvalidAuthenticationCode", WRONG_PAIR, resync.format(code(seed, first), code(seed, second)))
        self.works("resync", resync.format(*app.pair(Clock.step() - 2)))
        self.works("the next code", self.token(serial, app.next()), erin)
        self.refused("deactivated for someone else", "NoSuchEntity", "MFA Device invalid for user.",
                     f"iam deactivate-mfa-device --user-name bob --serial-number {serial}")
        self.refused("the user goes before the device", "DeleteConflict", "Cannot delete entity, must delete",
                     "iam delete-user --user-name erin")
        self.works("deactivate", f"iam deactivate-mfa-device --user-name erin --serial-number {serial}")
        self.refused("a code of the deactivated device", "AccessDenied", WRONG_SERIAL, self.token(serial, code(seed, app.last + 1)), erin)
        self.refused("enabled again with codes that are spent", "InvalidAuthenticationCode", WRONG_PAIR,
                     self.enable("erin", serial, code(seed, app.last - 1), code(seed, app.last)))
        self.works("delete", f"iam delete-virtual-mfa-device --serial-number {serial}")
        self.refused("deleted twice", "NoSuchEntity", f"VirtualMFADevice with serial number {serial} doesn't exist.",
                     f"iam delete-virtual-mfa-device --serial-number {serial}")
        self.report.check("a device of the same name has another seed", seed != self.device("erins").seed)
        self.works("no list holds it twice", "iam list-virtual-mfa-devices --assignment-status Unassigned",
                   holds=lambda ran: [d["SerialNumber"] for d in ran.json["VirtualMFADevices"]].count(serial) == 1)

    def tell(self):
        self.a_new_user()
        self.bootstrap()
        self.two_codes_in_a_row()
        self.codes_and_sessions()
        self.killed()
        self.eight_devices()
        self.resync_and_end()


def typed(line, environment, prompt, answer):
    """Runs a program on a terminal of its own and answers its prompt."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(line[0], line, environment)
    said, answered = "", False
    while True:
        try:
            read = os.read(terminal, 1024)
        except OSError:
            read = b""
        if not read:
            break
        said += read.decode(errors="replace")
        if prompt in said and not answered:
            os.write(terminal, answer.encode() + b"\n")
            answered = True
    os.waitpid(child, 0)
    os.close(terminal)
    return said


def clients():
    """The pinned version 1, and version 2 if this machine has it."""
    yield str(Path(sys.executable).parent / "aws")
    debian = "/usr/bin/aws"
    if Path(debian).exists() and "aws-cli/2." in subprocess.run([debian, "--version"], capture_output=True, text=True).stdout:
        yield debian


def main(binary):
    report = Report()
    for aws in clients():
        print(subprocess.run([aws, "--version"], capture_output=True, text=True).stdout.strip(), flush=True)
        with Endpoint(binary) as endpoint:
            Story(aws, endpoint, report).tell()
    report.end()


main(sys.argv[1])
