"""Many flows are held compressed while they are not in use, so that the memory grows by less than their text."""

import os
import pathlib
import subprocess
import sys
import unittest

import harness
from harness import FLOWSHIP
from sizes_test import HAS_SANITIZER, MEASURE, MIB

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "bench"))
import generate  # noqa: E402

# The least for which flows are held so: 10,500 files with 50 MiB of text, which take 130 MiB when they are parsed.
COUNT = 1400
MOST_MEMORY = 90 * MIB


class Memory(harness.TestCase):
    @unittest.skipIf(HAS_SANITIZER, "a sanitizer keeps what was freed")
    def test_a_plan_of_many_flows_takes_less_than_twice_their_text(self):
        folder = self.folder / "many"
        generate.generate(str(folder), COUNT)
        text = sum(len(content) for _, content in generate.repository_files(COUNT, 0))
        self.assertGreater(text * 2, MOST_MEMORY)
        done = subprocess.run([sys.executable, "-c", MEASURE, FLOWSHIP, "plan", "--repo", folder, "--format", "json"],
                              text=True, env=harness.environment(), capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count('"action": "create"'), COUNT)
        self.assertLess(int(done.stdout.split()[-1]) * 1024, MOST_MEMORY)


if __name__ == "__main__":
    harness.main()
