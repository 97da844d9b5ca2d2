"""A deployment as somebody sees it who watches it in a terminal."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios

import harness
from harness import FLOWSHIP, PATIENCE, TestCase

ROWS = 24
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Screen:
    """What a terminal shows: the few controls that the program uses, and lines that wrap; anything else is a fault."""

    def __init__(self):
        self.lines = [""]
        self.column = 0
        self.wrapped = []

    def show(self, text, columns):
        for part in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|[\s\S]", text):
            line = self.lines[-1]
            if part == "\r":
                self.column = 0
            elif part == "\n":
                self.lines.append("")
            elif part == "\x1b[K":
                self.lines[-1] = line[:self.column]
            elif COLOUR.fullmatch(part):
                pass
            elif part.startswith("\x1b"):
                raise AssertionError(f"the terminal was sent {part!r}")
            else:
                if self.column == columns:
                    self.wrapped.append(line)
                    self.lines.append("")
                    line, self.column = "", 0
                self.lines[-1] = line[:self.column].ljust(self.column) + part + line[self.column + 1:]
                self.column += 1


class Terminal:
    """The program with a terminal of its own; `result` is another file for standard output."""

    def __init__(self, arguments, folder, variables, columns=80, result=None):
        self.master, slave = pty.openpty()
        self.screen = Screen()
        self.text = ""
        self.resize(columns)
        variables = {"TERM": "xterm-256color", **variables}
        # The new session's first terminal is the one that Ctrl-C is typed in.
        self.process = subprocess.Popen(
            [FLOWSHIP, *arguments], cwd=folder, env=harness.environment(**variables), stdin=slave,
            stdout=result if result is not None else slave, stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)

    def resize(self, columns):
        self.columns = columns
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))

    def read(self):
        """Shows what comes next; nothing once the program has ended."""
        ready, _, _ = select.select([self.master], [], [], PATIENCE)
        assert ready, f"the program waits after {self.text!r}"
        try:
            text = os.read(self.master, 65536).decode()
        except OSError:
            return ""
        self.text += text
        self.screen.show(text, self.columns)
        return text

    def read_until(self, pattern):
        began = len(self.text)
        while not re.search(pattern, self.text[began:]):
            assert self.read(), f"no {pattern} in {self.text!r}"

    def type(self, keys):
        os.write(self.master, keys)

    def end(self):
        """Reads on until the program ends, and gives its exit code."""
        while self.read():
            pass
        os.close(self.master)
        return self.process.wait(PATIENCE)


class Watching(TestCase):
    sandbox_options = ("--latency", "150")

    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.flows = self.repository.flow_ids()

    def watch(self, *arguments, columns=80, result=None, asks=False, **variables):
        variables.setdefault("DESCOPE_BASE_URL", self.sandbox.url)
        if arguments[0] == "deploy" and not asks:
            arguments += ("--yes",)
        return Terminal(arguments, self.repository.path, variables, columns, result)

    def assert_clean(self, terminal):
        """The cursor stands at the start of an empty line, nothing of the status line is left, and none wrapped."""
        self.assertEqual((terminal.screen.lines[-1], terminal.screen.column), ("", 0), terminal.text)
        self.assertNotRegex("\n".join(terminal.screen.wrapped + terminal.screen.lines), r"\[\d+/\d+\]", terminal.text)

    def test_the_status_line_tells_what_is_under_way_and_leaves_the_result_alone(self):
        terminal = self.watch("deploy", "--concurrency", "1")
        self.assertEqual(terminal.end(), 0)
        for number, flow_id in enumerate(("add-passkey", "invite-member")):
            self.assertIn(f"[{number}/{len(self.flows)}] {flow_id}\x1b[K", terminal.text)
        self.assert_clean(terminal)
        self.assertEqual([line.split()[1] for line in terminal.screen.lines if line.startswith("  + ")], self.flows)
        self.assertIn("Deployment to default: 7 deployed, 0 unchanged.", terminal.screen.lines)
        self.assertRegex(terminal.text, COLOUR)

    def test_the_plan_is_shown_and_asked_about(self):
        for answer, code, sent in ((b"\n", 1, 0), (b"no\n", 1, 0), (b"yes\n", 0, len(self.flows)), (None, 0, 0)):
            with self.subTest(answer=answer):
                terminal = self.watch("deploy", asks=True)
                if answer is not None:
                    terminal.read_until(r"(?s)Plan: 7 to create.*Deploy this to default\? \[y/N\]")
                    terminal.type(answer)
                before = len(self.sandbox.requests("/flow/import"))
                self.assertEqual(terminal.end(), code, terminal.text)
                self.assertEqual(len(self.sandbox.requests("/flow/import")) - (before if answer is None else 0), sent)
                if code == 1:
                    self.assertIn("cancelled; nothing was sent", terminal.text)

    def test_a_signal_at_the_question_ends_it(self):
        for signal_number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(signal=signal_number):
                terminal = self.watch("deploy", asks=True)
                terminal.read_until(r"Deploy this to default\? \[y/N\]")
                terminal.process.send_signal(signal_number)
                self.assertEqual(terminal.end(), code, terminal.text)
        self.assertEqual(self.sandbox.requests("/flow/import"), [])

    def test_flows_are_listed_as_they_end_where_the_result_goes_elsewhere(self):
        with open(self.folder / "result", "w+", encoding="utf-8") as result:
            terminal = self.watch("deploy", "--format", "json", result=result)
            self.assertEqual(terminal.end(), 0)
        self.assert_clean(terminal)
        self.assertEqual(sorted(line.split()[1] for line in terminal.screen.lines[:-1]), self.flows)
        self.assertIn('"ok"', (self.folder / "result").read_text())

    def test_a_warning_is_told_once(self):
        self.run_flowship("deploy")
        self.repository.remove("ProjectSnapshot/flows/step-up")
        self.repository.commit()
        terminal = self.watch("deploy")
        self.assertEqual(terminal.end(), 0)
        self.assertEqual(terminal.text.count("Left behind on the service"), 1, terminal.text)
        piped = self.run_flowship("deploy")
        self.assertEqual((piped.out + piped.err).count("Left behind on the service"), 1)

    def test_a_failure_is_counted_and_told(self):
        self.sandbox.faults(fail="400:1", latency=150)
        terminal = self.watch("deploy", "--concurrency", "1")
        self.assertEqual(terminal.end(), 4)
        self.assertIn(f"/{len(self.flows)}] 1 not deployed", terminal.text)
        self.assert_clean(terminal)

    def test_the_status_line_fits_a_window_that_shrinks(self):
        self.sandbox.faults(latency=500)
        terminal = self.watch("deploy", "--concurrency", "2", columns=70)
        terminal.read_until(r"\[0/7\] add-passkey, invite-member")
        terminal.resize(14)
        self.assertEqual(terminal.end(), 0)
        drawn = re.findall(r"\r(\[[1-7]/7\][^\x1b\r]*)", terminal.text)
        self.assertTrue(drawn)
        self.assertLessEqual(max(map(len, drawn)), 13, drawn)
        self.assertNotRegex("\n".join(terminal.screen.lines), r"\[\d/7\]", terminal.text)

    def test_help_is_wrapped_to_the_window(self):
        for columns in (60, 120):
            terminal = self.watch("help", "deploy", columns=columns)
            self.assertEqual((terminal.end(), terminal.screen.wrapped), (0, []))
            self.assertGreater(max(map(len, terminal.screen.lines)), columns - 20)

    def test_ctrl_c_awaits_what_is_under_way_and_says_what_happened(self):
        self.sandbox.faults(latency=500)
        terminal = self.watch("deploy", "--concurrency", "1")
        terminal.read_until(r"\[0/7\] add-passkey")
        terminal.type(b"\x03")
        self.assertEqual(terminal.end(), 128 + signal.SIGINT)
        self.assert_clean(terminal)
        self.assertIn("deployed", "\n".join(terminal.screen.lines))

    def test_no_colour_where_none_is_wanted_and_no_status_line_where_none_can_be(self):
        for variables, colours, controls in (({"NO_COLOR": "1"}, False, True), ({"NO_COLOR": ""}, True, True),
                                             ({"TERM": "dumb"}, False, False)):
            with self.subTest(variables=variables):
                self.repository.git("update-ref", "-d", "refs/flowship/default")
                terminal = self.watch("deploy", **variables)
                self.assertEqual(terminal.end(), 0)
                self.assertEqual(bool(COLOUR.search(terminal.text)), colours, terminal.text)
                self.assertEqual("\x1b[K" in terminal.text, controls, terminal.text)


if __name__ == "__main__":
    harness.main()
