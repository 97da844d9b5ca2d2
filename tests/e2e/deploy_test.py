"""From a commit to the service: what is sent, what is not, and what the ledger says."""

import json
import signal

import harness
from harness import FLOWS, TestCase


def change_text(repository, flow_id, screen, text):
    """Changes one text of a screen."""
    path = f"{FLOWS}/{flow_id}/{screen}"
    document = repository.read(path)
    document["contents"]["ROOT"]["props"]["note"] = text
    repository.write(path, document)


def a_screen_of(repository, flow_id):
    return sorted(file.name for file in (repository.path / FLOWS / flow_id).glob("screen-*.json"))[0]


class Deploy(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.ids = self.repository.flow_ids()

    def change(self, flow_id, text):
        change_text(self.repository, flow_id, a_screen_of(self.repository, flow_id), text)
        return self.repository.commit(f"Change {flow_id}")

    def test_first_deployment_sends_each_flow_once_and_the_second_nothing(self):
        first = self.deploy()
        self.assertTrue(first["ok"])
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)
        self.assertEqual({flow["action"] for flow in first["flows"]}, {"create"})
        self.assertEqual(first["target"], self.repository.git("rev-parse", "HEAD"))
        self.assertEqual(first["record"], self.repository.git("rev-parse", "refs/flowship/default"))
        self.sandbox.forget_requests()
        second = self.deploy()
        self.assertEqual((second["flows"], second["record"], second["unchanged"]), ([], None, len(self.ids)))
        self.assertEqual(self.sandbox.asked(), ["list"])
        self.assertEqual(first["record"], self.repository.git("rev-parse", "refs/flowship/default"))

    def test_what_arrives_is_what_the_author_wrote(self):
        self.deploy()
        for request in self.sandbox.requests("/flow/import"):
            flow = json.loads(request["body"])["flow"]
            folder = self.repository.path / FLOWS / flow["flowId"]
            metadata = json.loads((folder / "metadata.json").read_text())
            screens = [json.loads((folder / f"screen-{name}.json").read_text()) for name in metadata.pop("screens", [])]
            references = metadata.pop("references", None)
            self.assertEqual(flow["metadata"], metadata)
            self.assertEqual(flow["contents"], json.loads((folder / "contents.json").read_text()))
            self.assertEqual(flow.get("screens", []), screens)
            self.assertEqual(flow.get("references"), references)
            self.assertEqual(set(flow) - {"flowId", "metadata", "contents", "screens", "references"}, set())
            self.assertEqual(request["headers"]["content-type"], "application/json")
            self.assertTrue(request["headers"]["user-agent"].startswith("flowship/"))

    def test_subflows_go_before_the_flows_that_use_them(self):
        self.deploy("--concurrency", "8")
        order = self.sandbox.imports()
        self.assertLess(order.index("mfa"), order.index("sign-in"))

    def test_one_changed_screen_sends_one_flow(self):
        self.deploy()
        self.sandbox.forget_requests()
        self.change("sign-in", "new")
        plan = self.json_of("plan")
        self.assertEqual([(change["flowId"], change["action"], change["reason"]) for change in plan["changes"]],
                         [("sign-in", "update", "changed")])
        self.assertEqual(plan.get("findings", []), [], "what did not change is not complained about")
        self.assertEqual(self.sandbox.requests(), [])
        done = self.deploy()
        self.assertEqual(self.sandbox.imports(), ["sign-in"])
        self.assertEqual([(flow["flowId"], flow["outcome"], flow["attempts"]) for flow in done["flows"]],
                         [("sign-in", "deployed", 1)])

    def test_another_form_sends_nothing_and_moves_the_ledger_on_once(self):
        self.deploy()
        self.sandbox.forget_requests()
        for file in (self.repository.path / FLOWS).rglob("*.json"):
            document = json.loads(file.read_text())
            file.write_text(json.dumps(document, indent=7, sort_keys=True, ensure_ascii=True) + "\n\n")
        self.repository.commit("Reformat")
        moved = self.deploy()
        self.assertEqual(moved["flows"], [])
        self.assertEqual(moved["record"], self.repository.git("rev-parse", "refs/flowship/default"))
        self.assertIsNone(self.deploy()["record"])
        self.assertEqual(self.sandbox.asked(), ["list", "list"])

    def test_a_renamed_folder_and_another_layout_send_nothing(self):
        self.deploy()
        self.sandbox.forget_requests()
        (self.repository.path / "moved").mkdir()
        self.repository.git("mv", "ProjectSnapshot", "moved/Snapshot")
        self.repository.commit("Move")
        self.assertEqual(self.json_of("plan")["changes"], [])
        self.deploy()
        folder = self.repository.path / "moved/Snapshot/flows/mfa"
        metadata = json.loads((folder / "metadata.json").read_text())
        screens = [json.loads((folder / f"screen-{name}.json").read_text()) for name in metadata.pop("screens")]
        exported = {"flowId": "mfa", "contents": json.loads((folder / "contents.json").read_text()),
                    "screens": list(reversed(screens))}
        if "references" in metadata:
            exported["references"] = metadata.pop("references")
        exported["metadata"] = {key: value for key, value in metadata.items() if value not in ("", False, [], {}, None, 0)}
        self.repository.remove("moved/Snapshot/flows/mfa")
        self.repository.write("exported/mfa.json", exported)
        self.repository.commit("Keep mfa as an exported file")
        self.assertEqual(self.json_of("plan")["changes"], [])
        self.deploy()
        self.assertEqual(self.sandbox.changing_requests(), [])
        self.assertIn("exported/mfa.json", self.repository.git("ls-tree", "-r", "--name-only", "refs/flowship/default:deployed"))

    def test_a_failed_flow_alone_is_sent_again(self):
        self.sandbox.faults(fail="400:1")
        first = self.deploy(code=4)
        self.assertFalse(first["ok"])
        failed = [flow["flowId"] for flow in first["flows"] if flow["outcome"] == "failed"]
        self.assertEqual(len(failed), 1)
        missing = sorted(flow["flowId"] for flow in first["flows"] if flow["outcome"] != "deployed")
        self.sandbox.forget_requests()
        second = self.deploy()
        self.assertEqual(sorted(self.sandbox.imports()), missing)
        self.assertEqual(sorted(flow["flowId"] for flow in second["flows"]), missing)
        self.assertEqual(set(self.sandbox.versions().values()), {1})

    def test_a_flow_whose_subflow_failed_is_skipped(self):
        self.repository.write("flowship.json", {"environments": {"default": {}}})
        self.repository.commit("Configure")
        self.deploy()
        self.change("mfa", "new")
        self.change("sign-in", "new")
        self.sandbox.faults(fail="422:1")
        result = self.deploy("--concurrency", "1", code=1)
        outcomes = {flow["flowId"]: flow["outcome"] for flow in result["flows"]}
        self.assertEqual(outcomes, {"mfa": "failed", "sign-in": "skipped"})
        self.assertIn("mfa", next(flow["error"] for flow in result["flows"] if flow["flowId"] == "sign-in"))

    def test_tries_again_what_passes_by_itself(self):
        self.sandbox.faults(fail="503:2")
        result = self.deploy()
        self.assertEqual(sum(flow["attempts"] for flow in result["flows"]), len(self.ids) + 2)

    def test_waits_as_long_as_a_rate_limit_asks(self):
        self.sandbox.faults(rateLimit="3/1")
        result = self.deploy()
        self.assertTrue(result["ok"])
        self.assertEqual(set(self.sandbox.versions().values()), {1})

    def test_asks_before_it_sends_again_when_an_answer_was_lost(self):
        self.sandbox.faults(dropAfter=2)
        self.assertTrue(self.deploy()["ok"])
        self.assertEqual(set(self.sandbox.versions().values()), {1})
        self.assertGreater(len(self.sandbox.requests("/flow/export")), 0)

    def test_a_refused_key_stops_everything(self):
        self.sandbox.faults(fail="401")
        result = self.deploy("--concurrency", "1", code=7)
        outcomes = [flow["outcome"] for flow in result["flows"]]
        self.assertEqual((outcomes.count("failed"), outcomes.count("skipped")), (1, len(self.ids) - 1))
        self.assertEqual(len(self.sandbox.requests("/flow/import")), 1)

    def test_restricts_to_the_named_flows(self):
        self.deploy("mfa", "step-up")
        self.assertEqual(sorted(self.sandbox.imports()), ["mfa", "step-up"])
        error = self.json_of("deploy", "sign-inn", code=64)
        self.assertIn("sign-in", error["error"]["hint"])
        self.deploy()
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)

    def test_a_removed_flow_is_shown_and_not_deleted(self):
        self.deploy()
        self.repository.remove(f"{FLOWS}/step-up")
        self.repository.commit("Remove")
        plan = self.json_of("plan")
        self.assertEqual((plan["changes"], plan["leftBehind"]), ([], ["step-up"]))
        self.assertEqual(self.json_of("plan", "--exit-code")["unchanged"], len(self.ids) - 1)
        self.assertEqual(self.deploy()["leftBehind"], ["step-up"])
        self.assertEqual(self.json_of("status", "--exit-code")["leftBehind"], ["step-up"])
        self.assertIn("step-up", self.run_flowship("deploy").out)
        for command in "plan", "deploy":
            out = self.run_flowship(command, "step-up").out
            self.assertNotIn("`step-up` is as in", out, command)
            self.assertIn("no longer in the repository: step-up", out, command)
        self.assertEqual(self.sandbox.requests("/flow/delete"), [])

    def test_overrides_and_connectors_change_the_payload(self):
        self.deploy()
        self.sandbox.forget_requests()
        self.repository.write("flowship.json", {"environments": {"default": {
            "connectors": {"SMTP Connector": "CIotherProject"}, "set": {"sign-in": {"/metadata/disabled": True}}}}})
        self.repository.commit("Configure")
        plan = self.json_of("plan")
        self.assertEqual({(change["flowId"], change["reason"]) for change in plan["changes"]},
                         {("invite-member", "config"), ("sign-in", "config")})
        self.deploy()
        self.assertEqual(sorted(self.sandbox.imports()), ["invite-member", "sign-in"])
        held = self.sandbox.held()
        self.assertIs(held["sign-in"]["metadata"]["disabled"], True)
        self.assertIn('"CIotherProject"', json.dumps(held["invite-member"]["contents"]))
        self.assertEqual(self.json_of("plan")["changes"], [])

    def test_a_pointer_that_leads_nowhere_is_an_error(self):
        self.repository.write("flowship.json", {"environments": {"default": {"set": {"sign-in": {"/metdata/x/y": 1}}}}})
        self.repository.commit("Configure")
        error = self.json_of("deploy", code=3)
        self.assertIn("/metdata/x/y", error["error"]["message"])
        self.assertEqual(self.sandbox.requests(), [])

    def test_broken_flows_send_nothing(self):
        path = self.repository.path / FLOWS / "mfa" / "contents.json"
        path.write_text(path.read_text().replace(":", "", 1))
        self.repository.commit("Break")
        done = self.run_flowship("deploy", code=3)
        self.assertIn(f"{FLOWS}/mfa/contents.json:", done.err)
        validated = self.json_of("validate", code=3)
        report = self.folder / "report.json"
        for text in (self.run_flowship("deploy", "--format", "json", code=3).out,
                     self.run_flowship("deploy", "--report", f"json={report}", code=3) and report.read_text()):
            refused = json.loads(text)
            self.assertIn("validation found 1 error", refused["error"]["message"])
            self.assertEqual((refused["ok"], refused["findings"], refused["counts"]),
                             (False, validated["findings"], validated["counts"]))
        self.assertEqual(self.sandbox.requests(), [])

    def test_missing_or_misshaped_credentials_send_nothing(self):
        for variables in ({"DESCOPE_MANAGEMENT_KEY": None}, {"DESCOPE_PROJECT_ID": None},
                          {"DESCOPE_MANAGEMENT_KEY": "nokey"}, {"DESCOPE_PROJECT_ID": "X1"},
                          {"DESCOPE_MANAGEMENT_KEY": "Kline\nbreak"}):
            error = self.json_of("deploy", code=7, **variables)
            self.assertFalse(error["ok"])
        self.assertEqual(self.sandbox.requests(), [])

    def test_a_key_file_must_be_its_owners_alone(self):
        key_file = self.folder / "key"
        key_file.write_text(harness.KEY + "\n")
        key_file.chmod(0o644)
        self.deploy("--key-file", str(key_file), code=7, DESCOPE_MANAGEMENT_KEY=None)
        key_file.chmod(0o600)
        self.assertTrue(self.deploy("--key-file", str(key_file), DESCOPE_MANAGEMENT_KEY=None)["ok"])

    def test_the_ledger_is_read_by_plain_git(self):
        self.deploy()
        self.change("sign-in", "new")
        self.deploy()
        log = self.repository.git("log", "--format=%s", "refs/flowship/default")
        self.assertIn("Deploy 1 flow to default", log)
        self.assertEqual(self.repository.git("rev-parse", f"HEAD:{FLOWS}/sign-in"),
                         self.repository.git("rev-parse", f"refs/flowship/default:deployed/{FLOWS}/sign-in"))
        history = self.json_of("history")["deployments"]
        self.assertEqual([[flow["flowId"] for flow in entry["flows"]] for entry in history][0], ["sign-in"])
        self.assertEqual(len(history), 2)

    def test_another_project_does_not_take_over_a_ledger(self):
        self.deploy()
        error = self.json_of("deploy", code=1, DESCOPE_PROJECT_ID="P2somebodyelse")
        self.assertIn("P2somebodyelse", error["error"]["message"])

    def test_an_import_tells_the_commits_subject_and_id(self):
        token = "gh" + "p_" + "aZ3kQ9xW1v" * 4
        self.repository.write("notes.txt", "x")
        commit = self.repository.commit(f"Überschriften ändern, {token}")
        self.deploy()
        notes = {json.loads(request["body"])["changelog"] for request in self.sandbox.requests("/flow/import")}
        self.assertEqual(len(notes), 1)
        note = notes.pop()
        self.assertTrue(note.startswith("Überschriften ändern, "), note)
        self.assertTrue(note.endswith(f" ({commit})"), note)
        self.assertNotIn(token, note)

    def test_the_changelog_can_be_switched_off(self):
        self.repository.write("flowship.json", {"changelog": False})
        self.repository.commit()
        self.deploy()
        for request in self.sandbox.requests("/flow/import"):
            self.assertNotIn("changelog", json.loads(request["body"]))


class Interrupted(TestCase):
    sandbox_options = ("--latency", "40")

    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.ids = self.repository.flow_ids()

    def start_slowly(self):
        """A deployment that has sent something and is not done yet."""
        process = self.start("deploy", "--concurrency", "1", "--format", "json")
        self.wait_until(lambda: len(self.sandbox.imports()) >= 2)
        return process

    def test_killed_in_the_middle_the_next_run_finishes_the_work(self):
        process = self.start_slowly()
        process.kill()
        process.communicate()
        self.assertEqual(self.repository.ledger()["phase"], "intent")
        finished = self.run_flowship("deploy", "--format", "json")
        self.assertIn("took over", finished.err)
        self.assertEqual(sorted(self.sandbox.held()), self.ids)
        self.assertEqual(set(self.sandbox.versions().values()), {1}, "no flow is sent twice")
        self.assertEqual(self.repository.ledger()["total"], len(self.ids))
        self.assertEqual(self.json_of("plan")["changes"], [])

    def test_killed_at_any_step_nothing_is_lost_or_sent_twice(self):
        for sent in range(len(self.ids) + 1):
            with self.subTest(sent=sent):
                for number, flow_id in enumerate(self.ids):
                    change_text(self.repository, flow_id, a_screen_of(self.repository, flow_id), f"{sent} {number}")
                self.repository.commit("Change all")
                before = self.sandbox.versions()
                self.deploy_and_kill_after(sent)
                recorded = self.repository.ledger()
                if recorded and recorded["phase"] == "result":
                    held = self.sandbox.held()
                    self.assertLessEqual(recorded["total"], len(held))
                self.deploy()
                self.assertEqual(self.json_of("plan")["changes"], [])
                for flow_id in self.ids:
                    note = self.repository.read(f"{FLOWS}/{flow_id}/{a_screen_of(self.repository, flow_id)}")
                    held = self.sandbox.held()[flow_id]["screens"]
                    self.assertIn(note["contents"], [screen["contents"] for screen in held])
                    self.assertEqual(self.sandbox.versions()[flow_id] - before.get(flow_id, 0), 1)

    def deploy_and_kill_after(self, sent):
        """Kills a deployment as soon as the service has seen so many requests of it."""
        self.sandbox.forget_requests()
        process = self.start("deploy", "--concurrency", "2")
        self.wait_until(lambda: len(self.sandbox.requests()) >= sent)
        process.kill()
        process.communicate()

    def test_ctrl_c_ends_orderly_and_says_so(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            self.sandbox.forget_requests()
            for flow_id in self.ids:
                change_text(self.repository, flow_id, a_screen_of(self.repository, flow_id), str(number))
            self.repository.commit("Change all")
            process = self.start_slowly()
            process.send_signal(number)
            out, err = process.communicate(timeout=harness.PATIENCE)
            self.assertEqual(process.returncode, code, err)
            self.assertIn("interrupt again to exit at once", err)
            result = json.loads(out)
            deployed = sorted(flow["flowId"] for flow in result["flows"] if flow["outcome"] == "deployed")
            self.assertEqual(deployed, sorted(self.sandbox.imports()))
            self.assertIn("skipped", {flow["outcome"] for flow in result["flows"]})
            self.assertEqual(self.repository.ledger()["phase"], "result")
            self.deploy()
            self.assertEqual(sorted(self.sandbox.imports()), self.ids)

    def test_ctrl_c_says_in_two_lines_what_happened_and_what_comes_next(self):
        self.repository.write("flowship.json", {"environments": {"staging": {"projectId": harness.PROJECT}}})
        self.repository.commit("Configure staging")
        process = self.start("deploy", "--concurrency", "1")
        self.wait_until(lambda: len(self.sandbox.imports()) >= 2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=harness.PATIENCE)
        self.assertEqual(process.returncode, 130, err)
        happened, following = out.splitlines()[-2:]
        self.assertRegex(happened, r"^Interrupted: imports in flight finished and were recorded; \d+ flows? not sent\.$")
        self.assertEqual(following, "Run `flowship deploy --env staging` again: it sends only what is missing.")

    def test_ctrl_c_while_the_service_fails_is_told_as_an_interruption(self):
        self.sandbox.faults(fail="503@list")
        process = self.start("deploy")
        self.wait_until(lambda: self.sandbox.requests("/flow/list"))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=harness.PATIENCE)
        self.assertEqual(process.returncode, 130, err)
        error, hint = err.splitlines()[-2:]
        self.assertTrue(error.startswith("flowship: error: interrupted: "), err)
        self.assertTrue(hint.startswith("hint: run the same command again"), err)

    def test_of_two_at_once_one_goes(self):
        first = self.start_slowly()
        refused = self.json_of("deploy", "--lock-wait", "0s", code=6)
        self.assertIn("process " + str(first.pid), refused["error"]["message"])
        out, _ = first.communicate(timeout=harness.PATIENCE)
        self.assertTrue(json.loads(out)["ok"])
        self.assertEqual(set(self.sandbox.versions().values()), {1})

    def test_another_machines_intent_counts_as_dead_after_a_while(self):
        process = self.start_slowly()
        process.kill()
        process.communicate()
        record = self.repository.ledger()
        record["holder"]["host"] = "another-machine"
        self.rewrite_intent(record)
        self.assertIn("another-machine", self.json_of("deploy", "--lock-wait", "0s", code=6)["error"]["message"])
        self.assertTrue(self.deploy("--lock-timeout", "1s")["ok"])

    def rewrite_intent(self, record):
        """Puts another deployment.json into the ledger's newest commit, as plain git would."""
        git = self.repository.git
        ref = "refs/flowship/default"
        blob = git("hash-object", "-w", "--stdin", input=json.dumps(record))
        lines = [line for line in git("ls-tree", ref).splitlines() if not line.endswith("\tdeployment.json")]
        tree = git("mktree", input="\n".join(lines + [f"100644 blob {blob}\tdeployment.json"]) + "\n")
        parents = [f"-p{parent}" for parent in git("log", "-1", "--format=%P", ref).split()]
        git("update-ref", ref, git("commit-tree", tree, *parents, "-m", "Rewritten"))


if __name__ == "__main__":
    harness.main()
