"""What a flow on the service still runs is not deleted, whatever the repository says of that flow."""

import harness
from harness import TestCase
from sources_test import small_flow


def user_of(used, name="user", **members):
    """A flow that runs another one; without one, it runs none."""
    tasks = {"0": {"id": "0", "name": "First", "next": {"rules": [{"interactionId": "", "taskId": "1"}]}},
             "1": {"id": "1", "name": "End", "type": "automated", "action": "logged-in", "next": {}}}
    if used:
        tasks["0"].update(type="flow", arguments={"flowId": {"type": "inline", "value": used}})
    return small_flow(name, contents={"startTask": "0", "tasks": tasks}, **members)


class StillUsed(TestCase):
    def setUp(self):
        super().setUp()
        self.write("used", small_flow("used"))
        self.write("user", user_of("used"))
        self.repository.commit("One uses the other")
        self.deploy()

    def write(self, name, flow):
        self.repository.write(f"flows/{name}.json", flow)

    def release(self, message="Use it no more"):
        """The user runs the other flow no more, which goes."""
        self.write("user", user_of(None))
        self.repository.remove("flows/used.json")
        self.repository.commit(message)

    def edit_in_console(self, flow_id, **metadata):
        flow = self.sandbox.held()[flow_id]
        flow["metadata"].update(metadata)
        self.sandbox.edit(flow)

    def expect_kept(self, *options, code=0, outcomes=None):
        result = self.deploy("--prune", *options, code=code)
        self.assertIn("used", self.sandbox.held())
        self.assertEqual({flow["flowId"]: flow["outcome"] for flow in result["flows"]}, outcomes or {})
        return result

    def test_by_a_protected_flow_that_is_removed_too(self):
        self.repository.write("flowship.json", {"environments": {"default": {"protect": ["user"]}}})
        self.repository.remove("flows")
        self.write("other", small_flow("other"))
        self.repository.commit("Remove both")
        self.assertEqual(self.json_of("plan", "--prune")["leftBehind"], ["used", "user"])
        self.assertEqual(self.expect_kept(outcomes={"other": "deployed"})["leftBehind"], ["used", "user"])

    def test_by_a_flow_that_is_not_sent_since_it_was_edited(self):
        self.edit_in_console("user", description="by hand")
        self.release()
        self.assertEqual(self.expect_kept("--on-drift", "skip", code=5, outcomes={"user": "drifted"})["leftBehind"],
                         ["used"])

    def test_by_a_flow_whose_import_is_refused(self):
        self.release()
        self.sandbox.faults(fail="422:1@import")
        self.expect_kept(code=1, outcomes={"user": "failed", "used": "skipped"})
        self.assertEqual(self.deploy("--prune")["flows"][0]["outcome"], "deployed")
        self.assertNotIn("used", self.sandbox.held())

    def test_by_an_edit_in_the_console(self):
        self.write("later", user_of(None, "later"))
        self.write("used-later", small_flow("used-later"))
        self.repository.commit("Two that know nothing of each other")
        self.deploy()
        flow = self.sandbox.held()["later"]
        flow["contents"] = user_of("used-later", "later")["contents"]
        self.sandbox.edit(flow)
        self.repository.remove("flows/used-later.json")
        self.repository.commit("Remove it")
        self.assertEqual(self.json_of("plan", "--prune", "--check-drift")["leftBehind"], ["used-later"])
        self.assertEqual(self.deploy("--prune")["leftBehind"], ["used-later"])
        self.assertIn("used-later", self.sandbox.held())

    def test_by_a_flow_that_nobody_deployed(self):
        self.sandbox.edit(user_of("used", "made-in-the-console"))
        self.release()
        for command in ("plan", "deploy"):
            warnings = self.json_of(command, "--prune", *(["--check-drift"] if command == "plan" else []))["warnings"]
            self.assertIn("`used` is not deleted: `made-in-the-console` still uses it as a subflow", warnings, command)
        self.assertIn("used", self.sandbox.held())
        self.sandbox.edit(user_of(None, "made-in-the-console"))
        self.deploy("--prune")
        self.assertNotIn("used", self.sandbox.held())

    def test_by_an_edit_in_the_console_where_the_list_tells_no_versions(self):
        old = harness.Sandbox("--list-format", "old")
        self.addCleanup(old.stop)
        self.sandbox = old
        self.write("user", user_of(None))
        self.repository.commit("Use it no more")
        self.deploy("--on-drift", "overwrite")
        self.sandbox.edit(user_of("used"))
        self.repository.remove("flows/used.json")
        self.repository.commit("Remove")
        self.assertEqual(self.expect_kept()["leftBehind"], ["used"])

    def test_by_a_flow_that_cannot_be_read(self):
        self.release()
        self.edit_in_console("user", description="by hand")
        self.sandbox.faults(fail="500@export")
        self.expect_kept(code=1, outcomes={"user": "failed"})

    def test_by_a_flow_that_the_command_does_not_name(self):
        self.release()
        result = self.deploy("used", "--prune")
        self.assertEqual((result["flows"], result["leftBehind"]), ([], ["used"]))
        self.assertIn("used", self.sandbox.held())

    def test_by_a_flow_whose_deletion_is_refused(self):
        self.repository.remove("flows")
        self.write("other", small_flow("other"))
        self.repository.commit("Remove both")
        self.sandbox.faults(fail="422:1@delete")
        self.expect_kept(code=4, outcomes={"other": "deployed", "user": "failed", "used": "skipped"})
        self.deploy("--prune")
        self.assertEqual(set(self.sandbox.held()), {"other"})

    def test_flows_that_run_each_other_go_together(self):
        self.write("used", user_of("user", "used"))
        self.repository.commit("Each uses the other")
        self.deploy()
        self.repository.remove("flows")
        self.write("other", small_flow("other"))
        self.repository.commit("Remove both")
        self.deploy("--prune")
        self.assertEqual(set(self.sandbox.held()), {"other"})


if __name__ == "__main__":
    harness.main()
