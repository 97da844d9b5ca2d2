"""The program lies in two files: flowship works offline, and goes on as flowship-online for the rest."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness import FLOWSHIP, Repository, environment

POCO_AND_NETWORK = ("libPocoFoundation.", "libPocoJSON.", "libPocoNet.", "libPocoNetSSL.", "libssl.so")


def libraries(program):
    """The names of the libraries that the loader binds when the program starts."""
    listing = subprocess.run([program], env=environment(LD_TRACE_LOADED_OBJECTS="1"), stdout=subprocess.PIPE,
                             text=True, check=True).stdout
    return [line.split()[0] for line in listing.splitlines()]


class Parts(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.repository = Repository(self.folder / "repository")
        self.repository.git("commit", "--quiet", "--allow-empty", "--message", "Begin")

    def install(self, program, folder):
        place = self.folder / folder
        place.mkdir(parents=True)
        return pathlib.Path(shutil.copy2(program, place))

    def run_installed(self, program, *arguments):
        return subprocess.run([program, *arguments, "--repo", self.repository.path], env=environment(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_what_works_offline_loads_neither_poco_nor_the_network(self):
        offline, online = libraries(FLOWSHIP), libraries(FLOWSHIP + "-online")
        for name in POCO_AND_NETWORK:
            self.assertFalse([each for each in offline if each.startswith(name)], name)
            self.assertTrue([each for each in online if each.startswith(name)], name)

    def test_both_find_each_other_where_they_are_installed(self):
        program = self.install(FLOWSHIP, "prefix/bin")
        self.install(FLOWSHIP + "-online", "prefix/libexec/flowship")
        link = self.folder / "flowship"
        os.symlink(program, link)
        for each in (program, link):
            result = self.run_installed(each, "unlock")
            self.assertEqual((result.returncode, result.stderr), (0, "Nobody holds `default`.\n"))

    def test_a_copy_of_the_one_file_works_offline_and_says_what_is_missing(self):
        program = self.install(FLOWSHIP, "alone")
        self.assertEqual(self.run_installed(program, "plan").returncode, 0)
        result = self.run_installed(program, "deploy", "--format", "json")
        self.assertEqual(result.returncode, 1)
        answer = json.loads(result.stdout)
        self.assertIs(answer["ok"], False)
        self.assertIn("flowship-online", answer["error"]["message"])
        self.assertIn("install flowship as a whole", answer["error"]["hint"])


if __name__ == "__main__":
    unittest.main()
