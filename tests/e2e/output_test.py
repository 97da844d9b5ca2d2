"""What scripts lean on: one JSON document whatever happens, exit codes, and results that are not lost."""

import json
import os
import subprocess

import harness
from harness import FLOWSHIP, TestCase


class Output(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()

    def configure(self, content):
        self.repository.write("flowship.json", content)
        self.repository.commit("Configure")

    def test_every_failure_is_one_document_with_message_and_hint(self):
        for arguments, code in (
                (("deploy", "--nope"), 64), (("dploy",), 64), (("deploy", "--concurrency", "0"), 64),
                (("deploy", "--concurrency", "33"), 64), (("deploy", "--concurrency", "x"), 64),
                (("deploy", "--max-wait", "-1s"), 64), (("deploy", "--env"), 64), (("deploy", "--env", "other"), 64),
                (("deploy", "--staged"), 64), (("deploy", "no-such-flow"), 64), (("plan", "--rev", "nowhere"), 1),
                (("deploy", "--config", "nowhere.json"), 64), (("plan", "--repo", "/nonexistent"), 1),
                (("deploy", "--base-url", "http://example.com"), 64), (("deploy", "--base-url", "nonsense"), 64),
                (("rollback", ""), 64), (("deploy", "--key-file", "/nonexistent"), 7), (("deploy",), 0)):
            with self.subTest(arguments=arguments):
                done = self.run_flowship(*arguments, "--format", "json", code=code)
                document = json.loads(done.out)
                self.assertEqual(document["ok"], code == 0)
                if code:
                    self.assertTrue(document["error"]["message"])
                    self.assertIn("hint", document["error"])

    def test_every_command_tells_json_in_one_document(self):
        for arguments, name in ((("version",), "version"), (("--version",), "version"), (("help",), "help"),
                                (("help", "rules"), "help"), (("--help",), "help"), (("plan", "--help"), "help"),
                                (("unlock",), "released"), (("hook", "install"), "message"),
                                (("hook", "uninstall"), "message")):
            with self.subTest(arguments=arguments):
                document = self.json_of(*arguments)
                self.assertEqual((document["ok"], list(document)), (True, ["schemaVersion", "ok", name]))
        sandbox = self.start("sandbox", "--format", "json")
        with sandbox.stdout, sandbox.stderr:
            begin = sandbox.stdout.readline()
            sandbox.terminate()
            self.assertIn("address", json.loads(begin + sandbox.stdout.read()))
        self.assertEqual(sandbox.wait(harness.PATIENCE), 0)

    def test_an_argument_that_a_command_does_not_take_is_refused(self):
        for arguments in (("history", "x"), ("status", "x"), ("unlock", "x"), ("version", "x"), ("promote", "x"),
                          ("sandbox", "x"), ("rollback", "x", "y"), ("help", "plan", "deploy")):
            with self.subTest(arguments=arguments):
                self.run_flowship(*arguments, code=64)

    def test_an_environment_among_the_arguments_is_recognised(self):
        self.configure({"environments": {"staging": {"projectId": "P2a"}, "production": {"projectId": "P2b"}}})
        for command, word in (("history", "production"), ("status", "prodution"), ("unlock", "production")):
            error = self.json_of(command, word, code=64)["error"]
            self.assertEqual(error["message"], f"unexpected argument `{word}` (did you mean `--env production`?)")

    def test_global_options_may_stand_before_the_command(self):
        document = json.loads(self.run_flowship("--format", "json", "--repo", str(self.repository.path), "plan",
                                                cwd="/").out)
        self.assertEqual(document["environment"], "default")
        self.assertEqual(json.loads(self.run_flowship("--format=json", "nonsense", code=64).out)["ok"], False)

    def test_commands_in_hints_name_the_environment(self):
        self.configure({"environments": {"staging": {"projectId": "P2a"}, "production": {"projectId": "P2b"}}})
        chosen = {"FLOWSHIP_ENV": "staging"}
        self.assertIn("`flowship deploy --env staging`", self.run_flowship("plan", **chosen).out)
        self.deploy(**chosen)
        hints = {"status": ("plan", "zzzzzzzz"), "history": ("plan", "--record", "ffffffff")}
        for command, arguments in hints.items():
            with self.subTest(command=command):
                hint = self.json_of(*arguments, code=64, **chosen)["error"]["hint"]
                self.assertIn(f"`flowship {command} --env staging`", hint)

    def test_a_variable_names_the_default_environment(self):
        self.configure({"environments": {"staging": {"projectId": "P2a"}, "production": {"projectId": "P2b"}}})
        self.assertEqual(self.json_of("plan", FLOWSHIP_ENV="staging")["environment"], "staging")
        self.assertEqual(self.json_of("plan", "--env", "production", FLOWSHIP_ENV="staging")["environment"], "production")
        self.json_of("plan", FLOWSHIP_ENV="", code=64)
        error = self.json_of("status", "--offline", FLOWSHIP_ENV="nowhere", code=64)["error"]["message"]
        self.assertIn("FLOWSHIP_ENV", error)
        self.run_flowship("plan", "--env", "production", "--out", "plan.json")
        self.deploy("--plan", "plan.json", FLOWSHIP_ENV="staging")
        self.assertIsNotNone(self.repository.ledger("production"))

    def test_help_fits_the_width(self):
        for columns in (None, "60", "200"):
            for topic in ((), ("deploy",), ("rules",), ("formats",)):
                lines = self.run_flowship("help", *topic, COLUMNS=columns).out.splitlines()
                self.assertLessEqual(max(map(len, lines)), int(columns or 80), topic)

    def test_a_broken_configuration_names_the_place(self):
        for text, part in (("{", "flowship.json:1:2"), ('{"enviroments": {}}', "environments"), ("[]", "flowship.json:1:1"),
                           ('{"environments": {}}', "environments"), ('{"environments": {"a b": {}}}', "name"),
                           ('{"environments": {"a": {"baseUrl": "https://x"}}}', "baseUrl"),
                           ('{"environments": {"a": {"projectId": "Pfr/x"}}}', "projectId"),
                           ('{"environments": {"a": {"projectId": 3}}}', "projectId"),
                           ('{"environments": {"a": {"managementKeyEnv": "K2-x y"}}}', "managementKeyEnv"),
                           ('{"environments": {"a": {"set": {"../x": {}}}}}', "../x"),
                           ('{"sources": ["../x"]}', "repository"), ('{"sources": "x"}', "sources"),
                           ('{"sources": [], "sources": []}', "sources"), ("\ufeff{}", "byte order mark")):
            with self.subTest(text=text):
                self.configure(text)
                error = self.json_of("deploy", code=3)["error"]
                self.assertIn(part, error["message"] + (error["hint"] or ""))
        self.assertEqual(self.sandbox.requests(), [])

    def test_a_link_in_the_place_of_the_configuration_is_not_followed(self):
        os.symlink("/etc/passwd", self.repository.path / "flowship.json")
        self.repository.commit()
        error = self.json_of("plan", code=1)["error"]["message"]
        self.assertIn("flowship.json", error)
        self.assertNotIn("root:", error)

    def test_several_environments_each_have_a_ledger(self):
        self.configure({"environments": {"staging": {"projectId": "P2staging"}, "production": {
            "projectId": "P2production", "managementKeyEnv": "OTHER_KEY", "set": {"mfa": {"/metadata/disabled": True}}}}})
        self.assertIn("production, staging", self.json_of("deploy", code=64)["error"]["message"])
        self.assertIn("production", self.json_of("deploy", "--env", "prodution", code=64)["error"]["hint"])
        self.assertTrue(self.deploy("--env", "staging")["ok"])
        self.assertTrue(self.deploy("--env", "production", OTHER_KEY=harness.KEY, DESCOPE_MANAGEMENT_KEY=None)["ok"])
        flows = self.sandbox.ask("/_sandbox/flows")
        self.assertEqual(set(flows), {"P2staging", "P2production"})
        self.assertEqual(self.json_of("plan", "--env", "staging")["changes"], [])
        self.assertEqual(self.json_of("plan", "--env", "production")["changes"], [])

    def test_a_project_id_can_not_lead_the_key_to_another_machine(self):
        self.deploy(code=7, DESCOPE_PROJECT_ID="Pfr/x" + "a" * 40, DESCOPE_BASE_URL=None)

    def test_a_format_without_a_form_for_the_result_is_refused_before_anything_is_done(self):
        for command, name in (("plan", "sarif"), ("plan", "junit"), ("history", "sarif"), ("deploy", "sarif"),
                              ("unlock", "sarif"), ("version", "sarif"), ("help rules", "gitlab"), ("sandbox", "svg"),
                              ("completion bash", "html"), ("hook install", "gitlab"), ("hook uninstall", "junit")):
            for option in ("--format", name), ("--report", f"{name}={self.folder / 'report'}"):
                done = self.run_flowship(*command.split(), *option, code=64)
                self.assertIn(f"{option[0]} {name} is not available for this command", done.err)
        self.assertFalse((self.repository.path / ".git/hooks/pre-commit").exists())
        self.assertIn("usage: flowship validate", self.run_flowship("validate", "--format", "sarif", "--help").out)
        self.assertEqual(self.sandbox.requests(), [])
        self.assertIsNone(self.repository.ledger())

    def run_into(self, command, **options):
        """The program behind a shell's pipe or redirection: its own exit code and what it wrote to standard error."""
        variables = harness.environment(DESCOPE_BASE_URL=self.sandbox.url)
        done = subprocess.run(["bash", "-c", f"\"$0\" {command}; exit ${{PIPESTATUS[0]}}", FLOWSHIP], env=variables,
                              cwd=self.repository.path, capture_output=True, text=True, timeout=harness.PATIENCE)
        return done

    def test_a_result_that_can_not_be_written_is_a_failure(self):
        done = self.run_into("plan > /dev/full")
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard output", done.stderr)

    def test_a_deployment_whose_reader_has_gone_is_finished_and_recorded(self):
        self.run_into("deploy 2>&1 | true")
        self.assertEqual(self.repository.ledger()["phase"], "result")
        self.assertEqual(sorted(self.sandbox.held()), self.repository.flow_ids())

    def test_no_colour_where_there_is_no_terminal(self):
        for arguments in (("plan",), ("deploy",), ("history",), ("validate",)):
            done = self.run_flowship(*arguments, NO_COLOR="1")
            self.assertNotIn("\x1b", done.out + done.err)

    def test_colour_where_it_is_asked_for(self):
        self.assertIn("\x1b", self.run_flowship("plan", "--color", "always", NO_COLOR="1").out)
        self.assertIn("\x1b", self.run_flowship("--color=always", "plan").out)
        self.assertIn("\x1b", self.run_flowship("plan", CLICOLOR_FORCE="1").out)
        self.assertNotIn("\x1b", self.run_flowship("plan", "--color", "never", CLICOLOR_FORCE="1").out)

    def test_the_summary_counts_and_says_what_to_do_next(self):
        plan = self.run_flowship("plan").out
        self.assertIn(str(len(self.repository.flow_ids())), plan)
        self.assertIn("flowship deploy", plan)

class Reports(TestCase):
    """--report: one result, also as files of other formats."""

    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.json, self.text = self.folder / "result.json", self.folder / "result.txt"
        self.options = ("--report", f"json={self.json}", f"--report=text={self.text}")

    def test_a_deployment_is_written_in_every_format_at_once(self):
        shown = self.run_flowship("deploy", "--format", "github", *self.options).out
        result = json.loads(self.json.read_text())
        self.assertEqual(result["record"], self.repository.git("rev-parse", "refs/flowship/default"))
        self.assertEqual(len(result["flows"]), len(self.repository.flow_ids()))
        self.assertIn(self.text.read_text().strip(), shown)

    def test_an_error_replaces_what_an_earlier_run_left(self):
        self.run_flowship("plan", *self.options)
        self.run_flowship("plan", "--rev", "nowhere", *self.options, code=1)
        self.assertFalse(json.loads(self.json.read_text())["ok"])
        self.run_flowship("plan", *self.options)
        self.run_flowship("deploy", *self.options, DESCOPE_MANAGEMENT_KEY=None, code=7)
        self.assertIn("management key", json.loads(self.json.read_text())["error"]["message"])
        self.assertEqual(self.text.read_text(), "")

    def test_a_mistake_on_the_command_line_is_written_too(self):
        for mistake in ("--lock-wait=abc", "--on-drift=foo", "--nope"):
            for arguments in ((mistake, *self.options), (*self.options, mistake)):
                with self.subTest(arguments=arguments):
                    self.json.unlink(missing_ok=True)
                    self.run_flowship("deploy", *arguments, code=64)
                    error = json.loads(self.json.read_text())["error"]
                    self.assertIn(mistake.split("=")[0], error["message"])
        self.run_flowship("deploy", "--lock-wait=abc", "--report", "nope=x", *self.options, code=64)

    def test_what_has_no_value_is_null(self):
        self.assertIsNone(self.json_of("plan", "--quiet=1", code=64)["error"]["hint"])

    def test_what_has_no_result_of_its_own_is_written_too(self):
        self.run_flowship("version", *self.options)
        self.assertEqual(json.loads(self.json.read_text())["version"], "0.1.0")
        self.assertEqual(self.text.read_text(), "flowship 0.1.0\n")

    def test_nothing_is_done_where_a_report_is_impossible(self):
        for report in ("jsn=x", "json", "json=", "=x", "junit=/nonexistent/x", "sarif=x", "json=."):
            self.run_flowship("deploy", "--report", report, code=1 if report in ("junit=/nonexistent/x", "json=.") else 64)
        self.assertEqual(self.sandbox.requests(), [])


if __name__ == "__main__":
    harness.main()
