"""`flowship pull`: from the service into the repository."""

import http.server
import json
import signal
import subprocess
import threading
import urllib.request

import harness
from harness import FLOWS, TestCase
from sources_test import small_flow


class Impostor:
    """A service that passes requests on, but lists more flows than there are, and tells what it likes of them, or fails."""

    def __init__(self, url, ids=(), flows=None, failing=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = 200
                request = urllib.request.Request(url + self.path, data=body, method="POST", headers=dict(self.headers))
                if self.path.endswith("/list"):
                    answer = json.load(urllib.request.urlopen(request))
                    answer["flows"] += [{"id": flow_id, "name": "x"} for flow_id in ids]
                elif json.loads(body)["flowId"] in (failing or {}):
                    status, answer = failing[json.loads(body)["flowId"]], {"errorDescription": "Not today"}
                elif json.loads(body)["flowId"] in (flows or {}):
                    answer = {"flow": flows[json.loads(body)["flowId"]]}
                else:
                    answer = json.load(urllib.request.urlopen(request))
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self):
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *reason):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Pull(TestCase):
    def pull(self, *arguments, **options):
        return self.json_of("pull", *arguments, **options)

    def outcomes(self, result):
        return {flow["flowId"]: flow["outcome"] for flow in result["flows"]}

    def files(self):
        return {str(path.relative_to(self.repository.path)): path.read_bytes()
                for path in self.repository.path.rglob("*.json") if ".git" not in path.parts}

    def tip(self):
        return self.repository.git("for-each-ref", "--format=%(objectname)", "refs/flowship/")

    def commit_and_deploy_sends_nothing(self):
        self.repository.commit("Pull")
        self.assertEqual({flow["outcome"] for flow in self.deploy()["flows"]}, {"unchanged"})
        self.assertEqual(self.sandbox.imports(), [])
        self.assertEqual(self.json_of("plan")["changes"], [])
        self.assertEqual({flow["state"] for flow in self.json_of("status")["flows"]}, {"in-sync"})

    def conflicts(self, result, flow_id):
        flow = next(flow for flow in result["flows"] if flow["flowId"] == flow_id)
        return {conflict["pointer"]: (conflict["base"], conflict["ours"], conflict["theirs"])
                for conflict in flow["conflicts"]}

    def hold(self, *flows):
        for flow in flows:
            self.sandbox.edit(flow)

    def edit(self, flow_id, **metadata):
        flow = self.sandbox.held()[flow_id]
        flow["metadata"].update(metadata)
        self.sandbox.edit(flow)


class IntoAnEmptyRepository(Pull):
    def test_sets_somebody_up_who_has_flows_in_the_console(self):
        self.hold(small_flow("one"), small_flow("two", screens=[{"screenId": "S", "contents": {"x": 1}}]))
        for layout, paths in (("snapshot", ["ProjectSnapshot/flows/one/contents.json", "ProjectSnapshot/flows/one/metadata.json",
                                            "ProjectSnapshot/flows/two/contents.json", "ProjectSnapshot/flows/two/metadata.json",
                                            "ProjectSnapshot/flows/two/screen-S.json"]),
                              ("exported", ["ProjectSnapshot/flows/one.json", "ProjectSnapshot/flows/two.json"])):
            result = self.pull("--layout", layout)
            self.assertEqual(self.outcomes(result), {"one": "pulled", "two": "pulled"})
            self.assertEqual(sorted(self.files()), paths)
            self.assertEqual(self.tip(), "", "pull writes no ledger")
            self.commit_and_deploy_sends_nothing()
            self.repository.remove("ProjectSnapshot")
            self.repository.git("update-ref", "-d", "refs/flowship/default")


class IntoFilesThatAreThere(Pull):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.ids = self.repository.flow_ids()
        self.deploy()
        self.sandbox.forget_requests()

    def test_changes_nothing_where_nothing_changed(self):
        before, tip = self.files(), self.tip()
        result = self.pull()
        self.assertEqual(set(self.outcomes(result).values()), {"unchanged"})
        self.assertEqual((self.files(), self.tip()), (before, tip))

    def test_brings_what_was_edited_and_pulling_twice_changes_nothing(self):
        self.edit("step-up", name="Edited")
        self.edit("mfa", name="Edited too")
        tip = self.tip()
        result = self.pull("step-up")
        self.assertEqual(self.outcomes(result), {"step-up": "pulled"})
        self.assertEqual(result["flows"][0]["paths"], [f"{FLOWS}/step-up/metadata.json"])
        self.assertEqual(self.repository.git("diff", "--numstat"), f"1\t1\t{FLOWS}/step-up/metadata.json")
        before = self.files()
        again = self.pull("step-up")
        self.assertEqual(self.outcomes(again), {"step-up": "unchanged"})
        self.assertEqual((self.files(), self.tip()), (before, tip))
        self.pull()
        self.commit_and_deploy_sends_nothing()

    def test_a_new_flow_goes_beside_the_others_and_into_the_list(self):
        self.hold(small_flow("brand-new"))
        self.pull()
        self.assertTrue((self.repository.path / FLOWS / "brand-new/contents.json").exists())
        self.assertIn("brand-new", self.repository.read(f"{FLOWS}/flows.json")["flows"])
        self.assertTrue(self.json_of("validate")["ok"])
        self.commit_and_deploy_sends_nothing()

    def test_files_at_the_place_of_a_new_flow_are_overwritten_only_with_force(self):
        self.hold(small_flow("brand-new"))
        self.run_flowship("convert", f"{FLOWS}/mfa", "elsewhere/mfa.json")
        self.repository.remove(f"{FLOWS}/mfa")
        self.repository.write("elsewhere/brand-new.json", "mine")
        result = self.pull("brand-new", "--layout", "exported", code=1)
        self.assertIn("--force", result["flows"][0]["error"])
        self.assertEqual((self.repository.path / "elsewhere/brand-new.json").read_text(), "mine")
        self.assertEqual(self.outcomes(self.pull("brand-new", "--layout", "exported", "--force")), {"brand-new": "pulled"})
        self.assertEqual(self.repository.read("elsewhere/brand-new.json")["flowId"], "brand-new")

    def test_a_hostile_id_is_refused_and_the_others_are_pulled(self):
        self.edit("step-up", name="Edited")
        ids = ["../../evil", "/tmp/evil", ".git", "", "a/b", "x" * 129, "a\nb"]
        before = sorted(self.files())
        with Impostor(self.sandbox.url, ids) as url:
            result = self.pull(code=1, DESCOPE_BASE_URL=url)
        outcomes = self.outcomes(result)
        self.assertEqual({outcomes.pop(flow_id) for flow_id in ids}, {"failed"})
        self.assertEqual(outcomes["step-up"], "pulled")
        self.assertEqual(sorted(self.files()), before)
        self.assertFalse((self.folder / "evil").exists())

    def test_an_answer_for_another_flow_is_refused(self):
        with Impostor(self.sandbox.url, ["new"], {"new": small_flow("step-up")}) as url:
            self.assertEqual(self.outcomes(self.pull(code=1, DESCOPE_BASE_URL=url))["new"], "failed")
        self.assertEqual(self.repository.git("status", "--porcelain"), "")

    def test_a_flow_that_can_not_be_asked_for_stops_no_other(self):
        self.edit("step-up", name="Edited")
        self.edit("mfa", name="Edited too")
        with Impostor(self.sandbox.url, failing={"mfa": 500}) as url:
            result = self.pull(code=1, DESCOPE_BASE_URL=url)
        outcomes = self.outcomes(result)
        self.assertEqual((result["ok"], outcomes["step-up"], outcomes["mfa"]), (False, "pulled", "failed"))
        self.assertIn("500", next(flow["error"] for flow in result["flows"] if flow["flowId"] == "mfa"))
        self.assertEqual(self.repository.git("diff", "--name-only"), f"{FLOWS}/step-up/metadata.json")
        self.assertEqual(self.outcomes(self.pull())["mfa"], "pulled")

    def test_refused_credentials_stop_everything(self):
        self.edit("step-up", name="Edited")
        for status in (401, 403):
            with Impostor(self.sandbox.url, failing={"mfa": status}) as url:
                self.assertIn(str(status), self.pull(code=7, DESCOPE_BASE_URL=url)["error"]["message"])
            self.assertEqual(self.repository.git("status", "--porcelain"), "")

    def test_what_the_service_adds_by_itself_stays_out_of_the_sources(self):
        self.edit("step-up", ownVersion=3)
        self.pull()
        self.repository.commit("Pull")
        self.assertEqual(self.repository.read(f"{FLOWS}/step-up/metadata.json")["ownVersion"], 3)

    def test_screens_come_and_go_as_files_named_as_the_service_names_them(self):
        flow = self.sandbox.held()["step-up"]
        tasks = flow["contents"]["tasks"]
        gone = flow["screens"].pop()
        flow["screens"].append({"screenId": "SCnew1234", "contents": {"ROOT": {"nodes": []}}})
        shows = next(task for task in tasks.values() if task.get("screenId") == gone["screenId"])
        shows.update(screenId="SCnew1234", name="Brand New (Screen)")
        self.sandbox.edit(flow)
        self.pull()
        names = {line.split(maxsplit=1)[1] for line in
                 self.repository.git("status", "--porcelain", "--untracked-files=all").splitlines()}
        self.assertIn(f"{FLOWS}/step-up/screen-brand-new-screen.json", names)
        self.assertIn("brand-new-screen", self.repository.read(f"{FLOWS}/step-up/metadata.json")["screens"])
        self.assertTrue(self.json_of("validate", FLOWS + "/step-up")["ok"])
        self.assertEqual(set(self.outcomes(self.pull(code=0)).values()), {"unchanged"})

    def test_a_key_in_the_console_does_not_come_into_git(self):
        self.edit("step-up", description=harness.KEY)
        self.edit("mfa", name="Edited")
        result = self.pull(code=1)
        outcomes = self.outcomes(result)
        self.assertEqual((outcomes["step-up"], outcomes["mfa"]), ("failed", "pulled"))
        error = next(flow["error"] for flow in result["flows"] if flow["flowId"] == "step-up")
        self.assertRegex(error, rf"{FLOWS}/step-up/metadata.json:[0-9]+:[0-9]+: .*\(management-key\)")
        self.assertIn("remove it in the console", result["error"]["hint"])
        adopted = self.deploy("--on-drift", "adopt", code=5)
        self.assertEqual([flow["flowId"] for flow in adopted["conflicts"]], ["step-up"])
        self.assertIn("management-key", adopted["conflicts"][0]["reason"])
        self.assertNotIn(harness.KEY.encode(), b"".join(self.files().values()))

    def test_a_key_that_is_excused_where_the_flow_lies_may_come(self):
        self.key_in_repository = True
        self.edit("step-up", description=harness.KEY)
        for path in (f"{FLOWS}/step-up/metadata.json", f"{FLOWS}/step-up", "ProjectSnapshot"):
            entry = {"rule": "management-key", "path": path, "reason": "it is revoked"}
            self.repository.write("flowship.json", {"ignore": [entry]})
            with self.subTest(path=path):
                self.assertEqual(self.outcomes(self.pull())["step-up"], "pulled")
                self.assertTrue(self.json_of("validate")["ok"])
            self.repository.git("checkout", "--quiet", "--", FLOWS)
        self.repository.write("flowship.json", {"ignore": [{**entry, "path": f"{FLOWS}/mfa"}]})
        self.assertEqual(self.outcomes(self.pull(code=1))["step-up"], "failed")

    def test_what_the_environment_overrides_stays_as_the_source_has_it(self):
        self.repository.write("flowship.json", {"environments": {"default": {
            "set": {"step-up": {"/metadata/description": "here"}}}}})
        self.repository.commit("Override")
        self.deploy()
        self.edit("step-up", name="Edited")
        self.pull()
        self.assertEqual(self.repository.git("diff", "--numstat"), f"1\t1\t{FLOWS}/step-up/metadata.json")
        self.sandbox.forget_requests()
        self.commit_and_deploy_sends_nothing()
        self.edit("step-up", name="Edited", description="elsewhere")
        result = self.pull()
        self.assertIn("/metadata/description", "".join(result["warnings"]))
        self.assertEqual(self.repository.git("status", "--porcelain"), "")

    def test_other_layouts_keep_their_place_and_form(self):
        for name, layout in (("mfa.json", "exported"), ("mfa.console.json", "console")):
            with self.subTest(layout=layout):
                self.run_flowship("convert", f"{FLOWS}/mfa", f"elsewhere/{name}", "--layout", layout)
                self.repository.remove(f"{FLOWS}/mfa")
                self.repository.write(f"{FLOWS}/flows.json", {"flows": [one for one in self.ids if one != "mfa"]})
                self.repository.commit("Another layout")
                self.assertEqual(self.outcomes(self.pull("mfa")), {"mfa": "unchanged"})
                self.edit("mfa", name="Edited " + layout)
                self.assertEqual(self.pull("mfa")["flows"][0]["paths"], [f"elsewhere/{name}"])
                self.assertEqual(self.repository.git("diff", "--numstat"), f"1\t1\telsewhere/{name}")
                self.commit_and_deploy_sends_nothing()
                self.repository.git("mv", f"elsewhere/{name}", f"elsewhere/back.{name}")
                self.run_flowship("convert", f"elsewhere/back.{name}", FLOWS)
                self.repository.remove(f"elsewhere/back.{name}")
                self.repository.commit("Back")

    def test_a_new_flow_needs_a_folder_among_the_sources(self):
        self.run_flowship("convert", f"{FLOWS}/mfa", "only.json")
        self.repository.write("flowship.json", {"sources": ["only.json"]})
        self.repository.commit("One source")
        self.hold(small_flow("brand-new"))
        before = self.files()
        outcomes = self.outcomes(self.pull(code=1))
        self.assertEqual((outcomes["mfa"], outcomes["brand-new"]), ("unchanged", "failed"))
        self.assertEqual(self.files(), before)

    def test_a_deployment_under_way_holds_the_environment(self):
        head = self.repository.git("rev-parse", "refs/flowship/default")
        record = self.repository.ledger() | {"phase": "intent"}
        self.assertIn("phase", self.repository.ledger())
        blob = self.repository.git("hash-object", "-w", "--stdin", input=json.dumps(record))
        entries = [line for line in self.repository.git("ls-tree", head).splitlines() if "deployment.json" not in line]
        tree = self.repository.git("mktree", input="\n".join([*entries, f"100644 blob {blob}\tdeployment.json"]) + "\n")
        commit = self.repository.git("commit-tree", tree, "-p", head, "-m", "intent")
        self.repository.git("update-ref", "refs/flowship/default", commit)
        self.pull(code=6)

    def test_ctrl_c_leaves_everything_as_it_was(self):
        for flow_id in self.ids:
            self.edit(flow_id, name="Edited")
        self.sandbox.forget_requests()
        self.sandbox.faults(latency=300)
        process = self.start("pull", "--concurrency", "1")
        self.wait_until(lambda: self.sandbox.requests("/export"))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=harness.PATIENCE)
        self.assertEqual(process.returncode, 128 + signal.SIGINT)
        self.assertEqual(self.repository.git("status", "--porcelain"), "")
        self.sandbox.faults()
        self.assertEqual(set(self.outcomes(self.pull()).values()), {"pulled"})

    def test_every_file_is_old_or_new_when_it_is_killed(self):
        before = self.files()
        for flow_id in self.ids:
            self.edit(flow_id, name="Edited")
        # Each run has a little longer before it is killed.
        for pause in range(12):
            process = self.start("pull", "--quiet")
            try:
                process.wait(0.002 * pause * pause)
            except subprocess.TimeoutExpired:
                process.kill()
            process.communicate(timeout=harness.PATIENCE)
            for path, content in self.files().items():
                if content != before[path]:
                    self.assertEqual(content, before[path].replace(
                        f'"name": {json.dumps(json.loads(before[path])["name"])}'.encode(), b'"name": "Edited"'))
        self.pull()
        self.assertEqual([json.loads(content)["name"] for path, content in self.files().items()
                          if path.startswith(FLOWS) and "metadata" in path],
                         ["Edited"] * len(self.ids))

    def test_a_flow_that_the_service_does_not_have_is_told(self):
        self.assertIn("step-up", self.pull("stepup", code=64)["error"]["hint"])
        self.pull("--layout", "console", code=64)


class Merging(Pull):
    """Both sides changed something since the last deployment."""

    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.deploy()
        self.metadata = f"{FLOWS}/step-up/metadata.json"

    def write(self, **members):
        self.repository.write(self.metadata, self.repository.read(self.metadata) | members)

    def test_what_is_not_committed_and_what_is_not_deployed_survive(self):
        self.write(description="Committed")
        self.repository.commit("Ours")
        self.write(disabled=True)
        self.edit("step-up", name="Edited")
        self.assertEqual(self.outcomes(self.pull())["step-up"], "pulled")
        metadata = self.repository.read(self.metadata)
        self.assertEqual((metadata["name"], metadata["description"], metadata["disabled"]), ("Edited", "Committed", True))
        self.assertEqual(self.repository.git("diff", "--numstat"), f"2\t2\t{self.metadata}")

    def test_a_conflict_leaves_the_flow_and_stops_no_other(self):
        self.write(name="Ours", description="Ours")
        self.edit("step-up", name="Theirs", disabled=True)
        self.edit("mfa", name="Edited")
        before = self.files()
        result = self.pull(code=5)
        self.assertEqual((result["ok"], self.outcomes(result)["step-up"], self.outcomes(result)["mfa"]),
                         (False, "conflict", "pulled"))
        self.assertEqual(self.conflicts(result, "step-up"), {"/metadata/name": ('"Step Up"', '"Ours"', '"Theirs"')})
        after = self.files()
        self.assertEqual([path for path in after if after[path] != before[path]], [f"{FLOWS}/mfa/metadata.json"])
        text = self.run_flowship("pull", code=5).out
        for part in ("/metadata/name", '"Step Up"', '"Ours"', '"Theirs"', "pull step-up --ours", "--theirs"):
            self.assertIn(part, text)

    def test_what_is_no_drift_is_not_pulled_alone(self):
        self.edit("step-up", componentsVersion="99.0.0")
        self.assertEqual(set(self.outcomes(self.pull()).values()), {"unchanged"})
        self.assertEqual(self.repository.git("status", "--porcelain"), "")
        self.edit("step-up", componentsVersion="99.0.0", name="Edited")
        self.assertEqual(self.outcomes(self.pull())["step-up"], "pulled")
        self.assertEqual(self.repository.read(self.metadata)["name"], "Edited")

    def test_a_new_order_of_a_set_beside_an_edit_is_not_pulled(self):
        flow = self.sandbox.held()["step-up"]
        orders = [flow["metadata"].setdefault("sharedInteractions", []), flow["references"].setdefault("roles", [])]
        orders += [screen["interactions"] for screen in flow["screens"] if len(screen.get("interactions", [])) > 1]
        for number, order in enumerate(orders[:2]):
            order[:] = [{"id": "a"}, {"id": "b"}] if number == 0 else ["A", "B"]
        self.assertGreater(len(orders), 2)
        self.sandbox.edit(flow)
        self.pull("step-up")
        self.repository.commit("Base")
        self.deploy()
        for order in orders:
            order.reverse()
        flow["metadata"]["name"] = "Edited"
        self.sandbox.edit(flow)
        self.assertEqual(self.outcomes(self.pull("step-up")), {"step-up": "pulled"})
        self.assertEqual(self.repository.git("diff", "--numstat"), f"1\t1\t{self.metadata}")
        self.repository.git("checkout", "--quiet", ".")
        self.run_flowship("deploy", "--on-drift", "adopt")
        self.assertEqual(self.repository.git("diff", "--numstat"), f"1\t1\t{self.metadata}")

    def test_an_edit_that_is_ignored_is_not_pulled_beside_another(self):
        self.repository.write("flowship.json", {"environments": {"default": {"ignoreDrift": ["/metadata/description"]}}})
        self.repository.commit("Configure")
        self.edit("step-up", name="Edited", description="Edited")
        self.assertEqual(self.outcomes(self.pull("step-up")), {"step-up": "pulled"})
        self.assertEqual(self.repository.git("diff", "--numstat"), f"1\t1\t{self.metadata}")

    def test_one_side_decides_every_conflict_and_nothing_else(self):
        for option, name in (("--ours", "Ours"), ("--theirs", "Theirs")):
            self.write(name="Ours", description="Ours")
            self.edit("step-up", name="Theirs", disabled=True)
            result = self.pull("step-up", option)
            self.assertEqual(self.outcomes(result), {"step-up": "pulled"})
            # Pulling records nothing, so what was decided against is drift until it is overwritten.
            told = [warning for warning in result["warnings"] if "`flowship deploy step-up --on-drift overwrite`" in warning]
            self.assertEqual(len(told), 1 if option == "--ours" else 0)
            metadata = self.repository.read(self.metadata)
            self.assertEqual((metadata["name"], metadata["description"], metadata["disabled"]), (name, "Ours", True))
        self.pull("--ours", "--theirs", code=64)

    def test_rules_that_lead_to_a_removed_task_are_decided_too(self):
        path = f"{FLOWS}/mfa/contents.json"
        before = self.repository.read(path)

        def ours():
            contents = json.loads(json.dumps(before))
            contents["tasks"]["4"]["next"]["rules"][0]["taskId"] = "7"
            self.repository.write(path, contents)
        flow = self.sandbox.held()["mfa"]
        del flow["contents"]["tasks"]["7"]
        flow["contents"]["tasks"]["6"]["next"]["rules"][0]["taskId"] = "1"
        self.sandbox.edit(flow)
        ours()
        self.assertEqual(sorted(self.conflicts(self.pull("mfa", code=5), "mfa")),
                         ["/contents/tasks/4/next/rules/0/taskId", "/contents/tasks/7"])
        for option, to, has_task in (("--ours", "7", True), ("--theirs", "1", False)):
            ours()
            self.pull("mfa", option)
            tasks = self.repository.read(path)["tasks"]
            self.assertEqual((tasks["4"]["next"]["rules"][0]["taskId"], "7" in tasks), (to, has_task))
            self.assertEqual(tasks["6"]["next"]["rules"][0]["taskId"], "1")
            self.assertTrue(self.json_of("validate", f"{FLOWS}/mfa")["ok"])

    def test_a_new_task_here_and_there_are_two(self):
        path = f"{FLOWS}/mfa/contents.json"

        def add(contents, name, at):
            contents["tasks"]["8"] = {"id": "8", "name": name, "type": "automated", "action": "generate-audit-event",
                                      "next": {"rules": [{"interactionId": "success", "taskId": "1"}]}}
            contents["tasks"][at]["next"]["rules"][0]["taskId"] = "8"
        contents = self.repository.read(path)
        add(contents, "Ours", "4")
        self.repository.write(path, contents)
        flow = self.sandbox.held()["mfa"]
        add(flow["contents"], "Theirs", "7")
        self.sandbox.edit(flow)
        result = self.pull("mfa")
        # What the service has keeps its id.
        self.assertEqual(result["flows"][0]["newIds"], [{"kind": "task", "from": "8", "to": "9", "name": "Ours"}])
        tasks = self.repository.read(path)["tasks"]
        self.assertEqual([tasks[key]["name"] for key in ("8", "9")], ["Theirs", "Ours"])
        self.assertEqual([tasks[key]["next"]["rules"][0]["taskId"] for key in ("4", "7")], ["9", "8"])
        # It is merged: pulling again changes nothing.
        self.assertEqual(self.outcomes(self.pull("mfa")), {"mfa": "unchanged"})

    def test_a_flow_that_was_deleted_in_the_console(self):
        self.sandbox.ask("/_sandbox/flows/" + harness.PROJECT + "/mfa", "DELETE")
        result = self.pull(code=5)
        flow = next(flow for flow in result["flows"] if flow["flowId"] == "mfa")
        self.assertEqual(flow["outcome"], "conflict")
        self.assertIn("flowship pull mfa --theirs", flow["error"])
        self.assertTrue((self.repository.path / FLOWS / "mfa").exists())
        kept = self.pull("mfa", "--ours")
        self.assertEqual(self.outcomes(kept), {"mfa": "unchanged"})
        self.assertIn("`flowship deploy mfa --on-drift overwrite`", kept["warnings"][0])
        self.assertTrue((self.repository.path / FLOWS / "mfa").exists())
        self.assertEqual(self.outcomes(self.pull("mfa", "--theirs")), {"mfa": "removed"})
        self.assertFalse((self.repository.path / FLOWS / "mfa/contents.json").exists())
        self.assertNotIn("mfa", self.repository.read(f"{FLOWS}/flows.json")["flows"])
        self.pull()
        self.repository.git("checkout", "--quiet", ".")
        text = self.run_flowship("pull", "--theirs").out
        self.assertRegex(text, r"mfa +removed ")
        self.assertIn(": 0 changed, 1 removed, ", text)

    def test_a_flow_that_was_removed_here(self):
        self.repository.remove(f"{FLOWS}/mfa")
        self.pull()
        self.assertFalse((self.repository.path / FLOWS / "mfa").exists(), "that is a change too, and survives")
        for named in ((), ("mfa",), ("m*",), ("--theirs",), ("mfa", "--theirs"), ("mfa", "--ours")):
            with self.subTest(named=named):
                self.assertEqual(set(self.outcomes(self.pull(*named)).values()), {"unchanged"})
                self.assertFalse((self.repository.path / FLOWS / "mfa").exists())
        self.edit("mfa", name="Edited")
        self.assertEqual(self.outcomes(self.pull(code=5))["mfa"], "conflict")
        self.assertFalse((self.repository.path / FLOWS / "mfa").exists())
        self.assertEqual(self.outcomes(self.pull("--theirs"))["mfa"], "pulled")
        self.assertEqual(self.repository.read(f"{FLOWS}/mfa/metadata.json")["name"], "Edited")

    def test_a_file_that_is_not_json_is_not_a_removed_flow(self):
        snapshot = f"{FLOWS}/mfa/contents.json"
        self.repository.write("flows/one.json", small_flow("one"))
        self.repository.write("flows/two.json", small_flow("two"))
        self.repository.commit("Add flows")
        self.deploy()
        self.repository.git("mv", "flows/two.json", "flows/deux.json")
        self.repository.commit("Rename")
        self.deploy()
        for path in (snapshot, "flows/one.json", "flows/deux.json"):
            self.repository.write(path, '{\n  "flowId": \n}\n')
        before = self.files()
        for edited in (False, True):
            for options in ((), ("--theirs",), ("--ours",)):
                with self.subTest(edited=edited, options=options):
                    result = self.pull(*options, code=1)
                    failed = {flow["flowId"]: flow["error"] for flow in result["flows"] if flow["outcome"] == "failed"}
                    self.assertEqual(sorted(failed), ["mfa", "one", "two"])
                    for flow_id, path in (("mfa", snapshot), ("one", "flows/one.json"), ("two", "flows/deux.json")):
                        self.assertRegex(failed[flow_id], f"^{path}:[23]:[0-9]+: .*fix the JSON syntax")
                    self.assertIn("fix the JSON syntax", result["error"]["hint"])
                    self.assertEqual(self.files(), before)
            for flow_id in ("mfa", "one", "two"):
                self.edit(flow_id, name="Edited")
        result = self.deploy("--on-drift", "adopt", code=5)
        self.assertEqual({flow["flowId"] for flow in result["conflicts"]}, {"mfa", "one", "two"})
        self.assertTrue(all(".json:" in flow["reason"] for flow in result["conflicts"]), result["conflicts"])
        self.assertEqual(self.files(), before)

    def test_a_flow_that_was_never_deployed_from_here(self):
        self.repository.git("update-ref", "-d", "refs/flowship/default")
        self.edit("step-up", name="Theirs")
        result = self.pull(code=5)
        outcomes = self.outcomes(result)
        self.assertEqual(outcomes.pop("step-up"), "conflict")
        self.assertEqual(set(outcomes.values()), {"unchanged"})
        self.assertEqual(self.conflicts(result, "step-up"), {"/metadata/name": (None, '"Step Up"', '"Theirs"')})
        self.pull("--ours")
        self.assertEqual(self.repository.git("status", "--porcelain"), "")
        self.pull("--theirs")
        self.assertEqual(self.repository.read(self.metadata)["name"], "Theirs")


if __name__ == "__main__":
    harness.main()
