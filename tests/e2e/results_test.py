"""Results that can't be shared: the ledger's remote refuses pushes, is gone, or somebody else has taken over."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

import harness
from world import REF, World, hook

BRIEFLY = ("--share-wait", "0s")
TIMEOUT = ("--lock-timeout", "2s")
PENDING = "refs/flowship-pending/flowship/default/"


class Results(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="flowship-e2e-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.world = World(folder, machines=2, shared=True)
        self.addCleanup(self.world.close)
        self.sandbox = self.world.sandbox

    def deploy(self, *options, machine=0, code=0):
        ended = self.world.run("deploy", *options, machine=machine)
        self.assertEqual(ended.code, code, ended)
        return ended

    def start(self, *options, machine=0):
        process = self.world.start("deploy", "--concurrency", "1", *options, machine=machine)
        self.addCleanup(process.kill)
        return process

    def imports(self):
        return len(self.sandbox.requests("/import"))

    def pending(self, machine=0):
        return self.world.machines[machine].git("for-each-ref", "--format=%(objectname)", PENDING).split()

    def refuse_results(self):
        """From the second push on, the remote refuses."""
        return hook(self.world.origin, "pre-receive",
                    'if [ -e "$GIT_DIR/begun" ]; then echo not today >&2; exit 1; fi; : >"$GIT_DIR/begun"')

    def keep_a_result(self, flows):
        self.world.write(flows)
        refusing = self.refuse_results()
        ended = self.deploy(*BRIEFLY, code=1)
        refusing.unlink()
        (self.world.origin / "begun").unlink()
        return ended

    def assert_all_agree(self, texts):
        self.assertEqual((self.world.held(), self.world.deployed()), (texts, texts))
        self.assertEqual((self.world.in_question(), self.world.planned()), (set(), {}))
        self.assertEqual((self.pending(0), self.pending(1)), ([], []))

    def test_a_remote_that_refuses_leaves_the_result_here_and_says_so(self):
        ended = self.keep_a_result({"a": "one", "b": "one"})
        self.assertEqual(ended.outcomes(), {"a": "deployed", "b": "deployed"})
        [kept] = self.pending()
        message = ended.json["error"]["message"]
        self.assertIn("is recorded in this clone", message)
        self.assertIn(kept[:7], message)
        self.assertIn("not today", message)
        self.assertEqual(self.world.record()["phase"], "intent")

    def test_the_next_deployment_shares_it_first_and_asks_nothing_about_it(self):
        self.keep_a_result({"a": "one", "b": "one"})
        [kept] = self.pending()
        self.sandbox.forget_requests()
        ended = self.deploy()
        self.assertIn("shared the result of an earlier deployment", ended.err)
        self.assertEqual((ended.json["record"], self.world.ledger_git("rev-parse", REF)), (kept, kept))
        self.assertEqual((self.imports(), self.sandbox.requests("/export")), (0, []))
        self.assert_all_agree({"a": "one", "b": "one"})

    def test_its_ref_being_locked_blocks_no_deployment(self):
        self.keep_a_result({"a": "one"})
        [kept] = self.pending()
        lock = self.world.machines[0].path / ".git" / f"{PENDING}{kept}.lock"
        lock.touch()
        ended = self.deploy()
        self.assertIn("shared the result of an earlier deployment", ended.err)
        self.assertEqual(self.world.ledger_git("rev-parse", REF), kept)
        # The ref counts for nothing now, and can be removed.
        self.assertIn(f"ignored {PENDING}{kept}", str(self.world.run("status").json["warnings"]))
        lock.unlink()
        self.world.machines[0].git("update-ref", "-d", f"{PENDING}{kept}")
        self.assert_all_agree({"a": "one"})

    def test_other_commands_share_it_and_tell_of_it(self):
        self.world.write({"a": "one"})
        self.deploy()
        self.keep_a_result({"a": "two"})
        [kept] = self.pending()
        for command in ("plan", "status", "history"):
            ended = self.world.run(command)
            self.assertEqual(ended.code, 0, ended)
            self.assertIn(kept[:7], ended.err + str(ended.json.get("warnings", "")), command)
        self.assertEqual(self.pending(), [kept])
        unlocked = self.world.run("unlock")
        self.assertEqual((unlocked.code, self.pending()), (0, []), unlocked)
        self.assertIn("Nobody holds", unlocked.err)
        self.assertEqual(self.world.ledger_git("rev-parse", REF), kept)

    def test_what_this_clone_has_not_written_is_no_result_of_it(self):
        self.world.write({"a": "one"})
        record = self.deploy().json["record"]
        git = self.world.machines[0].git
        forged = git("commit-tree", "-p", record, "-m", "Deploy 1 flow", f"{record}^{{tree}}")
        # As after `git fetch origin 'refs/*:refs/*'`.
        planted = [PENDING + forged, PENDING + git("rev-parse", "main"), PENDING + "xyz"]
        for ref in planted:
            git("update-ref", ref, forged if ref.endswith(forged) else "main")
        for command in ("plan", "status", "history", "unlock"):
            self.assertEqual(self.world.run(command).code, 0)
        self.world.write({"a": "two"})
        ended = self.deploy()
        for ref in planted:
            self.assertIn(f"ignored {ref}", ended.err)
        self.assertEqual(self.world.ledger_git("rev-list", "--count", REF), "4")
        self.assertNotIn(forged, self.world.ledger_git("rev-list", REF))
        self.assertEqual((self.world.held(), self.world.deployed()), ({"a": "two"}, {"a": "two"}))

    def test_a_kept_result_that_cannot_be_read_is_named_and_asked_about(self):
        self.world.write({"a": "one"})
        self.deploy()
        self.keep_a_result({"a": "two"})
        [kept] = self.pending()
        git_directory = self.world.machines[0].path / ".git"
        (git_directory / "objects" / kept[:2] / kept[2:]).unlink()
        (git_directory / PENDING / kept).unlink()
        self.sandbox.forget_requests()
        ended = self.deploy(*TIMEOUT)
        self.assertIn(f"ignored the result {kept[:8]}", ended.err)
        self.assertEqual((self.imports(), self.world.deployed()), (0, {"a": "two"}))

    def test_without_its_ref_a_result_is_kept_all_the_same(self):
        self.world.write({"a": "one"})
        self.deploy()
        # No ref can be created below it.
        git = self.world.machines[0].git
        git("update-ref", PENDING.rstrip("/"), "main")
        self.keep_a_result({"a": "two"})
        self.sandbox.forget_requests()
        ended = self.deploy()
        self.assertIn("shared the result of an earlier deployment", ended.err)
        self.assertEqual((self.imports(), self.world.deployed()), (0, {"a": "two"}))

    def test_a_rollback_finds_it_among_the_records(self):
        self.world.write({"a": "one"})
        first = self.deploy().json["record"]
        self.keep_a_result({"a": "two"})
        ended = self.world.run("rollback")
        self.assertEqual(ended.code, 0, ended)
        self.assertEqual(self.world.held(), {"a": "one"})
        self.assertEqual(len(self.world.run("history").json["deployments"]), 3)
        self.assertTrue(first)

    def test_a_remote_that_comes_back_within_the_wait_gets_it(self):
        self.world.write({"a": "one"})
        refusing = self.refuse_results()
        process = self.start()
        self.world.wait_for(self.pending, "a pending result")
        refusing.unlink()
        ended = self.world.end(process)
        self.assertEqual((ended.code, ended.outcomes()), (0, {"a": "deployed"}), ended)
        self.assert_all_agree({"a": "one"})

    def test_a_remote_that_is_away_and_comes_back(self):
        self.world.write({"a": "one"})
        self.sandbox.faults(latency=300)
        process = self.start(*BRIEFLY)
        self.world.wait_for(self.imports, "the import")
        away = pathlib.Path(shutil.move(self.world.origin, self.world.folder / "away.git"))
        self.assertEqual(self.world.end(process).code, 1)
        self.sandbox.faults()
        self.assertEqual(len(self.pending()), 1)
        # Still away: nothing is sent, and the result stays.
        self.world.write({"b": "one"})
        self.sandbox.forget_requests()
        self.deploy(*BRIEFLY, code=1)
        self.assertEqual((self.imports(), len(self.pending())), (0, 1))
        shutil.move(away, self.world.origin)
        self.deploy()
        self.assertEqual(self.imports(), 1)
        self.assert_all_agree({"a": "one", "b": "one"})

    def test_a_stop_ends_the_wait_and_keeps_the_result(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(number):
                self.world.write({"a": number.name})
                refusing = self.refuse_results()
                process = self.start("--share-wait", "5m")
                self.world.wait_for(self.pending, "a pending result")
                process.send_signal(number)
                ended = self.world.end(process)
                refusing.unlink()
                (self.world.origin / "begun").unlink(missing_ok=True)
                self.assertEqual((ended.code, len(self.pending())), (code, 1), ended)
                self.deploy()
                self.assert_all_agree({"a": number.name})

    def test_a_push_that_hangs_ends_with_the_grace(self):
        self.world.write({"a": "one"})
        hanging = hook(self.world.origin, "pre-receive",
                       'if [ -e "$GIT_DIR/begun" ]; then : >"$GIT_DIR/hangs"; sleep 60; exit 1; fi; : >"$GIT_DIR/begun"')
        process = self.start("--grace", "200ms")
        self.world.wait_for((self.world.origin / "hangs").exists, "the push of the result")
        process.send_signal(signal.SIGTERM)
        ended = self.world.end(process)
        hanging.unlink()
        self.assertEqual((ended.code, len(self.pending())), (143, 1), ended)
        self.deploy()
        self.assert_all_agree({"a": "one"})

    def test_who_is_killed_while_it_shares_has_kept_the_result(self):
        self.world.write({"a": "one"})
        refusing = self.refuse_results()
        process = self.start()
        self.world.wait_for(self.pending, "a pending result")
        process.kill()
        process.communicate()
        self.world.quiet()
        refusing.unlink()
        self.sandbox.forget_requests()
        self.deploy()
        self.assertEqual(self.sandbox.requests("/export"), [])
        self.assert_all_agree({"a": "one"})

    def test_a_result_that_arrived_though_nobody_said_so(self):
        self.keep_a_result({"a": "one"})
        [kept] = self.pending()
        self.world.author.git("push", "--quiet", "origin", f"{kept}:{REF}")
        self.assertEqual(self.deploy().json["record"], kept)
        self.assert_all_agree({"a": "one"})

    def test_when_another_machine_has_completed_it_what_was_sent_is_asked_about(self):
        self.keep_a_result({"a": "one"})
        self.deploy(*TIMEOUT, machine=1)
        self.sandbox.forget_requests()
        ended = self.deploy()
        self.assertIn("recorded as unsettled", ended.err)
        self.assertEqual(self.imports(), 0)
        self.assert_all_agree({"a": "one"})

    def paused_in_its_first_import(self, *options):
        self.sandbox.faults(latency=400)
        self.sandbox.forget_requests()
        process = self.start(*TIMEOUT, *options)
        self.world.wait_for(self.imports, "the first import")
        process.send_signal(signal.SIGSTOP)
        return process

    def test_a_loser_that_is_stopped_while_it_waits_for_the_winner_keeps_its_note(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(number):
                self.world.write({"a": f"one {number.name}", "b": f"one {number.name}"})
                loser = self.paused_in_its_first_import()
                self.world.write({"a": f"two {number.name}", "b": f"two {number.name}"})
                winner = self.start(*TIMEOUT, machine=1)
                self.world.wait_for(lambda: self.imports() >= 2, "the winner's import")
                winner.send_signal(signal.SIGSTOP)
                loser.send_signal(signal.SIGCONT)
                self.world.wait_for(self.pending, "the loser's note")
                self.assertIsNone(loser.poll(), "it does not wait")
                loser.send_signal(number)
                loser.communicate()
                self.assertEqual(len(self.pending()), 1)
                winner.send_signal(signal.SIGCONT)
                self.sandbox.faults()
                self.assertEqual(self.world.end(winner).code, 0)
                self.deploy()
                self.assert_all_agree({"a": f"two {number.name}", "b": f"two {number.name}"})


@unittest.skipUnless(os.geteuid() == 0, "mounting a small file system takes root")
class FullDisk(unittest.TestCase):
    """A clone on a file system of its own, which is full after the intent."""

    shared = False

    def setUp(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="flowship-e2e-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.small = folder / "machine-0"
        self.small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,nr_inodes=4000", "small", self.small],
                          capture_output=True).returncode != 0:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.small], check=True)
        self.world = World(folder, shared=self.shared)
        self.addCleanup(self.world.close)
        self.world.write({"a": "one", "b": "one"})
        self.assertEqual(self.world.run("deploy").code, 0)

    def fill_bytes(self):
        with open(self.small / "ballast", "wb", buffering=0) as ballast, self.assertRaises(OSError):
            while True:
                ballast.write(b"x" * 4096)

    def fill_inodes(self):
        (self.small / "many").mkdir()
        with self.assertRaises(OSError):
            for number in range(10000):
                (self.small / "many" / str(number)).touch()

    def empty(self):
        (self.small / "ballast").unlink(missing_ok=True)
        shutil.rmtree(self.small / "many", ignore_errors=True)

    def deploy_and_fill(self, fill):
        self.world.write({"a": "two", "b": "two", "c": "two"})
        self.world.sandbox.faults(latency=300)
        self.world.sandbox.forget_requests()
        process = self.world.start("deploy", "--concurrency", "1")
        self.world.wait_for(lambda: self.world.sandbox.requests("/import"), "an import")
        fill()
        ended = self.world.end(process)
        self.world.sandbox.faults()
        return ended

    def test_a_disk_that_is_full_after_the_intent_does_not_lose_the_result(self):
        for fill in (self.fill_bytes, self.fill_inodes):
            with self.subTest(fill.__name__):
                ended = self.deploy_and_fill(fill)
                self.assertEqual(ended.code, 0, ended)
                self.assertEqual(self.world.record()["phase"], "result")
                self.empty()
                self.world.sandbox.forget_requests()
                self.assertEqual(self.world.run("deploy").code, 0)
                self.assertEqual(self.world.sandbox.requests("/import"), [])
                self.assertEqual(self.world.deployed(), {"a": "two", "b": "two", "c": "two"})
                self.world.write({"a": "one", "b": "one", "c": None})
                self.assertEqual(self.world.run("deploy", "--prune").code, 0)

    def test_a_disk_that_is_full_before_sends_nothing_and_holds_nothing(self):
        for fill in (self.fill_bytes, self.fill_inodes):
            with self.subTest(fill.__name__):
                self.world.write({"a": fill.__name__})
                fill()
                self.world.sandbox.forget_requests()
                ended = self.world.run("deploy")
                self.assertEqual((ended.code, self.world.sandbox.requests("/import")), (1, []), ended)
                self.empty()
                ended = self.world.run("deploy")
                self.assertEqual(ended.code, 0, ended)
                self.assertNotIn("took over", ended.err)
                self.assertEqual(self.world.held()["a"], fill.__name__)


class FullDiskShared(FullDisk):
    shared = True


if __name__ == "__main__":
    unittest.main(verbosity=2)
