"""Pushes over ssh to a server on this machine: everything that holds for `file://`, where hooks get no more than what a
login gives them."""

import os
import pwd
import socket
import subprocess
import unittest

import harness
import push_test
import receive_test

CONFIGURATION = """
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/client.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
SetEnv HOME=/nonexistent GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """An sshd of the test's own, which lets in who runs the test, by a key made for it."""

    def __init__(self, folder):
        self.folder = folder
        self.address = pwd.getpwuid(os.getuid()).pw_name + "@127.0.0.1"
        self.sshd = harness.program("sshd", "openssh-server")
        if os.getuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)  # as its service does
        folder.mkdir()
        for name in ("host", "client"):
            subprocess.run([harness.program("ssh-keygen", "openssh-client"), "-q", "-t", "ed25519", "-N", "", "-f",
                            str(folder / name)], check=True)
        for _ in range(10):
            self.port = free_port()
            if self.start():
                return
        raise unittest.SkipTest("sshd does not run here: " + self.log())

    def start(self):
        """True when it listens; another program may have taken the port meanwhile."""
        (self.folder / "sshd_config").write_text(CONFIGURATION.format(port=self.port, folder=self.folder))
        self.process = subprocess.Popen([self.sshd, "-D", "-f", str(self.folder / "sshd_config"), "-E",
                                         str(self.folder / "log")], env=harness.environment())
        while "Server listening" not in self.log():
            try:
                self.process.wait(0.02)
                return False
            except subprocess.TimeoutExpired:
                pass
        key = " ".join((self.folder / "host.pub").read_text().split()[:2])
        (self.folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {key}\n")
        return True

    def log(self):
        file = self.folder / "log"
        return file.read_text() if file.exists() else ""

    def command(self):
        """The client as git is to call it, with nothing of the user's."""
        options = {"IdentityFile": self.folder / "client", "IdentitiesOnly": "yes", "IdentityAgent": "none",
                   "UserKnownHostsFile": self.folder / "known_hosts", "StrictHostKeyChecking": "yes", "BatchMode": "yes"}
        return " ".join(["ssh", "-F", "none", *(f"-o {name}={value}" for name, value in options.items())])

    def url(self, path):
        return f"ssh://{self.address}:{self.port}{path}"

    def expect_login(self):
        """The test is skipped where an account can't be logged in to, such as a locked one."""
        done = subprocess.run([*self.command().split(), "-p", str(self.port), self.address, "true"], capture_output=True,
                              env=harness.environment(), timeout=harness.PATIENCE)
        if done.returncode != 0:
            raise unittest.SkipTest("sshd lets nobody in here: " + self.log())

    def stop(self):
        self.process.terminate()
        self.process.wait(harness.PATIENCE)


class OverSsh:
    def remote_url(self, bare):
        server = Server(self.folder / "ssh")
        self.addCleanup(server.stop)
        server.expect_login()
        self.repository.git("config", "core.sshCommand", server.command())
        # A login's PATH need not have it.
        self.assert_ok(self.git("config", "flowship.bin", harness.FLOWSHIP, cwd=bare))
        return server.url(bare)


class PreReceive(OverSsh, push_test.PreReceive):
    pass


class PostReceive(OverSsh, receive_test.PostReceive):
    pass


class SlowReceive(OverSsh, receive_test.SlowReceive):
    pass


if __name__ == "__main__":
    harness.main()
