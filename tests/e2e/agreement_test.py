"""plan, status and deploy say the same of one state of things, with the same exit codes."""

import harness
from harness import TestCase
from sources_test import small_flow


class Agreement(TestCase):
    def setUp(self):
        super().setUp()
        for flow_id in ("a", "b"):
            self.repository.write(f"flows/{flow_id}.json", small_flow(flow_id))
        self.repository.commit("Two flows")
        self.deploy()
        self.sandbox.forget_requests()

    def edit_in_console(self, flow_id):
        flow = self.sandbox.held()[flow_id]
        flow["metadata"]["description"] = "by hand"
        self.sandbox.edit(flow)

    def remove(self, flow_id):
        self.repository.remove(f"flows/{flow_id}.json")
        self.repository.commit("Remove")

    def configure(self, **members):
        self.repository.write("flowship.json", {"environments": {"default": members}})
        self.repository.commit("Configure")

    def codes(self):
        codes = []
        for command in (["plan", "--check-drift"], ["status"]):
            process = self.start(*command, "--exit-code")
            process.communicate(timeout=harness.PATIENCE)
            codes.append(process.returncode)
        return codes

    def test_a_flow_of_the_repository_that_somebody_made_on_the_service_is_drift(self):
        self.sandbox.edit(small_flow("new", metadata={"name": "Theirs"}))
        self.repository.write("flows/new.json", small_flow("new"))
        self.repository.commit("Ours")
        self.assertEqual(self.codes(), [5, 5])
        self.deploy(code=5)

    def test_what_is_no_drift_and_not_as_deployed_is_told_as_it_is(self):
        def told():
            return self.run_flowship("plan", "--check-drift").out

        self.assertIn("No drift: the service holds what was last deployed.", told())
        self.remove("b")
        self.sandbox.delete("b")
        self.edit_in_console("a")
        edited = self.sandbox.held()["a"]
        self.repository.write("flows/a.json", edited)
        self.repository.commit("The same edit")
        self.assertIn("No drift, though not every flow is as it was last deployed:\n"
                      "  = a  already as in this plan\n"
                      "  = b  gone, and no longer in the repository\n\n", told())
        edited["metadata"]["name"] = "Ours"
        self.repository.write("flows/a.json", edited)
        self.repository.commit("One more")
        self.assertIn("  = a  edited in the console, and the new version has that edit\n", told())

    def test_nothing_deployed_yet_is_not_called_as_deployed(self):
        self.repository.git("update-ref", "-d", "refs/flowship/default")
        for flow_id in ("a", "b"):
            self.sandbox.delete(flow_id)
        self.assertIn("No drift: nothing has been deployed yet.", self.run_flowship("plan", "--check-drift").out)

    def test_the_command_that_overwrites_takes_the_same_target(self):
        self.configure(branch="main")
        self.deploy()
        self.repository.git("checkout", "--quiet", "-b", "topic")
        self.repository.write("flows/a.json", small_flow("a", metadata={"name": "new"}))
        self.repository.commit("On another branch")
        self.edit_in_console("a")
        command = "deploy a --env default --any-branch --on-drift overwrite"
        for asked in (("plan", "--check-drift"), ("status",)):
            self.assertIn(f"`flowship {command}`", self.run_flowship(*asked).out)
        self.assertIn(f"`flowship {command}`", self.deploy("--any-branch", code=5)["flows"][0]["hint"])
        self.run_flowship(*command.split())
        self.assertEqual(self.codes(), [0, 0])

    def test_what_neither_has_any_more_is_no_step_and_the_ledger_forgets_it(self):
        self.remove("b")
        self.sandbox.delete("b")
        self.assertEqual(self.codes(), [0, 0])
        self.assertEqual(self.json_of("plan", "--check-drift")["changes"], [])
        self.assertEqual([flow["flowId"] for flow in self.json_of("status")["flows"]], ["a"])
        result = self.deploy()
        self.assertEqual((result["flows"], result["leftBehind"]), ([], []))
        self.assertEqual(self.repository.git("ls-tree", "--name-only", "refs/flowship/default:deployed/flows").split(),
                         ["a.json"])
        self.assertEqual(self.repository.git("ls-tree", "--name-only", "refs/flowship/default:after").split(), ["a.json"])
        self.assertIsNone(self.deploy()["record"])

    def test_what_is_skipped_by_policy_is_no_failure_that_atomic_undoes(self):
        self.edit_in_console("b")
        for flow_id in ("a", "b", "new"):
            self.repository.write(f"flows/{flow_id}.json", small_flow(flow_id, metadata={"name": "Newer"}))
        self.repository.commit("Change")
        result = self.deploy("--atomic", "--on-drift", "skip", code=5)
        self.assertEqual({flow["flowId"]: flow["outcome"] for flow in result["flows"]},
                         {"a": "deployed", "b": "drifted", "new": "deployed"})
        self.assertEqual(sorted(self.sandbox.imports()), ["a", "new"])

    def test_a_removed_flow_that_was_edited_does_not_stop_those_that_adopt(self):
        self.configure(onDrift="adopt")
        self.edit_in_console("b")
        self.remove("b")
        self.repository.write("flows/a.json", small_flow("a", metadata={"name": "A new name"}))
        self.repository.commit("Rename")
        result = self.deploy()
        self.assertEqual([(flow["flowId"], flow["outcome"]) for flow in result["flows"]], [("a", "deployed")])
        self.assertEqual(result["leftBehind"], ["b"])
        # Nor does it count beside one that is adopted.
        self.edit_in_console("a")
        self.repository.write("flows/a.json", small_flow("a", metadata={"name": "A newer name"}))
        self.repository.commit("Rename again")
        result = self.deploy(code=5)
        self.assertEqual([(flow["flowId"], flow["outcome"]) for flow in result["flows"]], [("a", "drifted")])
        self.assertEqual(result["conflicts"], [])
        self.assertIn("`b`", " ".join(result["warnings"]))

    def test_drift_of_a_flow_that_is_left_behind_is_told_and_does_not_count(self):
        self.edit_in_console("b")
        self.remove("b")
        for options in ((), ("--prune",)):
            plan = self.json_of("plan", "--check-drift", "--exit-code", *options)
            self.assertEqual((plan["leftBehind"], [flow["flowId"] for flow in plan["drift"]]), (["b"], ["b"]))
        self.assertEqual(self.json_of("status", "--exit-code")["leftBehind"], ["b"])

    def test_a_saved_plan_that_restores_a_flow_does_so(self):
        self.edit_in_console("a")
        plan_file = str(self.folder / "plan.json")
        self.json_of("plan", "--check-drift", "--on-drift", "overwrite", "--out", plan_file)
        result = self.deploy("--plan", plan_file)
        self.assertEqual([(flow["flowId"], flow["outcome"]) for flow in result["flows"]], [("a", "deployed")])
        self.edit_in_console("a")
        self.json_of("plan", "--check-drift", "--on-drift", "overwrite", "--out", plan_file)
        self.edit_in_console("b")
        self.assertIn("`b` has changed", self.deploy("--plan", plan_file, code=5)["error"]["message"])
        self.assertEqual(self.sandbox.imports(), ["a"])

    def test_another_project_is_told_by_all(self):
        self.configure(projectId="P2anotherproject")
        variables = {"DESCOPE_PROJECT_ID": ""}
        for command in (["plan"], ["plan", "--check-drift"], ["status"], ["deploy"]):
            with self.subTest(command=command):
                result = self.run_flowship(*command, code=1, **variables)
                self.assertIn("belongs to project P2exampleproject", result.out + result.err)

    def test_a_flow_that_is_unknown_makes_the_plan_fail_in_json_too(self):
        self.edit_in_console("a")
        self.sandbox.faults(fail="500@export")
        self.assertFalse(self.json_of("plan", "--check-drift", code=1)["ok"])

    def test_a_key_refused_after_the_imports_is_a_matter_of_credentials(self):
        self.repository.write("flows/c.json", small_flow("c"))
        self.repository.commit("A flow that nothing is asked of before it is imported")
        self.sandbox.faults(fail="403:1@export")
        self.assertEqual(self.deploy(code=7)["flows"][0]["outcome"], "failed")
        self.assertIn("c", self.sandbox.held())

    def test_a_flow_that_cannot_be_read_is_not_in_sync(self):
        self.repository.write("flows/a.json", "{ broken")
        self.repository.commit("Break it")
        status = self.json_of("status", "--exit-code", code=2)
        self.assertIn("flows/a.json:1:3", status["warnings"][0])
        states = {flow["flowId"]: flow["state"] for flow in status["flows"]}
        self.assertEqual(states, {"a": "pending", "b": "in-sync"})

    def test_a_source_without_flows_matches_nothing(self):
        self.repository.write("flows/README.md", "Flows go here.\n")
        self.repository.remove("flows/a.json")
        self.repository.remove("flows/b.json")
        self.repository.write("flowship.json", {"sources": ["flows"]})
        self.repository.commit("Leave nothing but a README")
        self.assertIn("flows", self.deploy("--prune", code=1)["error"]["message"])
        self.assertEqual(set(self.sandbox.held()), {"a", "b"})

    def test_naming_a_flow_says_nothing_of_the_others(self):
        self.edit_in_console("b")
        self.assertNotIn("default is up to date", self.run_flowship("deploy", "a").out)
        shown = self.run_flowship("plan", "a", "--check-drift").out
        self.assertNotIn("default is up to date", shown)
        self.assertIn("`a`", shown)


if __name__ == "__main__":
    harness.main()
