"""Objects that are cut off, as a crash of the machine leaves them: an error at once, and a daemon that mends its mirror."""

import pathlib
import shutil
import subprocess
import time

import harness
from daemon_harness import DaemonTestCase

def cut(test, git_directory, revision):
    """Cuts off the loose object that `revision` names, until the test is over."""
    done = subprocess.run(["git", f"--git-dir={git_directory}", "rev-parse", revision], env=harness.environment(),
                          text=True, capture_output=True, check=True)
    name = done.stdout.strip()
    file = pathlib.Path(git_directory) / "objects" / name[:2] / name[2:]
    whole = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(whole[:-10])
    test.addCleanup(lambda: file.exists() and file.write_bytes(whole))
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
                self.assertLess(time.monotonic() - began, 5, (command, kept))
            restore()
        self.assertEqual(self.sandbox.imports(), [])


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
