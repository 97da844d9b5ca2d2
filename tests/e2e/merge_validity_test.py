"""The result of a clean merge validates as well as both sides did, with their configuration and the flows that they run."""

import copy

import harness
from harness import FLOWS
from merge_test import CONTENTS, MFA, Driver, new_task

VERIFY = "verify-code-otp-email"
CODE = {"name": "code", "require": [{"factor": "otp-email"}]}


def task(key, name, to, **members):
    rules = {"rules": [{"interactionId": "success", "taskId": to}]} if to else {}
    return {"id": key, "name": name, "type": "automated", "next": rules, **members}


def flow_of(*tasks, flow_id="f"):
    """A flow whose tasks are listed in order; the last leads to the end."""
    ids = [str(number) for number in range(len(tasks))] + ["end"]
    graph = {key: task(key, f"Step {key}", to, **members) for key, to, members in zip(ids, ids[1:], tasks)}
    graph["end"] = task("end", "End", None, action="logged-in")
    graph["start"] = {"id": "start", "name": "start", "next": {"rules": [{"interactionId": "", "taskId": "0"}]}}
    return {"flowId": flow_id, "metadata": {"name": flow_id, "description": "", "componentsVersion": "2.0.500"},
            "contents": {"startTask": "0", "tasks": graph}, "screens": []}


def action(name):
    return {"action": name}


def subflow(flow_id):
    return {"type": "flow", "arguments": {"flowId": {"type": "inline", "value": flow_id}}}


def set_task(key, **members):
    def change(flow):
        flow["contents"]["tasks"][key].update(members)
    return change


class Validity(Driver):
    def setUp(self):
        super().setUp()
        self.repository.remove(FLOWS)

    def configure(self, **members):
        self.repository.write("flowship.json", {"sources": ["flows"], **members})

    def write(self, flow, layout):
        """In that layout, as file or folder."""
        if layout == "exported":
            self.repository.write(f"flows/{flow['flowId']}.json", flow)
            return
        folder = f"flows/{flow['flowId']}"
        self.repository.write(f"{folder}/contents.json", flow["contents"])
        self.repository.write(f"{folder}/metadata.json", {**flow["metadata"], "screens": []})

    def sides(self, base, ours, theirs, layout="exported"):
        """Commits three versions of some flows: `ours` and `theirs` change copies of `base`, a list."""
        def commit(message, change):
            flows = {flow["flowId"]: copy.deepcopy(flow) for flow in base}
            change(flows)
            for flow in flows.values():
                self.write(flow, layout)
            self.repository.commit(message)
        commit("Base", lambda flows: None)
        self.git("checkout", "--quiet", "-b", "side")
        commit("Theirs", theirs)
        self.git("checkout", "--quiet", "main")
        commit("Ours", ours)

    def expect_valid(self, code=0):
        findings = self.json_of("validate", code=code)["findings"]
        self.assertNotIn("too-many-tasks", [each["rule"] for each in findings if each["severity"] != "note"])

    def expect_conflict(self, reason, path, base, ours, theirs, layout="exported"):
        self.sides(base, ours, theirs, layout)
        self.expect_valid()
        told = self.git("merge", "side", code=1)
        self.assertIn("Merged, the flow would not be valid: ", told)
        self.assertIn(reason, told)
        self.assertEqual(self.unmerged(), [path])
        self.git("merge", "--abort")
        self.git("checkout", "--quiet", "side")
        self.expect_valid()

    def expect_clean(self, base, ours, theirs, layout="exported", code=0):
        """`code` is what `validate` exits with before and after."""
        self.sides(base, ours, theirs, layout)
        self.expect_valid(code)
        self.git("merge", "--quiet", "--no-edit", "side")
        self.expect_valid(code)


class Severity(Validity):
    def both_add(self, ours, theirs):
        def more(name, count):
            def change(flows):
                tasks = flows["f"]["contents"]["tasks"]
                for number in range(count):
                    to = f"{name}{number + 1}" if number + 1 < count else tasks["0"]["next"]["rules"][0]["taskId"]
                    tasks[f"{name}{number}"] = task(f"{name}{number}", f"{name} {number}", to, action="loadUser")
                key = "0" if name == "a" else "1"
                tasks[key]["next"]["rules"][0]["taskId"] = f"{name}0"
            return change
        return [flow_of(action("loadUser"), action("loadUser"))], more("a", ours), more("b", theirs)

    def test_two_sides_with_many_tasks_are_too_many_together(self):
        self.configure()
        self.expect_conflict("more than 200 (too-many-tasks)", "flows/f.json", *self.both_add(99, 130))

    def test_a_rule_that_is_off_is_no_conflict(self):
        self.configure(rules={"too-many-tasks": "off"})
        self.expect_clean(*self.both_add(99, 130))

    def test_what_is_as_grave_as_on_a_side_is_no_conflict(self):
        self.configure()
        self.expect_clean(*self.both_add(99, 20))


class OtherFlows(Validity):
    """What a flow runs is part of what is right about it."""

    def base(self):
        self.configure()
        return [flow_of(action("loadUser"), action("loadUser")), flow_of(action("loadUser"), flow_id="other")]

    @staticmethod
    def runs(flow_id, by):
        def change(flows):
            task = flows[by]["contents"]["tasks"]["1" if by == "f" else "0"]
            task.pop("action")
            task.update(subflow(flow_id), next={"rules": []})
        return change

    @staticmethod
    def renamed(flows):
        set_task("0", name="Renamed")(flows["f"])

    def test_a_subflow_that_the_other_side_removed(self):
        def removed(flows):
            self.renamed(flows)
            del flows["other"]
            self.repository.remove("flows/other.json")
        self.expect_conflict("(missing-subflow)", "flows/f.json", self.base(), removed, self.runs("other", "f"))

    def test_two_flows_that_run_each_other_together(self):
        def ours(flows):
            self.renamed(flows)
            self.runs("f", "other")(flows)
        for layout, path in (("exported", "flows/f.json"), ("snapshot", "flows/f/contents.json")):
            with self.subTest(layout=layout):
                self.setUp()
                self.expect_conflict("(subflow-cycle)", path, self.base(), ours, self.runs("other", "f"), layout)

    def test_a_subflow_that_both_know(self):
        self.expect_clean(self.base(), self.renamed, self.runs("other", "f"))


class Policies(Validity):
    TWICE = (action("loadUser"), action(VERIFY), action(VERIFY))

    @staticmethod
    def ours(flows):
        set_task("1", action="update-user-properties")(flows["f"])

    @staticmethod
    def theirs(flows):
        set_task("2", action="update-user-properties")(flows["f"])

    def test_each_side_leaves_one_of_two_verifications(self):
        self.configure(policies=[CODE])
        self.expect_conflict("a session can be reached without factor `otp-email`", "flows/f.json",
                             [flow_of(*self.TWICE)], self.ours, self.theirs)

    def test_in_a_snapshot(self):
        self.configure(policies=[CODE])
        self.expect_conflict("policy `code`", "flows/f/contents.json", [flow_of(*self.TWICE)], self.ours,
                             self.theirs, "snapshot")

    def test_what_is_ignored_or_off_is_no_conflict(self):
        ignored = [{"rule": "policy", "policy": "code", "flowId": "f", "path": "flows", "reason": "Retired soon"}]
        for members in ({"policies": [CODE], "ignore": ignored}, {"policies": [{**CODE, "severity": "off"}]},
                        {"policies": [{**CODE, "flows": ["g*"]}]}):
            with self.subTest(**members):
                self.setUp()
                self.configure(**members)
                self.expect_clean([flow_of(*self.TWICE)], self.ours, self.theirs)

    def test_what_a_side_violates_already_is_no_conflict(self):
        self.configure(policies=[CODE])

        def violating(flows):
            self.ours(flows)
            self.theirs(flows)
        self.expect_clean([flow_of(*self.TWICE)], violating,
                          lambda flows: set_task("0", name="Theirs")(flows["f"]), code=3)

    def test_a_new_subflow_that_verifies(self):
        """Theirs moves the verification into a subflow, which ours does not have."""
        for layout in ("exported", "snapshot"):
            with self.subTest(layout=layout):
                self.setUp()
                self.configure(policies=[CODE])

                def moved(flows):
                    flows["verify"] = flow_of(action(VERIFY), flow_id="verify")
                    flows["f"] = flow_of(action("loadUser"), action("loadUser"), subflow("verify"))
                self.expect_clean([flow_of(*self.TWICE)], lambda flows: set_task("0", name="Ours")(flows["f"]), moved,
                                  layout)

    def test_a_subflow_that_verifies_no_longer(self):
        """Ours trusts a subflow, in which theirs removes the verification."""
        for layout, path in (("exported", "flows/f.json"), ("snapshot", "flows/f/contents.json")):
            with self.subTest(layout=layout):
                self.setUp()
                self.configure(policies=[{**CODE, "flows": ["f"]}])
                base = [flow_of(action(VERIFY), subflow("verify")), flow_of(action(VERIFY), flow_id="verify")]

                def theirs(flows):
                    set_task("0", action="loadUser")(flows["verify"])
                    set_task("1", name="Theirs")(flows["f"])
                self.expect_conflict("policy `code`", path, base,
                                     lambda flows: set_task("0", action="loadUser")(flows["f"]), theirs, layout)

    def test_a_flow_that_runs_the_merged_one(self):
        self.configure(policies=[{**CODE, "flows": ["outer"]}])
        outer = flow_of(subflow("f"), flow_id="outer")
        self.expect_conflict("policy `code`", "flows/f.json", [outer, flow_of(*self.TWICE)], self.ours, self.theirs)


class FilesOfASnapshot(Driver):
    """git merges each file by itself, and takes one that only one side changed as it is."""

    SMS = f"{MFA}/screen-enter-sms-code.json"

    def show(self, key, screen_id, name, after="5"):
        """A new task that shows a screen, on the way from `after` to where that led."""
        def change(contents):
            rule = contents["tasks"][after]["next"]["rules"][0]
            contents["tasks"][key] = {"id": key, "name": name, "type": "screen", "screenId": screen_id, "next": {
                "rules": [{"interactionId": "oneTimeCodeId", "taskId": rule["taskId"]}]}}
            rule["taskId"] = key
        self.edit(CONTENTS, change)

    def add_screen(self, name, key, after="5", screen_id="SCnew"):
        screen = self.repository.read(self.SMS)
        self.repository.write(f"{MFA}/screen-{name}.json", {**screen, "screenId": screen_id})
        self.edit(f"{MFA}/metadata.json", lambda metadata: metadata["screens"].append(name))
        self.show(key, screen_id, name, after)

    def remove_sms_screen(self):
        def change(contents):
            del contents["tasks"]["6"]
            contents["tasks"]["5"]["next"]["rules"][0]["taskId"] = "7"
        self.repository.remove(self.SMS)
        self.edit(f"{MFA}/metadata.json", lambda metadata: metadata["screens"].remove("enter-sms-code"))
        self.edit(CONTENTS, change)

    def show_sms_screen(self):
        self.show("12", self.repository.read(self.SMS)["screenId"], "Again", after="2.end")

    def sides(self, ours, theirs):
        self.git("checkout", "--quiet", "-b", "side")
        theirs()
        self.repository.commit("Theirs")
        self.git("checkout", "--quiet", "main")
        ours()
        self.repository.commit("Ours")

    def rules(self):
        return [each["rule"] for each in self.json_of("validate")["findings"]]

    def expect_conflict(self, reason, ours, theirs):
        self.sides(ours, theirs)
        self.assertEqual(self.rules(), [])
        told = self.git("merge", "side", code=1)
        self.assertIn("Merged, the flow would not be valid: ", told)
        self.assertIn(reason, told)
        self.assertIn(CONTENTS, self.unmerged())

    def test_two_screens_with_one_id(self):
        self.expect_conflict("duplicate `screenId` `SCnew`", lambda: self.add_screen("a", "11"),
                             lambda: self.add_screen("b", "12", after="2.end"))

    def test_a_removed_screen_that_a_new_task_shows(self):
        for ours, theirs in ((self.remove_sms_screen, self.show_sms_screen),
                             (self.show_sms_screen, self.remove_sms_screen)):
            with self.subTest(ours=ours.__name__):
                self.setUp()
                self.expect_conflict("shows the screen", ours, theirs)

    def add_help(self):
        self.edit(self.SMS, lambda screen: screen["interactions"].append({"id": "help", "label": "Help"}))
        self.edit(CONTENTS, lambda contents: contents["tasks"]["6"]["next"]["rules"].append(
            {"interactionId": "help", "taskId": "5"}))

    def test_an_interaction_that_a_new_rule_follows(self):
        self.add_help()
        self.repository.commit("Help")

        def remove():
            self.edit(self.SMS, lambda screen: screen["interactions"].pop())
            self.edit(CONTENTS, lambda contents: contents["tasks"]["6"]["next"]["rules"].pop())

        def follow():
            self.show_sms_screen()
            self.edit(CONTENTS, lambda contents: contents["tasks"]["12"]["next"]["rules"].append(
                {"interactionId": "help", "taskId": "5"}))
        self.expect_conflict("refers to the interaction `help`", remove, follow)

    def test_what_the_files_agree_about_is_merged(self):
        def ours():
            self.add_screen("a", "11")
            self.add_help()

        def theirs():
            self.edit(CONTENTS, lambda contents: contents["tasks"]["2.end"].update(name="Theirs"))
            self.edit(CONTENTS, lambda contents: contents["tasks"].update({"21": new_task("21", "New")}))
            self.edit(CONTENTS, lambda contents: contents["tasks"]["4"]["next"]["rules"][0].update(taskId="21"))
        self.sides(ours, theirs)
        self.git("merge", "--quiet", "--no-edit", "side")
        self.assertEqual(self.rules(), [])

    def test_what_a_side_has_already_is_no_conflict(self):
        self.show("11", "SC-gone", "Gone")
        self.repository.commit("A task shows a screen that is nowhere")
        self.sides(lambda: self.edit(CONTENTS, lambda contents: contents["tasks"]["11"].update(name="Ours")),
                   lambda: self.edit(CONTENTS, lambda contents: contents["tasks"]["2.end"].update(name="Theirs")))
        self.git("merge", "--quiet", "--no-edit", "side")
        self.assertEqual(self.rules(), ["screen-task"])


class FromTheConsole(harness.TestCase):
    def test_console_and_working_tree_leave_one_of_two_verifications(self):
        flow = flow_of(*Policies.TWICE)
        self.repository.write("flowship.json", {"policies": [CODE]})
        self.repository.write("f.json", flow)
        self.repository.commit()
        self.deploy()
        held = self.sandbox.held()["f"]
        set_task("1", action="update-user-properties")(held)
        self.sandbox.edit(held)
        set_task("2", action="update-user-properties")(flow)
        self.repository.write("f.json", flow)
        told = self.run_flowship("pull", code=5)
        self.assertIn("Merged, the flow would not be valid: policy `code`", told.out + told.err)
        self.assertEqual(self.repository.read("f.json"), flow)


if __name__ == "__main__":
    harness.main()
