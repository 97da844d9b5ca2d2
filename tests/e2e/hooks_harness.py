"""What the tests of hooks share: git that may fail, and repositories with flowship's hooks in them."""

import json
import pathlib
import subprocess

import harness
from harness import FLOWS, FLOWSHIP, PATIENCE


class Done:
    def __init__(self, process):
        self.code, self.out, self.err = process.returncode, process.stdout, process.stderr

    def __str__(self):
        return f"exit {self.code}\n{self.out}\n{self.err}"


def git(folder, *arguments, input=None, **variables):
    """Runs git as a user would, with hooks that find the program; it may fail."""
    variables.setdefault("FLOWSHIP_BIN", FLOWSHIP)
    return Done(subprocess.run(["git", *arguments], cwd=folder, env=harness.environment(**variables), text=True,
                               input=input, capture_output=True, timeout=PATIENCE))


class HooksTestCase(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.path = self.repository.path

    def install(self, *arguments, cwd=None):
        return self.run_flowship("hook", "install", *arguments, cwd=cwd).out

    def assert_ok(self, done):
        self.assertEqual(done.code, 0, done)
        return done

    def assert_refused(self, done, *parts):
        self.assertNotEqual(done.code, 0, done)
        for part in parts:
            self.assertIn(part, done.err, done)
        return done

    def git(self, *arguments, cwd=None, **options):
        return git(cwd or self.path, *arguments, **options)

    def remote_url(self, bare):
        """How the repository pushes to a bare one."""
        return f"file://{bare}"

    def break_syntax(self, path, folder=None):
        """Takes one colon away; returns the line that a reader stumbles over."""
        file = pathlib.Path(folder or self.path) / path
        file.write_text(file.read_text().replace(":", "", 1))
        return f"{path}:"

    def note(self, flow_id, text, folder=None):
        """A harmless change of one screen; returns its path."""
        root = pathlib.Path(folder or self.path)
        file = sorted((root / FLOWS / flow_id).glob("screen-*.json"))[0]
        document = json.loads(file.read_text())
        document["contents"]["ROOT"]["props"]["note"] = text
        file.write_text(json.dumps(document, indent=2) + "\n")
        return str(file.relative_to(root))
