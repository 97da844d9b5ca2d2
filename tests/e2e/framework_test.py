"""The manifest of the pre-commit framework, with its own program and with prek."""

import os
import pathlib
import subprocess

import harness
from harness import FLOWS
from hooks_harness import Done, HooksTestCase

MANIFEST = pathlib.Path(__file__).resolve().parents[2] / ".pre-commit-hooks.yaml"
CONTENTS = f"{FLOWS}/mfa/contents.json"


class Cases:
    """What holds for both programs."""

    def find_program(self):
        raise NotImplementedError

    def setUp(self):
        self.program = self.find_program()
        super().setUp()
        self.manifest = harness.Repository(self.folder / "manifest")
        self.manifest.write(MANIFEST.name, MANIFEST.read_text())
        self.manifest.commit("Publish the hook")

    def check(self, *arguments):
        """Runs the hook out of its repository, as a user tries it."""
        path = os.path.dirname(harness.FLOWSHIP) + ":" + os.environ["PATH"]
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return Done(subprocess.run(
            [self.program, "try-repo", str(self.manifest.path), "flowship-validate", *arguments], cwd=self.path,
            env=harness.environment(PATH=path, HOME=str(home)), text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=harness.PATIENCE))

    def assert_failed(self, done, *parts):
        self.assertEqual(done.code, 1, done)
        for part in parts:
            self.assertIn(part, done.out)

    def test_a_change_that_is_fine_passes(self):
        self.repository.git("add", self.note("mfa", "fine"))
        self.assert_ok(self.check())

    def test_a_commit_that_only_deletes_a_screen_is_checked(self):
        screen = sorted((self.path / FLOWS / "mfa").glob("screen-*.json"))[0].relative_to(self.path)
        self.repository.git("rm", "--quiet", str(screen))
        self.assert_failed(self.check(), f"{screen}:1:1: error: ")

    def test_all_files_and_a_range_are_checked(self):
        self.assert_ok(self.check("--all-files"))
        self.break_syntax(CONTENTS)
        self.repository.commit("Break")
        self.assert_failed(self.check("--all-files"), CONTENTS + ":")
        self.assert_failed(self.check("--from-ref", "HEAD~1", "--to-ref", "HEAD"), CONTENTS + ":")
        self.note("sign-in", "fine")
        self.repository.commit("Change")
        self.assert_ok(self.check("--from-ref", "HEAD~1", "--to-ref", "HEAD"))


class PreCommit(Cases, HooksTestCase):
    def find_program(self):
        return harness.program("pre-commit", "pre-commit")


class Prek(Cases, HooksTestCase):
    def find_program(self):
        return harness.npm_program("prek")


if __name__ == "__main__":
    harness.main()
