"""Taking over into the repository what somebody edited in the console (`--on-drift adopt`)."""

import json

import harness
from deploy_test import a_screen_of, change_text
from harness import FLOWS, TestCase
from sources_test import console_file, small_flow


class Adopt(TestCase):
    def outcomes(self, result):
        return {flow["flowId"]: flow["outcome"] for flow in result["flows"]}

    def adopt(self, *arguments, **options):
        """Deploys and adopts; returns the paths that were written, sorted."""
        self.sandbox.forget_requests()
        before = self.ledger_tip()
        result = self.deploy("--on-drift", "adopt", *arguments, code=5, **options)
        self.assertEqual(self.sandbox.imports(), [])
        self.assertEqual(self.ledger_tip(), before, "the ledger stays as it was")
        self.result = result
        return sorted(path for flow in result["flows"] if flow["outcome"] == "drifted" for path in flow["paths"])

    def ledger_tip(self):
        return self.repository.git("for-each-ref", "--format=%(objectname)", "refs/flowship/")

    def edit(self, flow_id, change):
        flow = self.sandbox.held()[flow_id]
        change(flow)
        self.sandbox.edit(flow)

    def changed_lines(self):
        """The lines that the working tree has in the place of HEAD's, with their signs."""
        lines = self.repository.git("diff", "--unified=0").splitlines()
        return [line[0] + line[1:].strip() for line in lines
                if line[:1] in "+-" and line[:3] not in ("+++", "---")]

    def changed_files(self):
        status = self.repository.git("status", "--porcelain", "--no-renames", "--untracked-files=all")
        return sorted(line.split(maxsplit=1)[1] for line in status.splitlines())


class Snapshot(Adopt):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.deploy()

    def change(self, flow_id, text):
        change_text(self.repository, flow_id, a_screen_of(self.repository, flow_id), text)
        return self.repository.commit(f"Change {flow_id}")

    def test_shows_in_a_diff_only_what_was_changed_in_the_console(self):
        self.change("step-up", "new")
        self.change("sign-in", "new")
        pending = self.repository.read(f"{FLOWS}/step-up/{a_screen_of(self.repository, 'step-up')}")

        def edit(flow):
            flow["metadata"]["name"] = "Edited"
            flow["contents"]["tasks"]["0"]["view"]["x"] = 757
            flow["contents"]["tasks"]["0"]["next"]["rules"].append({"interactionId": "failure", "taskId": "0.end"})
        self.edit("step-up", edit)
        folder = f"{FLOWS}/step-up"
        written = self.adopt()
        self.assertEqual(self.outcomes(self.result), {"step-up": "drifted", "sign-in": "skipped"})
        self.assertEqual(written, self.changed_files())
        self.assertEqual(written, [f"{folder}/contents.json", f"{folder}/metadata.json"])
        # The change that was to be deployed stays.
        self.assertEqual(self.repository.read(f"{folder}/{a_screen_of(self.repository, 'step-up')}"), pending)
        self.assertEqual(self.changed_lines(), [
            '+},', "+{", '+"interactionId": "failure",', '+"taskId": "0.end"',
            '-"x": 756.8849544464761,', '+"x": 757,', '-"name": "Step Up",', '+"name": "Edited",'])

    def test_a_screen_that_was_added_and_one_that_was_removed(self):
        self.change("step-up", "new")
        before = self.repository.read(f"{FLOWS}/step-up/metadata.json")["screens"]

        def edit(flow):
            gone = self.repository.read(f"{FLOWS}/step-up/screen-enter-code.json")["screenId"]
            flow["screens"] = [screen for screen in flow["screens"] if screen["screenId"] != gone]
            for number, name in enumerate(("Really Sure?", "Cancelled")):
                screen_id = f"SC2new{number}abC{number}"
                flow["screens"].insert(0, {"screenId": screen_id, "interactions": [], "contents": {"ROOT": {"n": 1.50}}})
                flow["contents"]["tasks"][f"9{number}"] = {
                    "id": f"9{number}", "name": name, "type": "screen", "screenId": screen_id, "next": {}}
        self.edit("step-up", edit)
        written = self.adopt()
        folder = f"{FLOWS}/step-up"
        self.assertEqual(written, [f"{folder}/contents.json", f"{folder}/metadata.json",
                                   f"{folder}/screen-cancelled-abC1.json", f"{folder}/screen-enter-code.json", f"{folder}/screen-really-sure.json"])
        self.assertFalse((self.repository.path / folder / "screen-enter-code.json").exists())
        screens = self.repository.read(f"{folder}/metadata.json")["screens"]
        self.assertEqual(screens, sorted(set(before) - {"enter-code"} | {"really-sure", "cancelled-abC1"}))
        self.assertTrue(self.json_of("validate", folder)["ok"])

    def test_a_flow_that_was_never_deployed_from_here(self):
        self.edit("mfa", lambda flow: flow["metadata"].update(description="Edited"))
        self.repository.git("update-ref", "-d", "refs/flowship/default")
        self.assertEqual(self.adopt(), [])
        self.assertEqual(self.outcomes(self.result)["mfa"], "drifted")
        conflict = self.result["conflicts"][0]
        self.assertEqual((conflict["flowId"], [place["pointer"] for place in conflict["conflicts"]]),
                         ("mfa", ["/metadata/description"]))
        self.assertIn("flowship pull mfa --theirs", conflict["hint"])

    def test_what_is_not_committed_survives(self):
        self.change("step-up", "new")
        self.edit("step-up", lambda flow: flow["metadata"].update(name="Edited"))
        path = f"{FLOWS}/step-up/metadata.json"
        self.repository.write(path, self.repository.read(path) | {"description": "Not committed"})
        self.assertEqual(self.adopt(), [path])
        self.assertEqual((self.repository.read(path)["name"], self.repository.read(path)["description"]),
                         ("Edited", "Not committed"))

    def test_a_conflict_leaves_the_flow_and_merges_the_others(self):
        for flow_id in ("step-up", "sign-in"):
            self.change(flow_id, "new")
            self.edit(flow_id, lambda flow: flow["metadata"].update(name="Edited"))
        path = f"{FLOWS}/step-up/metadata.json"
        self.repository.write(path, self.repository.read(path) | {"name": "Ours"})
        text = (self.repository.path / path).read_text()
        self.assertEqual(self.adopt(), [f"{FLOWS}/sign-in/metadata.json"])
        self.assertEqual((self.repository.path / path).read_text(), text)
        self.assertEqual([conflict["flowId"] for conflict in self.result["conflicts"]], ["step-up"])
        out = self.run_flowship("deploy", "--on-drift", "adopt", code=5).out
        for part in ("step-up is in conflict", "/metadata/name", '"Ours"', '"Edited"', "flowship pull step-up --ours"):
            self.assertIn(part, out)

    def test_the_hints_say_what_is_left_to_do(self):
        self.change("mfa", "new")
        self.edit("mfa", lambda flow: flow["metadata"].update(name="Edited"))
        for hint in ("the console edit is now in the working tree", "the working tree has the console edit already; commit it"):
            self.adopt()
            self.assertEqual((self.result["flows"][0]["hint"], self.result["error"]["hint"]), (hint, hint))

    def test_what_was_adopted_is_told_where_nothing_was_to_be_deployed(self):
        self.edit("mfa", lambda flow: flow["metadata"].update(name="Edited"))
        path = f"{FLOWS}/mfa/metadata.json"
        result = self.deploy("--on-drift", "adopt")
        self.assertEqual((result["adopted"], result["warnings"]), ([path], []))
        self.repository.git("checkout", "--", path)
        self.assertIn(path, self.run_flowship("deploy", "--on-drift", "adopt").out)

    def test_the_order_of_a_set_is_not_told_as_an_edit(self):
        def edit(flow):
            flow["metadata"]["name"] = "Edited"
            for screen in flow["screens"]:
                screen["interactions"] = list(reversed(screen.get("interactions") or []))
        self.edit("mfa", edit)
        [drift] = self.json_of("status")["drift"]
        self.assertEqual([part["pointer"] for part in drift["description"]], ["/metadata/name"])

    def test_a_conflict_of_a_flow_that_nobody_deploys_now_is_no_success(self):
        self.edit("step-up", lambda flow: flow["metadata"].update(name="Edited"))
        path = f"{FLOWS}/step-up/metadata.json"
        self.repository.write(path, self.repository.read(path) | {"name": "Ours"})
        self.assertEqual(self.adopt(), [])
        self.assertEqual([conflict["flowId"] for conflict in self.result["conflicts"]], ["step-up"])
        self.assertFalse(self.result["ok"])

    def test_a_flow_that_is_broken_in_the_working_tree_stays_so(self):
        self.change("step-up", "new")
        self.edit("step-up", lambda flow: flow["metadata"].update(name="Edited"))
        path = self.repository.path / FLOWS / "step-up" / "metadata.json"
        path.unlink()
        self.assertEqual(self.adopt(), [])
        self.assertIn("has no metadata.json", self.result["conflicts"][0]["reason"])
        self.assertFalse(path.exists())

    def test_changes_elsewhere_do_not_matter(self):
        self.change("step-up", "new")
        self.edit("step-up", lambda flow: flow["metadata"].update(name="Edited"))
        self.repository.write("README.md", "not committed\n")
        change_text(self.repository, "mfa", a_screen_of(self.repository, "mfa"), "not committed")
        self.assertIn(f"{FLOWS}/step-up/metadata.json", self.adopt())

    def test_nothing_is_written_through_a_symbolic_link(self):
        self.change("step-up", "new")

        def edit(flow):
            flow["screens"].append({"screenId": "SC9", "interactions": [], "contents": {}})
            flow["contents"]["tasks"]["9"] = {"id": "9", "name": "New", "type": "screen", "screenId": "SC9", "next": {}}
        self.edit("step-up", edit)
        outside = self.folder / "outside.json"
        outside.write_text("untouched")
        (self.repository.path / FLOWS / "step-up" / "screen-new.json").symlink_to(outside)
        self.deploy("--on-drift", "adopt", code=1)
        self.assertEqual(outside.read_text(), "untouched")
        self.assertEqual(self.changed_files(), [f"{FLOWS}/step-up/screen-new.json"])

    def test_without_drift_it_deploys(self):
        self.change("step-up", "new")
        self.assertEqual(self.outcomes(self.deploy("--on-drift", "adopt")), {"step-up": "deployed"})

    def test_the_policy_of_the_environment_counts_and_the_paths_are_told_in_the_text(self):
        self.repository.write("flowship.json", {"environments": {"default": {"onDrift": "adopt"}}})
        self.change("step-up", "new")
        self.edit("step-up", lambda flow: flow["metadata"].update(name="Edited"))
        out = self.run_flowship("deploy", code=5).out
        for path in self.changed_files():
            self.assertIn(path, out)
        self.assertIn("git diff", out)

    def test_a_bare_repository_has_nothing_to_write_into(self):
        self.change("step-up", "new")
        self.edit("step-up", lambda flow: flow["metadata"].update(name="Edited"))
        self.repository.git("clone", "--quiet", "--bare", "--mirror", ".", "../bare.git")
        self.sandbox.forget_requests()
        error = self.deploy("--on-drift", "adopt", "--repo", str(self.folder / "bare.git"), code=64)["error"]
        self.assertIn("bare", error["message"])
        self.assertEqual(self.sandbox.requests(), [])


class Files(Adopt):
    """Flows that lie in single files."""

    def test_an_exported_file_keeps_its_form(self):
        flow = small_flow("one", screens=[{"screenId": "S", "contents": {"ROOT": {"x": 1}}}])
        text = json.dumps(flow).replace('"x": 1', '"x":   1.50') + "\n\n"
        self.repository.write("one.json", text)
        self.repository.commit()
        self.deploy()
        self.repository.write("one.json", text.replace('"End"', '"The End"'))
        self.repository.commit()
        self.edit("one", lambda held: held["metadata"].update(description="Edited"))
        self.assertEqual(self.adopt(), ["one.json"])
        self.assertEqual((self.repository.path / "one.json").read_text(),
                         text.replace('"name": "one"}', '"name": "one", "description": "Edited"}')
                         .replace('"End"', '"The End"'))

    def test_a_console_file_keeps_its_form(self):
        flow = console_file("one", translate=False, sharedInteractions=[])
        flow["screens"] = [{"id": "S", "flowId": "one", "version": 3, "inputs": [], "htmlTemplate": {"ROOT": {}},
                            "componentsVersion": "2.0.1"}]
        self.repository.write("one.json", flow)
        self.repository.commit()
        self.deploy()
        changed = json.loads(json.dumps(flow))
        changed["flow"]["dsl"]["tasks"]["end"]["name"] = "The End"
        self.repository.write("one.json", changed)
        self.repository.commit()

        def edit(held):
            held["metadata"]["translation"] = {"enabled": True, "connectorId": "", "sourceLanguage": "en",
                                               "targetLanguages": ["de"]}
            held["screens"][0]["contents"]["ROOT"]["new"] = 1
        self.edit("one", edit)
        self.assertEqual(self.adopt(), ["one.json"])
        expected = json.loads(json.dumps(changed))
        expected["flow"].update(translate=True, translateSourceLang="en", translateTargetLangs=["de"])
        expected["screens"][0]["htmlTemplate"] = {"ROOT": {"new": 1}}
        self.assertEqual(self.repository.read("one.json"), expected)


class Overrides(Adopt):
    def setUp(self):
        super().setUp()
        flow = small_flow("one", references={"connectors": {"Mail": "CIsource", "SMS": "CIsms"}})
        flow["metadata"]["disabled"] = False
        flow["contents"]["tasks"]["end"]["arguments"] = {"connectorId": {"value": "CIsource"}}
        self.flow = flow
        self.repository.write("flowship.json", {"environments": {"production": {
            "connectors": {"Mail": "CIproduction", "SMS": "CIsmsproduction"},
            "set": {"one": {"/metadata/disabled": True, "/contents/tasks/end/extra": [1], "/metadata/added": "x"}}}}})
        self.repository.write("one.json", flow)
        self.repository.commit()
        self.deploy()
        self.assertEqual(self.sandbox.held()["one"]["references"]["connectors"]["Mail"], "CIproduction")

    def test_the_source_keeps_its_connectors_and_what_the_environment_sets(self):
        changed = json.loads(json.dumps(self.flow))
        changed["metadata"]["description"] = "To be deployed"
        self.repository.write("one.json", changed)
        self.repository.commit()

        def edit(held):
            held["contents"]["tasks"]["more"] = {"id": "more", "type": "automated", "action": "connector", "next": {},
                                                 "arguments": {"connectorId": {"value": "CIproduction"}}}
            held["references"]["connectors"]["New"] = "CInew"
        self.edit("one", edit)
        self.assertEqual(self.adopt(), ["one.json"])
        expected = json.loads(json.dumps(changed))
        expected["contents"]["tasks"]["more"] = {"id": "more", "type": "automated", "action": "connector", "next": {},
                                                 "arguments": {"connectorId": {"value": "CIsource"}}}
        expected["references"]["connectors"]["New"] = "CInew"
        self.assertEqual(self.repository.read("one.json"), expected)

    def test_an_edit_of_what_the_environment_sets_is_told(self):
        changed = json.loads(json.dumps(self.flow))
        changed["metadata"]["description"] = "To be deployed"
        self.repository.write("one.json", changed)
        self.repository.commit()
        self.edit("one", lambda held: held["metadata"].update(disabled=False))
        self.assertEqual(self.adopt(), [])
        self.assertEqual(self.repository.read("one.json"), changed)
        self.assertIn("/metadata/disabled", "".join(self.result["warnings"]))


if __name__ == "__main__":
    harness.main()
