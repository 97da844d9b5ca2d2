"""Folders per environment, and the ids of connectors and roles that each environment has of its own."""

import harness
from harness import PROJECT, TestCase
from sources_test import small_flow

OTHER = "P2otherproject"


class Folders(TestCase):
    def setUp(self):
        super().setUp()
        for folder in ("staging", "production"):
            for flow_id in ("a", "b"):
                self.repository.write(f"flows/{folder}/{flow_id}.json",
                                      small_flow(flow_id, metadata={"name": f"{flow_id} of {folder}"}))

    def configure(self, **production):
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "sources": ["flows/production"], **production},
            "staging": {"projectId": OTHER, "sources": ["flows/staging"]}}})
        return self.repository.commit("Configure")

    def test_each_environment_has_its_own_flows(self):
        self.configure()
        checked = self.json_of("validate")
        self.assertEqual((checked["flows"], checked["counts"]["error"]), (4, 0))
        self.deploy("--env", "production")
        self.assertEqual({flow["metadata"]["name"] for flow in self.sandbox.held().values()},
                         {"a of production", "b of production"})
        self.assertEqual(len(self.json_of("plan", "--env", "staging")["changes"]), 2)
        self.assertEqual(self.json_of("plan", "--env", "production")["changes"], [])
        self.repository.write("flows/staging/a.json", small_flow("a", metadata={"name": "new"}))
        self.repository.commit("Change staging")
        self.assertEqual(self.json_of("plan", "--env", "production")["changes"], [])
        changes = self.json_of("diff", "HEAD~1", "HEAD")["changes"]
        self.assertEqual([change["flowId"] for change in changes], ["a"])
        self.assertEqual(self.json_of("diff", "HEAD~1", "HEAD", "--env", "production")["changes"], [])

    def test_the_sources_of_each_environment_are_checked(self):
        self.configure()
        path = "flows/staging/b.json"
        self.repository.write(path, "{")
        self.assertEqual({finding["path"] for finding in self.json_of("validate", code=3)["findings"]
                          if finding["severity"] == "error"}, {path})
        self.repository.write("flows/production/copy.json", small_flow("a"))
        self.assertIn("duplicate-flow-id", {finding["rule"] for finding in self.json_of("validate", code=3)["findings"]})

    def test_two_environments_of_one_project_are_refused(self):
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT}, "staging": {"projectId": PROJECT}}})
        self.repository.commit("Configure")
        for command in ("validate", "plan", "deploy"):
            error = self.json_of(command, code=3)["error"]["message"]
            self.assertIn("`production` and `staging` have the same `projectId`", error)

    def test_init_recognises_the_folders(self):
        self.repository.commit("Add flows")
        self.run_flowship("init", "--yes")
        written = self.repository.read("flowship.json")
        self.assertNotIn("sources", written)
        self.assertEqual({name: environment["sources"] for name, environment in written["environments"].items()},
                         {"production": ["flows/production"], "staging": ["flows/staging"]})
        self.json_of("validate")


class Ids(TestCase):
    def flow(self, flow_id="a", roles=None, **more):
        self.repository.write(f"{flow_id}.json", small_flow(
            flow_id, references={"connectors": {"Mail": "CI1"}, "roles": roles or {"Admin": "ROL1"}}, **more))

    def configure(self, **environment):
        self.repository.write("flowship.json", {"environments": {"production": {"projectId": PROJECT, **environment},
                                                                 "other": {"projectId": OTHER}}})
        return self.repository.commit("Configure")

    def refused(self, rule, part):
        self.sandbox.forget_requests()
        findings = self.json_of("validate", code=3)["findings"]
        self.assertIn(rule, [finding["rule"] for finding in findings if finding["severity"] == "error"])
        done = self.run_flowship("deploy", "--env", "production", code=3)
        self.assertIn(part, done.err)
        self.assertEqual(self.sandbox.requests("/import"), [])

    def test_what_is_used_has_to_be_mapped(self):
        self.flow()
        self.configure(connectors={})
        self.refused("unmapped-connector", "`Mail`")
        self.configure(connectors={"Mail": "CI9"}, roles={})
        self.refused("unmapped-role", "`Admin`")
        # It is nothing to an environment that maps none.
        self.run_flowship("plan", "--env", "other")
        self.configure(connectors={"Mail": "CI9"}, roles={"Admin": "ROL9"})
        self.deploy("--env", "production")
        self.assertEqual(self.sandbox.held()["a"]["references"],
                         {**self.sandbox.held()["a"]["references"], "connectors": {"Mail": "CI9"}, "roles": {"Admin": "ROL9"}})
        self.assertEqual(self.json_of("plan", "--env", "production")["changes"], [])
        self.assertEqual({flow["state"] for flow in self.json_of("status", "--env", "production", "--refresh")["flows"]},
                         {"in-sync"})

    def test_a_list_of_roles_is_names_that_are_the_same_everywhere(self):
        self.flow(roles=["Admin"])
        self.configure(roles={"User": "ROL8"})
        self.refused("unmapped-role", "`Admin`")
        self.configure(roles={"Admin": "ROL9"})
        self.deploy("--env", "production")
        self.assertEqual(self.sandbox.held()["a"]["references"]["roles"], ["Admin"])

    def test_a_role_that_no_flow_has_is_refused(self):
        self.flow()
        self.configure(roles={"Admin": "ROL9", "Amdin": "ROL8"})
        self.refused("unmatched-name", "`Amdin`")

    def test_pull_brings_the_ids_of_the_source_back(self):
        self.flow()
        self.configure(connectors={"Mail": "CI9"}, roles={"Admin": "ROL9"})
        self.deploy("--env", "production")
        held = self.sandbox.held()["a"]
        self.sandbox.edit({**held, "metadata": {**held["metadata"], "name": "edited"}})
        self.run_flowship("pull", "--env", "production")
        written = self.repository.read("a.json")
        self.assertEqual(written["metadata"]["name"], "edited")
        self.assertEqual((written["references"]["connectors"], written["references"]["roles"]),
                         ({"Mail": "CI1"}, {"Admin": "ROL1"}))


if __name__ == "__main__":
    harness.main()
