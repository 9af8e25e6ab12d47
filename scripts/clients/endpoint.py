"""A `twokeys serve` on a free port of loopback, with a data folder of its own, and what to ask it with."""

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import boto3
from botocore.config import Config

ACCOUNT = "123456789012"
REGION = "us-east-1"


class Key:
    """An access key, long-term or of a session."""

    def __init__(self, id, secret, token=None):
        self.id, self.secret, self.token = id, secret, token

    @classmethod
    def of(cls, answer):
        """From `AccessKey` or `Credentials` of an answer."""
        return cls(answer["AccessKeyId"], answer["SecretAccessKey"], answer.get("SessionToken"))

    def environment(self):
        found = {"AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret}
        return found | ({"AWS_SESSION_TOKEN": self.token} if self.token else {})


class Endpoint:
    """The server, which can be killed and started again over the same data."""

    def __init__(self, binary):
        self.binary = binary
        self.folder = Path(tempfile.mkdtemp(prefix="twokeys-"))
        self.root = Key("AKIA" + "ROOTOFTHISSTORY2", secrets.token_urlsafe(30))
        self.port = 0
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        """Starts the server and waits until it says where it listens."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TWOKEYS_"))}
        environment |= {"TWOKEYS_ROOT_ACCESS_KEY_ID": self.root.id, "TWOKEYS_ROOT_SECRET_ACCESS_KEY": self.root.secret}
        line = [self.binary, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", str(self.folder / "data")]
        self.process = subprocess.Popen(line, env=environment, stderr=subprocess.PIPE, text=True)
        said = []
        for line in self.process.stderr:
            said.append(line)
            if found := re.match(r"endpoint +http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(found[1])
            if line.startswith("ready"):
                break
        else:
            sys.exit("the server did not start:\n" + "".join(said))
        # Whoever does not read a pipe fills it.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def kill(self):
        """Ends it as a power cut would."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def boto(self, service, key=None):
        """A boto3 client that neither retries nor looks for other credentials."""
        key = key or self.root
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=key.id,
            aws_secret_access_key=key.secret,
            aws_session_token=key.token,
            config=Config(retries={"total_max_attempts": 1}, proxies={}, parameter_validation=False),
        )


class Clock:
    """Steps of 30 seconds, and waits for them."""

    @staticmethod
    def step():
        return int(time.time()) // 30

    @classmethod
    def early(cls, within=12):
        """The step now, waiting for the next one if less than `30 - within` seconds of it are left."""
        if time.time() % 30 > within:
            time.sleep(30.2 - time.time() % 30)
        return cls.step()

    @classmethod
    def wait_for(cls, step):
        time.sleep(max(0, step * 30 + 0.2 - time.time()))


def code(seed, step):
    """The code that an authenticator shows in a step: by oathtool, or by pyotp."""
    if shutil.which("oathtool"):
        line = ["oathtool", "--totp", "--base32", "--now", f"@{step * 30}", "-"]
        return subprocess.run(line, input=seed, check=True, capture_output=True, text=True).stdout.strip()
    import pyotp

    return pyotp.TOTP(seed).at(step * 30)


class Authenticator:
    """An app that shows codes, used so that nobody waits: the clock is taken for as slow as it was when enabled."""

    def __init__(self, serial, seed):
        self.serial, self.seed, self.last, self.drift = serial, seed, None, 0

    def pair(self, first):
        """Two codes in a row, from a step on; the endpoint is told the drift by them."""
        self.last, self.drift = first + 1, first + 1 - Clock.step()
        return code(self.seed, first), code(self.seed, first + 1)

    def next(self):
        """The next code that is good once: at most one step from where the clock is thought to be."""
        step = max(self.last + 1, Clock.step() + self.drift)
        Clock.wait_for(step - self.drift - 1)
        self.last, self.drift = step, self.drift + max(-1, min(1, step - Clock.step() - self.drift))
        return code(self.seed, step)


def read_qr(path):
    """The text of the QR code in a picture: by zbar, or by zxing."""
    if shutil.which("zbarimg"):
        line = ["zbarimg", "--quiet", "--raw", str(path)]
        return subprocess.run(line, check=True, capture_output=True, text=True).stdout.rstrip("\n")
    import zxingcpp
    from PIL import Image

    return zxingcpp.read_barcodes(Image.open(path))[0].text


class Report:
    """One line for each expectation, and whether all of them held."""

    def __init__(self):
        self.passed, self.failed, self.begun = 0, 0, time.monotonic()

    def check(self, what, holds, seen=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
        print(f"{'PASS' if holds else 'FAIL'} {what}" + ("" if holds else f"\n     {seen}"), flush=True)
        return holds

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed in {time.monotonic() - self.begun:.0f} s")
        sys.exit(1 if self.failed else 0)
