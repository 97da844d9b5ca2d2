"""Objects that are cut off, as a crash of the machine leaves them: an error at once, and a daemon that mends its mirror."""

import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import harness
from daemon_harness import DaemonTestCase
from world import World

# Seconds until an error has come: 5 on a machine that does nothing else; what waits for a time limit takes a minute.
LIMIT = 20


def object_file(git_directory, revision):
    """The name of the loose object that `revision` names, and its file."""
    done = subprocess.run(["git", f"--git-dir={git_directory}", "rev-parse", revision], env=harness.environment(),
                          text=True, capture_output=True, check=True)
    name = done.stdout.strip()
    return name, pathlib.Path(git_directory) / "objects" / name[:2] / name[2:]


def cut_loose(test, git_directory, revision):
    """Cuts off a loose object until the test is over, or what this returns is called."""
    _, file = object_file(git_directory, revision)
    whole = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(whole[:-10])
    test.addCleanup(lambda: file.exists() and file.write_bytes(whole))
    return lambda: file.write_bytes(whole)


def cut(test, git_directory, revision):
    """The same; the object's name."""
    name, _ = object_file(git_directory, revision)
    cut_loose(test, git_directory, revision)
    return name


def cut_pack(test, git_directory, kept):
    """Packs everything, and keeps that part of the pack until the test is over."""
    for command in (["repack", "-adq"], ["pack-refs", "--all"]):
        subprocess.run(["git", f"--git-dir={git_directory}", *command], env=harness.environment(), check=True)
    [file] = (pathlib.Path(git_directory) / "objects" / "pack").glob("*.pack")
    whole = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(whole[:int(len(whole) * kept)])
    test.addCleanup(lambda: file.exists() and file.write_bytes(whole))
    return lambda: file.write_bytes(whole)


class Commands(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.deploy()
        self.git_directory = self.repository.path / ".git"
        self.ids = self.repository.flow_ids()

    def refused(self, *arguments):
        """What a command says of the damaged object, instead of reading it for ever."""
        return self.run_flowship(*arguments, code=1).err

    def test_a_damaged_source_is_named(self):
        screen = sorted((self.repository.path / harness.FLOWS / self.ids[0]).glob("screen-*.json"))[0]
        screen.write_text(screen.read_text() + "\n")
        self.repository.commit("Change a screen")
        for revision in (f"HEAD:{screen.relative_to(self.repository.path)}", f"HEAD:{harness.FLOWS}", "HEAD"):
            name = cut(self, self.git_directory, revision)
            self.assertIn(name, self.refused("validate", "--rev", "main" if revision != "HEAD" else name[:10]))
        self.sandbox.forget_requests()
        self.refused("deploy")
        self.assertEqual(self.sandbox.imports(), [])

    def test_a_damaged_ledger_is_named_and_nothing_is_sent(self):
        self.sandbox.forget_requests()
        for path in (":deployment.json", "^{tree}", ""):
            name = cut(self, self.git_directory, f"refs/flowship/default{path}")
            for command in ("status", "deploy", "plan"):
                self.assertIn(f"{name} is damaged", self.refused(command), (command, path))
        self.assertEqual(self.sandbox.imports(), [])

    def test_a_pack_that_was_cut_off_is_an_error_of_every_command(self):
        head = self.repository.git("rev-parse", "HEAD")
        self.sandbox.forget_requests()
        for kept in (0.99, 0.5, 0.001, 0):
            restore = cut_pack(self, self.git_directory, kept)
            for command in (["validate", "--rev", "main"], ["plan"], ["status"], ["deploy"], ["history"], ["diff", "main~1"]):
                began = time.monotonic()
                self.assertIn(f"{head} of the revision", self.refused(*command), (command, kept))
                self.assertLess(time.monotonic() - began, LIMIT, (command, kept))
            restore()
        self.assertEqual(self.sandbox.imports(), [])


class Remote(unittest.TestCase):
    """The bare repository that holds a shared ledger."""

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="flowship-e2e-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.world = World(folder, machines=2, shared=True)
        self.addCleanup(self.world.close)
        for text in ("one", "two"):
            self.world.write({"a": text, "b": text})
            self.assertEqual(self.world.run("deploy").code, 0)

    def damages(self):
        """What is damaged, and what damages it and returns what mends it."""
        for path in ("", "^{tree}", ":deployment.json", ":flows.json", ":deployed/a.json", "~1", "~1:deployment.json"):
            yield path, lambda path=path: cut_loose(self, self.world.origin, f"refs/flowship/default{path}")
        for kept in (0.99, 0.5, 0.001, 0):
            yield f"{kept} of the pack", lambda kept=kept: cut_pack(self, self.world.origin, kept)

    def ended(self, *command, machine):
        began = time.monotonic()
        ended = self.world.run(*command, machine=machine)
        self.assertLess(time.monotonic() - began, LIMIT, ended)
        return ended

    def reads(self, machine):
        return {command: self.ended(command, machine=machine).json for command in ("status", "plan", "history")}

    def test_who_has_not_seen_the_ledger_gets_an_error_that_names_the_remote(self):
        reads = self.reads(0)
        self.world.sandbox.forget_requests()
        for what, damage in self.damages():
            mend = damage()
            for command in (*reads, "deploy", "rollback"):
                with self.subTest(what, command=command):
                    ended = self.ended(command, machine=1)
                    self.assertEqual(ended.code, 1, ended)
                    self.assertRegex(ended.json["error"]["message"], "from origin: the remote answers")
            mend()
        self.assertEqual(self.world.sandbox.imports(), [])
        self.assertEqual(self.reads(1), reads)

    def test_who_has_seen_the_ledger_reads_it_right_and_deploys_or_says_why_not(self):
        for number, (what, damage) in enumerate(self.damages()):
            with self.subTest(what):
                self.world.write({"a": f"number {number}"})
                reads = self.reads(0)
                self.world.sandbox.forget_requests()
                mend = damage()
                try:
                    self.assertEqual(self.reads(0), reads)
                    ended = self.ended("deploy", "--share-wait", "0s", machine=0)
                    if ended.code != 0:
                        self.assertEqual(ended.code, 1, ended)
                        self.assertRegex(ended.json["error"]["message"], "(to|from) origin: ")
                        self.assertRegex(str(ended.json["error"]), "git fsck|is recorded in this clone")
                finally:
                    mend()
                self.assertEqual(self.ended("deploy", machine=0).code, 0)
                self.assertEqual(self.world.sandbox.imports(), ["a"])
                self.assertEqual((self.world.deployed(), self.world.held()),
                                 ({"a": f"number {number}", "b": "two"},) * 2)


class Daemon(DaemonTestCase):
    def pushed_while_away(self):
        """A change that the mirror has, as loose objects, and that is not deployed yet."""
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        self.change("mfa", "after")
        served.end()
        self.push()
        mirror = self.data / "mirrors" / "login-flows.git"
        subprocess.run(["git", "fetch", "--quiet", "origin"], cwd=mirror, env=harness.environment(), check=True)
        self.sandbox.forget_requests()
        self.addCleanup(shutil.rmtree, f"{mirror}.damaged", ignore_errors=True)
        return mirror

    def mends(self, revision):
        cut(self, self.pushed_while_away(), revision)
        served = self.expect_deployment()
        self.assertTrue(any("recreated" in entry["message"] for entry in served.log()), served.text())

    def expect_deployment(self):
        served = self.serve()
        self.wait_for_deployment()
        self.wait_until(lambda: served.status("/readyz") == 200)
        self.assertEqual(self.sandbox.imports(), ["mfa"])
        return served


class Unshared(Daemon):
    def test_a_damaged_source_in_the_mirror_is_fetched_anew(self):
        screen = sorted((self.repository.path / harness.FLOWS / "mfa").glob("screen-*.json"))[0]
        self.mends(f"main:{screen.relative_to(self.repository.path)}")

    def test_a_damaged_commit_in_the_mirror_is_fetched_anew(self):
        self.mends("main")

    def test_a_pack_of_the_mirror_that_was_cut_off_is_fetched_anew(self):
        mirror = self.pushed_while_away()
        # The ledger stays readable.
        ledger = subprocess.run(["git", "rev-list", "--objects", "--no-object-names", "refs/flowship/production"], cwd=mirror,
                                env=harness.environment(), capture_output=True, text=True, check=True).stdout
        subprocess.run(["git", "repack", "-adq"], cwd=mirror, env=harness.environment(), check=True)
        subprocess.run(["git", "pack-objects", "-q", "objects/pack/ledger"], cwd=mirror, env=harness.environment(),
                       input=ledger, text=True, check=True, stdout=subprocess.DEVNULL)
        [pack] = (mirror / "objects" / "pack").glob("pack-*.pack")
        pack.chmod(0o644)
        pack.write_bytes(pack.read_bytes()[:-100])
        self.expect_deployment()

    def test_without_its_ledger_nothing_is_overwritten(self):
        cut(self, self.pushed_while_away(), "refs/flowship/production:deployment.json")
        served = self.serve()
        self.wait_until(lambda: served.ended(outcome="drifted"))
        self.assertTrue(any("its ledgers could not be read" in entry["message"] for entry in served.log()))
        self.assertEqual(self.sandbox.imports(), [])


class Shared(Daemon):
    environments = {"production": {"projectId": harness.PROJECT, "branch": "main", "ledger": {"remote": "origin"}}}

    def mirror(self):
        # Where everybody sees the ledger.
        return self.bare

    def test_a_damaged_ledger_in_the_mirror_is_fetched_anew(self):
        self.mends("refs/flowship-remotes/origin/flowship/production:deployment.json")


if __name__ == "__main__":
    harness.main()
