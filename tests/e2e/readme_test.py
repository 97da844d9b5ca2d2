"""What the README says is what the program says."""

import json
import pathlib
import re
import subprocess
import unittest

import harness

README = (pathlib.Path(__file__).resolve().parents[2] / "README.md").read_text()


def said(*arguments):
    done = subprocess.run([harness.FLOWSHIP, *arguments], env=harness.environment(COLUMNS="1000"), text=True,
                          capture_output=True, timeout=harness.PATIENCE, check=True)
    return done.stdout


def section(title):
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


class Readme(harness.TestCase):
    def test_lists_every_rule_as_the_program_does(self):
        rules = re.findall(r"^  (\S+) +(error|warning|note|off) +(.*)$", said("help", "rules"), re.MULTILINE)
        rows = re.findall(r"^\| `(\S+)` \| (\w+) \| (.*) \|$", section("Rules"), re.MULTILINE)
        self.assertEqual(rows, rules)

    def test_lists_every_command(self):
        commands = re.findall(r"^  (\w+) ", said("help").split("commands:")[1].split("options")[0], re.MULTILINE)
        shown = re.findall(r"^\| `(\w+)", section("Commands"), re.MULTILINE)
        self.assertLessEqual(set(commands) - {"version"}, set(shown))

    def test_gives_the_exit_codes_of_the_help(self):
        rows = re.findall(r"^\| (\d+) \| (.*) \|$", section("Commands"), re.MULTILINE)
        self.assertEqual(rows, re.findall(r"^ *(\d+) (.*)$", said("help").split("exit codes:")[1], re.MULTILINE))

    def test_shows_a_configuration_that_is_taken(self):
        config = json.loads(re.search(r"```json\n(.*?)```", section("flowship.json"), re.DOTALL).group(1))
        config["environments"]["production"]["projectId"] = harness.PROJECT
        self.repository.add_examples()
        self.repository.write("flowship.json", config)
        self.assertEqual(self.json_of("validate")["counts"]["error"], 0)

    def test_shows_an_operators_file_that_is_taken(self):
        text = re.search(r"```json\n(.*?)```", section("The daemon"), re.DOTALL).group(1)
        folder = self.folder / "etc"
        folder.mkdir()
        for name, secret in (("key", harness.KEY), ("status-token", "s" * 32), ("webhook-secret", "w" * 32)):
            (folder / name).write_text(secret)
            (folder / name).chmod(0o600)
        file = self.folder / "flowshipd.json"
        file.write_text(text.replace("/etc/flowship", str(folder)).replace("P2…", harness.PROJECT))
        self.run_flowship("serve", "--config", str(file), "--check")


if __name__ == "__main__":
    unittest.main(verbosity=2)
