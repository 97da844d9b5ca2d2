"""What flowship.json says of an environment: names that have to be there, and values that are taken as they stand."""

import json

import harness
from harness import TestCase
from sources_test import small_flow


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
        self.assertEqual(self.sandbox.requests(), [])

    def test_what_is_set_is_validated_as_it_is_sent(self):
        self.key_in_repository = True
        for pointer, value, rule in (("/metadata/name", 5, "wrong-type"), ("/metadata/description", harness.KEY, "management-key"),
                                     ("/contents/startTask", "nowhere", "start-task")):
            with self.subTest(pointer=pointer):
                text = json.dumps({"environments": {"default": {"set": {"a": {pointer: value}}}}}, indent=1)
                self.repository.write("flowship.json", text)
                self.repository.commit("Set")
                plan = self.json_of("plan", code=3)
                self.assertEqual([(one["rule"], one["path"], one["line"], one["column"], one["flowId"])
                                  for one in plan["findings"] if one["severity"] == "error"],
                                 [(rule, "flowship.json", 5, 5, "a")])
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
