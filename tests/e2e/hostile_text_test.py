"""What others wrote (names, ids, paths, subjects, the service's errors) is shown with escapes for what can't be seen or
moves the text around it, in every format of every command."""

import http.server
import json
import signal
import subprocess
import threading
import unicodedata

import daemon_harness
import harness
from daemon_harness import DaemonTestCase
from harness import FLOWS, TestCase
from sources_test import small_flow

# A character of each kind: bidirectional, invisible, a tag, a separator, DEL, C1, ESC, CR.
HOSTILE = "\u202e\u2066\u061c\u200b\u200d\u00ad\ufeff\u2060\u3164\U000e0001\U000e0101\u2028\x7f\x9b\x1b[31m\r"
# git takes no line break in a subject for one.
SUBJECT = f"Change{HOSTILE.strip()}it"
# What git's output as a whole may hold.
OURS = "\n\t\ufe0f"

FORMATS = {
    "validate": ("text", "json", "github", "gitlab", "sarif", "junit", "markdown", "summary"),
    "plan": ("text", "json", "github", "markdown", "summary", "html"),
    "diff": ("text", "json", "github", "markdown", "summary", "html"),
    "deploy": ("text", "json", "github", "junit", "markdown", "summary"),
    "status": ("text", "json", "github", "markdown", "summary"),
    "history": ("text", "json", "github"),
    "pull": ("text", "json"),
    "render": ("text", "json", "mermaid", "svg", "dot"),
}


def hostile_characters(text):
    """The characters of `text` that no output may hold as they are."""
    return sorted({f"U+{ord(character):04X}" for character in text if character not in OURS
                   and (unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") or character in HOSTILE)
                   and not character.isascii() or character in "\r\x1b\x7f"})


def hostile_flow(flow_id, version=""):
    odd = f"{HOSTILE}{version}"
    flow = small_flow(flow_id)
    flow["metadata"].update({"name": odd, "description": odd, odd: odd})
    tasks = flow["contents"]["tasks"]
    tasks["start"].update({"name": odd, "type": "screen", "screenId": "s1"})
    tasks["start"]["next"]["rules"][0]["interactionId"] = odd
    tasks[odd] = {"id": odd, "name": odd, "type": "automated", "action": odd, "arguments": {odd: {"value": odd}},
                  "next": {"rules": [{"interactionId": odd, "taskId": "end"}]}}
    tasks["start"]["next"]["rules"].append({"interactionId": odd + "2", "taskId": odd})
    flow["screens"] = [{"id": "s1", "screenId": "s1", "contents": {
        "ROOT": {"type": {"resolvedName": "Container"}, "props": {}, "nodes": ["n"]},
        "n": {"type": {"resolvedName": "Text"}, "props": {"text": odd, odd: odd}, "parent": "ROOT", "nodes": []}}}]
    return flow


class Refusing(http.server.BaseHTTPRequestHandler):
    """A service whose every answer is an error in hostile words."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps({"errorCode": f"E{HOSTILE}1", "errorDescription": f"No{HOSTILE}",
                           "errorMessage": f"Not{HOSTILE}"}, ensure_ascii=False).encode()
        self.send_response(400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, *_):
        pass


class HostileText(TestCase):
    def setUp(self):
        super().setUp()
        self.file = f"flows/x{HOSTILE}y.json"
        self.repository.write("flowship.json", {
            "sources": ["flows"],
            "environments": {"default": {"projectId": harness.PROJECT}}})

    def commit(self, *flows):
        for number, flow in enumerate(flows):
            self.repository.write(self.file if number == 0 else f"flows/{number}.json", flow)
        return self.repository.commit(SUBJECT)

    def expect_escapes(self, text, what):
        self.assertEqual(hostile_characters(text), [], what)

    def run_all(self, command, *arguments, **variables):
        """Runs a command in each of its formats, whatever comes of it, and checks all that it writes."""
        outputs = {}
        for form in FORMATS[command]:
            page = self.folder / f"page.{form}"
            report = self.folder / "report"
            options = ("--out", str(page)) if form == "html" else ("--report", f"{form}={report}")
            process = self.start(command, *arguments, "--verbose", "--format", form, *options, FLOWSHIP_TRACE="1",
                                 **variables)
            out, err = process.communicate(timeout=harness.PATIENCE)
            self.assertIn(process.returncode, (*range(9), 64), err)
            shown = out if form != "html" or not page.exists() else out + page.read_text()
            self.expect_escapes(shown, (command, form))
            self.expect_escapes(err, (command, form, "standard error"))
            if form != "html" and report.exists():
                self.expect_escapes(report.read_text(), (command, form, "--report"))
            outputs[form] = shown + err
        return outputs

    def test_names_texts_and_paths_are_escaped_in_every_format(self):
        self.commit(hostile_flow("a"))
        self.run_flowship("deploy")
        before = self.repository.git("rev-parse", "HEAD")
        self.sandbox.edit(hostile_flow("b"))
        self.sandbox.edit(hostile_flow("a", "edited"))
        self.commit(hostile_flow("a", "new"))
        diff = self.run_all("diff", before, "HEAD")
        self.assertIn("\\u{202e}", diff["text"])
        self.assertIn("\\u{202e}", diff["markdown"].replace("&#123;", "{").replace("&#125;", "}").replace("&#92;", "\\"))
        for command in (("validate",), ("plan",), ("plan", "--check-drift"), ("status",), ("history",), ("deploy",),
                        ("render", "a"), ("deploy", "--on-drift", "overwrite"), ("status",), ("history",), ("pull",)):
            self.run_all(*command)

    def test_what_is_wrong_with_a_flow_is_escaped_in_every_format(self):
        broken = hostile_flow(f"id{HOSTILE}")
        broken["contents"]["startTask"] = f"no{HOSTILE}"
        broken["contents"]["tasks"]["end"]["action"] = f"sub{HOSTILE}"
        broken["contents"]["tasks"]["start"]["next"]["rules"][0]["taskId"] = f"nowhere{HOSTILE}"
        second = hostile_flow(f"ID{HOSTILE}")
        self.commit(broken, second, hostile_flow("c"))
        validated = self.run_all("validate")
        self.assertIn("\\u202e", validated["json"])
        for form in ("text", "github", "sarif", "junit"):
            self.assertIn("\\u{202e}", validated[form], form)
        for command in (("plan",), ("deploy",), ("render", f"id{HOSTILE}"), ("plan", "--env", HOSTILE),
                        ("diff", f"HEAD{HOSTILE}"), ("deploy", f"x{HOSTILE}"), ("validate", f"x{HOSTILE}")):
            self.run_all(*command)

    def test_json_keeps_the_characters_as_escapes(self):
        self.commit(hostile_flow("a"))
        graph = self.run_flowship("render", "a", "--format", "json").out
        self.expect_escapes(graph, "render")
        self.assertEqual(json.loads(graph)["name"], HOSTILE.strip())
        plan = self.run_flowship("plan", "--format", "json").out
        self.assertEqual(json.loads(plan)["changes"][0]["paths"], [self.file])

    def test_a_flowship_json_is_shown_with_escapes(self):
        self.commit(hostile_flow("a"))
        for config in ({f"sources{HOSTILE}": []}, {"sources": [f"no{HOSTILE}"]}, {"rules": {HOSTILE: "off"}},
                       {"environments": {f"e{HOSTILE}": {}}},
                       {"environments": {"default": {"projectId": HOSTILE, "branch": HOSTILE, "protect": [HOSTILE]}}}):
            self.repository.write("flowship.json", config)
            self.repository.commit(SUBJECT)
            for command in ("validate", "plan", "deploy"):
                self.run_all(command)

    def test_errors_of_the_service_are_escaped(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.commit(hostile_flow("a"))
        url = f"http://127.0.0.1:{server.server_port}"
        for command in (("deploy",), ("status",), ("plan", "--check-drift"), ("pull",)):
            outputs = self.run_all(*command, DESCOPE_BASE_URL=url)
            self.assertIn("\\u{202e}", outputs["text"], command)

    def test_conflicts_of_a_merge_are_escaped(self):
        for version in ("base", "ours", "theirs"):
            self.repository.write(f"{version}.json", hostile_flow("a", version))
        for form in ("text", "json"):
            self.repository.write("ours.json", hostile_flow("a", "ours"))
            done = self.start("merge", "base.json", "ours.json", "theirs.json", "--path", self.file, "--verbose",
                              "--format", form)
            out, err = done.communicate(timeout=harness.PATIENCE)
            self.assertIn("202e", out, err)
            self.expect_escapes(out + err, form)

    def test_a_hook_and_a_pushed_branch_are_shown_with_escapes(self):
        server = self.folder / "server.git"
        self.repository.git("init", "--quiet", "--bare", "--initial-branch=main", str(server))
        self.run_flowship("hook", "install", "pre-receive", "post-receive", cwd=server)
        branch = "b\u202e\u200b\U000e0001"
        broken = hostile_flow("a")
        broken["contents"]["startTask"] = f"no{HOSTILE}"
        self.commit(broken)
        push = ["git", "push", str(server), f"HEAD:refs/heads/{branch}"]
        variables = harness.environment(FLOWSHIP_BIN=harness.FLOWSHIP)
        done = subprocess.run(push, cwd=self.repository.path, env=variables, capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        ours = [line for line in done.stderr.splitlines() if line.startswith("remote:")]
        self.assertTrue(any("startTask" in line for line in ours), done.stderr)
        # git itself ends each line of a hook with eight spaces or an escape sequence on terminals only.
        self.expect_escapes("\n".join(ours), "pre-receive")


class Daemon(DaemonTestCase):
    def test_pages_and_logs_are_escaped(self):
        for form in ("json", "text"):
            with self.subTest(form):
                served = self.serve("--log-format", form)
                contents = self.repository.read(f"{FLOWS}/sign-in/contents.json")
                for number, task in enumerate(contents["tasks"].values()):
                    task["name"] = f"{HOSTILE}{number}{form}"
                self.repository.write(f"{FLOWS}/sign-in/contents.json", contents)
                self.repository.commit(f"{SUBJECT} for {form}")
                self.push(force=True)
                self.wait_for_deployment()
                self.wait_until(lambda: json.loads(served.ask("/api/status")[2])["environments"][0]["state"] == "live")
                self.repository.write(f"{FLOWS}/sign-in/x{HOSTILE}.json", "{")
                self.repository.write(f"{FLOWS}/sign-in/contents.json", {**contents, "startTask": f"no{HOSTILE}"})
                self.repository.commit(SUBJECT)
                self.push()
                self.wait_until(lambda: json.loads(served.ask("/api/status")[2])["environments"][0]["state"] != "live")
                for path in ("/", "/api/status", "/metrics", "/readyz", "/flows/production/sign-in", "/flows/production/no%E2%80%AE",
                             "/environments/production", "/no%E2%80%AE"):
                    _, headers, text = served.ask(path)
                    self.assertEqual(hostile_characters(text + str(headers)), [], path)
                self.assertIn("\\u{202e}", served.ask("/")[2])
                served.end(signal.SIGTERM)
                self.assertEqual(hostile_characters(served.text()), [], "log")
                self.repository.git("reset", "--quiet", "--hard", "HEAD~1")


if __name__ == "__main__":
    harness.main()
