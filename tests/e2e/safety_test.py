"""Drift, read-back, undo, several machines and deletions."""

import json
import re
import shlex

import harness
from deploy_test import a_screen_of, change_text
from harness import FLOWS, Repository, TestCase
from sources_test import small_flow


class Safety(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.ids = self.repository.flow_ids()
        self.deploy()
        self.sandbox.forget_requests()

    def change(self, flow_id, text):
        change_text(self.repository, flow_id, a_screen_of(self.repository, flow_id), text)
        return self.repository.commit(f"Change {flow_id}")

    def edit_in_console(self, flow_id, name):
        flow = self.sandbox.held()[flow_id]
        flow["metadata"]["name"] = name
        self.sandbox.edit(flow)
        return flow

    def outcomes(self, result):
        return {flow["flowId"]: flow["outcome"] for flow in result["flows"]}

    def states(self, *options, **more):
        return {flow["flowId"]: flow["state"] for flow in self.json_of("status", *options, **more)["flows"]}


class Drift(Safety):
    def test_an_edit_in_the_console_stops_the_whole_plan(self):
        self.edit_in_console("sign-in", "Edited")
        self.change("sign-in", "new")
        self.change("step-up", "new")
        result = self.deploy(code=5)
        self.assertEqual(self.outcomes(result), {"sign-in": "drifted", "step-up": "skipped"})
        drift = result["drift"][0]
        self.assertEqual((drift["flowId"], drift["state"]), ("sign-in", "drifted"))
        self.assertIn('"Edited"', drift["description"][0]["text"])
        self.assertIsNone(result["record"])
        self.assertEqual(self.sandbox.imports(), [])

    def test_a_drifted_flow_can_be_skipped_or_overwritten(self):
        self.edit_in_console("sign-in", "Edited")
        self.change("sign-in", "new")
        self.change("step-up", "new")
        result = self.deploy("--on-drift", "skip", code=5)
        self.assertEqual(self.outcomes(result), {"sign-in": "drifted", "step-up": "deployed"})
        self.assertEqual(self.deploy("--on-drift", "overwrite")["flows"][0]["outcome"], "deployed")
        before = json.loads(self.repository.git("show", "refs/flowship/default:before/sign-in.json"))
        self.assertEqual(before["metadata"]["name"], "Edited")
        self.assertEqual(self.sandbox.imports(), ["step-up", "sign-in"])

    def test_a_skipped_subflow_does_not_hold_back_who_runs_it(self):
        self.edit_in_console("mfa", "Edited")
        self.change("mfa", "new")
        self.change("sign-in", "new")
        result = self.deploy("--on-drift", "skip", code=5)
        self.assertEqual(self.outcomes(result), {"mfa": "drifted", "sign-in": "deployed"})
        self.assertNotIn("again to send", self.run_flowship("deploy", "--on-drift", "skip", code=5).out)

    def test_a_key_refused_for_an_export_makes_that_flow_unknown(self):
        self.edit_in_console("mfa", "Edited")
        for status, code in (("403", 7), ("500", 1)):
            with self.subTest(status=status):
                self.sandbox.faults(fail=f"{status}@export")
                self.assertEqual(self.states(code=code)["mfa"], "unknown")
                self.sandbox.faults(fail=f"{status}@export")
                self.json_of("plan", "--check-drift", code=code)
                self.sandbox.faults(fail=f"{status}@export")
                drift = self.deploy(code=code)["drift"]
                self.assertEqual([(flow["flowId"], flow["state"]) for flow in drift], [("mfa", "unknown")])
        self.assertEqual(self.sandbox.imports(), [])

    def test_an_upgrade_by_the_service_is_no_difference(self):
        def upgraded(flow_id):
            flow = self.sandbox.held()[flow_id]
            flow["metadata"]["componentsVersion"] = "99.0.0"
            self.sandbox.edit(flow)
        upgraded("mfa")
        self.edit_in_console("mfa", "Both")
        path = f"{FLOWS}/mfa/metadata.json"
        self.repository.write(path, {**self.repository.read(path), "name": "Both"})
        self.repository.commit("The same edit")
        self.assertEqual(self.outcomes(self.deploy()), {"mfa": "unchanged"})
        # Also where nothing was deployed from here yet.
        self.repository.git("update-ref", "-d", "refs/flowship/default")
        self.assertEqual(set(self.outcomes(self.deploy()).values()), {"unchanged"})

    def test_a_flow_edited_after_its_removal_is_taken_back_by_the_hint(self):
        self.edit_in_console("invite-member", "Edited")
        self.repository.remove(f"{FLOWS}/invite-member")
        self.repository.commit("Remove")
        warning = next(text for text in self.deploy()["warnings"] if "keep it" in text)
        command = warning.split("`flowship ")[1].split("`")[0]
        self.run_flowship(*command.split())
        self.assertEqual(self.repository.read(f"{FLOWS}/invite-member/metadata.json")["name"], "Edited")

    def test_a_rollback_names_itself_as_the_way_to_discard_an_edit(self):
        self.change("mfa", "new")
        self.deploy()
        self.edit_in_console("mfa", "Edited")
        hint = self.json_of("rollback", code=5)["flows"][0]["hint"]
        self.assertIn("the same command with `--on-drift overwrite`", hint)

    def test_what_the_service_holds_already_is_recorded_without_a_request(self):
        self.change("sign-in", "new")
        flow = self.sandbox.held()["sign-in"]
        screen = self.repository.read(f"{FLOWS}/sign-in/{a_screen_of(self.repository, 'sign-in')}")
        for held in flow["screens"]:
            if held["screenId"] == screen["screenId"]:
                held["contents"] = screen["contents"]
        self.sandbox.edit(flow)
        result = self.deploy()
        self.assertEqual([(f["outcome"], f["attempts"]) for f in result["flows"]], [("unchanged", 0)])
        self.assertEqual(self.sandbox.imports(), [])
        self.assertEqual(self.json_of("plan")["changes"], [])

    def test_a_flow_that_was_never_deployed_from_here_is_not_overwritten(self):
        self.sandbox.edit(dict(self.sandbox.held()["mfa"], flowId="new-flow"))
        flow = {"flowId": "new-flow", "metadata": {"name": "Mine"},
                "contents": self.repository.read(f"{FLOWS}/step-up/contents.json"), "screens": []}
        flow["contents"] = {"startTask": "start", "tasks": {"start": {"id": "start", "next": {}}}}
        self.repository.write("new-flow.json", flow)
        self.repository.commit("Add")
        self.assertEqual(self.outcomes(self.deploy(code=5)), {"new-flow": "drifted"})

    def test_before_and_after_are_kept_and_readable(self):
        self.change("sign-in", "new")
        self.deploy()
        after = self.repository.git("show", "refs/flowship/default:after/sign-in.json")
        self.assertEqual(json.loads(after), self.sandbox.held()["sign-in"])
        self.assertEqual(len(self.repository.git("ls-tree", "--name-only", "refs/flowship/default:after").split()),
                         len(self.ids))
        self.assertEqual(self.repository.git("ls-tree", "--name-only", "refs/flowship/default:before"), "sign-in.json")
        difference = self.repository.git("diff", "--stat", "refs/flowship/default~2", "refs/flowship/default", "--",
                                         "after")
        self.assertIn("1 file changed, 1 insertion(+), 0 deletions(-)".split(",")[0], difference)

    def test_one_change_takes_five_requests(self):
        self.change("sign-in", "new")
        self.deploy()
        self.assertEqual(self.sandbox.asked(), ["list", "export", "import", "list", "export"])


class Status(Safety):
    def test_shows_every_state(self):
        self.assertEqual(set(self.states().values()), {"in-sync"})
        self.run_flowship("status", "--exit-code")
        self.change("mfa", "new")
        self.run_flowship("status", "--exit-code", code=2)
        self.edit_in_console("step-up", "Edited")
        self.sandbox.edit(dict(self.sandbox.held()["mfa"], flowId="stranger"))
        self.sandbox.ask(f"/_sandbox/flows/{harness.PROJECT}/add-passkey", "DELETE")
        states = self.states("--exit-code", code=5)
        self.assertEqual([states[flow_id] for flow_id in ("mfa", "step-up", "stranger", "add-passkey", "sign-in")],
                         ["pending", "drifted", "unmanaged", "missing", "in-sync"])

    def test_needs_no_key_offline(self):
        self.change("mfa", "new")
        states = self.states("--offline", DESCOPE_MANAGEMENT_KEY=None, DESCOPE_BASE_URL="http://127.0.0.1:1")
        self.assertEqual((states["mfa"], states["sign-in"]), ("pending", "in-sync"))
        self.assertEqual(self.sandbox.requests(), [])


class Deletions(Safety):
    def expect_refused(self, *parts):
        self.sandbox.forget_requests()
        plan = self.run_flowship("plan", "--prune", code=1)
        deployment = self.run_flowship("deploy", "--prune", code=1)
        for part in (*parts, "would be deleted"):
            self.assertIn(part, plan.out + plan.err)
            self.assertIn(part, deployment.err)
        self.assertEqual(deployment.err.count("nothing was sent"), 1, deployment.err)
        self.assertEqual(self.sandbox.requests("/flow/delete") + self.sandbox.imports(), [])

    def test_nothing_is_deleted_while_a_source_matches_nothing(self):
        self.repository.write("flowship.json", {"sources": [FLOWS], "environments": {"default": {"maxDeletes": 50}}})
        self.repository.git("mv", FLOWS, f"{FLOWS}-old")
        self.repository.commit("Rename the folder")
        self.expect_refused(f"`{FLOWS}`, which does not exist", f"did you mean `{FLOWS}-old`?")

    def test_nothing_is_deleted_where_only_the_case_of_an_id_differs(self):
        folder = f"{FLOWS}/invite-member"
        metadata = self.repository.read(f"{folder}/metadata.json")
        self.repository.write(f"{folder}/metadata.json", {**metadata, "flowId": "Invite-Member"})
        self.repository.git("mv", folder, f"{FLOWS}/Invite-Member")
        self.repository.commit("Other letters")
        self.expect_refused("`Invite-Member`, which differs in case only", "`invite-member`")


    def test_globs_protect_and_a_typo_is_told(self):
        self.repository.write("flowship.json", {"environments": {"default": {
            "prune": True, "protect": ["inv*", "mfaa"]}}})
        for flow_id in ("invite-member", "add-passkey"):
            self.repository.remove(f"{FLOWS}/{flow_id}")
        self.repository.commit("Remove two")
        result = self.deploy()
        self.assertEqual(self.outcomes(result), {"add-passkey": "deleted"})
        self.assertEqual(result["leftBehind"], ["invite-member"])
        self.assertIn("`protect` names `mfaa`, which matches no flow", result["warnings"])


class Undo(Safety):
    def note_of(self, flow_id):
        screen = self.repository.read(f"{FLOWS}/{flow_id}/{a_screen_of(self.repository, flow_id)}")
        for held in self.sandbox.held()[flow_id]["screens"]:
            if held["screenId"] == screen["screenId"]:
                return held["contents"]["ROOT"]["props"].get("note")
        return None

    def test_rollback_deploys_what_was_deployed_before(self):
        first = self.repository.git("rev-parse", "refs/flowship/default")
        self.change("sign-in", "worse")
        self.deploy()
        self.assertEqual(self.note_of("sign-in"), "worse")
        plan = self.json_of("plan", "--record", first)
        self.assertEqual([change["flowId"] for change in plan["changes"]], ["sign-in"])
        self.run_flowship("plan", "--record", first, "--rev", "HEAD", code=64)
        result = self.json_of("rollback")
        self.assertEqual(self.outcomes(result), {"sign-in": "deployed"})
        self.assertIsNone(self.note_of("sign-in"))
        self.assertEqual([change["flowId"] for change in self.json_of("plan")["changes"]], ["sign-in"])
        self.json_of("rollback", "nosuchrecord", code=64)

    def test_plan_tells_of_an_older_commit_as_deploy_does(self):
        self.change("sign-in", "new")
        self.deploy()
        planned = self.run_flowship("plan", "--rev", "HEAD~1")
        refused = self.run_flowship("deploy", "--rev", "HEAD~1", code=1)
        for text in (planned.out + planned.err, refused.err):
            self.assertIn("is deployed", text)
            self.assertIn("--allow-older", text)
        self.assertNotIn("--allow-older", self.run_flowship("plan").out)
        command = re.search("Run `flowship (.+)` to apply this plan", planned.out)[1]
        self.assertEqual(command, "deploy --rev HEAD~1 --allow-older")
        self.run_flowship(*shlex.split(command))
        self.assertIsNone(self.note_of("sign-in"))

    def test_a_command_for_an_id_like_an_option_can_be_pasted(self):
        self.repository.write("-odd.json", small_flow("-odd"))
        self.repository.commit("Add a flow")
        self.deploy()
        self.edit_in_console("-odd", "Edited")
        told = self.run_flowship("deploy").err
        commands = re.findall("`flowship ([^`]+)`", told)
        self.assertEqual(commands, ["pull -- -odd", "deploy --on-drift overwrite -- -odd"])
        for command in commands:
            self.run_flowship(*shlex.split(command))
        self.assertEqual(self.repository.read("-odd.json")["metadata"]["name"], "Edited")
        self.assertEqual(self.sandbox.held()["-odd"]["metadata"]["name"], "-odd")

    def test_a_plan_names_the_command_that_carries_it_out(self):
        self.repository.write("flowship.json", {"environments": {"default": {"branch": "main"}}})
        self.change("sign-in", "new")
        self.repository.git("checkout", "--quiet", "-b", "side")
        for arguments, command in (((), "deploy --env default --any-branch"),
                                   (("sign-*", "mfa", "--on-drift", "overwrite"),
                                    "deploy 'sign-*' mfa --env default --any-branch --on-drift overwrite"),
                                   (("--rev", "side", "--prune"), "deploy --env default --rev side --prune")):
            with self.subTest(arguments=arguments):
                self.assertIn(f"Run `flowship {command}` to apply", self.run_flowship("plan", *arguments).out)

    def test_another_branch_is_refused_however_its_commit_is_named(self):
        self.repository.write("flowship.json", {"environments": {"default": {"branch": "main"}}})
        main = self.change("sign-in", "new")
        self.repository.git("checkout", "--quiet", "-b", "side")
        side = self.change("sign-in", "side")
        for revision in ((), ("--rev", "HEAD"), ("--rev", "side"), ("--rev", side)):
            with self.subTest(revision=revision):
                error = self.deploy(*revision, code=1)["error"]
                self.assertIn("`side` is checked out", error["message"])
                self.assertIn("--any-branch", error["hint"])
        self.assertIn("--rev side --any-branch` to apply", self.run_flowship("plan", "--rev", "side").out)
        self.assertEqual(self.outcomes(self.deploy("--rev", main)), {"sign-in": "deployed"})
        self.assertEqual(self.outcomes(self.deploy("--rev", "side", "--any-branch")), {"sign-in": "deployed"})

    def test_the_branch_at_the_ledgers_remote_counts(self):
        origin = self.folder / "origin.git"
        self.repository.git("clone", "--quiet", "--bare", ".", str(origin))
        self.repository.git("remote", "add", "origin", f"file://{origin}")
        self.repository.git("checkout", "--quiet", "-b", "side")
        self.repository.write("flowship.json",
                              {"environments": {"default": {"branch": "main", "ledger": {"remote": "origin"}}}})
        side = self.change("sign-in", "new")
        self.deploy("--rev", side, code=1)
        self.repository.git("push", "--quiet", "origin", "side:main")
        self.assertEqual(self.outcomes(self.deploy("--rev", side)), {"sign-in": "deployed"})

    def change_all_and_break_the_last(self):
        """The service refuses the flow that is sent last; validation is told to let it pass. The others, in order."""
        self.repository.write("flowship.json", {"environments": {"default": {}}, "rules": {"wrong-type": "off"}})
        self.repository.write("mine.json", small_flow("mine"))
        for flow_id in self.ids:
            change_text(self.repository, flow_id, a_screen_of(self.repository, flow_id), "new")
        self.repository.commit("Change all")
        order = [change["flowId"] for change in self.json_of("plan")["changes"]]
        metadata = self.repository.read(f"{FLOWS}/{order[-1]}/metadata.json")
        self.repository.write(f"{FLOWS}/{order[-1]}/metadata.json", {**metadata, "disabled": "no"})
        self.repository.commit("Break the last")
        self.assertEqual([change["flowId"] for change in self.json_of("plan")["changes"]], order)
        return order[:-1], order[-1]

    def test_atomic_puts_back_what_was_sent(self):
        held = self.sandbox.held()
        others, last = self.change_all_and_break_the_last()
        result = self.deploy("--atomic", "--concurrency", "1", code=4)
        self.assertEqual(self.outcomes(result), {**{flow_id: "restored" for flow_id in others}, last: "failed"})
        self.assertEqual(self.sandbox.held(), held)
        # Newest first; what was not there before is deleted.
        put_back = [flow_id for flow_id in reversed(others) if flow_id != "mine"]
        self.assertEqual(self.sandbox.imports(), others + put_back)
        self.assertEqual(len(self.sandbox.requests("/flow/delete")), 1)
        self.assertEqual({self.states()[flow_id] for flow_id in others}, {"pending"})
        self.repository.git("checkout", "--quiet", "HEAD~1")
        self.assertTrue(self.deploy("--allow-older")["ok"])

    def test_atomic_names_what_could_not_be_put_back(self):
        self.change_all_and_break_the_last()
        self.sandbox.faults(fail="500", failOnly="delete")
        failed = self.run_flowship("deploy", "--atomic", "--concurrency", "1", code=4)
        self.assertIn("it was deployed and could not be put back", failed.out)
        self.assertIn("mine", self.sandbox.held())
        self.assertEqual(self.states()["mine"], "in-sync")

    def test_a_saved_plan_is_carried_out_as_it_is_or_not_at_all(self):
        self.change("sign-in", "new")
        plan_file = str(self.folder / "plan.json")
        self.json_of("plan", "--out", plan_file)
        self.assertEqual(self.outcomes(self.deploy("--plan", plan_file)), {"sign-in": "deployed"})
        self.assertIn("moved on", self.deploy("--plan", plan_file, code=1)["error"]["message"])

    def test_promotes_what_is_deployed_elsewhere(self):
        self.repository.write("flowship.json", {"environments": {
            "staging": {"projectId": "P2staging"}, "production": {"projectId": harness.PROJECT}}})
        self.repository.commit("Two environments")
        self.deploy("--env", "staging")
        self.change("sign-in", "not on staging yet")
        result = self.json_of("promote", "--from", "staging", "--to", "production")
        self.assertTrue(result["ok"])
        staging = self.repository.git("rev-parse", "refs/flowship/staging")
        for wrong in (("--from", "staging", "--to", "staging"), ("--from", "staging", "--to", "production", "--env", "staging"),
                      ("--env", "staging", "--from", "production", "--to", "production")):
            self.run_flowship("promote", *wrong, code=64)
        promotion = self.json_of("history", "--env", "production")["deployments"][0]
        self.assertEqual(promotion["from"], {"environment": "staging", "record": staging})
        self.assertEqual(self.repository.git("rev-parse", "refs/flowship/staging:deployed"),
                         self.repository.git("rev-parse", "refs/flowship/production:deployed"))


class Machines(Safety):
    def setUp(self):
        super().setUp()
        self.origin = self.folder / "origin.git"
        self.repository.git("init", "--quiet", "--bare", str(self.origin))
        self.repository.git("remote", "add", "origin", f"file://{self.origin}")
        self.repository.write("flowship.json", {"environments": {"production": {"ledger": {"remote": "origin"}}}})
        self.repository.commit("Share the ledger")
        self.repository.git("push", "--quiet", "origin", "main")
        self.other = Repository(self.folder / "other")
        self.other.git("fetch", "--quiet", "--depth=1", f"file://{self.origin}", "main")
        self.other.git("checkout", "--quiet", "-B", "main", "FETCH_HEAD")
        self.other.git("remote", "add", "origin", f"file://{self.origin}")

    def at_origin(self):
        return self.repository.git("ls-remote", "origin", "refs/flowship/production").split("\t")[0]

    def test_the_ledger_goes_along_also_in_a_clone_of_depth_one(self):
        first = self.deploy()
        self.assertEqual(first["record"], self.at_origin())
        self.sandbox.forget_requests()
        self.assertIsNone(self.json_of("deploy", cwd=self.other.path)["record"])
        self.assertEqual(self.sandbox.asked(), ["list"])
        self.assertEqual(self.json_of("plan", cwd=self.other.path)["base"], first["record"])

    def test_an_intent_of_the_other_machine_holds_the_environment(self):
        self.deploy()
        self.change("sign-in", "new")
        self.repository.git("push", "--quiet", "origin", "main")
        self.sandbox.faults(hang=1)
        process = self.start("deploy", "--format", "json")
        self.wait_until(lambda: self.sandbox.requests("/flow/import"))
        self.other.git("fetch", "--quiet", "--depth=1", "origin", "main")
        self.other.git("checkout", "--quiet", "-B", "main", "FETCH_HEAD")
        held = self.json_of("deploy", "--lock-wait", "0s", cwd=self.other.path, code=6)
        self.assertIn("process " + str(process.pid), held["error"]["message"])
        process.kill()
        process.communicate()
        done = self.json_of("deploy", cwd=self.other.path)
        self.assertEqual(done["record"], self.at_origin())
        self.assertIsNone(self.json_of("deploy")["record"])

    def test_a_remote_that_cannot_be_reached_is_told_and_nothing_is_sent(self):
        self.sandbox.forget_requests()
        self.repository.git("remote", "set-url", "origin", str(self.folder / "nowhere"))
        self.assertIn("nowhere", json.dumps(self.json_of("deploy", code=1)))
        self.assertEqual(self.sandbox.requests(), [])
        self.assertEqual(self.json_of("plan")["ok"], True)

    def test_unlock_releases_what_died(self):
        self.deploy()
        self.change("sign-in", "new")
        self.sandbox.faults(hang=1)
        process = self.start("deploy")
        self.wait_until(lambda: self.sandbox.requests("/flow/import"))
        process.kill()
        process.communicate()
        self.assertIn(f"process {process.pid}", self.run_flowship("unlock").err)
        self.assertTrue(self.deploy()["ok"])
        self.assertIn("Nobody", self.run_flowship("unlock").err)


class Prune(Safety):
    def remove(self, *flow_ids):
        for flow_id in flow_ids:
            self.repository.remove(f"{FLOWS}/{flow_id}")
        self.repository.commit("Remove")

    def test_deletes_what_it_deployed_when_asked(self):
        self.remove("add-passkey")
        result = self.deploy("--prune")
        self.assertEqual([(f["flowId"], f["action"], f["outcome"]) for f in result["flows"]],
                         [("add-passkey", "delete", "deleted")])
        self.assertNotIn("add-passkey", self.sandbox.held())
        self.assertIn("add-passkey.json", self.repository.git("ls-tree", "--name-only", "refs/flowship/default:before"))
        self.assertEqual(self.json_of("plan")["changes"], [])

    def test_never_deletes_what_the_service_keeps_or_somebody_edited_or_others_use(self):
        self.remove("step-up", "mfa", "add-passkey")
        self.edit_in_console("add-passkey", "Edited")
        result = self.run_flowship("deploy", "--prune", "--on-drift", "overwrite", "--format", "json")
        document = json.loads(result.out)
        self.assertEqual((document["flows"], document["leftBehind"]), ([], ["add-passkey", "mfa", "step-up"]))
        self.assertEqual([(flow["flowId"], flow["state"]) for flow in document["drift"]], [("add-passkey", "drifted")])
        self.assertEqual(result.err.count("`add-passkey`"), 1, result.err)
        self.assertIn("`add-passkey` is not deleted: it was edited in the console", result.err)
        self.assertIn("`step-up` is not deleted", result.err)
        self.assertIn("`mfa` is not deleted", result.err)
        self.assertEqual(self.sandbox.requests("/flow/delete"), [])

    def test_never_deletes_the_four_nor_what_is_protected(self):
        four = ["sign-up-or-in", "sign-up", "sign-in", "step-up"]
        self.repository.remove(FLOWS)
        for flow_id in [*four, "mine", "theirs"]:
            self.repository.write(f"{flow_id}.json", small_flow(flow_id))
        protecting = {"environments": {"default": {"prune": True, "maxDeletes": 99, "protect": ["mine"]}}}
        self.repository.write("flowship.json", protecting)
        self.repository.commit("Other flows")
        self.deploy()
        self.sandbox.forget_requests()
        for flow_id in [*four, "mine", "theirs"]:
            self.repository.remove(f"{flow_id}.json")
        self.repository.commit("Remove all")
        result = self.run_flowship("deploy", "--format", "json")
        self.assertEqual(self.outcomes(json.loads(result.out)), {"theirs": "deleted"})
        for flow_id in [*four, "mine"]:
            self.assertIn(f"`{flow_id}` is not deleted", result.err)
            self.assertIn(flow_id, self.sandbox.held())
        self.assertEqual(len(self.sandbox.requests("/flow/delete")), 1)

    def test_deletes_only_what_it_has_deployed(self):
        self.sandbox.edit(small_flow("stranger"))
        self.remove(*self.ids)
        result = self.deploy("--prune", "--max-deletes", str(len(self.ids)))
        self.assertNotIn("stranger", self.outcomes(result))
        self.assertIn("stranger", self.sandbox.held())
        # Nor what is deployed no more, once it was deleted and somebody made it anew.
        self.sandbox.edit(small_flow("add-passkey"))
        self.deploy("--prune")
        self.assertIn("add-passkey", self.sandbox.held())

    def test_a_flow_that_others_use_is_kept_until_they_use_it_no_more(self):
        self.repository.write("used.json", small_flow("used"))
        self.repository.write("user.json", small_flow("user", contents={"startTask": "0", "tasks": {
            "0": {"id": "0", "name": "Other", "type": "flow", "next": {},
                  "arguments": {"flowId": {"type": "inline", "value": "used"}}}}}))
        self.repository.commit("One uses the other")
        self.deploy()
        self.repository.remove("used.json")
        self.repository.commit("Remove what is used")
        self.assertIn("`used` is not deleted: `user` still uses it", self.run_flowship("deploy", "--prune").err)
        self.repository.remove("user.json")
        self.repository.commit("Remove what uses it")
        self.assertEqual(self.outcomes(self.deploy("--prune")), {"used": "deleted", "user": "deleted"})

    def test_what_was_deleted_is_kept_as_it_was(self):
        held = self.sandbox.held()["add-passkey"]
        self.remove("add-passkey")
        record = self.deploy("--prune")["record"]
        self.assertEqual(json.loads(self.repository.git("show", f"{record}:before/add-passkey.json")), held)

    def test_more_than_max_deletes_are_left_behind(self):
        for number in range(6):
            self.repository.write(f"{number}.json", small_flow(f"flow-{number}"))
        self.repository.commit("Add")
        self.deploy()
        self.sandbox.forget_requests()
        for number in range(6):
            self.repository.remove(f"{number}.json")
        self.change("sign-in", "new")
        result = self.deploy("--prune")
        self.assertEqual(self.outcomes(result), {"sign-in": "deployed"})
        self.assertEqual(result["leftBehind"], [f"flow-{number}" for number in range(6)])
        self.assertEqual(self.sandbox.requests("/flow/delete"), [])
        self.assertEqual(self.json_of("plan", "--prune", "--exit-code")["leftBehind"], result["leftBehind"])
        self.assertEqual(set(self.outcomes(self.deploy("--prune", "--max-deletes", "6")).values()), {"deleted"})

    def test_what_is_not_deleted_anyway_does_not_count_against_max_deletes(self):
        for name in ("one", "two", "edited", "gone"):
            self.repository.write(f"{name}.json", small_flow(name))
        self.repository.commit("Add")
        self.deploy()
        for name in ("one", "two", "edited", "gone"):
            self.repository.remove(f"{name}.json")
        self.repository.commit("Remove")
        edited = self.sandbox.held()["edited"]
        edited["metadata"]["name"] = "Edited"
        self.sandbox.edit(edited)
        self.sandbox.delete("gone")
        plan = self.json_of("plan", "--prune", "--max-deletes", "2", "--check-drift")
        self.assertEqual([change["flowId"] for change in plan["changes"] if change["action"] == "delete"],
                         ["gone", "one", "two"], plan)
        result = self.deploy("--prune", "--max-deletes", "2")
        self.assertEqual(self.outcomes(result), {"one": "deleted", "two": "deleted", "gone": "unchanged"}, result)
        self.assertEqual(result["leftBehind"], ["edited"])
        self.assertNotIn("maxDeletes", str(result["warnings"]))

    def test_none_is_deleted_with_max_deletes_0(self):
        self.remove("add-passkey")
        self.assertEqual(self.deploy("--prune", "--max-deletes", "0")["leftBehind"], ["add-passkey"])
        self.assertEqual(self.sandbox.requests("/flow/delete"), [])


if __name__ == "__main__":
    harness.main()
