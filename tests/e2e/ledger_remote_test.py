"""A ledger that machines share over http, as hosts offer it: a token in `http.extraheader`, branches alone, depth 1."""

import base64
import http.server
import json
import os
import pathlib
import subprocess
import threading
import unittest

import harness
from harness import Repository, TestCase
from sources_test import small_flow
from world import hook

TOKEN = "AUTHORIZATION: basic " + base64.b64encode(b"x-access-token:" + b"forge" * 5).decode()


class Forge:
    """git's own http-backend, for those whose requests have the header."""

    def __init__(self, root):
        self.refused, self.answered = [], []
        forge = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                name, value = TOKEN.split(": ")
                if self.headers.get(name) != value:
                    forge.refused.append(self.path)
                    return self.answer(401, {"WWW-Authenticate": 'Basic realm="forge"'}, b"")
                forge.answered.append(self.path)
                path, _, query = self.path.partition("?")
                done = subprocess.run(["git", "http-backend"], input=self.body(), capture_output=True,
                                      timeout=harness.PATIENCE, env=harness.environment(
                    GIT_PROJECT_ROOT=str(root), GIT_HTTP_EXPORT_ALL="1", REMOTE_USER="forge", PATH_INFO=path,
                    QUERY_STRING=query, REQUEST_METHOD=self.command, GIT_PROTOCOL=self.headers.get("Git-Protocol"),
                    HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding"),
                    CONTENT_TYPE=self.headers.get("Content-Type", "")))
                head, _, content = done.stdout.partition(b"\r\n\r\n")
                headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
                self.answer(int(headers.pop("Status", "200").split()[0]), headers, content)

            do_POST = do_GET

            def body(self):
                if self.headers.get("Transfer-Encoding") != "chunked":
                    return self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def answer(self, status, headers, content):
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def offers_http():
    where = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip()
    return all((pathlib.Path(where) / name).exists() for name in ("git-http-backend", "git-remote-http"))


@unittest.skipUnless(offers_http(), "git was built without http")
class Http(TestCase):
    ref = "refs/flowship/default"

    def setUp(self):
        super().setUp()
        self.origin = self.folder / "origin.git"
        self.repository.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        self.repository.git("-C", str(self.origin), "config", "http.receivepack", "true")
        self.forge = Forge(self.folder)
        self.addCleanup(self.forge.stop)
        self.url = f"{self.forge.url}/origin.git"
        ledger = {"remote": "origin", **({} if self.ref == Http.ref else {"ref": self.ref})}
        self.repository.write("flowship.json", {"environments": {"default": {"ledger": ledger}}})
        for flow_id in ("a", "b"):
            self.repository.write(f"{flow_id}.json", small_flow(flow_id))
        self.repository.commit()
        self.trust(self.repository)
        self.repository.git("remote", "add", "origin", self.url)
        self.repository.git("push", "--quiet", "origin", "main")

    def trust(self, repository):
        """As a checkout in a workflow leaves it: the token stands in the repository's configuration."""
        repository.git("config", f"http.{self.forge.url}/.extraheader", TOKEN)

    def clone(self, name):
        """As a workflow's checkout makes it: one commit of one branch, and no more."""
        clone = Repository(self.folder / name)
        self.trust(clone)
        clone.git("remote", "add", "origin", self.url)
        clone.git("fetch", "--quiet", "--depth=1", "--no-tags", "origin", "+refs/heads/main:refs/remotes/origin/main")
        clone.git("checkout", "--quiet", "-B", "main", "refs/remotes/origin/main")
        self.assertEqual(clone.git("rev-parse", "--is-shallow-repository"), "true")
        return clone

    def at_origin(self):
        return self.repository.git("ls-remote", "origin", self.ref).split("\t")[0]

    def change(self, name):
        self.repository.write("a.json", small_flow("a", metadata={"name": name}))
        self.repository.commit("Change")
        self.repository.git("push", "--quiet", "origin", "main")

    def test_each_machine_goes_on_where_the_other_has_ended(self):
        first = self.clone("first")
        self.assertEqual(self.deploy(cwd=first.path)["record"], self.at_origin())
        self.change("new")
        self.sandbox.forget_requests()
        second = self.clone("second")
        self.assertEqual([flow["flowId"] for flow in self.deploy(cwd=second.path)["flows"]], ["a"])
        self.assertEqual(self.sandbox.imports(), ["a"])
        self.assertEqual(len(self.json_of("history", cwd=self.clone("third").path)["deployments"]), 2)
        # The first machine's clone is older than what is deployed, and says so.
        self.assertEqual(self.json_of("plan", cwd=first.path)["base"], self.at_origin())
        states = self.json_of("status", cwd=second.path)["flows"]
        self.assertEqual({flow["state"] for flow in states}, {"in-sync"})
        self.assertEqual(self.json_of("rollback", cwd=second.path)["record"], self.at_origin())
        second.git("fsck", "--strict")
        self.repository.git("-C", str(self.origin), "fsck", "--strict")

    def test_a_host_that_takes_only_branches_can_be_satisfied(self):
        hook(self.origin, "pre-receive",
             'while read -r old new ref; do case $ref in refs/heads/*) ;; *) echo no branch >&2; exit 1;; esac; done')
        clone = self.clone("first")
        if self.ref.startswith("refs/heads/"):
            self.assertEqual(self.deploy(cwd=clone.path)["record"], self.at_origin())
            return
        error = self.deploy(cwd=clone.path, code=1)["error"]
        self.assertIn("no branch", error["message"])
        self.assertIn("`ledger.ref`", error["hint"])
        self.assertEqual(self.sandbox.imports(), [])

    def test_of_two_machines_exactly_one_sends(self):
        clones = [self.clone(name) for name in ("first", "second")]
        racers = [self.start("deploy", "--format", "json", cwd=clone.path) for clone in clones]
        answers = [json.loads(racer.communicate(timeout=harness.PATIENCE)[0]) for racer in racers]
        self.assertEqual(sorted(self.sandbox.imports()), ["a", "b"], answers)
        self.assertLessEqual({racer.returncode for racer in racers}, {0, 6})

    def test_another_machine_completes_what_died_between_import_and_push(self):
        self.sandbox.faults(hangAfter="1@import")
        died = self.start("deploy", "--concurrency", "1", cwd=self.clone("first").path)
        self.wait_until(lambda: self.sandbox.requests("/flow/import"))
        died.kill()
        died.communicate()
        self.sandbox.faults()
        self.assertTrue(self.deploy(cwd=self.clone("second").path)["ok"])
        self.assertEqual(self.sandbox.versions(), {"a": 1, "b": 1})

    def test_without_the_token_nothing_is_sent_and_nothing_is_told_of_it(self):
        clone = self.clone("first")
        clone.git("config", f"http.{self.forge.url}/.extraheader", "AUTHORIZATION: basic d3Jvbmc=")
        refused = self.run_flowship("deploy", cwd=clone.path, code=1)
        self.assertIn("origin", refused.err)
        self.assertNotIn("d3Jvbmc=", refused.out + refused.err)
        self.assertTrue(self.forge.refused)
        self.assertEqual(self.sandbox.requests(), [])

    def test_the_token_from_the_environment_serves_as_well(self):
        clone = self.clone("first")
        clone.git("config", "--unset", f"http.{self.forge.url}/.extraheader")
        variables = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraheader", "GIT_CONFIG_VALUE_0": TOKEN}
        self.assertEqual(self.deploy(cwd=clone.path, **variables)["record"], self.at_origin())


class Branch(Http):
    """For hosts that take only branches."""

    ref = "refs/heads/flowship/default"


if __name__ == "__main__":
    harness.main()
