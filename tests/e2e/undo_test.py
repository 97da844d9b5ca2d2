"""Putting back what was there before a deployment, plans that ask the service, and plans that are saved."""

import json

import harness
from harness import FLOWS
from safety_test import Safety
from sources_test import small_flow


class ToBefore(Safety):
    def undo(self, record, *options, **more):
        return self.json_of("rollback", "--to-before", record, *options, **more)

    def changes(self, *options):
        return {change["flowId"]: change["action"] for change in self.json_of("plan", *options)["changes"]}

    def test_puts_back_an_edit_of_the_console_and_says_so_afterwards(self):
        edited = self.edit_in_console("sign-in", "Edited")
        self.change("sign-in", "new")
        record = self.deploy("--on-drift", "overwrite")["record"]
        self.assertEqual(self.changes("--to-before", record), {"sign-in": "update"})
        result = self.undo(record)
        self.assertEqual(self.outcomes(result), {"sign-in": "deployed"})
        self.assertEqual(result["record"], self.repository.git("rev-parse", "refs/flowship/default"))
        self.assertEqual(self.sandbox.held()["sign-in"], edited)
        # The service holds what was left there, and the revision is something else.
        self.assertEqual(self.states()["sign-in"], "pending")
        self.assertEqual(self.changes(), {"sign-in": "update"})
        self.assertTrue(self.deploy()["ok"])
        self.assertNotEqual(self.sandbox.held()["sign-in"], edited)
        self.assertEqual(set(self.states().values()), {"in-sync"})

    def test_what_was_put_back_can_be_deployed_again_and_undone_again(self):
        edited = self.edit_in_console("sign-in", "Edited")
        self.change("sign-in", "new")
        overwriting = self.deploy("--on-drift", "overwrite")["record"]
        undoing = self.undo(overwriting)["record"]
        self.deploy()
        self.json_of("rollback", undoing)
        self.assertEqual(self.sandbox.held()["sign-in"], edited)
        self.undo(undoing)
        self.assertNotEqual(self.sandbox.held()["sign-in"], edited)

    def test_leaves_the_sources_of_before_where_nobody_had_edited(self):
        before = self.repository.git("rev-parse", "refs/flowship/default:deployed")
        held = self.sandbox.held()
        self.change("sign-in", "new")
        self.undo(self.deploy()["record"])
        self.assertEqual(self.sandbox.held(), held)
        self.assertEqual(self.repository.git("rev-parse", "refs/flowship/default:deployed"), before)
        self.repository.git("checkout", "--quiet", "HEAD~1")
        self.assertEqual(self.changes(), {})

    def test_removes_what_was_created_only_with_prune(self):
        self.repository.write("mine.json", small_flow("mine"))
        self.repository.commit("Add")
        record = self.deploy()["record"]
        self.assertEqual(self.undo(record)["leftBehind"], ["mine"])
        self.assertIn("mine", self.sandbox.held())
        self.assertEqual(self.outcomes(self.undo(record, "--prune")), {"mine": "deleted"})
        self.assertNotIn("mine", self.sandbox.held())
        self.assertEqual(self.changes(), {"mine": "create"})

    def test_brings_back_what_was_deleted(self):
        held = self.sandbox.held()
        self.repository.remove(f"{FLOWS}/add-passkey")
        self.repository.commit("Remove")
        record = self.deploy("--prune")["record"]
        self.assertNotIn("add-passkey", self.sandbox.held())
        result = self.undo(record)
        self.assertEqual([(f["flowId"], f["action"]) for f in result["flows"]], [("add-passkey", "create")])
        self.assertEqual(self.sandbox.held(), held)
        self.assertEqual((self.changes(), self.changes("--prune")), ({}, {"add-passkey": "delete"}))

    def test_respects_what_was_edited_since(self):
        self.change("sign-in", "new")
        record = self.deploy()["record"]
        self.edit_in_console("sign-in", "Edited since")
        self.sandbox.forget_requests()
        self.assertEqual(self.outcomes(self.undo(record, code=5)), {"sign-in": "drifted"})
        self.assertEqual(self.sandbox.imports(), [])
        self.assertTrue(self.undo(record, "--on-drift", "overwrite")["ok"])

    def test_does_not_put_overrides_into_what_was_edited(self):
        self.repository.write("flowship.json",
                              {"environments": {"default": {"set": {"sign-in": {"/metadata/description": "ours"}}}}})
        self.repository.commit("Configure")
        self.deploy()
        flow = self.sandbox.held()["sign-in"]
        flow["metadata"]["description"] = "theirs"
        self.sandbox.edit(flow)
        self.change("sign-in", "new")
        self.undo(self.deploy("--on-drift", "overwrite")["record"])
        self.assertEqual(self.sandbox.held()["sign-in"], flow)
        self.assertEqual(self.changes(), {"sign-in": "update"})
        self.assertEqual(self.states()["sign-in"], "pending")

    def test_a_record_that_does_not_exist_is_an_error(self):
        self.undo("nosuchrecord", code=64)

    def test_killed_in_the_middle_the_next_run_knows_what_was_put_back(self):
        edited = self.edit_in_console("sign-in", "Edited")
        self.change("sign-in", "new")
        record = self.deploy("--on-drift", "overwrite")["record"]
        # The import is carried out, and its answer never comes: the process dies before it can record it.
        self.sandbox.faults(latency=3000)
        self.sandbox.forget_requests()
        process = self.start("rollback", "--to-before", record)
        self.wait_until(lambda: self.sandbox.held()["sign-in"] == edited)
        process.kill()
        process.communicate()
        self.sandbox.faults()
        self.assertEqual(self.repository.ledger()["phase"], "intent")
        self.assertTrue(self.json_of("rollback", "--to-before", record)["ok"])
        self.assertEqual(len(self.sandbox.imports()), 1)
        self.assertEqual(self.sandbox.held()["sign-in"], edited)
        self.assertEqual(self.states()["sign-in"], "pending")

    def test_what_a_deployment_that_died_replaced_is_told(self):
        edited = self.edit_in_console("sign-in", "Edited")
        self.change("sign-in", "new")
        self.sandbox.faults(latency=1000)
        process = self.start("deploy", "--on-drift", "overwrite")
        self.wait_until(lambda: self.sandbox.held()["sign-in"] != edited)
        process.kill()
        process.communicate()
        self.sandbox.faults()
        settled = self.deploy()["record"]
        before = json.loads(self.repository.git("show", f"{settled}:before/sign-in.json"))
        self.assertEqual(before, edited)
        self.undo(settled)
        self.assertEqual(self.sandbox.held()["sign-in"], edited)


    def test_what_a_deployment_that_died_created_is_removed(self):
        self.repository.write("mine.json", small_flow("mine"))
        self.repository.write("theirs.json", small_flow("theirs"))
        self.repository.commit("Add")
        # What was there already was not created, though it is recorded as deployed.
        self.sandbox.edit(small_flow("theirs"))
        self.sandbox.faults(hangAfter="1@import")
        process = self.start("deploy")
        self.wait_until(lambda: "mine" in self.sandbox.held())
        process.kill()
        process.communicate()
        self.sandbox.faults()
        settled = self.deploy()["record"]
        self.assertEqual(self.outcomes(self.undo(settled, "--prune")), {"mine": "deleted"})
        self.assertNotIn("mine", self.sandbox.held())
        self.assertIn("theirs", self.sandbox.held())


class CheckDrift(Safety):
    def test_shows_what_differs_of_planned_and_of_other_flows(self):
        self.edit_in_console("sign-in", "Edited")
        self.edit_in_console("step-up", "Edited too")
        self.sandbox.ask(f"/_sandbox/flows/{harness.PROJECT}/add-passkey", "DELETE")
        self.change("sign-in", "new")
        plan = self.json_of("plan", "--check-drift", "--exit-code", code=5)
        drift = {flow["flowId"]: flow for flow in plan["drift"]}
        self.assertEqual({flow_id: flow["state"] for flow_id, flow in drift.items()},
                         {"sign-in": "drifted", "step-up": "drifted", "add-passkey": "missing"})
        difference = drift["sign-in"]["description"][0]
        self.assertEqual(difference["pointer"], "/metadata/name")
        self.assertIn('"Edited"', difference["text"])
        self.assertEqual([change["flowId"] for change in plan["changes"]], ["sign-in"])
        text = self.run_flowship("plan", "--check-drift").out
        self.assertIn('now "Edited too"', text)
        self.assertEqual(self.sandbox.imports(), [])
        restricted = self.json_of("plan", "--check-drift", "sign-in")
        self.assertEqual([flow["flowId"] for flow in restricted["drift"]], ["sign-in"])

    def test_without_drift_it_says_so_and_without_the_option_it_asks_nobody(self):
        self.assertEqual(self.json_of("plan", "--check-drift", "--exit-code")["drift"], [])
        self.sandbox.forget_requests()
        plan = self.json_of("plan", DESCOPE_MANAGEMENT_KEY=None)
        self.assertEqual((plan["live"], plan["drift"]), ("not asked", []))
        self.assertIn("The service was not asked", self.run_flowship("plan", DESCOPE_MANAGEMENT_KEY=None).out)
        self.assertEqual(self.sandbox.requests(), [])
        self.json_of("plan", "--check-drift", DESCOPE_MANAGEMENT_KEY=None, code=7)

    def test_a_new_flow_that_the_service_has_already_is_drift_unless_it_is_the_same(self):
        self.repository.write("mine.json", small_flow("mine"))
        self.repository.commit("Add")
        self.sandbox.edit(small_flow("mine"))
        self.assertEqual(self.json_of("plan", "--check-drift")["drift"], [])
        self.sandbox.edit(small_flow("mine", metadata={"name": "Somebody else's"}))
        self.assertEqual([flow["flowId"] for flow in self.json_of("plan", "--check-drift")["drift"]], ["mine"])


class SavedPlan(Safety):
    def save(self, *options):
        file = str(self.folder / f"plan-{len(list(self.folder.glob('plan-*')))}.json")
        self.json_of("plan", "--out", file, *options)
        return file

    def test_refuses_when_the_service_moved_on(self):
        self.change("sign-in", "new")
        for asked in ((), ("--check-drift",)):
            with self.subTest(asked=asked):
                file = self.save(*asked)
                self.edit_in_console("sign-in", f"Edited {asked}")
                self.sandbox.forget_requests()
                for policy in ("fail", "skip", "overwrite"):
                    self.deploy("--plan", file, "--on-drift", policy, code=5)
                self.assertEqual(self.sandbox.imports(), [])

    def test_refuses_when_a_step_goes_with_what_the_service_holds(self):
        deployed = self.sandbox.held()["add-passkey"]
        self.change("sign-in", "new")
        self.repository.remove(f"{FLOWS}/add-passkey")
        self.repository.commit("Remove")
        for asked in ((), ("--check-drift",)):
            with self.subTest(asked=asked):
                file = self.save("--prune", *asked)
                self.edit_in_console("add-passkey", f"Edited {asked}")
                self.sandbox.forget_requests()
                message = self.deploy("--plan", file, code=5)["error"]["message"]
                self.assertIn("`add-passkey` would be deleted by the saved plan, but not now:", message)
                self.assertEqual(self.sandbox.changing_requests(), [])
                self.sandbox.edit(deployed)
        self.deploy("--plan", file)

    def test_refuses_when_what_it_restores_was_restored_already(self):
        deployed = self.sandbox.held()["sign-in"]
        self.edit_in_console("sign-in", "Edited")
        file = self.save("--check-drift", "--on-drift", "overwrite")
        self.sandbox.edit(deployed)
        self.sandbox.forget_requests()
        self.assertIn("`sign-in` is in the saved plan, but nothing would be sent for it now",
                      self.deploy("--plan", file, code=5)["error"]["message"])
        self.assertEqual(self.sandbox.changing_requests(), [])

    def test_sends_nothing_where_more_would_be_deleted_than_was_planned(self):
        self.repository.write("mine.json", small_flow("mine"))
        self.repository.commit("Add")
        self.deploy()
        self.repository.remove("mine.json")
        self.repository.remove(f"{FLOWS}/add-passkey")
        self.repository.commit("Remove")
        file = self.save("--prune", "--max-deletes", "1")
        self.sandbox.delete("mine")
        self.sandbox.forget_requests()
        self.assertIn("`add-passkey` is not in the saved plan", self.deploy("--plan", file, code=5)["error"]["message"])
        self.assertEqual(self.sandbox.changing_requests(), [])

    def test_refuses_when_the_commit_moved_on(self):
        self.change("sign-in", "new")
        planned = self.repository.git("rev-parse", "HEAD")
        self.repository.git("branch", "release")
        plans = {"HEAD": self.save(), "release": self.save("--rev", "release")}
        self.change("step-up", "not in the plan")
        self.sandbox.forget_requests()
        self.assertIn("moved on", self.deploy("--plan", plans["HEAD"], code=1)["error"]["message"])
        self.repository.git("branch", "--force", "release", "HEAD")
        self.assertIn("moved on", self.deploy("--plan", plans["release"], code=1)["error"]["message"])
        self.assertEqual(self.sandbox.imports(), [])
        self.repository.git("branch", "--force", "release", planned)
        self.assertEqual(self.outcomes(self.deploy("--plan", plans["release"])), {"sign-in": "deployed"})

    def test_overwrites_what_was_seen_when_it_was_made(self):
        self.edit_in_console("sign-in", "Edited")
        self.change("sign-in", "new")
        file = self.save("--check-drift")
        self.deploy("--plan", file, code=5)
        self.assertTrue(self.deploy("--plan", file, "--on-drift", "overwrite")["ok"])

    def test_refuses_when_the_ledger_or_the_configuration_moved_on(self):
        self.change("sign-in", "new")
        file = self.save()
        self.change("step-up", "other")
        self.deploy("step-up")
        self.assertIn("moved on", self.deploy("--plan", file, code=1)["error"]["message"])
        self.deploy("--plan", file, "--prune", code=64)
        for text in ("", "[]", "{}", "null", '{"flowshipPlan": 3}', '{"flowshipPlan": "3", "target": 1}'):
            (self.folder / "no-plan.json").write_text(text)
            self.deploy("--plan", str(self.folder / "no-plan.json"), code=64)

    def test_carries_out_a_part_a_rollback_and_deletions_as_they_were_planned(self):
        self.change("sign-in", "new")
        self.change("step-up", "new")
        self.assertEqual(self.outcomes(self.deploy("--plan", self.save("sign-in"))), {"sign-in": "deployed"})
        record = self.repository.git("rev-parse", "refs/flowship/default")
        self.assertEqual(self.outcomes(self.deploy("--plan", self.save("--to-before", record))),
                         {"sign-in": "deployed"})
        self.assertEqual(self.outcomes(self.deploy("--plan", self.save("--record", record[:8]))),
                         {"sign-in": "deployed"})
        self.repository.remove(f"{FLOWS}/add-passkey")
        self.repository.commit("Remove")
        left = self.save("add-passkey")
        self.assertIn("(--prune deletes what is not built in, protected or used)", self.run_flowship("plan", "add-passkey").out)
        self.assertIsNone(self.deploy("--plan", left)["record"])
        self.assertEqual(self.outcomes(self.deploy("--plan", self.save("--prune", "add-passkey"))),
                         {"add-passkey": "deleted"})


if __name__ == "__main__":
    harness.main()
