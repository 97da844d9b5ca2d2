"""A ledger with many deployments behind it: a clone fetches the newest entries, and the others when it needs them."""

import json
import os
import random
import shutil
import subprocess
import tempfile
import unittest

import harness
from ledger_signing_test import allow, sign_with_ssh, ssh_key
from world import REF, World, flow_of

ENTRIES = 300
TRACKING = "refs/flowship-remotes/origin/flowship/default"


class ShallowLedger(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="flowship-e2e-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.world = World(folder, machines=1, shared=True)
        self.addCleanup(self.world.close)
        self.world.write({"a": "one"})
        self.assertEqual(self.world.run("deploy").code, 0)
        self.world.author.git("push", "--quiet", "origin", "main")
        self.dice = random.Random(1)

    def append(self, count, parent=REF, **members):
        """Entries like the newest one, each with an export that does not compress."""
        record = {**self.world.record(), **members}
        stream = ""
        for number in range(count):
            if "renewals" in members:
                record["renewals"] = number
            files = {"deployment.json": json.dumps(record), "before/x.json": self.dice.randbytes(5000).hex()}
            stream += f"commit refs/flowship/made\ncommitter A <a@example.com> {1700000000 + number} +0000\ndata 1\nx\n"
            stream += f"from {parent}^0\n" if number == 0 else ""
            for name, text in files.items():
                stream += f"M 100644 inline {name}\ndata {len(text)}\n{text}\n"
        self.world.ledger_git("update-ref", "-d", "refs/flowship/made")
        subprocess.run(["git", "fast-import", "--quiet", "--force"], cwd=self.world.origin, input=stream, text=True,
                               env=harness.environment(), check=True)
        self.world.ledger_git("update-ref", REF, "refs/flowship/made")

    def clone(self, name, *options):
        path = self.world.folder / name
        self.world.author.git("clone", "--quiet", "--branch=main", *options, f"file://{self.world.origin}", str(path))
        clone = harness.Repository(path)
        self.world.machines.append(clone)
        return len(self.world.machines) - 1

    def size(self, machine):
        return sum(os.path.getsize(os.path.join(folder, name))
                   for folder, _, names in os.walk(self.world.machines[machine].path / ".git") for name in names)

    def entries(self, machine):
        return int(self.world.machines[machine].git("rev-list", "--count", REF))

    def run_on(self, machine, *arguments, code=0):
        ended = self.world.run(*arguments, machine=machine)
        self.assertEqual(ended.code, code, ended)
        return ended

    def test_a_fresh_clone_fetches_the_newest_entries(self):
        self.append(ENTRIES)
        for name, options in (("whole", ()), ("depth-1", ("--depth=1",))):
            with self.subTest(name):
                machine = self.clone(name, *options)
                before = self.size(machine)
                self.assertEqual(self.run_on(machine, "deploy").outcomes(), {})
                self.assertLess(self.size(machine) - before, 500_000)
                self.assertLess(self.entries(machine), 20)
                self.world.machines[machine].git("fsck", "--strict")

    def test_history_and_rollback_have_them_all(self):
        first = self.world.ledger_git("rev-parse", REF)
        self.append(ENTRIES)
        machine = self.clone("whole")
        self.run_on(machine, "deploy")
        self.run_on(machine, "rollback", first[:10])
        self.assertEqual(len(self.run_on(machine, "history").json["deployments"]), ENTRIES + 1)
        other = self.clone("other")
        self.assertEqual(len(self.run_on(other, "history").json["deployments"]), ENTRIES + 1)
        self.assertEqual(self.world.machines[other].git("rev-parse", "--is-shallow-repository"), "false")

    def test_it_goes_on_from_there(self):
        self.append(ENTRIES)
        machine = self.clone("whole")
        self.run_on(machine, "deploy")
        self.world.write({"a": "two"})
        self.world.author.git("push", "--quiet", "origin", "main")
        self.world.machines[machine].git("pull", "--quiet")
        self.assertEqual(self.run_on(machine, "deploy").outcomes(), {"a": "deployed"})
        self.append(40)
        self.run_on(machine, "deploy")
        self.assertEqual(self.entries(machine), int(self.world.machines[machine].git("rev-list", "--count", TRACKING)))
        self.world.ledger_git("fsck", "--strict")

    def test_one_that_was_rewritten_is_refused(self):
        self.append(ENTRIES)
        machine = self.clone("whole")
        self.run_on(machine, "deploy")
        self.append(30, parent=f"{REF}~20")
        self.assertIn("was rewritten", self.run_on(machine, "deploy", code=1).json["error"]["message"])

    def sign(self, machine):
        """Asks for signatures in a clone, with a key that may sign."""
        clone = self.world.machines[machine]
        key = ssh_key(self.world.folder / f"key-{machine}")
        signers = self.world.folder / "allowed_signers"
        allow(signers, key)
        sign_with_ssh(clone.git, key, signers)
        clone.write("flowship.json", {"environments": {"default": {"ledger": {"remote": "origin", "sign": True}}}})
        clone.commit()

    def test_an_unsigned_one_is_signed_from_now_on(self):
        self.append(30)
        machine = self.clone("signs")
        self.sign(machine)
        self.assertIsNotNone(self.run_on(machine, "status").json["deployed"])
        self.world.machines[machine].write("a.json", flow_of("a", "two"))
        self.world.machines[machine].commit()
        self.assertEqual(self.run_on(machine, "deploy").outcomes(), {"a": "deployed"})
        self.world.machines[machine].git("verify-commit", REF)

    def test_unsigned_ones_on_top_of_many_are_refused_if_there_is_a_signed_one_further_down(self):
        first = self.clone("first")
        self.sign(first)
        self.world.machines[first].write("a.json", flow_of("a", "two"))
        self.world.machines[first].commit()
        self.run_on(first, "deploy")
        self.append(40)
        fresh = self.clone("fresh")
        self.sign(fresh)
        for _ in range(2):
            error = self.run_on(fresh, "deploy", code=1).json["error"]
            self.assertIn("is not signed, though earlier entries are", error["message"])

    def test_one_that_was_deleted_starts_again_from_the_entries_that_are_here(self):
        self.append(ENTRIES)
        machine = self.clone("shallow")
        self.run_on(machine, "status")
        entries = self.entries(machine)
        newest = self.world.machines[machine].git("log", "-1", "--format=%an <%ae> %at %T %s", REF)
        self.world.ledger_git("update-ref", "-d", REF)
        self.world.ledger_git("gc", "--quiet", "--prune=now")
        error = self.run_on(machine, "deploy", code=1).json["error"]
        self.assertIn("from a clone that has all entries", error["hint"])
        self.assertEqual(self.run_on(machine, "deploy", "--accept-rewritten-ledger").outcomes(), {})
        self.assertEqual(self.world.ledger_git("log", "--format=%an <%ae> %at %T %s", REF).splitlines()[-entries:][0],
                         newest)
        self.world.ledger_git("fsck", "--strict")
        self.world.machines[machine].write("a.json", flow_of("a", "two"))
        self.world.machines[machine].commit()
        self.assertEqual(self.run_on(machine, "deploy").outcomes(), {"a": "deployed"})
        self.assertGreaterEqual(len(self.run_on(self.clone("other"), "history").json["deployments"]), entries)

    def test_a_long_deployment_does_not_hide_the_result_before_it(self):
        self.append(5)
        self.append(60, phase="intent", renewals=0)
        machine = self.clone("whole")
        status = self.run_on(machine, "status").json
        self.assertIsNotNone(status["deployed"])
        self.assertGreater(self.entries(machine), 60)

    def test_a_whole_clone_stays_sure_of_its_own_history(self):
        """Whether a commit is older than what is deployed."""
        self.append(ENTRIES)
        machine = self.clone("whole")
        self.run_on(machine, "deploy")
        clone = self.world.machines[machine]
        self.assertEqual(clone.git("rev-parse", "--is-shallow-repository"), "true")
        clone.git("switch", "--quiet", "--orphan", "elsewhere")
        clone.write("flowship.json", {"environments": {"default": {"ledger": {"remote": "origin"}}}})
        clone.write("b.json", self.world.author.read("a.json") | {"flowId": "b"})
        clone.commit()
        self.assertEqual(self.run_on(machine, "deploy").outcomes(), {"b": "deployed"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
