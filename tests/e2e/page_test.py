"""What the daemon shows: the page in a real browser, the API, and the metrics."""

import html
import json
import os
import pathlib
import subprocess

import daemon_harness
import harness
from daemon_harness import DaemonTestCase
from guarantees_test import rule, sign_up
from harness import FLOWS, FLOWSHIP, PATIENCE, PROJECT

BROWSER = pathlib.Path(__file__).with_name("browser.mjs")
# Screenshots are kept beside the program, to be looked at.
PICTURES = pathlib.Path(FLOWSHIP).parent / "screenshots"
ODD = "<script>alert(1)</script> & 🚀 שלום"


class PageCase(DaemonTestCase):
    def deploy(self, message):
        """Commits what is there, pushes it, and waits until the daemon has it."""
        self.repository.git("commit", "--quiet", "--allow-empty", "--all", "--message", message)
        self.push()
        self.wait_for_deployment()

    def rename_first_task(self, flow_id, name):
        path = f"{FLOWS}/{flow_id}/contents.json"
        contents = self.repository.read(path)
        task = next(task for task in contents["tasks"].values() if task.get("type"))
        task["name"] = name
        self.repository.write(path, contents)

    def status(self, served):
        return json.loads(served.ask("/api/status")[2])


class Answers(PageCase):
    def test_the_api_tells_what_is_deployed_and_what_failed(self):
        served = self.serve()
        self.rename_first_task("sign-in", ODD)
        self.deploy(ODD)
        self.wait_until(lambda: self.status(served)["environments"][0]["state"] == "live")
        status = self.status(served)
        self.assertTrue(status["ok"])
        [environment] = status["environments"]
        self.assertEqual((environment["key"], environment["repository"], environment["branch"]),
                         ("production", "login-flows", "main"))
        self.assertEqual(environment["deployed"]["target"], self.head())
        self.assertEqual(environment["deployed"]["subject"], ODD)
        self.assertEqual(environment["deployed"]["flows"], len(self.ids))
        self.assertEqual(environment["deployed"]["job"], environment["recent"][0]["job"])
        self.assertEqual(environment["recent"][0]["outcome"], "deployed")
        self.assertIsNone(environment["running"])
        self.repository.write(f"{FLOWS}/sign-in/contents.json", "{")
        self.repository.commit("Break it")
        self.push()
        self.wait_until(lambda: self.status(served)["environments"][0]["state"] == "failing")
        failed = self.status(served)["environments"][0]
        self.assertEqual(failed["recent"][0]["outcome"], "invalid")
        self.assertTrue(failed["recent"][0]["findings"])
        self.assertEqual(failed["deployed"]["subject"], ODD)

    def test_an_environment_has_a_page_of_its_flows(self):
        self.configure(driftCheck="300ms")
        served = self.serve()
        self.rename_first_task("sign-in", "Greet")
        self.deploy(ODD)
        flow = self.sandbox.held()["sign-in"]
        next(task for task in flow["contents"]["tasks"].values() if task.get("name") == "Greet")["name"] = "Hello"
        self.sandbox.edit(flow)
        self.sandbox.delete("mfa")
        self.wait_until(lambda: (drift := self.status(served)["environments"][0]["drift"])
                        and drift["drifted"] and drift["missing"])
        text = served.ask("/environments/production")[2]
        for flow_id in self.ids:
            self.assertIn(f'href="/flows/production/{flow_id}"', text)
        self.assertEqual(text.count(">drifted</span>"), 1)
        self.assertEqual(text.count(">missing</span>"), 1)
        author = self.repository.git("show", "--no-patch", "--format=%an")
        self.assertIn(f"by <bdi>{author}</bdi>", text)
        # The front page, the environment's and the flow's own say what was edited, as diff does.
        for path in ("/", "/environments/production", "/flows/production/sign-in"):
            text = html.unescape(served.ask(path)[2])
            self.assertIn("Greet", text, path)
            self.assertIn("Hello", text, path)
            self.assertNotIn("<script>alert", served.ask(path)[2])
        self.assertEqual(served.status("/environments/nowhere"), 404)

    def test_a_lost_guarantee_comes_first_on_the_pages(self):
        served = self.serve()
        self.repository.write("flows/code.json", sign_up() | {"flowId": "code"})
        self.repository.git("add", "flows")
        self.deploy("Begin")
        self.repository.write("flows/code.json", sign_up(rule("3", "skip")) | {"flowId": "code"})
        self.deploy("Skip the code")
        self.wait_until(lambda: self.status(served)["environments"][0]["state"] == "live")
        self.expect_lost(served)
        # After a restart the ledger tells.
        served.end()
        served = self.serve()
        self.wait_until(lambda: self.status(served)["environments"][0]["state"] == "live")
        self.expect_lost(served)
        self.assertEqual(len(self.status(served)["environments"][0]["recent"]), 2)

    def expect_lost(self, served):
        for page in ("/environments/production", "/flows/production/code"):
            text = served.ask(page)[2]
            self.assertIn("without verifying a one-time code by email", text, page)
            self.assertLess(text.find("A guarantee was lost"), text.find("<section"), page)
        self.assertNotIn("A guarantee was lost", served.ask("/flows/production/sign-in")[2])

    def test_pages_are_strict_and_show_names_as_text(self):
        served = self.serve()
        self.rename_first_task("sign-in", ODD)
        self.deploy(ODD)
        self.wait_until(lambda: self.status(served)["environments"][0]["state"] == "live")
        for path in ("/", "/environments/production", "/flows/production/sign-in"):
            code, headers, text = served.ask(path)
            self.assertEqual((code, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
            policy = headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertNotIn("<script>alert", text)
            self.assertIn("&lt;script&gt;alert(1)", text)
            self.assertNotIn("style=", text)
        for path in ("/flows/production/nothing", "/flows/nowhere/sign-in", "/assets/none", "/flows/production/.."):
            self.assertEqual(served.status(path), 404, path)

    def test_a_drawing_masks_secrets(self):
        self.repository.write("flowship.json", self.repository.read("flowship.json") | {
            "rules": {"provider-token": "off"}})
        secret = "ghp_" + "q0Zr7" * 7 + "1"
        self.rename_first_task("sign-in", secret)
        served = self.serve()
        self.deploy("Name a task like a secret")
        self.wait_until(lambda: self.status(served)["environments"][0]["state"] == "live")
        text = served.ask("/flows/production/sign-in")[2]
        self.assertIn("***", text)
        self.assertNotIn(secret, text)

    def test_who_lacks_the_token_sees_nothing(self):
        self.configure(statusTokenFile=str(self.secret_file("token", "t" * 40)))
        served = self.serve()
        for path in ("/", "/api/status", "/metrics", "/environments/production", "/flows/production/sign-in"):
            self.assertEqual(served.status(path), 401, path)
            self.assertEqual(served.ask(path, token="x")[0], 401, path)
        for path in ("/", "/api/status", "/metrics"):
            self.assertEqual(served.ask(path, token="t" * 40)[0], 200, path)


class Several(PageCase):
    environments = {"production": {"projectId": PROJECT, "branch": "main"},
                    "staging": {"projectId": daemon_harness.STAGING, "branch": "develop"}}

    def test_page_and_api_show_the_environments_that_are_asked_for(self):
        served = self.serve()
        for query, shown in (("", ["production", "staging"]), ("?environment=staging", ["staging"]),
                             ("?environment=PROD", ["production"]), ("?environment=login-flows&page=2", ["production", "staging"]),
                             ("?environment=nothing", [])):
            status = json.loads(served.ask(f"/api/status{query}")[2])
            self.assertEqual([one["key"] for one in status["environments"]], shown, query)
            self.assertEqual((status["page"], status["pages"], status["total"]), (1, 1, len(shown)), query)
            page = served.ask(f"/{query}")[2]
            for name in self.environments:
                self.assertEqual(f"<bdi>{name}</bdi>" in page, name in shown, (query, name))


class Metrics(PageCase):
    def setUp(self):
        self.promtool = harness.program("promtool", "prometheus")
        super().setUp()

    def test_promtool_has_nothing_to_say(self):
        served = self.serve()
        for when in ("before", "after"):
            code, headers, text = served.ask("/metrics")
            self.assertEqual((code, headers["Content-Type"]), (200, "text/plain; version=0.0.4; charset=utf-8"))
            done = subprocess.run([self.promtool, "check", "metrics"], input=text, text=True, capture_output=True,
                                  timeout=PATIENCE)
            self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""), when)
            if when == "before":
                self.deploy("Deploy it all")
                self.wait_until(lambda: self.status(served)["environments"][0]["state"] == "live")
        place = '{repository="login-flows",environment="production"'
        self.assertIn(f'flowship_deployments_total{place},outcome="deployed"}} 1\n', text)
        self.assertIn(f'flowship_flows_total{place},outcome="deployed"}} {len(self.ids)}\n', text)
        self.assertIn(f'flowship_requests_total{place},outcome="ok"}} {len(self.ids)}\n', text)
        self.assertIn(f'flowship_deployed_info{place},commit="{self.head()}"}} 1\n', text)
        self.assertIn(f'flowship_until_deployed_seconds_count{place}}} 1\n', text)


class Page(PageCase):
    environments = {"production": {"projectId": PROJECT, "branch": "main"},
                    "staging": {"projectId": daemon_harness.STAGING, "branch": "develop"}}

    def setUp(self):
        harness.npm_program("playwright-core")
        self.chromium = harness.program("chromium", "chromium")
        super().setUp()

    def test_a_browser_sees_it_all(self):
        PICTURES.mkdir(exist_ok=True)
        self.configure(self.config(driftCheck="1s"))
        served = self.serve()
        self.rename_first_task("sign-in", ODD)
        self.deploy("Let users sign in with a passkey, and explain why on the first screen")
        browser = subprocess.Popen(
            [harness.program("node", "nodejs"), str(BROWSER), os.environ["FLOWSHIP_TEST_TOOLS"], self.chromium,
             str(PICTURES)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=harness.environment(HOME=str(self.folder)))
        self.addCleanup(browser.kill)
        print(json.dumps({"url": served.url, "profile": str(self.folder / "profile"), "flow": "production/sign-in"}),
              file=browser.stdin, flush=True)
        self.assertEqual(browser.stdout.readline().strip(), "watching", "the browser did not come so far")
        self.sandbox.faults(fail="422:1")
        self.change("mfa", "Something new")
        self.deploy(ODD)
        print(ODD, file=browser.stdin, flush=True)
        out, err = browser.communicate(timeout=2 * PATIENCE)
        self.assertEqual(browser.returncode, 0, err)
        seen = json.loads(out)
        self.assertEqual(seen["complaints"], [])
        self.assertEqual([url for url in seen["requests"] if not url.startswith(served.url + "/")], [])
        self.assertEqual((seen["alerts"], seen["scripts"], seen["wide"], seen["landmarks"]), (0, 0, [], []))
        self.assertIn("Skip", seen["firstFocus"])
        self.assertEqual((seen["unfolded"], seen["stillUnfolded"]), (1, 1))
        self.assertEqual(seen["focus"], "/environments/production")
        self.assertIn(ODD, seen["news"])
        self.assertIn(ODD, seen["text"])
        self.assertIn(ODD, seen["flowText"])
        self.assertGreater(seen["flow"], 3)
        self.assertEqual(len(list(PICTURES.glob("*.png"))), 8)


if __name__ == "__main__":
    harness.main()
