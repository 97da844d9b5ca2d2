#!/usr/bin/env python3
"""The generated repository is what a measurement takes it for."""
import json
import pathlib
import subprocess
import tempfile
import unittest

import flows
import generate


def git(folder, *arguments):
    return subprocess.run(["git", "-C", folder, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


class Repository(unittest.TestCase):
    COUNT = 60

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name) / "repository"
        generate.generate(str(cls.folder), cls.COUNT, checkout=True)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_has_flows_of_5_to_10_files_and_some_35_kilobytes(self):
        size = 0
        for index in range(self.COUNT):
            files = list((self.folder / generate.ROOT / "flows" / flows.flow_id(index)).iterdir())
            self.assertTrue(5 <= len(files) <= 10, files)
            size += sum(file.stat().st_size for file in files)
        self.assertAlmostEqual(35000, size / self.COUNT, delta=5000)

    def test_differs_in_one_screen_between_its_two_commits(self):
        changed = git(self.folder, "diff", "--name-only", "main~1", "main").splitlines()
        self.assertEqual([path for path, _ in generate.changed_files(self.COUNT, 0)], changed)

    def test_can_have_a_branch_on_which_more_flows_differ(self):
        branch = generate.add_branch(str(self.folder), self.COUNT, 7)
        changed = git(self.folder, "diff", "--name-only", "main~1", branch).splitlines()
        self.assertEqual(len({path.split("/")[2] for path in changed}), 7)
        self.assertEqual(len(changed), 7)

    def test_is_sound_and_checked_out(self):
        git(self.folder, "fsck", "--strict")
        self.assertEqual("", git(self.folder, "status", "--porcelain"))

    def test_is_the_same_for_the_same_number_and_seed(self):
        heads = {}
        for name, seed in (("again", 0), ("other", 1)):
            folder = str(self.folder.parent / name)
            generate.generate(folder, self.COUNT, seed)
            heads[name] = git(folder, "rev-parse", "main")
        self.assertEqual(git(self.folder, "rev-parse", "main"), heads["again"])
        self.assertNotEqual(heads["again"], heads["other"])


class Flow(unittest.TestCase):
    def test_leads_only_to_what_there_is(self):
        for index in range(30):
            files = {name: json.loads(text) for name, text in flows.files(index).items()}
            tasks = files["contents.json"]["tasks"]
            self.assertIn(files["contents.json"]["startTask"], tasks)
            screens = {file["screenId"] for name, file in files.items() if name.startswith("screen-")}
            self.assertEqual(screens, {task["screenId"] for task in tasks.values() if task.get("type") == "screen"})
            for task in tasks.values():
                for rule in task["next"].get("rules", []):
                    self.assertIn(rule["taskId"], tasks)


if __name__ == "__main__":
    unittest.main()
