"""Secrets of a flow are shown nowhere, neither old nor new; that they changed is said."""

import json
import subprocess
import urllib.parse

import harness
from harness import TestCase
from sources_test import small_flow

COMPARING = ("text", "json", "markdown", "summary", "github", "html")
FORMATS_OF = {"plan": COMPARING, "diff": COMPARING,
              "validate": ("text", "json", "markdown", "summary", "github", "gitlab", "sarif", "junit")}
LETTERS = "q0Zr7Xk2Lm9Tv4Bn6Wc8"


def inline(value):
    return {"type": "inline", "value": value}


def texts_with(secret):
    """Texts in whose middle a name says that there is a secret."""
    return [json.dumps([{"key": "X-Api-Key", "value": secret}]), json.dumps([{"header": "Authorization", "content": secret}]),
            f'curl -H "X-Api-Key: {secret}" https://h.example', f"Authorization: {secret}", f"const apiKey = `{secret}`;",
            f"user: u\npassword: {secret}\n", f"<password>{secret}</password>", [["X-Api-Key", secret]],
            "body=" + urllib.parse.quote(json.dumps({"password": secret})),
            "https://h.example/?next=" + urllib.parse.quote(f"https://x/?api_key={secret}", safe=""),
            f"https://h.example/b?sv=1&sig={secret}", {"connectionString": secret, "totpSeed": secret, "pin": secret}]


def flow_with(version):
    """A flow whose secrets contain `version`."""
    flow = small_flow("a")
    flow["contents"]["tasks"]["call"] = {
        "id": "call", "name": f"Call Bearer {LETTERS}{version} password=tn-{version}", "type": "automated", "action": "connector",
        "arguments": {
            "password": inline(f"pw-{version}"),
            "clientSecret": inline({"current": f"cs-{version}", "rotated": 20260000 + len(version)}),
            "headers": inline([{"key": "X-Api-Key", "value": f"ak-{version}"},
                               {"key": "Accept", "value": f"text/{version.lower()[:1]}"},
                               {"name": "Authorization", "value": f"Basic {LETTERS}{version}"}]),
            "url": inline(f"https://user:up-{version}@example.com/x?api_key=qk-{version}&page=1"),
            "body": inline("token gh" + f"p_{LETTERS}{LETTERS}{version}"),
            "texts": inline(texts_with(f"tx-{version}")),
        },
        "next": {"rules": [{"interactionId": "", "taskId": "end"}]}}
    flow["contents"]["tasks"]["start"]["next"]["rules"][0]["taskId"] = "call"
    flow["metadata"]["token"] = f"mt-{version}"
    return flow


class Masking(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.write("flowship.json", {
            "sources": ["a.json"], "environments": {"default": {"projectId": harness.PROJECT}},
            "rules": dict.fromkeys(("bearer-token", "provider-token", "url-credentials"), "warning")})
        self.repository.write("a.json", flow_with("OLDVALUE"))
        self.repository.commit("one")
        self.deploy()

    def expect_nothing_shown(self, text, name):
        for secret in ("OLDVALUE", "NEWVALUE", "EDITED77", LETTERS[:4], "20260008"):
            self.assertNotIn(secret, text, name)

    def shown(self, command, form, code=0):
        """All that a command writes."""
        out = self.folder / "page.html"
        options = ("--out", str(out)) if form == "html" else ()
        done = self.run_flowship(*command, "--verbose", "--format", form, *options, code=code)
        return (out.read_text() if form == "html" else "") + done.out + done.err

    def test_plan_diff_and_validate_show_no_secret_in_any_format(self):
        self.repository.write("a.json", flow_with("NEWVALUE"))
        self.repository.commit("two")
        self.sandbox.edit(flow_with("EDITED77"))
        for command in (("plan",), ("plan", "--check-drift"), ("diff", "HEAD~1", "HEAD"), ("validate",)):
            for form in FORMATS_OF[command[0]]:
                self.expect_nothing_shown(self.shown(command, form), (command, form))
        text = self.run_flowship("plan", "--check-drift", "--verbose").out
        self.assertIn('argument `password` is now "********" (was "********")', text)
        self.assertIn('"text/n" (was "text/o")', text, "an unrelated header is shown")
        drift = text.split("edited in the console since the last deployment")[1]
        self.assertIn('argument `password` is now "********" (was "********")', drift)
        self.assertIn("&page=1", text)

    def test_commits_are_shown_without_the_secrets_that_they_name(self):
        self.repository.write("a.json", flow_with("NEWVALUE"))
        self.repository.git("add", "--all")
        self.repository.git("-c", "user.name=token=hunterpw70", "commit", "--quiet", "--message",
                            "Rotate password=hunterpw71 api_key=hunterpw72, X-Api-Key: hunterpw73 (password: hunterpw74), "
                            "password = hunterpwabc and password: hunterpw1&hunterpw2")
        self.deploy()
        notes = [json.loads(request["body"])["changelog"] for request in self.sandbox.requests("/flow/import")]
        self.assertIn("Rotate password=", notes[-1])
        recorded = self.repository.git("show", "refs/flowship/default:deployment.json")
        self.assertIn("Rotate password=", recorded)
        shown = notes + [recorded] + [self.shown(["history"], form) for form in ("text", "json", "github")]
        for text in shown:
            self.assertNotIn("hunterpw", text)
            self.expect_nothing_shown(text, "history")
        self.assertIn("Rotate password=", shown[-1])

    def test_a_remote_that_is_away_is_named_without_its_token(self):
        self.repository.git("remote", "add", "origin", "https://127.0.0.1:1/x.git?private_token=hunterpw75")
        self.repository.write("flowship.json", {"environments": {
            "default": {"projectId": harness.PROJECT, "ledger": {"remote": "origin"}}}})
        self.repository.commit("Share the ledger")
        for form in ("text", "json", "github", "markdown"):
            for command in (["plan"], ["status", "--refresh"]):
                process = self.start(*command, "--format", form)
                text = "".join(map(str, process.communicate()))
                self.assertNotIn("hunterpw", text, (command, form))
        shown = self.run_flowship("plan")
        self.assertIn("could not be fetched", shown.out + shown.err)

    def test_a_remotes_refusal_is_shown_without_the_secrets_in_it(self):
        bare = self.folder / "refusing.git"
        subprocess.run(["git", "init", "--quiet", "--bare", bare], check=True)
        hook = bare / "hooks" / "pre-receive"
        hook.write_text("#!/bin/sh\necho 'no: password = hunterpwabc, token: hunterpw76 https://h/?key=hunterpw77 "
                        "Authorization: Bearer hunterpw78 https://u:hunterpw79@h/?token=hunterpw80' >&2\nexit 1\n")
        hook.chmod(0o755)
        self.repository.git("remote", "add", "origin", str(bare))
        self.repository.write("a.json", flow_with("NEWVALUE"))
        self.repository.write("flowship.json", {"sources": ["a.json"], "environments": {
            "default": {"projectId": harness.PROJECT, "ledger": {"remote": "origin"}}}, "rules": dict.fromkeys(
                ("bearer-token", "provider-token", "url-credentials"), "warning")})
        self.repository.commit("Share the ledger")
        for form in ("text", "json", "github"):
            process = self.start("deploy", "--format", form)
            text = "".join(map(str, process.communicate()))
            self.assertNotEqual(process.returncode, 0, text)
            self.assertIn("no: password", text)
            self.assertNotIn("hunterpw", text, form)

    def test_usage_errors_show_no_key(self):
        key = f"K2{LETTERS}{LETTERS}"  # an argument with the key of the tests would be refused by the harness
        for argument in (f"--{key}", f"-{key}", f"-k{key}"):
            done = self.run_flowship("plan", argument, code=64)
            self.assertNotIn(LETTERS, done.out + done.err, argument)
            self.assertIn("****", done.err)

    def test_drawings_and_errors_show_no_secret(self):
        for form in ("text", "json", "mermaid", "svg", "dot"):
            self.expect_nothing_shown(self.run_flowship("render", "a", "--format", form).out, form)
        self.sandbox.edit(flow_with("EDITED77"))
        self.repository.write("a.json", flow_with("NEWVALUE"))
        self.repository.commit("two")
        for form in ("text", "json"):
            done = self.run_flowship("deploy", "--format", form, code=5)
            self.expect_nothing_shown(done.out + done.err, form)
        status = self.run_flowship("status")
        self.expect_nothing_shown(status.out + status.err, "status")

    def test_a_key_in_the_wrong_place_is_not_shown_in_an_error(self):
        key = "K2" + LETTERS * 2
        self.repository.write("flowship.json", {
            "sources": ["a.json"],
            "environments": {"default": {"projectId": harness.PROJECT, "managementKeyEnv": key}}})
        self.repository.commit("two")
        for form in ("text", "json"):
            for command in (("deploy",), ("render", key), ("plan", "--env", key), ("plan", key)):
                process = self.start(*command, "--format", form, DESCOPE_MANAGEMENT_KEY=None)
                out, err = process.communicate()
                self.assertNotEqual(process.returncode, 0, command)
                self.expect_nothing_shown(str(out) + str(err), (command, form))

    def test_excerpts_of_source_lines_show_no_secret(self):
        flow = flow_with("OLDVALUE")
        flow["contents"]["tasks"]["call"]["next"]["rules"][0]["taskId"] = "nowhere"
        self.repository.write("a.json", harness.json.dumps(flow))
        done = self.run_flowship("validate", code=3)
        self.assertIn("nowhere", done.out)
        self.expect_nothing_shown(done.out, "validate")


if __name__ == "__main__":
    harness.main()
