"""Signed ledgers: real keys of ssh-keygen and gpg, real git, clones, servers and daemons."""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import harness
from daemon_harness import DaemonTestCase
from harness import PROJECT, Repository, TestCase
from receive_test import Receive
from sources_test import small_flow

REF = "refs/flowship/default"


def ssh_key(file):
    """Makes a key; returns the path of the private one."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(file)], check=True,
                   capture_output=True)
    return file


def allow(signers, *keys):
    signers.write_text("".join(f"someone@example.com {pathlib.Path(f'{key}.pub').read_text()}" for key in keys))


def sign_with_ssh(git, key, signers=None):
    git("config", "gpg.format", "ssh")
    git("config", "user.signingKey", str(key))
    if signers:
        git("config", "gpg.ssh.allowedSignersFile", str(signers))


class Signed(TestCase):
    def setUp(self):
        super().setUp()
        self.key = ssh_key(self.folder / "deployer")
        self.other_key = ssh_key(self.folder / "stranger")
        self.signers = self.folder / "allowed_signers"
        allow(self.signers, self.key)
        self.origin = self.folder / "origin.git"
        self.repository.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        self.repository.git("remote", "add", "origin", f"file://{self.origin}")

    def configure(self, sign=True, remote=True):
        ledger = {"sign": sign, **({"remote": "origin"} if remote else {})}
        self.repository.write("flowship.json", {"environments": {"default": {"ledger": ledger}}})

    def change(self, name):
        self.repository.write("a.json", small_flow("a", metadata={"name": name}))
        self.repository.commit(f"Name it {name}")
        self.repository.git("push", "--quiet", "origin", "main")

    def is_signed(self, commit, repository=None):
        return "\ngpgsig " in (repository or self.repository).git("cat-file", "commit", commit)

    def clone(self, name):
        clone = Repository(self.folder / name)
        clone.git("remote", "add", "origin", f"file://{self.origin}")
        clone.git("pull", "--quiet", "origin", "main")
        return clone

    def append(self, *arguments):
        """What somebody with write access appends to the shared ledger; returns the commit."""
        git = self.repository.git
        git("fetch", "--quiet", "origin", f"+{REF}:refs/stranger/ledger")
        commit = git("commit-tree", *arguments, "-p", "refs/stranger/ledger", "-m", "Deploy 1 flow",
                     "refs/stranger/ledger^{tree}")
        git("push", "--quiet", "origin", f"{commit}:{REF}")
        return commit

    def expect_refused(self, *says, cwd=None, hint=""):
        self.sandbox.forget_requests()
        tip = self.repository.git("rev-parse", REF)
        for command in ("deploy", "plan", "rollback", "history", "status", "unlock"):
            error = self.json_of(command, cwd=cwd, code=1)["error"]
            for part in says:
                self.assertIn(part, error["message"])
            self.assertIn(hint, error["hint"])
        self.assertEqual(self.sandbox.requests(), [])
        self.assertEqual(self.repository.git("rev-parse", REF), tip)

    def start_signing(self):
        sign_with_ssh(self.repository.git, self.key, self.signers)
        self.configure()
        self.change("first")
        return self.deploy()["record"]

    def test_every_entry_is_signed_and_verified_by_git_itself(self):
        record = self.start_signing()
        for entry in self.repository.git("rev-list", REF).splitlines():
            self.repository.git("verify-commit", entry)
        self.change("second")
        self.assertNotEqual(self.deploy()["record"], record)
        self.repository.git("verify-commit", REF)
        # The message and the author are those of every other entry.
        self.assertIn("Deploy 1 flow to default", self.repository.git("log", "-1", "--format=%B", REF))
        self.json_of("status")
        self.json_of("history")

    def test_an_entry_without_a_signature_is_refused(self):
        self.start_signing()
        forged = self.append()
        self.change("second")
        self.expect_refused("is not signed", forged[:8], hint="--accept-rewritten-ledger")
        self.append()
        self.expect_refused("is not signed")

    def test_a_signature_of_a_stranger_is_refused(self):
        self.start_signing()
        sign_with_ssh(self.repository.git, self.other_key)
        forged = self.append("-S")
        sign_with_ssh(self.repository.git, self.key)
        self.assertTrue(self.is_signed(forged))
        self.change("second")
        self.expect_refused("has no good signature", "No principal matched", hint="gpg.ssh.allowedSignersFile")
        # Unless the operator allows that signer.
        allow(self.signers, self.key, self.other_key)
        self.assertTrue(self.deploy()["ok"])

    def test_a_signature_over_something_else_is_refused(self):
        record = self.start_signing()
        git = self.repository.git
        text = git("cat-file", "commit", record).replace("Deploy 1 flow", "Deploy 2 flows")
        forged = git("hash-object", "-t", "commit", "-w", "--stdin", input=text + "\n")
        git("push", "--quiet", "--force", "origin", f"{forged}:{REF}")
        clone = self.clone("other")
        sign_with_ssh(clone.git, self.key, self.signers)
        self.assertIn("has no good signature", self.json_of("deploy", cwd=clone.path, code=1)["error"]["message"])
        # A replacement in the clone does not stand in for it.
        clone.git("fetch", "--quiet", "origin", f"{REF}:refs/x/forged")
        self.repository.git("push", "--quiet", "origin", f"{record}:refs/x/good")
        clone.git("fetch", "--quiet", "origin", "refs/x/good:refs/x/good")
        clone.git("update-ref", f"refs/replace/{forged}", record)
        clone.git("verify-commit", forged)
        self.assertIn("has no good signature", self.json_of("deploy", cwd=clone.path, code=1)["error"]["message"])

    def test_without_allowed_signers_nothing_is_trusted(self):
        self.start_signing()
        self.change("second")
        clone = self.clone("other")
        sign_with_ssh(clone.git, self.key)
        error = self.json_of("deploy", cwd=clone.path, code=1)["error"]
        self.assertIn("no allowed signers are configured", error["message"])
        self.assertIn("git config gpg.ssh.allowedSignersFile", error["hint"])
        clone.git("config", "gpg.ssh.allowedSignersFile", str(self.signers))
        self.assertTrue(self.deploy(cwd=clone.path)["ok"])

    def test_entries_from_before_the_first_signed_one_stand(self):
        self.configure(sign=False)
        self.change("first")
        first = self.deploy()["record"]
        sign_with_ssh(self.repository.git, self.key, self.signers)
        self.configure()
        self.change("second")
        second = self.deploy()["record"]
        self.assertEqual((self.is_signed(first), self.is_signed(second)), (False, True))
        self.assertTrue(self.json_of("rollback", first)["ok"])
        self.repository.git("verify-commit", REF)

    def test_without_a_key_nothing_is_sent(self):
        self.configure()
        self.change("first")
        sign_with_ssh(self.repository.git, self.folder / "missing", self.signers)
        error = self.json_of("deploy", code=1)["error"]
        self.assertIn("could not be signed", error["message"])
        self.assertIn("user.signingKey", error["hint"])
        self.assertEqual(self.sandbox.imports(), [])
        self.assertEqual(self.repository.git("ls-remote", "origin", REF), "")

    def test_a_ledger_in_this_repository_alone_is_signed_and_verified_too(self):
        sign_with_ssh(self.repository.git, self.key, self.signers)
        self.configure(remote=False)
        self.change("first")
        self.deploy()
        self.repository.git("verify-commit", REF)
        forged = self.repository.git("commit-tree", "-p", REF, "-m", "Deploy 1 flow", f"{REF}^{{tree}}")
        self.repository.git("update-ref", REF, forged)
        self.change("second")
        self.expect_refused("is not signed", forged[:8])

    def test_with_openpgp(self):
        harness.program("gpg", "gnupg")
        # Its sockets need a short path.
        home = pathlib.Path(tempfile.mkdtemp(prefix="gpg-", dir="/tmp"))
        home.chmod(0o700)
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        self.addCleanup(subprocess.run, ["gpgconf", "--homedir", str(home), "--kill", "all"], capture_output=True)
        for user in ("Ada Example <ada@example.com>", "Eve <eve@example.com>"):
            subprocess.run(["gpg", "--homedir", str(home), "--batch", "--quiet", "--passphrase", "", "--quick-generate-key",
                            user, "ed25519", "sign"], check=True, capture_output=True)
        self.configure()
        self.change("first")
        self.repository.git("config", "gpg.format", "openpgp")
        self.repository.git("config", "user.signingKey", "ada@example.com")
        self.deploy(GNUPGHOME=str(home))
        self.assertIn("BEGIN PGP SIGNATURE", self.repository.git("cat-file", "commit", REF))
        self.change("second")
        self.assertTrue(self.deploy(GNUPGHOME=str(home))["ok"])
        # Where the key is not known, the signature is not good.
        self.change("third")
        strange = self.folder / "strange"
        strange.mkdir(mode=0o700)
        error = self.json_of("deploy", code=1, GNUPGHOME=str(strange))["error"]
        self.assertIn("has no good signature", error["message"])


    def test_a_key_that_has_expired_is_named_as_such(self):
        harness.program("gpg", "gnupg")
        home = pathlib.Path(tempfile.mkdtemp(prefix="gpg-", dir="/tmp"))
        home.chmod(0o700)
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        self.addCleanup(subprocess.run, ["gpgconf", "--homedir", str(home), "--kill", "all"], capture_output=True)

        def gpg(*arguments):
            return subprocess.run(["gpg", "--homedir", str(home), "--batch", "--quiet", "--pinentry-mode", "loopback",
                                   "--passphrase", "", *arguments], check=True, capture_output=True, text=True).stdout
        gpg("--quick-generate-key", "Ada Example <ada@example.com>", "ed25519", "sign")
        key = re.search(r"^fpr:+(\w+):", gpg("--list-keys", "--with-colons"), re.MULTILINE)[1]
        self.repository.git("config", "gpg.format", "openpgp")
        self.repository.git("config", "user.signingKey", "ada@example.com")
        self.configure()
        self.change("first")
        self.deploy(GNUPGHOME=str(home))
        gpg("--quick-set-expire", key, "seconds=1")
        while "\npub:e:" not in gpg("--list-keys", "--with-colons"):
            time.sleep(0.1)
        error = self.json_of("status", code=1, GNUPGHOME=str(home))["error"]
        self.assertRegex(error["message"], "has no good signature: .*key has expired")
        self.assertIn("renewed", error["hint"])
        gpg("--quick-set-expire", key, "never")
        self.json_of("status", GNUPGHOME=str(home))
        revocation = (home / "openpgp-revocs.d" / f"{key}.rev").read_text()
        (home / "revocation").write_text(revocation.replace(":-----BEGIN", "-----BEGIN"))
        gpg("--import", str(home / "revocation"))
        error = self.json_of("status", code=1, GNUPGHOME=str(home))["error"]
        self.assertRegex(error["message"], "has no good signature: .*has been revoked")


class OnAServer(Receive):
    """What is pushed has no say: the server's git configuration decides."""

    def setUp(self):
        super().setUp()
        self.key = ssh_key(self.folder / "server")
        self.signers = self.folder / "allowed_signers"
        allow(self.signers, self.key)

    def bare_git(self, *arguments):
        return self.assert_ok(self.git(*arguments, cwd=self.bare)).out.strip()

    def header(self):
        return self.bare_git("cat-file", "commit", "refs/flowship/production")

    def test_the_servers_configuration_decides_and_not_the_pushed_file(self):
        self.repository.write("flowship.json", {"environments": {"production": {
            "projectId": PROJECT, "branch": "main", "ledger": {"sign": True}}}})
        self.repository.commit("Ask for signatures")
        self.assert_ok(self.push("main"))
        self.assertNotIn("gpgsig", self.header())
        self.configure("flowship.production.sign", "true")
        sign_with_ssh(self.bare_git, self.key, self.signers)
        self.repository.write("flowship.json", {"environments": {"production": {
            "projectId": PROJECT, "branch": "main", "ledger": {"sign": False}}}})
        self.change("mfa", "one")
        self.assert_ok(self.push("main"))
        self.assertIn("gpgsig", self.header())
        self.bare_git("verify-commit", "refs/flowship/production")
        self.change("mfa", "two")
        self.sandbox.forget_requests()
        forged = self.bare_git("commit-tree", "-p", "refs/flowship/production", "-m", "Deploy 1 flow",
                               "refs/flowship/production^{tree}")
        self.bare_git("update-ref", "refs/flowship/production", forged)
        self.assertIn("is not signed", self.push("main").err)
        self.assertEqual(self.sandbox.requests(), [])

    def test_a_flag_that_is_none_is_an_error(self):
        self.configure("flowship.production.sign", "perhaps")
        self.assertIn("flowship.production.sign", self.push("main").err)
        self.assertEqual(self.sandbox.imports(), [])


class InTheDaemon(DaemonTestCase):
    def test_the_operators_file_decides_and_not_the_pushed_one(self):
        key = ssh_key(self.folder / "daemon")
        signers = self.folder / "allowed_signers"
        allow(signers, key)
        user = self.folder / "gitconfig"
        user.write_text(f"[gpg]\n\tformat = ssh\n[gpg \"ssh\"]\n\tallowedSignersFile = {signers}\n"
                        f"[user]\n\tsigningKey = {key}\n")
        config = self.config()
        config["repositories"]["login-flows"]["environments"]["production"]["sign"] = True
        self.configure(config)
        self.push()
        served = self.serve(GIT_CONFIG_GLOBAL=str(user))
        self.wait_for_deployment()
        self.wait_until(lambda: served.ended(outcome="deployed"))
        subprocess.run(["git", "verify-commit", "refs/flowship/production"], cwd=self.mirror(), check=True,
                       env=harness.environment(GIT_CONFIG_GLOBAL=str(user)))


del TestCase, Receive, DaemonTestCase


if __name__ == "__main__":
    harness.main()
