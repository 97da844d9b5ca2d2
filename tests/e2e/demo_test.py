"""`flowship demo`, and the script that builds and runs it."""
import os
import pty
import select
import signal
import subprocess
import tempfile
import unittest

import harness

HINT = b"press a key"


class TestCase(unittest.TestCase):
    """Has a folder for temporary files, and variables of which nothing is used: a key, a project, a repository."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="flowship-demo-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.variables = harness.environment(TMPDIR=self.folder, GIT_DIR="/nonexistent", FLOWSHIP_ENV="production",
                                             DESCOPE_BASE_URL="https://flows.example")

    def expect_nothing_left(self):
        self.assertEqual([], os.listdir(self.folder))


class Demo(TestCase):
    def run_demo(self, command=(harness.FLOWSHIP, "demo"), **variables):
        done = subprocess.run(command, env={**self.variables, **variables}, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual((0, ""), (done.returncode, done.stderr), done.stdout)
        self.assertNotIn(harness.KEY, done.stdout)
        self.expect_nothing_left()
        return done.stdout

    def test_shows_deployments_a_merge_a_stopped_commit_and_a_lost_guarantee(self):
        shown = self.run_demo()
        for part in ("3 deployed, 0 unchanged", "received so far: 5", 'is now "Hello from', "Check your mail",
                     "[rule-target]", "0 instead of 1 factor", "policy `proof`: a session can be reached with 0 factors instead of 1",
                     "$ flowship history"):
            self.assertIn(part, shown)
        self.assertNotIn("\x1b", shown)

    def test_the_script_runs_it(self):
        shown = self.run_demo(["sh", str(harness.EXAMPLES / "quickstart.sh")], FLOWSHIP_BIN=harness.FLOWSHIP)
        self.assertIn("0 instead of 1 factor", shown)

    def test_has_no_other_format(self):
        done = subprocess.run([harness.FLOWSHIP, "demo", "--format", "json"], env=self.variables, text=True,
                              capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual(64, done.returncode)
        self.expect_nothing_left()


class OnATerminal(TestCase):
    def setUp(self):
        super().setUp()
        self.master, slave = pty.openpty()
        self.addCleanup(os.close, self.master)
        self.process = subprocess.Popen([harness.FLOWSHIP, "demo"], env={**self.variables, "TERM": "xterm"},
                                        stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
        self.shown = b""

    def read(self, until):
        """Reads until that was shown so many times as `until` says, or the program has ended."""
        while self.shown.count(HINT) < until:
            ready, _, _ = select.select([self.master], [], [], harness.PATIENCE)
            self.assertTrue(ready, self.shown)
            try:
                more = os.read(self.master, 65536)
            except OSError:
                more = b""
            if not more:
                return False
            self.shown += more
        return True

    def test_waits_for_a_key_before_each_step(self):
        steps = 0
        while self.read(steps + 1):
            steps += 1
            os.write(self.master, b" ")
        self.assertEqual(0, self.process.wait(harness.PATIENCE))
        self.assertEqual(9, steps)
        self.assertIn(b"flowship init", self.shown)
        self.expect_nothing_left()

    def expect_end(self, end, code=130):
        self.read(1)
        end()
        self.assertEqual(code, self.process.wait(harness.PATIENCE))
        self.assertNotIn(b"error", self.shown)
        self.expect_nothing_left()

    def test_ends_on_q(self):
        self.expect_end(lambda: os.write(self.master, b"q"))

    def test_ends_on_ctrl_c(self):
        self.expect_end(lambda: os.write(self.master, b"\x03"))

    def test_ends_on_a_signal(self):
        self.expect_end(lambda: self.process.send_signal(signal.SIGTERM), 143)


if __name__ == "__main__":
    harness.main()
