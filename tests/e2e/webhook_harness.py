"""What the tests of webhooks share: a daemon that never polls, deliveries as git hosts sign them, and a count of fetches."""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import subprocess
import time
import unittest
import uuid

import harness
from daemon_harness import SECRET, DaemonTestCase

SIGN = pathlib.Path(__file__).with_name("sign.mjs")
TOKEN = "whsec_" + base64.b64encode(b"a signing token of e2e tests, 32").decode()
ZEROS = "0" * 40
COUNTING_GIT = """#!/bin/sh
case " $* " in *" fetch "*) echo fetch >>"{log}" ;; esac
exec "{git}" "$@"
"""


def digits(body, secret=SECRET):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def push_of(commit, ref="refs/heads/main"):
    return {"ref": ref, "before": ZEROS, "after": commit}


def signed_by_others(sender, **request):
    """Body and signature, by a program of the git host's own or of a standard's authors."""
    modules = os.environ.get("FLOWSHIP_TEST_TOOLS", "/nonexistent")
    if not pathlib.Path(modules, "standardwebhooks").exists() or shutil.which("node") is None:
        raise unittest.SkipTest("the packages that sign are not installed; tests/tools/install.sh does it")
    done = subprocess.run(["node", str(SIGN), modules], input=json.dumps({"sender": sender, **request}), text=True,
                          capture_output=True, timeout=harness.PATIENCE, check=True)
    signed = json.loads(done.stdout)
    return signed["body"].encode(), signed["signature"]


# What each host sends for a push: headers and body.

def github(commit, secret=SECRET):
    body, signature = signed_by_others("github", secret=secret, payload=push_of(commit))
    return {"X-GitHub-Event": "push", "X-GitHub-Delivery": str(uuid.uuid4()), "X-Hub-Signature-256": signature,
            "Content-Type": "application/json"}, body


def plain_github(payload, event="push", secret=SECRET):
    """As `github`, signed here, for where it matters less."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return {"X-GitHub-Event": event, "X-GitHub-Delivery": str(uuid.uuid4()),
            "X-Hub-Signature-256": "sha256=" + digits(body, secret), "Content-Type": "application/json"}, body


def gitlab_token(commit, secret=SECRET):
    return {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": secret, "Content-Type": "application/json"}, json.dumps(
        {"object_kind": "push", **push_of(commit)}).encode()


def gitlab_signed(commit, secret=TOKEN, when=None):
    identity, when = str(uuid.uuid4()), int(when or time.time())
    body, signature = signed_by_others("standard", secret=secret, id=identity, time=when,
                                       payload={"object_kind": "push", **push_of(commit)})
    return {"X-Gitlab-Event": "Push Hook", "webhook-id": identity, "webhook-timestamp": str(when),
            "webhook-signature": signature, "Content-Type": "application/json"}, body


def gitea(commit, secret=SECRET, name="Gitea"):
    body = json.dumps(push_of(commit)).encode()
    signature = digits(body, secret)
    headers = {"X-GitHub-Event": "push", "X-Hub-Signature-256": "sha256=" + signature,
               "Content-Type": "application/json"}
    for sent in {"Gitea", name}:
        headers |= {f"X-{sent}-Event": "push", f"X-{sent}-Delivery": str(uuid.uuid4()),
                    f"X-{sent}-Signature": signature}
    return headers, body


def forgejo(commit, secret=SECRET):
    return gitea(commit, secret, "Forgejo")


def bitbucket_cloud(commit, secret=SECRET):
    change = {"old": None, "new": {"type": "branch", "name": "main", "target": {"type": "commit", "hash": commit}}}
    body = json.dumps({"push": {"changes": [change]}}).encode()
    return {"X-Event-Key": "repo:push", "X-Request-UUID": str(uuid.uuid4()), "Content-Type": "application/json",
            "X-Hub-Signature": "sha256=" + digits(body, secret)}, body


def bitbucket_data_center(commit, secret=SECRET):
    change = {"ref": {"id": "refs/heads/main", "displayId": "main", "type": "BRANCH"}, "refId": "refs/heads/main",
              "fromHash": ZEROS, "toHash": commit, "type": "UPDATE"}
    body = json.dumps({"eventKey": "repo:refs_changed", "changes": [change]}).encode()
    return {"X-Event-Key": "repo:refs_changed", "X-Request-Id": str(uuid.uuid4()), "Content-Type": "application/json",
            "X-Hub-Signature": "sha256=" + digits(body, secret)}, body


class WebhookTestCase(DaemonTestCase):
    """A daemon that has deployed what is there, and fetches when a webhook says so."""

    poll = "1h"
    secret_text = SECRET

    def setUp(self):
        super().setUp()
        self.secret_file("webhook-secret", self.secret_text)
        self.fetch_log = self.folder / "fetches"
        wrapper = self.folder / "bin" / "git"
        wrapper.parent.mkdir()
        wrapper.write_text(COUNTING_GIT.format(log=self.fetch_log, git=shutil.which("git")))
        wrapper.chmod(0o755)
        self.push()
        self.served = self.serve(PATH=f"{wrapper.parent}:{os.environ['PATH']}")
        self.addCleanup(lambda: self.assertNotIn(self.secret_text, self.served.text()))
        self.wait_for_deployment()
        self.wait_until(lambda: self.served.ended())
        self.sandbox.forget_requests()

    def fetches(self):
        return len(self.fetch_log.read_text().split())

    def deliver(self, headers, body, repository="login-flows"):
        """Status and text of the answer, which has to come within a second, or some on a machine with much to do."""
        begin = time.monotonic()
        status, _, text = self.served.ask(f"/webhook/{repository}", "POST", body, headers=headers)
        self.assertLess(time.monotonic() - begin, 5)
        return status, text

    def assert_delivered(self, status, headers, body, saying=""):
        got, text = self.deliver(headers, body)
        self.assertEqual(got, status, text)
        self.assertIn(saying, text)

    def push_a_change(self, text):
        commit = self.change("mfa", text)
        self.push()
        return commit

    def assert_nothing_was_fetched_but(self, number, commit):
        """Ends with a delivery that counts, so that all before it have had their effect, if they have one."""
        self.assert_delivered(202, *plain_github(push_of(commit)))
        self.wait_for_deployment(commit)
        self.assertEqual(self.fetches(), number + 2)
