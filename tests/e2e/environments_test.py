"""What flowship.json says of an environment: names that have to be there, and values that are taken as they stand."""

import json

import harness
from harness import TestCase
from sources_test import small_flow


class All(TestCase):
    sandbox_options = ("--require-key", harness.KEY)

    def setUp(self):
        super().setUp()
        self.repository.write("a.json", small_flow("a"))
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": harness.PROJECT}, "staging": {"projectId": "P2stagingproject"}}})
        self.repository.commit("Configure")

    def test_status_has_every_environment(self):
        self.deploy("--env", "production")
        document = self.json_of("status", "--all")
        self.assertEqual([document["schemaVersion"], document["ok"]], [1, True])
        self.assertEqual(document["environments"],
                         [self.json_of("status", "--env", name) for name in ("production", "staging")])
        text = self.run_flowship("status", "--all").out
        self.assertLess(text.index("== production =="), text.index("a  in-sync"))
        self.assertLess(text.index("a  in-sync"), text.index("== staging =="))
        self.assertLess(text.index("== staging =="), text.index("a  pending"))
        report = self.folder / "status.json"
        self.run_flowship("status", "--all", "--offline", "--report", f"json={report}")
        self.assertEqual([each["environment"] for each in json.loads(report.read_text())["environments"]],
                         ["production", "staging"])

    def test_history_has_every_environment(self):
        self.deploy("--env", "staging")
        document = self.json_of("history", "--all")
        self.assertEqual(document["environments"],
                         [self.json_of("history", "--env", name) for name in ("production", "staging")])
        self.assertEqual([len(each["deployments"]) for each in document["environments"]], [0, 1])
        text = self.run_flowship("history", "--all").out
        self.assertLess(text.index("== production ==\nNothing has been deployed"), text.index("== staging ==\n"))

    def test_the_exit_code_is_the_worst(self):
        self.deploy("--env", "production")
        self.deploy("--env", "staging")
        self.run_flowship("status", "--all", "--exit-code")
        self.sandbox.delete("a")
        self.run_flowship("status", "--all", "--exit-code", code=5)
        self.repository.write("b.json", small_flow("b"))
        self.repository.commit("Add b")
        # Staging has changes only.
        self.run_flowship("status", "--env", "staging", "--exit-code", code=2)
        self.run_flowship("status", "--all", "--exit-code", code=5)

    def test_a_flow_that_cannot_be_exported_fails_the_whole(self):
        self.deploy("--env", "production")
        flow = self.sandbox.held()["a"]
        flow["metadata"]["name"] = "Edited"
        self.sandbox.edit(flow)
        self.sandbox.faults(fail="404@export")
        document = self.json_of("status", "--all", code=1)
        self.assertEqual([document["ok"], *[each["ok"] for each in document["environments"]]], [False, False, True])
        self.run_flowship("status", "--all", "--exit-code", code=1)

    def test_an_environment_that_fails_hides_no_other(self):
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": harness.PROJECT, "managementKeyEnv": "DESCOPE_OTHER_KEY"},
            "staging": {"projectId": "P2stagingproject"}}})
        self.repository.commit("Configure another key")
        wrong = {"DESCOPE_OTHER_KEY": "K2another"}
        done = self.run_flowship("status", "--all", code=7, **wrong)
        self.assertIn("== production ==\nfailed: ", done.out)
        self.assertIn("a  pending", done.out)
        self.assertIn("environment `production`", done.err)
        document = self.json_of("status", "--all", code=7, **wrong)
        self.assertEqual([document["ok"], *[each["ok"] for each in document["environments"]]], [False, False, True])
        self.assertEqual(document["environments"][0]["environment"], "production")
        self.assertTrue(document["environments"][0]["error"]["message"])
        self.run_flowship("status", "--all", "--offline")

    def test_all_and_one_exclude_each_other(self):
        for command in ("status", "history"):
            self.assertIn("mutually exclusive", self.run_flowship(command, "--all", "--env", "staging", code=64).err)
            # A default environment does not count.
            self.run_flowship(command, "--all", FLOWSHIP_ENV="staging")
            self.assertIn("--all", self.run_flowship(command, "--help").out)


class Overrides(TestCase):
    def setUp(self):
        super().setUp()
        connectors = {"connectors": {"Mail": "CI1"}}
        self.repository.write("a.json", small_flow("a", references=connectors))
        self.repository.write("b.json", small_flow("b"))

    def configure(self, **environments):
        self.repository.write("flowship.json", {"environments": environments})
        return self.repository.commit("Configure")

    def refused(self, what, near, *arguments):
        """Validation, plan and deployment say it with its place, and nothing is sent."""
        self.sandbox.forget_requests()
        # A slip in `connectors` also leaves the right name unmapped.
        findings = [each for each in self.json_of("validate", code=3)["findings"]
                    if each["severity"] == "error" and each["rule"] != "unmapped-connector"]
        self.assertEqual([(each["rule"], each["path"]) for each in findings], [("unmatched-name", "flowship.json")])
        place = f"flowship.json:{findings[0]['line']}:{findings[0]['column']}"
        line = (self.repository.path / "flowship.json").read_text().splitlines()[findings[0]["line"] - 1]
        self.assertTrue(line[findings[0]["column"] - 1:].startswith(f'"{what}"'), line)
        self.run_flowship("plan", *arguments, code=3)
        deployment = self.run_flowship("deploy", *arguments, code=3)
        for part in (place, f"`{what}`", near):
            self.assertIn(part, deployment.err)
        self.assertEqual(self.sandbox.requests(), [])

    def test_a_name_that_nothing_has_is_refused(self):
        for change, what, near in (({"set": {"aa": {"/metadata/name": "x"}}}, "aa", "`a`"),
                                   ({"connectors": {"Mial": "CI2"}}, "Mial", "`Mail`")):
            with self.subTest(what=what):
                self.configure(default=change)
                self.refused(what, near)
                # What a deployment of other flows leaves out is no reason to overlook it.
                self.refused(what, near, "b")
        self.configure(default={"connectors": {"Mail": "CI2"}, "set": {"a": {"/metadata/name": "x"}}})
        # Both are there, though not in the flow that is sent first.
        self.deploy("b")
        self.deploy()
        self.assertEqual(self.sandbox.held()["a"]["references"]["connectors"], {"Mail": "CI2"})
        self.configure(default={"connectors": {"Mail": "CI2", "Post": "CI3"}, "set": {"a": {"/metadata/name": "x"}}})
        self.refused("Post", "no flow references")

    def test_a_project_from_the_variables_must_not_be_another_environment_s(self):
        self.configure(production={"projectId": harness.PROJECT}, staging={})
        for command in ("deploy", "plan", "status"):
            error = self.json_of(command, "--env", "staging", code=1)["error"]
            self.assertIn("is that of `production`", error["message"])
        self.assertEqual(self.sandbox.requests(), [])
        self.deploy("--env", "production")

    def test_another_environment_s_slip_is_for_validation_alone(self):
        self.configure(one={}, two={"connectors": {"Mial": "CI2"}})
        self.json_of("validate", code=3)
        self.deploy("--env", "one")
        self.deploy("--env", "two", code=3)

    def test_what_was_deployed_can_be_deployed_again_without_what_is_configured_since(self):
        self.configure(default={})
        self.deploy()
        self.repository.write("c.json", small_flow("c"))
        self.configure(default={"set": {"c": {"/metadata/name": "x"}}})
        self.deploy()
        self.assertTrue(self.json_of("rollback")["ok"])

    def test_a_pointer_that_leads_nowhere_is_refused(self):
        self.configure(default={"set": {"a": {"/metadata/nome/x": "x"}}})
        error = self.json_of("deploy", code=3)["error"]
        self.assertIn("`/metadata/nome/x` does not exist", error["message"])
        self.assertRegex(error["message"], r"^flowship\.json:\d+:\d+: ")
        self.assertEqual(self.sandbox.requests(), [])
        findings = [one for one in self.json_of("validate", code=3)["findings"] if one["severity"] == "error"]
        self.assertEqual([(one["rule"], one["path"], one["flowId"]) for one in findings],
                         [("unmatched-name", "flowship.json", "a")])
        self.assertIn("`/metadata/nome/x` does not exist", findings[0]["message"])

    def test_validation_looks_at_one_environment_or_at_all(self):
        self.configure(one={"set": {"a": {"/metadata/name": "x"}}}, two={"set": {"a": {"/metadata/name": 5}}})
        self.json_of("validate", code=3)
        self.json_of("validate", "--env", "two", code=3)
        self.assertTrue(self.json_of("validate", "--env", "one")["ok"])
        self.run_flowship("validate", "--env", "three", code=64)

    def test_a_commit_is_stopped_for_what_is_set(self):
        self.configure(default={})
        for file, content in (("flowship.json", {"environments": {"default": {"set": {"a": {"/metadata/name": 5}}}}}),
                              ("a.json", small_flow("a", metadata={"name": "Changed"}))):
            with self.subTest(file=file):
                self.repository.write(file, content)
                self.repository.git("add", file)
                stopped = self.run_flowship("hook", "pre-commit", code=3)
                self.assertIn("as sent to `default`, ", stopped.out + stopped.err)
                self.repository.commit("Broken all the same")

    def test_what_is_set_is_validated_as_it_is_sent(self):
        self.key_in_repository = True
        for pointer, value, rule in (("/metadata/name", 5, "wrong-type"), ("/metadata/description", harness.KEY, "management-key"),
                                     ("/contents/startTask", "nowhere", "start-task")):
            with self.subTest(pointer=pointer):
                text = json.dumps({"environments": {"default": {"set": {"a": {pointer: value}}}}}, indent=1)
                self.repository.write("flowship.json", text)
                self.repository.commit("Set")
                for command in (["plan"], ["validate"], ["validate", "--env", "default"]):
                    findings = self.json_of(*command, code=3)["findings"]
                    self.assertEqual([(one["rule"], one["path"], one["line"], one["column"], one["flowId"])
                                      for one in findings if one["severity"] == "error"],
                                     [(rule, "flowship.json", 5, 5, "a")], command)
                self.json_of("deploy", code=3)
        self.assertEqual(self.sandbox.requests(), [])
        self.repository.write("flowship.json", {"ignore": [
            {"rule": "management-key", "path": "a.json", "reason": "it is revoked"}], "environments": {
                "default": {"set": {"a": {"/metadata/description": harness.KEY}}}}})
        self.repository.commit("IgnoreEntry")
        self.assertTrue(self.json_of("plan")["ok"])

    def test_no_variable_is_expanded_anywhere(self):
        self.configure(default={"connectors": {"Mail": "${HOME}"}, "branch": "${HOME}",
                                "set": {"a": {"/metadata/name": "$HOME ${HOME} ${{HOME}} %HOME%"}}})
        self.deploy("--any-branch")
        held = self.sandbox.held()["a"]
        self.assertEqual(held["references"]["connectors"], {"Mail": "${HOME}"})
        self.assertEqual(held["metadata"]["name"], "$HOME ${HOME} ${{HOME}} %HOME%")
        for member, value in (("projectId", "${DESCOPE_PROJECT_ID}"), ("managementKeyEnv", "${NAME}")):
            self.configure(default={member: value})
            self.deploy(code=3)
        self.repository.write("flowship.json", {"sources": ["${PWD}"], "environments": {"default": {}}})
        self.repository.commit("Configure")
        self.assertEqual(self.json_of("validate")["flows"], 0)


if __name__ == "__main__":
    harness.main()
