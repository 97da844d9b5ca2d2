"""Two daemons with one configuration, whose ledgers are shared: one deploys, the other stands by."""

import json
import re
import signal
import time
import unittest

import harness
from daemon_harness import DaemonTestCase, Served, can_name_hosts
from harness import PROJECT


class Daemons(DaemonTestCase):
    environments = {"production": {"projectId": PROJECT, "branch": "main", "ledger": {"remote": "origin"}}}
    sandbox_options = ("--latency", "100")

    def daemon(self, name, host=None, **members):
        """One of several: only its port and its data folder are its own, and its host where it has a name."""
        config = self.config(data=str(self.folder / name))
        config["repositories"]["login-flows"].update(members)
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps(config))
        served = Served(file, host=host)
        self.addCleanup(served.end, signal.SIGKILL)
        self.assertIsNotNone(served.url, served.text())
        return served

    def mirror(self):
        """Where everybody sees the ledger."""
        return self.bare

    def environment(self, served):
        return json.loads(served.ask("/api/status")[2])["environments"][0]

    def imports(self):
        return len(self.sandbox.requests("/flow/import"))

    def wait_for_the_middle(self):
        """Until a deployment has begun its imports, whose rest takes long from then on."""
        self.wait_until(lambda: self.imports() >= 2)
        self.sandbox.faults(latency=5000)


class TwoDaemons(Daemons):
    def test_nothing_is_sent_twice(self):
        self.push()
        both = [self.daemon("one"), self.daemon("two")]
        self.wait_for_deployment()
        for number in range(4):
            self.change("mfa", f"number {number}")
            self.change("step-up", f"number {number}")
            self.push()
            self.wait_for_deployment()
            head = self.head()
            self.wait_until(lambda: all(self.environment(one)["state"] == "live" for one in both))
            self.wait_until(lambda: all(one.log("job finished", commit=head) for one in both))
        self.assertEqual(self.imports(), len(self.ids) + 2 * 4)
        for served in both:
            self.assertEqual([line for line in served.log() if line["level"] not in ("info", "debug")], [])

    def test_when_one_is_killed_in_the_middle_the_other_finishes(self):
        self.push()
        one = self.daemon("one")
        self.wait_for_the_middle()
        two = self.daemon("two")
        self.wait_until(lambda: (self.environment(two)["waiting"] or {}).get("lease"))
        self.assertIn(f"(process {one.process.pid})", self.environment(two)["waiting"]["lease"]["holder"])
        one.end(signal.SIGKILL)
        self.sandbox.faults()
        self.wait_for_deployment()
        self.assertEqual(set(self.sandbox.versions().values()), {1})
        self.wait_until(lambda: self.environment(two)["state"] == "live")

    def test_a_result_that_cannot_be_shared_does_not_block_the_daemon(self):
        broken = self.folder / "broken"
        hook = self.bare / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntest ! -e {broken}\n")
        hook.chmod(0o755)
        self.push()
        served = self.daemon("one")
        self.wait_until(lambda: self.imports() >= 2)
        broken.touch()
        self.wait_until(lambda: any("does not have the result" in line["why"] for line in served.log("waiting")))
        # A restart ends the wait; its result stays in the mirror, and is shared first.
        served.end(signal.SIGTERM)
        served = self.daemon("one")
        self.wait_until(lambda: served.ended(outcome="failed"))
        self.assertEqual(self.ledger()["phase"], "intent")
        self.sandbox.forget_requests()
        broken.unlink()
        self.wait_for_deployment()
        self.assertEqual(served.ended(outcome="held"), [])
        self.assertEqual((self.imports(), set(self.sandbox.versions().values())), (0, {1}))

    def test_a_rewritten_or_deleted_ledger_is_mended_by_the_commands_of_the_hint(self):
        ref = "refs/flowship/production"
        # To a ledger that is turned back, what was deployed later is drift.
        production = {**self.environments["production"], "onDrift": "overwrite"}
        self.repository.write("flowship.json", {"environments": {"production": production}})
        self.repository.commit("Overwrite drift")
        served = self.serve()
        self.push()
        self.wait_for_deployment()
        first = self.repository.git(f"--git-dir={self.bare}", "rev-parse", ref)

        def hint_after(change, *rewrite):
            self.repository.git(f"--git-dir={self.bare}", "update-ref", *rewrite)
            commit = self.change("mfa", change)
            self.push()
            [failed, *_] = self.wait_for_log(served, "job finished", outcome="failed", commit=commit)
            self.assertIn(str(self.data / "mirrors" / "login-flows.git"), failed["hint"])
            return failed["hint"]

        put_back = re.search("to put it back: git (.*?);", hint_after("deleted", "-d", ref))[1]
        self.repository.git(*put_back.split())
        self.wait_for_deployment()
        for rewrite in (("deleted again", "-d", ref), ("turned back", ref, first)):
            accept = hint_after(*rewrite).rsplit(": flowship ", 1)[1]
            self.run_flowship(*accept.split())
            self.wait_for_deployment()

    def test_a_commit_that_is_older_than_its_branch_is_not_deployed(self):
        self.push()
        deploying = self.start("deploy", "--env", "production", "--key-file", str(self.key_file))
        self.wait_until(lambda: (self.ledger() or {}).get("phase") == "intent")
        deploying.send_signal(signal.SIGSTOP)
        try:
            older = self.change("mfa", "older")
            self.push()
            # Without polls and webhooks it doesn't see what is pushed later.
            two = self.daemon("two", poll="0s")
            self.wait_until(lambda: self.environment(two)["waiting"])
            self.change("mfa", "newer")
            self.push()
        finally:
            deploying.send_signal(signal.SIGCONT)
        deploying.communicate(timeout=harness.PATIENCE)
        self.wait_until(lambda: two.ended(commit=older, outcome="superseded"))
        # It fetched again, and deployed what is there now.
        self.wait_for_deployment()
        self.assertEqual(self.sandbox.versions()["mfa"], 2)


@unittest.skipUnless(can_name_hosts(), "hosts can't be named here")
class TwoHosts(Daemons):
    """Neither can see whether the other's process is gone."""

    def test_when_one_is_killed_in_the_middle_the_other_has_finished_within_90_seconds(self):
        self.push()
        one = self.daemon("one", host="first")
        self.wait_for_the_middle()
        two = self.daemon("two", host="second")
        self.wait_until(lambda: (self.environment(two)["waiting"] or {}).get("lease"))
        one.end(signal.SIGKILL)
        self.sandbox.faults()
        killed = time.monotonic()
        self.assertIsNone(self.deployed())
        while not self.deployed():
            self.assertLess(time.monotonic() - killed, 90)
            time.sleep(0.5)
        self.assertEqual(set(self.sandbox.versions().values()), {1})
        self.assertEqual(two.ended(outcome="failed"), [])


if __name__ == "__main__":
    harness.main()
