"""The JSON Schemas in docs/ describe what the program reads and writes."""

import json
import pathlib
import sys

import harness
from daemon_harness import DaemonTestCase
from deploy_test import a_screen_of, change_text
from harness import FLOWS, TestCase
from sources_test import small_flow

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"


def faults(schema, document):
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
            for error in jsonschema.Draft202012Validator(schema).iter_errors(document)]


class Schemas(TestCase):
    def setUp(self):
        super().setUp()
        self.output = json.loads((DOCS / "schemas/output.schema.json").read_text())

    def expect_form(self, form, document):
        """The document has the form, and exactly its members."""
        self.assertEqual([], faults({**self.output, "anyOf": [{"$ref": f"#/$defs/{form}"}]}, document))

    def test_every_command_writes_what_the_schema_says(self):
        self.repository.add_examples()
        flow_id = self.repository.flow_ids()[0]
        self.expect_form("validate", self.json_of("validate"))
        self.expect_form("plan", self.json_of("plan"))
        self.expect_form("explain", self.json_of("explain"))
        self.expect_form("paths", self.json_of("paths", flow_id))
        self.expect_form("deploy", self.deploy())
        change_text(self.repository, flow_id, a_screen_of(self.repository, flow_id), "Hello")
        self.repository.commit("Change a text")
        self.expect_form("diff", self.json_of("diff"))
        edited = self.sandbox.held()[flow_id]
        edited["metadata"]["name"] = "Edited in the console"
        self.sandbox.edit(edited)
        for command in (("plan", "--check-drift"), ("status",)):
            self.expect_form(command[0], self.json_of(*command))
        self.expect_form("deploy", self.deploy(code=5))
        self.expect_form("deploy", self.deploy("--on-drift", "overwrite"))
        self.expect_form("deploy", self.json_of("rollback"))
        self.expect_form("history", self.json_of("history"))
        self.expect_form("status", self.json_of("status", "--offline"))

    def test_so_do_the_commands_about_files(self):
        self.repository.add_examples()
        flow_id = self.repository.flow_ids()[0]
        self.expect_form("render", self.json_of("render", flow_id))
        self.expect_form("convert", self.json_of("convert", f"{FLOWS}/{flow_id}", "single.json"))
        self.expect_form("init", self.json_of("init", "--yes"))
        flow = small_flow("one")
        for name, title in (("base", "One"), ("ours", "Ours"), ("theirs", "Theirs")):
            self.repository.write(name, {**flow, "metadata": {"name": title}})
        self.expect_form("merge", self.json_of("merge", "base", "ours", "theirs", code=1))
        for arguments in (("help",), ("version",), ("completion", "bash"), ("hook", "install"), ("unlock", "--yes")):
            self.expect_form("note", self.json_of(*arguments))

    def test_so_do_pull_with_a_conflict_and_all_environments(self):
        self.repository.write("one.json", small_flow("one"))
        self.repository.write("flowship.json", {"environments": {"default": {}, "other": {"projectId": "P2other"}}})
        self.repository.commit()
        self.deploy("--env", "default")
        self.sandbox.edit({**self.sandbox.held()["one"], "metadata": {"name": "Edited in the console"}})
        self.repository.write("one.json", small_flow("one", metadata={"name": "Edited here"}))
        self.expect_form("pull", self.json_of("pull", "--env", "default", code=5))
        self.expect_form("deploy", self.json_of("deploy", "--env", "default", "--on-drift", "adopt", code=5))
        self.expect_form("pull", self.json_of("pull", "--env", "default", "--theirs"))
        self.expect_form("environments", self.json_of("history", "--all"))

    def test_failures_have_their_own_form(self):
        for arguments, code in ((("deploy", "--nope"), 64), (("plan", "--rev", "nowhere"), 1), (("nonsense",), 64)):
            self.expect_form("error", self.json_of(*arguments, code=code))
        self.repository.add_examples()
        self.repository.write("ProjectSnapshot/flows/mfa/contents.json", "{")
        self.repository.commit("Break")
        self.expect_form("refused", self.json_of("deploy", code=3))

    def test_the_schema_of_the_configuration_is_the_programs(self):
        schema = (DOCS / "schemas/flowship.schema.json").read_text()
        self.assertEqual(self.run_flowship("help", "schema").out, schema, "flowship help schema > docs/schemas/…")
        self.assertIn(self.run_flowship("help", "config").out, (DOCS / "configuration.md").read_text())

    def test_what_init_writes_is_valid(self):
        schema = json.loads((DOCS / "schemas/flowship.schema.json").read_text())
        self.repository.add_examples()
        self.run_flowship("init", "--yes")
        written = self.repository.read("flowship.json")
        self.assertEqual([], faults(schema, written))
        self.assertTrue(written["$schema"].endswith("flowship.schema.json"))

    def test_what_the_program_refuses_the_schema_refuses(self):
        schema = json.loads((DOCS / "schemas/flowship.schema.json").read_text())
        production = {"projectId": "P2a"}
        for config in ({"nope": 1}, {"environments": {"a": {"onDrift": "never"}}}, {"sources": "flows"},
                       {"environments": {"a": {**production, "maxDeletes": -1}}}, {"ignore": [{"rule": "dead-end"}]},
                       {"environments": {"a": {"ledger": {"remote": "https://host/repository"}}}},
                       {"environments": {"a": {"branch": "refs/heads/main"}}}, {"environments": {"a": {"branch": "HEAD"}}},
                       {"environments": {"a": {"ledger": {"ref": "refs/heads/main"}}}}, {"rules": {"dead-end": "loud"}}):
            with self.subTest(config=config):
                self.assertNotEqual([], faults(schema, config))
                self.repository.write("flowship.json", config)
                self.run_flowship("validate", code=3)


class DaemonStatus(DaemonTestCase):
    """The daemon's status has its form, whatever it tells."""

    def test_so_does_the_status_of_the_daemon(self):
        schema = json.loads((DOCS / "schemas/daemon-status.schema.json").read_text())
        self.configure(driftCheck="300ms")
        served = self.serve()

        def expect_form_at(state):
            def status():
                return json.loads(served.ask("/api/status")[2])
            self.wait_until(lambda: status()["environments"][0]["state"] == state)
            self.assertEqual([], faults(schema, status()))

        expect_form_at("unfollowed")
        self.push()
        expect_form_at("live")
        self.sandbox.delete("mfa")
        expect_form_at("drifted")
        self.repository.write(f"{FLOWS}/mfa/contents.json", "{")
        self.repository.commit("Break it")
        self.push()
        expect_form_at("failing")


if __name__ == "__main__":
    harness.main()
