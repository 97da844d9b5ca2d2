"""Completions and the manual page say what the help says, to the shells and the readers that they are for."""

import os
import pathlib
import pty
import re
import select
import shlex
import signal
import subprocess
import tempfile
import time
import unittest

import harness


def said(*arguments):
    done = subprocess.run([harness.FLOWSHIP, *arguments], env=harness.environment(COLUMNS="1000"), text=True,
                          capture_output=True, timeout=harness.PATIENCE, check=True)
    return done.stdout


COMMANDS = re.findall(r"^  (\w+) ", said("help").split("commands:")[1].split("options")[0], re.MULTILINE)
FORMATS = re.findall(r"^  (\w+) ", said("help", "formats"), re.MULTILINE)


def options_of(command):
    return re.findall(r"^  (--[\w-]+)", said("help", command), re.MULTILINE)


OPTIONS = {command: options_of(command) for command in COMMANDS}


class FromTheRepository(harness.TestCase):
    """What the hidden command offers, whatever the shell."""

    def setUp(self):
        super().setUp()
        self.repository.add_examples()

    def complete(self, *words, **options):
        done = self.run_flowship("__complete", *words, **options)
        self.assertEqual(done.err, "")
        return [line.split("\t")[0] for line in done.out.splitlines()]

    def configure(self):
        self.repository.write("flowship.json", {"environments": {
            "staging": {"projectId": "P2staging"}, "production": {"projectId": "P2production"}}})

    def test_environments(self):
        self.configure()
        for words in (("deploy", "--env", ""), ("--env", ""), ("promote", "--from", ""), ("promote", "--to", "")):
            self.assertEqual(self.complete(*words), ["production", "staging"])
        self.assertEqual(self.complete("plan", "--env=s"), ["--env=staging"])
        elsewhere = str(self.repository.path)
        self.assertEqual(self.complete("--repo", elsewhere, "plan", "--env", "p", cwd=self.folder), ["production"])

    def test_flows(self):
        for command in ("deploy", "plan", "pull", "render"):
            self.assertEqual(self.complete(command, ""), self.repository.flow_ids())
        self.assertEqual(self.complete("deploy", "sign-in", "st"), ["step-up"])
        self.assertEqual(self.complete("render", "sign-in", "st"), [])

    def test_no_flow_with_an_id_that_can_not_be_deployed(self):
        flow = self.repository.path / "ProjectSnapshot/flows/mfa"
        flow.rename(flow.with_name("y$(touch pwned)"))
        self.assertNotIn("y$(touch pwned)", self.complete("deploy", ""))
        self.assertEqual(self.complete("deploy", "y"), [])

    def test_records(self):
        self.assertEqual(self.complete("rollback", ""), OPTIONS["rollback"])
        records = [self.deploy()["record"]]
        self.repository.write("ProjectSnapshot/flows/mfa/metadata.json", {
            **self.repository.read("ProjectSnapshot/flows/mfa/metadata.json"), "description": "New"})
        self.repository.commit()
        records.insert(0, self.deploy()["record"])
        for words in (("rollback", ""), ("plan", "--record", ""), ("rollback", "--to-before", "")):
            offered = self.complete(*words)
            self.assertEqual(len(offered), 2)
            for record, name in zip(records, offered):
                self.assertTrue(record.startswith(name), (record, name))
        self.run_flowship("plan", "--record", offered[1])

    def test_records_of_the_chosen_environment(self):
        self.configure()
        self.repository.commit()
        self.run_flowship("deploy", "--env", "staging")
        self.assertEqual(len(self.complete("--env", "staging", "rollback", "")), 1)
        self.assertEqual(len(self.complete("plan", "--record", "", FLOWSHIP_ENV="staging")), 1)
        self.assertEqual(self.complete("plan", "--env", "production", "--record", ""), [])

    def test_revisions(self):
        self.repository.git("tag", "v1")
        self.assertEqual(self.complete("plan", "--rev", ""), ["main", "v1"])
        self.assertEqual(self.complete("diff", "v"), ["v1"])

    def test_silence_when_something_is_broken(self):
        self.assertEqual(self.complete("deploy", "--env", "", cwd="/"), [])
        self.assertEqual(self.complete("deploy", "x", cwd="/"), [])
        self.repository.write("flowship.json", "{")
        for words in (("--env", ""), ("deploy", "x"), ("plan", "--record", ""), ("nonsense", ""), ()):
            self.assertEqual(self.complete(*words), [])

    def test_a_hidden_command(self):
        self.assertNotIn("__complete", said("help") + said("help", "man"))


class InTheShell(unittest.TestCase):
    """A test with the script of one shell, run by that shell."""

    shell = ""
    # Arguments that make the shell read nothing of the user's.
    bare = ()

    def setUp(self):
        harness.program(self.shell, self.shell)
        self.script = tempfile.NamedTemporaryFile("w", prefix="flowship-completion-")
        self.addCleanup(self.script.close)
        self.script.write(said("completion", self.shell))
        self.script.flush()

    def run_shell(self, *arguments, **options):
        path = f"{os.path.dirname(harness.FLOWSHIP)}:{os.environ['PATH']}"
        done = subprocess.run([self.shell, *self.bare, *arguments],
                              env=harness.environment(HOME=tempfile.gettempdir(), PATH=path), text=True, capture_output=True, timeout=harness.PATIENCE, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def check_syntax(self):
        self.run_shell("-n", self.script.name)


class Bash(InTheShell):
    shell = "bash"
    bare = ("--norc", "--noprofile")

    def complete(self, *words):
        """What bash offers for the last of the words, which are as bash splits a line."""
        code = 'source "$0"; COMP_WORDS=(flowship "$@"); COMP_CWORD=$#; _flowship; printf "%s\\n" "${COMPREPLY[@]}"'
        return self.run_shell("-c", code, self.script.name, *words, cwd=harness.EXAMPLES.parent).split("\n")[:-1]

    def test_registers_for_the_program(self):
        shown = self.run_shell("-c", 'source "$0"; complete -p flowship', self.script.name)
        self.assertEqual(shown, "complete -F _flowship flowship\n")

    def test_offers_every_command(self):
        self.assertEqual(self.complete(""), COMMANDS)
        self.assertEqual(self.complete("va"), ["validate"])

    def test_offers_the_options_of_each_command(self):
        for command in COMMANDS:
            self.assertEqual(self.complete(command, "--"), OPTIONS[command], command)
        self.assertEqual(self.complete("deploy", "--atom"), ["--atomic"])

    def test_offers_the_words_that_an_option_takes(self):
        self.assertEqual(self.complete("plan", "--format", ""), FORMATS)
        self.assertEqual(self.complete("deploy", "--on-drift", "a"), ["adopt"])
        self.assertEqual(self.complete("--color", "a"), ["auto", "always"])
        self.assertEqual(self.complete("deploy", "--on-drift", "="), ["fail", "skip", "overwrite", "adopt"])
        self.assertEqual(self.complete("deploy", "--on-drift", "=", "s"), ["skip"])
        self.assertEqual(self.complete("plan", "--report", "js"), ["json="])
        self.assertEqual(self.complete("plan", "--report", "=", "js"), ["json="])

    def test_offers_files_where_files_are_taken(self):
        self.assertEqual(self.complete("validate", "READ"), ["README.md"])
        self.assertEqual(self.complete("plan", "--config", "READ"), ["README.md"])
        self.assertEqual(self.complete("plan", "--report", "json", "=", "READ"), ["README.md"])
        self.assertEqual(self.complete("plan", "--repo", "exam"), ["examples"])
        self.assertEqual(self.complete("plan", "--repo", "READ"), [""])

    def test_offers_the_words_that_a_command_takes(self):
        self.assertEqual(self.complete("completion", ""), ["bash", "zsh", "fish"])
        self.assertEqual(self.complete("help", ""), [*COMMANDS, "config", "rules", "formats", "schema", "server", "man"])


class AtThePrompt(InTheShell):
    """What bash makes of a line in which somebody presses Tab and then Enter."""

    shell = "bash"
    bare = Bash.bare

    def press(self, repository, typed):
        """The files that there are in the repository once the line was completed and run."""
        code = (f"cd {shlex.quote(str(repository.path))}; source {self.script.name}; PS1='ready> '; "
                "bind 'set bell-style none'\n")
        pid, terminal = pty.fork()
        if pid == 0:
            path = f"{os.path.dirname(harness.FLOWSHIP)}:{os.environ['PATH']}"
            os.execvpe("bash", ["bash", *self.bare, "-i"],
                       harness.environment(HOME=str(repository.path), PATH=path, TERM="dumb"))
        try:
            shown = ""

            def until(pattern):
                nonlocal shown
                deadline = time.monotonic() + harness.PATIENCE
                while not (read() and re.search(pattern, shown)):
                    self.assertLess(time.monotonic(), deadline, shown)
                shown = ""

            def read():
                nonlocal shown
                while select.select([terminal], [], [], 0.05)[0]:
                    shown += os.read(terminal, 65536).decode(errors="replace")
                return True

            os.write(terminal, code.encode())
            until("ready> $")
            os.write(terminal, typed.encode() + b"\t")
            until(re.escape(typed) + "[^\r]+ $")
            os.write(terminal, b"\necho do''ne\n")
            until("done\r?\n")
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(terminal)
        return sorted(path.name for path in repository.path.iterdir())

    def test_no_name_from_the_repository_is_run(self):
        with tempfile.TemporaryDirectory() as folder:
            repository = harness.Repository(pathlib.Path(folder) / "repository")
            repository.add_examples()
            repository.git("branch", "zz$(touch${IFS}pwned)")
            repository.git("branch", "yy;touch${IFS}pwned")
            repository.write("ww$(touch pwned)", "")
            before = sorted(path.name for path in repository.path.iterdir())
            for typed in ("flowship plan --rev zz", "flowship plan --rev=zz", "flowship diff yy", "flowship validate ww",
                          "flowship plan --config=ww"):
                with self.subTest(typed):
                    self.assertEqual(self.press(repository, typed), before)


class Zsh(InTheShell):
    shell = "zsh"
    bare = ("--no-rcs",)

    def complete(self, *words):
        """What the script hands to zsh's own functions for the last of the words."""
        code = ('_describe() { print -rl -- "${(@P)4}" }; _files() { print -r -- files "$@" }; compset() { : }; '
                'compdef() { : }; source $0; words=(flowship "$@"); CURRENT=$#words; PREFIX=$words[-1]; _flowship')
        return [line.split(":")[0] for line in self.run_shell("-c", code, self.script.name, *words).splitlines()]

    def test_is_a_script(self):
        self.check_syntax()

    def test_is_taken_by_zsh(self):
        """Loaded as an installed file is, it becomes the function for the program."""
        code = ('folder=$(mktemp -d); cp $0 $folder/_flowship; fpath=($folder $fpath); autoload -Uz compinit; '
                'compinit -u -D; print -r -- $_comps[flowship]; rm -r $folder')
        self.assertEqual(self.run_shell("-c", code, self.script.name), "_flowship\n")

    def test_offers_every_command(self):
        self.assertEqual(self.complete(""), COMMANDS)

    def test_offers_the_options_of_each_command(self):
        for command in COMMANDS:
            self.assertEqual(self.complete(command, "--"), OPTIONS[command], command)

    def test_offers_the_words_that_an_option_takes(self):
        self.assertEqual(self.complete("deploy", "--on-drift", ""), ["fail", "skip", "overwrite", "adopt"])
        self.assertEqual(self.complete("plan", "--report", "js"), ["json="])

    def test_offers_files_where_files_are_taken(self):
        self.assertEqual(self.complete("validate", ""), ["files"])
        self.assertEqual(self.complete("plan", "--repo", ""), ["files -/"])


class Fish(InTheShell):
    shell = "fish"
    bare = ("--no-config",)

    def complete(self, *lines):
        """What fish offers for each of the lines."""
        code = "source $argv[1]; for line in $argv[2..]; complete -C $line; echo ---; end"
        answers = self.run_shell("-c", code, self.script.name, *lines, cwd=harness.EXAMPLES.parent).split("---\n")[:-1]
        return [[line.split("\t")[0] for line in answer.splitlines()] for answer in answers]

    def test_is_a_script(self):
        self.check_syntax()

    def test_offers_every_command(self):
        self.assertCountEqual(self.complete("flowship ")[0], COMMANDS)

    def test_offers_the_options_of_each_command(self):
        offered = self.complete(*(f"flowship {command} --" for command in COMMANDS))
        for command, options in zip(COMMANDS, offered):
            self.assertCountEqual(options, OPTIONS[command], command)

    def test_offers_the_words_that_are_taken(self):
        shells, policies = self.complete("flowship completion ", "flowship deploy --on-drift ")
        self.assertCountEqual(shells, ["bash", "zsh", "fish"])
        self.assertCountEqual(policies, ["fail", "skip", "overwrite", "adopt"])

    def test_offers_files_where_files_are_taken(self):
        files, values, folders = self.complete("flowship validate READ", "flowship plan --report json=READ",
                                               "flowship plan --repo exam")
        self.assertEqual((files, values, folders), (["README.md"], ["json=README.md"], ["examples/"]))


class Lint(unittest.TestCase):
    def test_finds_nothing_in_the_script_for_bash(self):
        done = subprocess.run([harness.program("shellcheck", "shellcheck"), "--shell", "bash", "-"], text=True,
                              input=said("completion", "bash"), capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual((done.returncode, done.stdout), (0, ""))


class Manual(unittest.TestCase):
    def setUp(self):
        self.page = said("help", "man")

    def test_has_every_command_option_and_exit_code(self):
        plain = self.page.replace("\\-", "-")
        for command in COMMANDS:
            sections = [plain.split(f"\n.S{title}\n")[1].split("\n.S")[0]
                        for title in (f"S {command}", "H OPTIONS OF ALL COMMANDS")]
            items = re.findall(r"^\\fB(--[\w-]+)\\fR", "\n".join(sections), re.MULTILINE)
            self.assertEqual(items, OPTIONS[command], command)
        codes = re.findall(r"^ *(\d+) [`a-z]", said("help").split("exit codes:")[1], re.MULTILINE)
        self.assertEqual(re.findall(r"^\\fB(\d+)\\fR$", self.page, re.MULTILINE), codes)

    def test_is_set_without_warnings(self):
        for device in ("utf8", "ascii"):
            done = subprocess.run([harness.program("groff", "groff-base"), "-man", "-ww", "-k", f"-T{device}", "-Z"],
                                  input=self.page, text=True, capture_output=True, timeout=harness.PATIENCE,
                                  env=harness.environment())
            self.assertEqual((done.returncode, done.stderr), (0, ""), device)


if __name__ == "__main__":
    harness.main()
