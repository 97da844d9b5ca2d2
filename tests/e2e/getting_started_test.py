"""The first hour in docs/getting-started.md and the README's tour, replayed: what is typed prints what stands there.

FLOWSHIP_WRITE_DOCS=1 writes what was printed into the pages."""
import os
import pathlib
import re
import shlex
import subprocess
import unittest

import harness
from harness import EXAMPLES, FLOWSHIP, PROJECT

ROOT = pathlib.Path(__file__).resolve().parents[2]
# A block of commands with what they print, an edit that somebody makes in the console, or commands before the page.
PART = re.compile(
    r"```console\n(?P<block>.*?)```|<!-- console: (?P<edit>.*?) -->|<!-- unseen: (?P<unseen>.*?) -->", re.DOTALL)
MARK = "-- typed --"


def told(text):
    """What commands print, without the progress that a terminal does not keep, and with the same ids and times in every run."""
    ids = {}

    def name(found):
        return ids.setdefault(found[0][:7], f"{len(ids) + 10:02x}" * 4)[:len(found[0])]
    text = re.sub(r"^\[\d+/\d+\] .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2026-11-24T09:30:00Z", text)
    return re.sub(r"\b[0-9a-f]{7,8}\b", name, text)


class GettingStarted(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.home = self.folder / "home"
        self.home.mkdir()
        origin = self.folder / "login-flows.git"
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", origin], check=True,
                       env=harness.environment())
        config = self.folder / "gitconfig"
        config.write_text(f'[url "{origin}"]\n\tinsteadOf = git@git.example:login-flows.git\n'
                          "[init]\n\tdefaultBranch = main\n[core]\n\tpager = cat\n")
        self.variables = harness.environment(
            PATH=f"{pathlib.Path(FLOWSHIP).parent}:{os.environ['PATH']}", HOME=str(self.home),
            GIT_CONFIG_GLOBAL=str(config), DESCOPE_BASE_URL=self.sandbox.url, COLUMNS="100")
        for flow_id in ("mfa", "sign-up-or-in"):
            flow = subprocess.run([FLOWSHIP, "convert", f"{harness.FLOWS}/{flow_id}", "-", "--layout", "exported"],
                                  cwd=self.example_repository(), env=harness.environment(), text=True,
                                  capture_output=True, check=True).stdout
            self.sandbox.ask(f"/_sandbox/flows/{PROJECT}/{flow_id}", "PUT", harness.json.loads(flow))

    def example_repository(self):
        if not (self.repository.path / harness.FLOWS).exists():
            self.repository.add_examples()
        return self.repository.path

    def edit_in_console(self, flow_id, before, after):
        text = harness.json.dumps(self.sandbox.held()[flow_id], ensure_ascii=False)
        self.assertEqual(1, text.count(before), before)
        self.sandbox.edit(harness.json.loads(text.replace(before, after)))

    def replay(self, page):
        """The page with what its commands print; all are typed into one shell."""
        shell = subprocess.Popen(["sh"], cwd=self.home, env=self.variables, text=True, stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(shell.stdout.close)

        def type_in(command):
            shell.stdin.write(f"{command}\necho '{MARK}'\n")
            shell.stdin.flush()
            printed = ""
            for line in shell.stdout:
                if line.strip() == MARK:
                    return printed
                printed += line
            self.fail(f"{command} ended the shell: {printed}")

        def played(part):
            if part["edit"]:
                self.edit_in_console(*shlex.split(part["edit"]))
                return part[0]
            if part["unseen"]:
                type_in(part["unseen"])
                return part[0]
            commands = re.findall(r"^\$ (.*(?:\n> .*)*)", part["block"], re.MULTILINE)
            return "```console\n" + "\n".join(
                f"$ {command}\n" + type_in(command.replace("\n> ", "\n")) for command in commands) + "```"

        text = PART.sub(played, page)
        shell.stdin.close()
        shell.wait(harness.PATIENCE)
        return told(text.replace(str(self.home), "~"))

    def expect_replayed(self, file):
        page = file.read_text()
        played = self.replay(page)
        if os.environ.get("FLOWSHIP_WRITE_DOCS"):
            file.write_text(played)
        self.maxDiff = None
        self.assertEqual(page, played)

    def test_every_command_prints_what_the_page_says(self):
        self.expect_replayed(ROOT / "docs/getting-started.md")

    def test_the_readmes_tour_prints_what_it_says(self):
        self.expect_replayed(ROOT / "README.md")


if __name__ == "__main__":
    harness.main()
