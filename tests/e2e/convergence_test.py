"""Every cell of the table of convergence: what a deployment does about a flow, by what happened to it on the service,
whether the repository changed it, and what the policy for drift is.

`expected` is the model. Flow `x` is the one that things happen to; `y` has a pending change in every cell, so that it
shows whether the rest of the plan is carried out.
"""

import dataclasses
import itertools
import json

import harness
from harness import Repository, TestCase
from world import flow_of

OLD, NEW, EDIT, OTHER = "as deployed", "as desired", "edited in the console", "of somebody else"
STATES = ("as deployed", "as desired", "edited", "deleted", "foreign", "unknown")
ROLES = ("changed", "kept", "removed", "pruned")
POLICIES = ("fail", "skip", "overwrite", "adopt")
SCOPES = ("whole", "flow")
DRIFT_STATE = {"edited": "drifted", "deleted": "missing", "foreign": "unmanaged", "unknown": "unknown"}


@dataclasses.dataclass
class Cell:
    state: str
    role: str
    policy: str
    scope: str

    def is_possible(self):
        if self.state == "as desired":
            return self.role == "changed"
        if self.state == "foreign":
            return self.role == "changed"
        return True

    def __str__(self):
        return f"{self.state}, {self.role}, {self.policy}, {self.scope}"


@dataclasses.dataclass
class Expected:
    """`x` and `y` are outcomes, None where the flow is no step; `held` is the text of `x` on the service."""
    x: str | None
    y: str | None
    code: int
    held: str | None
    reason: str | None = None
    left_behind: bool = False


def expected(cell):
    held = {"as deployed": OLD, "as desired": NEW, "edited": EDIT, "deleted": None, "foreign": OTHER,
            "unknown": EDIT}[cell.state]
    is_drift = cell.state in ("edited", "deleted", "foreign")
    sent = "deployed"
    if cell.role == "changed":
        result = changed(cell, held, is_drift)
    elif cell.role == "kept":
        result = kept(cell, held)
    else:
        result = removed(cell, held)
    # What the repository has removed stops nothing: it is left behind.
    is_stopped = is_drift and (cell.role == "changed" and cell.policy == "fail" or
                               cell.role in ("changed", "kept") and cell.policy == "adopt")
    if cell.scope == "whole":
        result.y = "skipped" if is_stopped else sent
    if is_stopped:
        steps = [outcome for outcome in (result.x, result.y) if outcome is not None]
        result.code = 5 if steps else 0
    return result


def changed(cell, held, is_drift):
    if cell.state == "unknown":
        return Expected("failed", None, 1, held)
    if cell.state == "as desired":
        return Expected("unchanged", None, 0, NEW)
    if is_drift and cell.policy != "overwrite":
        return Expected("drifted", None, 5, held)
    return Expected("deployed", None, 0, NEW)


def kept(cell, held):
    if cell.state == "unknown":
        return Expected(None, None, 1, held)
    if cell.state == "as deployed" or cell.policy != "overwrite":
        return Expected(None, None, 0, held)
    return Expected("deployed", None, 0, OLD, reason="missing" if cell.state == "deleted" else "drifted")


def removed(cell, held):
    if cell.state == "deleted":
        return Expected("unchanged" if cell.role == "pruned" else None, None, 0, None)
    if cell.state == "unknown":
        return Expected(None, None, 1, held, left_behind=True)
    if cell.role == "pruned" and cell.state == "as deployed":
        return Expected("deleted", None, 0, None)
    return Expected(None, None, 0, held, left_behind=True)


class Convergence(TestCase):
    def write(self, flow_id, text):
        self.repository.write(f"{flow_id}.json", flow_of(flow_id, text))

    def text_of(self, flow_id):
        flow = self.sandbox.held().get(flow_id)
        return flow and flow["metadata"]["name"]

    def begin(self, cell, number):
        """`x` and `y` deployed, then changed here and there."""
        self.sandbox.faults()
        for flow_id in self.sandbox.held():
            self.sandbox.delete(flow_id)
        self.repository = Repository(self.folder / f"{cell.role}-{number}")
        self.write("y", OLD)
        if cell.state != "foreign":
            self.write("x", OLD)
        self.repository.commit("Before")
        self.deploy()
        if cell.state != "unknown":
            # Its export fails as well, so that there is nothing to see.
            self.write("y", NEW)
        if cell.role == "changed":
            self.write("x", NEW)
        elif cell.role != "kept":
            self.repository.remove("x.json")
        self.repository.write("seen.txt", "after")
        self.repository.commit("After")
        self.happen(cell)
        self.sandbox.forget_requests()

    def happen(self, cell):
        if cell.state == "deleted":
            self.sandbox.delete("x")
        elif cell.state != "as deployed":
            text = {"as desired": NEW, "edited": EDIT, "unknown": EDIT, "foreign": OTHER}[cell.state]
            self.sandbox.edit(flow_of("x", text))
        if cell.state == "unknown":
            # A 500 is retried for seconds.
            is_retried = cell.policy == "skip" and cell.scope == "whole"
            self.sandbox.faults(fail="500@export" if is_retried else "404@export")

    def run_json(self, *arguments):
        process = self.start(*arguments, "--format", "json")
        out, err = process.communicate(timeout=harness.PATIENCE)
        return process.returncode, json.loads(out), err

    def check(self, cell, number):
        self.begin(cell, number)
        want = expected(cell)
        prune = ["--prune"] if cell.role == "pruned" else []
        named = ["x"] if cell.scope == "flow" else []
        deploy = ["deploy", "--on-drift", cell.policy, *prune, *named]
        self.check_what_is_seen(cell, prune)
        self.assertEqual(self.sandbox.changing_requests(), [])
        code, result, err = self.run_json(*deploy)
        if cell.policy == "adopt" and cell.role in ("changed", "kept") and cell.state != "unknown" and self.drift_of(cell):
            # What it writes is another matter; nothing is sent.
            self.assertIn(code, (0, 5), result)
            self.assertEqual((self.sandbox.changing_requests(), self.text_of("x")), ([], want.held))
            self.check_that_the_rest_converges(cell, deploy, prune)
            return
        outcomes = {flow["flowId"]: flow["outcome"] for flow in result["flows"]}
        outcomes_wanted = {"x": want.x, "y": want.y if cell.state != "unknown" else None}
        self.assertEqual({flow_id: outcomes.get(flow_id) for flow_id in "xy"}, outcomes_wanted, result)
        self.assertEqual(code, want.code, result)
        self.assertEqual(self.text_of("x"), want.held)
        self.assertEqual("x" in result["leftBehind"], want.left_behind, result)
        drift = {flow["flowId"]: flow["state"] for flow in result["drift"]}
        self.assertEqual(drift, self.drift_of(cell), result)
        if want.x is None and self.drift_of(cell):
            self.assertIn("flowship pull x", err) if cell.state != "unknown" else self.assertIn("could not be", err)
        sent = [request["flowId"] for request in self.sandbox.changing_requests()]
        self.assertEqual(sorted(sent), sorted(flow_id for flow_id, outcome in outcomes.items()
                                              if outcome in ("deployed", "deleted")))
        self.check_that_the_rest_converges(cell, deploy, prune)

    def drift_of(self, cell):
        if cell.state not in DRIFT_STATE or (cell.state == "deleted" and cell.role in ("removed", "pruned")):
            return {}
        return {"x": DRIFT_STATE[cell.state]}

    def check_what_is_seen(self, cell, prune):
        """Status and plan say the same before anything is done, and name the command that fixes it."""
        if cell.policy != "fail" or cell.scope != "whole":
            return
        drift = self.drift_of(cell)
        _, status, _ = self.run_json("status")
        _, plan, _ = self.run_json("plan", "--check-drift", *prune)
        self.assertEqual({flow["flowId"]: flow["state"] for flow in plan["drift"]}, drift, plan)
        states = {flow["flowId"]: flow["state"] for flow in status["flows"]}
        self.assertEqual({flow_id: state for flow_id, state in states.items()
                          if state in DRIFT_STATE.values()}, drift, status)
        self.assertEqual(plan["live"], "asked")
        if drift and cell.state != "unknown":
            for command in (("status",), ("plan", "--check-drift")):
                done = self.start(*command)
                text = "".join(done.communicate(timeout=harness.PATIENCE))
                self.assertIn("flowship pull", text, command)

    def check_that_the_rest_converges(self, cell, deploy, prune):
        """What was left open stays so until somebody decides; then one deployment settles it, and the next does nothing."""
        self.sandbox.faults()
        self.repository.git("reset", "--quiet", "--hard")
        self.repository.git("clean", "--quiet", "--force", "-d")
        if cell.policy in ("fail", "skip") and cell.role == "changed" and cell.state in ("edited", "deleted", "foreign"):
            self.assertEqual(self.run_json(*deploy)[0], 5)
        self.run_json("deploy", "--on-drift", "overwrite", *prune)
        self.sandbox.forget_requests()
        code, again, _ = self.run_json("deploy", "--on-drift", "overwrite", *prune)
        self.assertEqual((code, again["flows"], again["record"]), (0, [], None), again)
        self.assertEqual(self.sandbox.changing_requests(), [])
        if cell.role in ("changed", "kept"):
            self.assertEqual(self.text_of("x"), NEW if cell.role == "changed" else OLD)

    def check_all(self, role):
        cells = [Cell(state, role, policy, scope)
                 for state, policy, scope in itertools.product(STATES, POLICIES, SCOPES)]
        for number, cell in enumerate(cell for cell in cells if cell.is_possible()):
            with self.subTest(cell=str(cell)):
                self.check(cell, number)

    def test_a_flow_of_the_change_set(self):
        self.check_all("changed")

    def test_a_flow_that_stays(self):
        self.check_all("kept")

    def test_a_flow_that_the_repository_no_longer_has(self):
        self.check_all("removed")

    def test_a_flow_that_is_to_be_deleted(self):
        self.check_all("pruned")


class Seen(TestCase):
    """Nothing is believed that was not seen."""

    def write(self, text):
        self.repository.write("x.json", flow_of("x", text))
        self.repository.commit(text)

    def setUp(self):
        super().setUp()
        self.write(OLD)
        self.deploy()
        self.write(NEW)
        self.sandbox.forget_requests()

    def outcome(self, result):
        return [(flow["outcome"], flow["error"]) for flow in result["flows"]]

    def test_an_answer_200_without_effect_is_no_deployment(self):
        self.sandbox.faults(lie=1)
        result = self.deploy("--read-back-wait", "300ms", code=1)
        self.assertEqual(self.outcome(result), [
            ("failed", "the service accepted the import, but still holds the previous version")])
        self.assertEqual(self.json_of("status")["flows"], [{"flowId": "x", "state": "pending"}])
        self.assertEqual(self.outcome(self.deploy()), [("deployed", None)])

    def test_a_service_that_lags_is_asked_again(self):
        # The first look is before the import.
        self.sandbox.faults(stale=3)
        self.assertEqual(self.outcome(self.deploy()), [("deployed", None)])
        self.assertEqual(len(self.sandbox.imports()), 1)
        self.assertEqual(len(self.sandbox.requests("/flow/export")), 4)

    def test_a_service_that_lags_for_too_long_has_not_deployed(self):
        self.sandbox.faults(stale=1000)
        self.assertEqual(self.outcome(self.deploy("--read-back-wait", "300ms", code=1))[0][0], "failed")
        self.sandbox.faults()
        self.assertEqual(self.json_of("status")["flows"], [{"flowId": "x", "state": "pending"}])
        self.assertEqual(self.deploy()["flows"], [])
        self.assertEqual(self.json_of("status")["flows"], [{"flowId": "x", "state": "in-sync"}])
        self.assertEqual(len(self.sandbox.imports()), 1)

    def test_an_import_that_lied_about_a_new_flow_is_no_deployment(self):
        self.repository.write("z.json", flow_of("z", NEW))
        self.repository.remove("x.json")
        self.repository.commit("New")
        self.sandbox.faults(lie=1)
        self.assertEqual(self.outcome(self.deploy("--read-back-wait", "300ms", code=1))[0][0], "failed")
        self.assertEqual(self.outcome(self.deploy()), [("deployed", None)])

    def test_a_deletion_that_lied_is_none(self):
        self.repository.remove("x.json")
        self.repository.commit("Remove")
        self.sandbox.faults(lie="1@delete")
        result = self.deploy("--prune", "--read-back-wait", "300ms", code=1)
        self.assertEqual(self.outcome(result), [
            ("failed", "the service accepted the deletion, but still lists the flow")])
        self.assertEqual(self.outcome(self.deploy("--prune")), [("deleted", None)])

    def test_what_the_service_changes_by_itself_is_no_drift(self):
        self.repository.write("x.json", {**flow_of("x", NEW), "references": {"roles": ["a", "b"]}})
        self.repository.commit("Roles")
        self.deploy()
        flow = self.sandbox.held()["x"]
        flow["metadata"]["componentsVersion"] = "9.9.9"
        flow["references"]["roles"] = ["b", "a"]
        self.sandbox.edit(flow)
        self.assertEqual(self.json_of("status", "--exit-code")["drift"], [])
        self.assertEqual(self.json_of("plan", "--check-drift", "--exit-code")["drift"], [])
        self.assertEqual(self.deploy("--on-drift", "overwrite")["flows"], [])
        self.repository.write("x.json", {**flow_of("x", OLD), "references": {"roles": ["a", "b"]}})
        self.repository.commit("Change")
        self.assertEqual(self.outcome(self.deploy()), [("deployed", None)])

    def test_ignored_pointers_are_no_drift(self):
        self.repository.write("flowship.json", {"environments": {"default": {"ignoreDrift": ["/metadata/description"]}}})
        self.repository.commit("Ignore")
        self.deploy()
        flow = self.sandbox.held()["x"]
        flow["metadata"]["description"] = "kept by the marketing department"
        self.sandbox.edit(flow)
        self.assertEqual(self.json_of("plan", "--check-drift", "--exit-code")["drift"], [])
        self.assertEqual(self.json_of("status", "--exit-code")["drift"], [])
        flow["metadata"]["name"] = "edited"
        self.sandbox.edit(flow)
        drift = self.json_of("plan", "--check-drift", "--exit-code", code=5)["drift"]
        self.assertEqual([edit["pointer"] for edit in drift[0]["description"]], ["/metadata/name"])

    def test_a_list_that_names_no_versions_is_enough_for_a_change(self):
        old = harness.Sandbox("--list-format", "old")
        self.addCleanup(old.stop)
        self.sandbox = old
        self.repository.git("update-ref", "-d", "refs/flowship/default")
        repository = Repository(self.folder / "old")
        repository.write("x.json", flow_of("x", OLD))
        repository.write("y.json", flow_of("y", OLD))
        repository.commit("Before")
        self.repository = repository
        self.deploy()
        flow = old.held()["y"]
        flow["metadata"]["name"] = EDIT
        old.edit(flow)
        old.forget_requests()
        self.assertEqual(self.deploy()["drift"], [])
        self.assertEqual(old.asked(), ["list"])
        self.assertEqual([flow["flowId"] for flow in self.deploy("--refresh")["drift"]], ["y"])
        self.assertEqual([flow["flowId"] for flow in self.json_of("status")["drift"]], ["y"])
        # Who names a flow wants it looked at.
        self.assertEqual(self.deploy("x", "--on-drift", "overwrite")["flows"], [])
        [restored] = self.deploy("y", "--on-drift", "overwrite")["flows"]
        self.assertEqual((restored["flowId"], restored["outcome"]), ("y", "deployed"))
        self.assertEqual(old.held()["y"]["metadata"]["name"], OLD)


class Restored(TestCase):
    """What the service lost comes back with one command."""

    def setUp(self):
        super().setUp()
        for flow_id in "abc":
            self.repository.write(f"flows/{flow_id}.json", flow_of(flow_id, OLD))
        self.repository.commit("Add")
        self.record = self.deploy()["record"]
        self.before = self.sandbox.held()

    def steps(self, result):
        return [(flow["flowId"], flow["action"], flow["outcome"]) for flow in result["flows"]]

    def test_a_project_that_was_emptied_is_filled(self):
        for flow_id in "abc":
            self.sandbox.delete(flow_id)
        self.assertEqual({flow["state"] for flow in self.json_of("status")["flows"]}, {"missing"})
        text = self.run_flowship("deploy")
        self.assertNotIn("up to date", text.out + text.err)
        self.assertEqual(self.sandbox.held(), {})
        plan = self.json_of("plan", "--check-drift", "--exit-code", code=5)
        self.assertEqual([flow["state"] for flow in plan["drift"]], ["missing"] * 3)
        result = self.deploy("--on-drift", "overwrite")
        self.assertEqual(self.steps(result), [(flow_id, "create", "deployed") for flow_id in "abc"])
        self.assertEqual(self.sandbox.held(), self.before)
        self.assertEqual({flow["state"] for flow in self.json_of("status")["flows"]}, {"in-sync"})

    def test_a_rollback_to_the_current_record_restores_it(self):
        self.sandbox.delete("a")
        self.sandbox.edit(flow_of("b", EDIT))
        self.assertEqual(self.steps(self.json_of("rollback", self.record)),
                         [("a", "create", "deployed"), ("b", "update", "deployed")])
        self.assertEqual(self.sandbox.held(), self.before)

    def test_on_drift_of_the_environment_decides(self):
        self.repository.write("flowship.json", {"environments": {"default": {"onDrift": "overwrite"}}})
        self.repository.commit("Overwrite")
        self.sandbox.delete("c")
        self.assertEqual(self.steps(self.deploy()), [("c", "create", "deployed")])

    def test_a_list_with_fewer_flows_than_its_total_is_an_error(self):
        self.sandbox.faults(lie="1@list")
        self.assertIn("list", self.deploy("--on-drift", "overwrite", code=1)["error"]["message"])
        self.assertEqual(self.sandbox.held(), self.before)

    def test_a_source_at_which_there_is_nothing_deletes_nothing(self):
        self.repository.write("flowship.json", {"sources": ["flows"], "environments": {"default": {"prune": True}}})
        self.repository.commit("Prune")
        self.deploy()
        self.repository.git("mv", "flows", "flws")
        self.repository.commit("Rename by mistake")
        for command in (("deploy",), ("deploy", "--prune", "--on-drift", "overwrite", "--max-deletes", "99")):
            self.assertIn("flows", self.json_of(*command, code=1)["error"]["message"])
        self.assertEqual(self.sandbox.requests("/flow/delete"), [])
        self.assertEqual(self.sandbox.held(), self.before)

    def test_a_flow_that_can_not_be_read_is_not_deleted(self):
        for path, text in (("flows/b.json", '{"startTask": '), ("flows/b.json", "")):
            (self.repository.path / path).write_text(text)
            self.repository.commit("Break")
            self.run_flowship("deploy", "--prune", code=3)
        self.assertEqual(self.sandbox.held(), self.before)


if __name__ == "__main__":
    harness.main()
