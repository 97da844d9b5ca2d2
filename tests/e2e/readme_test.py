"""What the documentation says is what the program says.

FLOWSHIP_WRITE_DOCS=1 writes the help of all commands into docs/commands.md."""

import json
import os
import pathlib
import re
import subprocess
import unittest

import harness

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
HELP = "\n## Help\n"


def said(*arguments, columns="1000", **options):
    done = subprocess.run([harness.FLOWSHIP, *arguments], env=harness.environment(COLUMNS=columns), text=True,
                          capture_output=True, timeout=harness.PATIENCE, check=True, **options)
    return done.stdout


def page(name):
    return (DOCS / name).read_text()


def commands():
    return re.findall(r"^  (\w+) ", said("help").split("commands:")[1].split("options")[0], re.MULTILINE)


class Pages(harness.TestCase):
    def test_list_every_rule_as_the_program_does(self):
        rules = re.findall(r"^  (\S+) +(error|warning|note|off) +(.*)$", said("help", "rules"), re.MULTILINE)
        rows = re.findall(r"^\| `(\S+)` \| (\w+) \| (.*) \|$", page("validation.md"), re.MULTILINE)
        self.assertEqual(rows, rules)

    def test_list_every_command(self):
        shown = re.findall(r"^\| `(\w+)", page("commands.md"), re.MULTILINE)
        self.assertLessEqual(set(commands()) - {"version"}, set(shown))

    def test_have_the_help_of_every_command(self):
        text = page("commands.md").split(HELP)[0] + HELP
        for command in commands():
            text += f"\n### {command}\n\n```text\n{said('help', command, columns='100')}```\n"
        if os.environ.get("FLOWSHIP_WRITE_DOCS"):
            (DOCS / "commands.md").write_text(text)
        self.assertEqual(text, page("commands.md"))

    def test_give_the_exit_codes_of_the_help(self):
        rows = re.findall(r"^\| (\d+) \| (.*) \|$", page("exit-codes.md"), re.MULTILINE)
        self.assertEqual(rows, re.findall(r"^ *(\d+) (.*)$", said("help").split("exit codes:")[1], re.MULTILINE))

    def test_show_a_configuration_that_is_taken(self):
        config = json.loads(re.search(r"```json\n(.*?)```", page("environments.md"), re.DOTALL).group(1))
        config["environments"]["production"]["projectId"] = harness.PROJECT
        self.repository.add_examples()
        self.repository.write("flowship.json", config)
        self.assertEqual(self.json_of("validate")["counts"]["error"], 0)

    def test_show_an_operators_file_that_is_taken(self):
        text = re.search(r"```json\n(.*?)```", page("daemon.md"), re.DOTALL).group(1)
        folder = self.folder / "etc"
        folder.mkdir()
        for name, secret in (("key", harness.KEY), ("status-token", "s" * 32), ("webhook-secret", "w" * 32)):
            (folder / name).write_text(secret)
            (folder / name).chmod(0o600)
        file = self.folder / "flowshipd.json"
        file.write_text(text.replace("/etc/flowship", str(folder)).replace("P2…", harness.PROJECT))
        self.run_flowship("serve", "--config", str(file), "--check")

    def test_name_the_members_of_json(self):
        schema = json.loads((DOCS / "schemas/output.schema.json").read_text())["$defs"]
        rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (.*) \|$", page("json-output.md"), re.MULTILINE)
        described = {command: members for names, members in rows for command in re.findall(r"`(\w+)`", names)}
        for command in ("validate", "plan", "diff", "deploy", "status", "history", "paths"):
            definition = schema["deployment" if command == "deploy" and "deployment" in schema else command]
            for member in set(definition["required"]) - {"schemaVersion"}:
                self.assertIn(f"`{member}`", described[command], command)


class Readme(harness.TestCase):
    text = (ROOT / "README.md").read_text()

    def test_is_short(self):
        self.assertLessEqual(len(self.text.splitlines()), 250)

    def test_leads_to_every_page(self):
        for file in DOCS.glob("*.md"):
            self.assertIn(f"(docs/{file.name})", self.text)

    def test_shows_a_real_diff(self):
        self.repository.add_examples()
        path = self.repository.path / harness.FLOWS / "step-up/contents.json"
        rule = '"interactionId": "oneTimeCodeId",\n            "taskId": "{}"'
        text = path.read_text()
        self.assertEqual(1, text.count(rule.format(8)))
        path.write_text(text.replace(rule.format(8), rule.format(5)))
        [words, drawing] = re.findall(r"```(?:text|mermaid)\n.*?```", self.text.split("## See a change")[1], re.DOTALL)[:2]
        self.assertIn(drawing, said("diff", "--format", "markdown", cwd=self.repository.path))
        self.assertIn(words.partition("\n")[2].rpartition("```")[0], said("diff", cwd=self.repository.path))


if __name__ == "__main__":
    unittest.main(verbosity=2)
