"""Leases: a deployment that was paused, or is slow, and another that takes over, on two machines with one ledger."""

import json
import shutil
import signal
import subprocess
import tempfile
import unittest

import harness
from machines import FAKETIME, forget_wrong_clocks, wrong_clock
from world import REF, World

TIMEOUT = ("--lock-timeout", "2s")


class Lease(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="flowship-e2e-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.world = World(folder, machines=2, shared=True)
        self.addCleanup(self.world.close)
        self.sandbox = self.world.sandbox

    def start(self, *options, machine=0):
        process = self.world.start("deploy", "--concurrency", "1", *TIMEOUT, *options, machine=machine)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.kill()
            process.communicate()

    def deploy(self, *options, machine=0, code=0):
        ended = self.world.run("deploy", *TIMEOUT, *options, machine=machine)
        self.assertEqual(ended.code, code, ended)
        return ended

    def imports(self):
        return len(self.sandbox.requests("/import"))

    def renewals(self):
        return (self.world.record() or {}).get("renewals", 0)

    def paused_in_its_first_import(self, *options):
        self.sandbox.faults(latency=400)
        self.sandbox.forget_requests()
        process = self.start(*options)
        self.world.wait_for(self.imports, "the first import")
        process.send_signal(signal.SIGSTOP)
        self.sandbox.faults()
        return process

    def assert_all_agree(self, texts):
        self.assertEqual(self.world.held(), texts)
        self.assertEqual(self.world.deployed(), texts)
        self.assertEqual((self.world.in_question(), self.world.planned()), (set(), {}))

    def test_who_was_paused_sends_nothing_more_and_says_what_it_had_sent(self):
        self.world.write({"a": "one", "b": "one", "c": "one"})
        loser = self.paused_in_its_first_import()
        self.world.write({"a": "two", "b": "two", "c": "two"})
        self.assertIn("took over", self.deploy(machine=1).err)
        sent = self.imports()
        loser.send_signal(signal.SIGCONT)
        ended = self.world.end(loser)
        self.assertEqual(ended.code, 1, ended)
        self.assertIn("recorded as unsettled", ended.json["error"]["message"])
        self.assertEqual(self.imports(), sent, "it went on sending")
        self.assertEqual((self.world.record()["phase"], set(self.world.unsettled())), ("result", {"a"}))
        self.deploy(machine=1)
        self.assert_all_agree({"a": "two", "b": "two", "c": "two"})

    def test_what_the_loser_sent_late_is_no_console_edit(self):
        self.world.write({"a": "one", "b": "one"})
        loser = self.paused_in_its_first_import()
        self.world.write({"a": "two", "b": "two"})
        self.deploy(machine=1)
        # The request in flight arrives after all.
        late = self.world.author.git("show", "HEAD~1:a.json")
        self.sandbox.edit(json.loads(late))
        loser.send_signal(signal.SIGCONT)
        self.world.end(loser)
        self.deploy(machine=1)
        self.assert_all_agree({"a": "two", "b": "two"})

    def test_a_slow_import_keeps_the_lease(self):
        self.world.write({"a": "one"})
        self.sandbox.faults(hang="1@import")
        slow = self.start("--request-timeout", "5s")
        self.world.wait_for(lambda: self.renewals() >= 4, "renewals")
        self.assertIn("holds", self.deploy("--lock-wait", "0s", machine=1, code=6).json["error"]["message"])
        self.assertEqual(self.world.end(slow).code, 0)
        [past] = self.world.run("history").json["deployments"]
        self.assertEqual(past["flows"][0]["outcome"], "deployed")
        self.assert_all_agree({"a": "one"})

    def test_renewals_are_small(self):
        self.world.write({"a": "one"})
        self.sandbox.faults(hang="1@import")
        slow = self.start("--request-timeout", "4s")
        self.world.wait_for(lambda: self.renewals() >= 2, "renewals")
        changed = self.world.ledger_git("diff", "--name-only", f"{REF}~1", REF)
        self.assertEqual(changed, "deployment.json")
        self.assertEqual(self.world.end(slow).code, 0)

    @unittest.skipUnless(FAKETIME, "faketime is not installed")
    def test_a_clock_that_is_an_hour_off_changes_nothing(self):
        self.addCleanup(forget_wrong_clocks)
        for offset in ("-1h", "+1h"):
            with self.subTest(offset=offset):
                self.world.write({"a": f"at {offset}"})
                self.sandbox.faults(hang="1@import")
                self.sandbox.forget_requests()
                slow = self.start("--request-timeout", "5s")
                self.world.wait_for(self.imports, "the import")
                other = subprocess.run(
                    [harness.FLOWSHIP, "deploy", *TIMEOUT, "--lock-wait", "0s", "--format", "json"],
                    cwd=self.world.machines[1].path, capture_output=True, text=True, timeout=harness.PATIENCE,
                    env=harness.environment(DESCOPE_BASE_URL=self.sandbox.url, **wrong_clock(offset)))
                self.assertEqual(other.returncode, 6, other.stdout + other.stderr)
                self.assertEqual(self.world.end(slow).code, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
