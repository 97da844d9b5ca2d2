"""What can be started from the daemon's pages with the status token: only that, only from its own forms."""

import json
import os
import pathlib
import re
import signal
import subprocess

import harness
from daemon_harness import DaemonTestCase
from harness import FLOWS, PATIENCE, PROJECT

PRESS = pathlib.Path(__file__).with_name("press.mjs")
TOKEN = "status-" + "token" * 6


class ButtonCase(DaemonTestCase):
    def setUp(self):
        super().setUp()
        self.configure(driftCheck="300ms", statusTokenFile=str(self.secret_file("token", TOKEN)))
        self.served = self.serve()
        self.push()
        self.wait_for_deployment()

    def ask(self, path, method="GET", body=None, **headers):
        return self.served.ask(path, method, body, token=TOKEN, headers=headers)

    def environment(self):
        return json.loads(self.ask("/api/status")[2])["environments"][0]

    def form(self, path):
        """The body that the page's form sends."""
        code, headers, text = self.ask(path)
        self.assertEqual(code, 200, text)
        self.assertEqual(headers["Referrer-Policy"], "same-origin")
        self.assertIn(f'<form class="sheet" method="post" action="{path}">', text)
        proof = re.search(r'name="proof" value="(\w+)"', text)[1]
        return f"proof={proof}".encode()

    def send(self, path, body, **headers):
        return self.ask(path, "POST", body, **{"Origin": self.served.url, **headers})

    def edit(self, flow_id, name):
        """Renames a flow in the console, and waits until the daemon knows."""
        flow = self.sandbox.held()[flow_id]
        flow["metadata"]["name"] = name
        self.sandbox.edit(flow)
        self.wait_until(lambda: flow_id in self.drifted())

    def drifted(self):
        drift = self.environment()["drift"]
        return drift["drifted"] + drift["missing"] if drift else []

    def held_name(self, flow_id):
        flow = self.sandbox.held().get(flow_id)
        return flow and flow["metadata"]["name"]


class Buttons(ButtonCase):
    def test_a_flow_is_restored_and_no_other(self):
        name = self.held_name("sign-in")
        self.edit("sign-in", "Edited")
        self.edit("mfa", "Stays")
        self.sandbox.forget_requests()
        page = self.ask("/environments/production")[2]
        self.assertIn('href="/restore/production/sign-in"', page)
        self.assertNotIn('href="/restore/production/step-up"', page)
        path = "/restore/production/sign-in"
        self.assertIn("Edited", self.ask(path)[2])
        self.assertEqual(self.held_name("sign-in"), "Edited")
        code, _, text = self.send(path, self.form(path))
        self.assertEqual(code, 200)
        self.assertIn("<h1><bdi>production</bdi></h1>", text, "it leads back to the environment")
        self.wait_until(lambda: self.held_name("sign-in") == name)
        self.wait_until(lambda: self.drifted() == ["mfa"])
        self.assertEqual(self.sandbox.imports(), ["sign-in"])
        self.assertEqual(self.held_name("mfa"), "Stays")
        job = self.environment()["recent"][0]
        self.assertEqual((job["trigger"], job["outcome"], job["chosen"]), ("page", "deployed", ["sign-in"]))
        [logged] = self.wait_for_log(self.served, "asked for on the page")
        self.assertEqual((logged["action"], logged["who"], logged["flow"], logged["environment"], logged["result"]),
                         ("restore", "status token", "sign-in", "production", "queued"))
        self.assertNotIn(TOKEN, self.served.text())

    def test_a_restored_flow_says_nothing_of_a_commit_that_fails(self):
        self.edit("mfa", "Edited")
        self.repository.write(f"{FLOWS}/sign-in/contents.json", "{")
        self.repository.commit("Break it")
        self.push()
        self.wait_until(lambda: self.environment()["state"] == "failing")
        self.wait_until(lambda: not self.environment()["running"])
        self.send("/restore/production/mfa", self.form("/restore/production/mfa"))
        self.wait_until(lambda: (job := self.environment()["recent"][0])["trigger"] == "page" and job["outcome"])
        self.assertEqual(self.environment()["state"], "failing")

    def test_a_flow_that_the_repository_no_longer_has_is_not_restored(self):
        self.repository.git("rm", "-rq", f"{FLOWS}/mfa")
        self.repository.commit("Remove mfa")
        self.push()
        self.wait_until(lambda: self.environment()["deployed"]["leftBehind"] == ["mfa"])
        for path in ("/", "/environments/production"):
            self.assertIn("eft behind", self.ask(path)[2], path)
        self.edit("mfa", "Edited")
        self.sandbox.forget_requests()
        page = self.ask("/environments/production")[2]
        self.assertNotIn("/production/mfa\"", re.sub('href="/flows/[^"]*"', "", page))
        self.assertIn("flowship pull mfa --env production --theirs", page)
        for action in ("restore", "adopt"):
            code, _, text = self.ask(f"/{action}/production/mfa")
            self.assertEqual(code, 409, text)
            self.assertIn("The repository no longer has it", text)
        self.assertEqual(self.sandbox.changing_requests(), [])

    def test_a_flow_that_was_removed_meanwhile_is_not_restored_silently(self):
        self.edit("mfa", "Edited")
        body = self.form("/restore/production/mfa")
        self.configure(driftCheck="0s", statusTokenFile=str(self.folder / "token"))
        self.served.send(signal.SIGHUP)
        self.wait_for_log(self.served, "configuration reloaded")
        self.repository.git("rm", "-rq", f"{FLOWS}/mfa")
        self.repository.write(f"{FLOWS}/sign-in/contents.json", "{")
        commit = self.repository.commit("Remove one, break another")
        self.push()
        self.wait_for_log(self.served, "job finished", commit=commit)
        self.send("/restore/production/mfa", body)
        self.wait_until(lambda: self.environment()["recent"][0]["trigger"] == "page")
        job = self.environment()["recent"][0]
        self.assertEqual(job["outcome"], "drifted")
        self.assertIn("the repository no longer has `mfa`", job["error"])
        self.assertIn("--theirs", job["hint"])

    def test_a_failed_commit_is_tried_again_at_once(self):
        self.sandbox.faults(fail="422:1")
        commit = self.repository.read(f"{FLOWS}/mfa/metadata.json")
        self.repository.write(f"{FLOWS}/mfa/metadata.json", commit | {"name": "Anew"})
        self.repository.commit("Change mfa")
        self.push()
        self.wait_until(lambda: self.environment()["waiting"] and self.environment()["state"] == "failing")
        self.assertIn('href="/retry/production"', self.ask("/")[2])
        self.send("/retry/production", self.form("/retry/production"))
        self.wait_for_deployment()
        self.wait_until(lambda: self.environment()["state"] == "live")
        self.assertIn("page", [job["trigger"] for job in self.environment()["recent"]])

    def test_forgeries_are_refused(self):
        self.edit("sign-in", "Edited")
        path = "/restore/production/sign-in"
        proof = self.form(path)
        other = self.form("/retry/production")
        elsewhere = "https://evil.example"
        for body, headers in ((proof, {"Origin": elsewhere}), (proof, {"Origin": "null"}),
                              (proof, {"Sec-Fetch-Site": "cross-site"}), (proof, {"Sec-Fetch-Site": "same-site"}),
                              (b"", {}), (b"proof=", {}), (proof[:-1], {}), (other, {})):
            self.assertEqual(self.send(path, body, **headers)[0], 403, (body, headers))
        self.assertEqual(self.ask(path, "POST", proof)[0], 403, "no origin")
        self.assertEqual(self.served.ask(path, "POST", proof, headers={"Origin": self.served.url})[0], 401)
        self.assertEqual(self.send("/restore/production/step-up", self.form("/retry/production"))[0], 403)
        self.assertEqual(self.ask("/restore/production/step-up")[0], 409, "it has not drifted")
        for wrong in ("/retry/nowhere", "/restore/nowhere/mfa", "/restore/production/a*"):
            self.assertEqual(self.ask(wrong)[0], 404, wrong)
        self.assertEqual(self.held_name("sign-in"), "Edited")
        refused = self.wait_for_log(self.served, "asked for on the page")
        self.assertTrue(all(entry["result"].startswith("refused") for entry in refused), refused)


class Adopt(ButtonCase):
    def adopt(self, flow_id="sign-in"):
        path = f"/adopt/production/{flow_id}"
        return self.send(path, self.form(path))

    def test_an_edit_becomes_a_branch_that_deploys_nothing(self):
        self.edit("sign-in", "Edited")
        before = self.head()
        self.sandbox.forget_requests()
        code, _, text = self.adopt()
        self.assertEqual(code, 200, text)
        [branch] = [ref for ref in self.bare_git("for-each-ref", "--format=%(refname:short)").split()
                    if ref.startswith("adopt/production/sign-in-")]
        self.assertIn(branch, text)
        self.assertEqual(self.bare_git("rev-parse", f"{branch}^"), before)
        self.assertEqual(self.bare_git("diff", "--name-only", before, branch), f"{FLOWS}/sign-in/metadata.json")
        self.assertEqual(self.bare_git("rev-parse", "main"), before)
        self.assertEqual(self.sandbox.changing_requests(), [])
        # Merged, the next deployment finds the live state as desired.
        self.repository.git("fetch", "--quiet", "origin", branch)
        self.repository.git("merge", "--quiet", "--ff-only", "FETCH_HEAD")
        self.push()
        self.wait_until(lambda: (record := self.ledger())["phase"] == "result" and record["target"] == self.head())
        self.assertEqual(self.sandbox.changing_requests(), [])
        self.assertEqual(self.held_name("sign-in"), "Edited")
        [logged] = self.wait_for_log(self.served, "asked for on the page")
        self.assertEqual((logged["action"], logged["result"]), ("adopt", f"pushed as {branch}"))

    def test_where_it_may_not_push_there_is_a_patch(self):
        hook = self.bare / "hooks" / "pre-receive"
        hook.write_text("#!/bin/sh\necho 'not allowed here' >&2\nexit 1\n")
        hook.chmod(0o755)
        self.edit("sign-in", "Edited")
        code, headers, patch = self.adopt()
        self.assertEqual((code, headers["Content-Disposition"]), (200, 'attachment; filename="sign-in.patch"'))
        (self.folder / "sign-in.patch").write_text(patch)
        self.repository.git("am", "--quiet", str(self.folder / "sign-in.patch"))
        self.assertEqual(self.repository.read(f"{FLOWS}/sign-in/metadata.json")["name"], "Edited")
        self.assertIn("not allowed here", self.wait_for_log(self.served, "asked for on the page")[0]["result"])

    def test_a_conflict_is_told_and_nothing_is_pushed(self):
        self.edit("sign-in", "Edited")
        metadata = self.repository.read(f"{FLOWS}/sign-in/metadata.json")
        self.repository.write(f"{FLOWS}/sign-in/metadata.json", metadata | {"name": "Otherwise"})
        commit = self.repository.commit("Rename it otherwise")
        self.push()
        self.wait_until(lambda: self.environment()["recent"][0]["target"] == commit)
        self.wait_until(lambda: not self.environment()["running"])
        code, _, text = self.adopt()
        self.assertEqual(code, 409, text)
        self.assertIn("Not adopted", text)
        self.assertNotIn("adopt/", self.bare_git("for-each-ref"))

    def test_a_deleted_flow_has_nothing_to_adopt(self):
        self.sandbox.delete("mfa")
        self.wait_until(lambda: "mfa" in self.drifted())
        self.assertEqual(self.ask("/adopt/production/mfa")[0], 409)
        self.assertNotIn("/adopt/", self.ask("/environments/production")[2])

    def bare_git(self, *arguments):
        return self.repository.git(f"--git-dir={self.bare}", *arguments)


class Browser(ButtonCase):
    def setUp(self):
        harness.npm_program("playwright-core")
        self.chromium = harness.program("chromium", "chromium")
        super().setUp()

    def press(self, path, links, button):
        done = subprocess.run(
            [harness.program("node", "nodejs"), str(PRESS), os.environ["FLOWSHIP_TEST_TOOLS"], self.chromium],
            input=json.dumps({"url": self.served.url + path, "token": TOKEN, "links": links, "button": button}),
            text=True, capture_output=True, timeout=2 * PATIENCE, env=harness.environment(HOME=str(self.folder)))
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_a_browser_presses_them(self):
        name = self.held_name("sign-in")
        self.edit("sign-in", "Edited")
        seen = self.press("/", ["production", "Adopt…"], "Adopt the console's version")
        self.assertEqual(seen["status"], 200, seen)
        self.assertIn("adopt/production/sign-in-", seen["text"])
        seen = self.press("/", ["sign-in", "Restore…"], "Overwrite the console's version")
        self.assertEqual((seen["status"], seen["url"]), (200, f"{self.served.url}/environments/production"), seen)
        self.wait_until(lambda: self.held_name("sign-in") == name)
        seen = self.press("/environments/production", ["Deploy again…"], "Deploy again")
        self.assertEqual((seen["status"], seen["url"]), (200, f"{self.served.url}/environments/production"), seen)


class WithoutToken(DaemonTestCase):
    environments = {"production": {"projectId": PROJECT, "branch": "main"}}

    def test_nothing_can_be_started(self):
        self.configure(driftCheck="300ms")
        served = self.serve()
        self.push()
        self.wait_for_deployment()
        self.sandbox.delete("mfa")
        self.wait_until(lambda: ">missing</span>" in served.ask("/environments/production")[2])
        for path in ("/", "/environments/production", "/flows/production/mfa"):
            text = served.ask(path)[2]
            self.assertNotIn("/restore/", text)
            self.assertNotIn("/retry/", text)
        for path in ("/retry/production", "/restore/production/mfa", "/adopt/production/mfa"):
            for method in ("GET", "POST"):
                self.assertEqual(served.ask(path, method, b"" if method == "POST" else None,
                                            headers={"Origin": served.url})[0], 404, path)
        self.assertNotIn("mfa", self.sandbox.held())


if __name__ == "__main__":
    harness.main()
