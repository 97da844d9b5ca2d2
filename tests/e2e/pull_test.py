"""`flowship pull`: from the service into the repository."""

import http.server
import json
import signal
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
            self.repository.commit("Pull")
            self.assertEqual(self.json_of("plan")["changes"], [])
            self.assertIsNone(self.deploy()["record"])
            self.assertEqual({flow["state"] for flow in self.json_of("status")["flows"]}, {"in-sync"})
            self.repository.remove("ProjectSnapshot")
            self.repository.git("update-ref", "-d", "refs/flowship/default")
        self.assertEqual(self.sandbox.imports(), [])


class IntoFilesThatAreThere(Pull):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.ids = self.repository.flow_ids()
        self.deploy()
        self.sandbox.forget_requests()

    def test_changes_nothing_where_nothing_changed(self):
        before = self.files()
        result = self.pull()
        self.assertEqual(set(self.outcomes(result).values()), {"unchanged"})
        self.assertIsNone(result["record"])
        self.assertEqual(self.files(), before)

    def test_brings_what_was_edited_and_pulling_twice_changes_nothing(self):
        self.edit("step-up", name="Edited")
        self.edit("mfa", name="Edited too")
        result = self.pull("step-up")
        self.assertEqual(self.outcomes(result), {"step-up": "pulled"})
        self.assertEqual(result["flows"][0]["paths"], [f"{FLOWS}/step-up/metadata.json"])
        self.assertEqual(result["record"], self.repository.git("rev-parse", "refs/flowship/default"))
        self.assertEqual(self.repository.git("diff", "--numstat"), f"1\t1\t{FLOWS}/step-up/metadata.json")
        before = self.files()
        again = self.pull("step-up")
        self.assertEqual((self.outcomes(again), again["record"]), ({"step-up": "unchanged"}, None))
        self.assertEqual(self.files(), before)
        self.repository.commit("Pull")
        self.assertEqual(self.json_of("plan")["changes"], [])
        self.assertEqual(self.json_of("history")["deployments"][0]["flows"][0]["flowId"], "step-up")
        self.assertEqual(self.sandbox.imports(), [])

    def test_a_new_flow_goes_beside_the_others_and_into_the_list(self):
        self.hold(small_flow("brand-new"))
        self.pull()
        self.assertTrue((self.repository.path / FLOWS / "brand-new/contents.json").exists())
        self.assertIn("brand-new", self.repository.read(f"{FLOWS}/flows.json")["flows"])
        self.assertTrue(self.json_of("validate")["ok"])
        self.repository.commit("Pull")
        self.assertEqual(self.json_of("plan")["changes"], [])

    def test_what_is_not_committed_is_overwritten_only_with_force(self):
        self.edit("step-up", name="Edited")
        self.edit("mfa", name="Edited too")
        path = self.repository.path / FLOWS / "step-up/metadata.json"
        path.write_text(path.read_text().replace('"Step Up"', '"Mine"'))
        result = self.pull(code=1)
        outcomes = self.outcomes(result)
        self.assertEqual((outcomes["step-up"], outcomes["mfa"]), ("failed", "pulled"))
        self.assertIn("--force", "".join(flow["error"] or "" for flow in result["flows"]))
        self.assertIn('"Mine"', path.read_text())
        self.assertEqual(self.outcomes(self.pull("--force"))["step-up"], "pulled")
        self.assertIn('"Edited"', path.read_text())

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
        self.assertIn("management-key", "".join(flow["error"] or "" for flow in result["flows"]))
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
        self.repository.commit("Pull")
        self.assertEqual(self.json_of("plan")["changes"], [])
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
                self.repository.commit("Pull")
                self.assertEqual(self.json_of("plan")["changes"], [])
                self.repository.git("mv", f"elsewhere/{name}", f"elsewhere/back.{name}")
                self.run_flowship("convert", f"elsewhere/back.{name}", FLOWS)
                self.repository.remove(f"elsewhere/back.{name}")
                self.repository.commit("Back")

    def test_a_new_flow_needs_a_folder_among_the_sources(self):
        self.run_flowship("convert", f"{FLOWS}/mfa", "only.json")
        self.repository.write("flowship.json", {"sources": ["only.json"]})
        self.repository.commit("One source")
        before = self.files()
        outcomes = self.outcomes(self.pull(code=1))
        self.assertEqual((outcomes["mfa"], outcomes["step-up"]), ("unchanged", "failed"))
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

    def test_a_flow_that_the_service_does_not_have_is_told(self):
        self.assertIn("step-up", self.pull("stepup", code=64)["error"]["hint"])
        self.pull("--layout", "console", code=64)


if __name__ == "__main__":
    harness.main()
