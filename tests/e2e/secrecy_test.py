"""The way to the service is safe, and the management key stays on it."""

import http.server
import os
import pathlib
import shutil
import subprocess
import threading

import harness
from authority import Authority
from harness import KEY, Sandbox, TestCase
from sources_test import small_flow


class Tls(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.write("a.json", small_flow("a"))
        self.repository.commit()
        self.authority = Authority(self.folder / "ca")

    def serve(self, name, alternative_name, **more):
        certificate, key = self.authority.issue(name, alternative_name, **more)
        secure = Sandbox("--tls-cert", str(certificate), "--tls-key", str(key))
        self.addCleanup(secure.stop)
        return secure

    def refusal(self, sandbox, *options, **variables):
        """The one clear error of a deployment that sends nothing; the service has not seen the key."""
        error = self.json_of("deploy", "--base-url", sandbox.url, *options, code=1, **variables)["error"]
        self.assertEqual(sandbox.requests(), [])
        self.assertIsNone(self.repository.ledger())
        return error

    def test_a_private_authority_is_trusted_by_its_file(self):
        secure = self.serve("good", "IP:127.0.0.1")
        self.assertTrue(self.json_of("deploy", "--base-url", secure.url, "--ca-file",
                                     str(self.authority.certificate))["ok"])
        self.assertEqual(secure.imports(), ["a"])

    def test_an_unknown_authority_is_refused(self):
        secure = self.serve("good", "IP:127.0.0.1")
        error = self.refusal(secure)
        self.assertIn("certificate", error["message"])
        self.assertIn("--ca-file", error["hint"])
        other = Authority(self.folder / "other")
        self.refusal(secure, "--ca-file", str(other.certificate))

    def test_another_hosts_certificate_is_refused(self):
        ca_file = ("--ca-file", str(self.authority.certificate))
        for name in ("DNS:api.example.com", "IP:127.0.0.2", "DNS:localhost"):
            with self.subTest(name=name):
                error = self.refusal(self.serve(name.replace(":", "-"), name), *ca_file)
                self.assertIn("127.0.0.1", error["message"])

    def test_an_expired_certificate_is_refused(self):
        secure = self.serve("expired", "IP:127.0.0.1", days=-1)
        self.assertIn("expired", self.refusal(secure, "--ca-file", str(self.authority.certificate))["message"])

    def test_a_file_of_authorities_that_is_none_is_an_error(self):
        secure = self.serve("good", "IP:127.0.0.1")
        for path in (self.folder / "nowhere.pem", self.repository.path / "a.json"):
            self.assertIn(path.name, self.refusal(secure, "--ca-file", str(path))["message"])

    def test_plain_http_goes_to_loopback_alone(self):
        for url in ("http://api.descope.com", "http://192.0.2.1", "http://127.0.0.1.example.com", "http://[::2]:80"):
            with self.subTest(url=url):
                for command in ("deploy", "status"):
                    error = self.json_of(command, "--base-url", url, code=64)["error"]
                    self.assertIn("http", error["message"])
        self.assertTrue(self.deploy()["ok"])


class Redirects(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.write("a.json", small_flow("a"))
        self.repository.commit()

    def redirecting(self, status):
        """A service that sends everyone to the sandbox, and what it was asked."""
        target = self.sandbox.url

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.server.seen.append(self.path)
                self.send_response(status)
                self.send_header("Location", target + self.path)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.seen = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def test_a_redirect_takes_the_key_nowhere(self):
        for status in (301, 302, 303, 307, 308):
            with self.subTest(status=status):
                server = self.redirecting(status)
                failed = self.run_flowship("deploy", "--base-url", f"http://127.0.0.1:{server.server_port}",
                                           code=1)
                self.assertTrue(server.seen)
                self.assertEqual(self.sandbox.requests(), [])
                self.assertIn(str(status), failed.out + failed.err)


class Key(TestCase):
    """The harness looks into every output and every object that a test leaves; here the rest."""

    def arguments_of_all_processes(self):
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                yield (process / "cmdline").read_bytes()
            except OSError:
                continue  # it has ended

    def test_is_in_no_processs_arguments(self):
        origin = self.folder / "origin.git"
        self.repository.git("init", "--quiet", "--bare", str(origin))
        self.repository.git("remote", "add", "origin", f"file://{origin}")
        self.repository.add_examples()
        self.repository.write("flowship.json", {"environments": {"default": {"ledger": {"remote": "origin"}}}})
        self.repository.commit("Share the ledger")
        key_file = self.folder / "key"
        key_file.write_text(KEY + "\n")
        key_file.chmod(0o600)
        self.sandbox.faults(latency=30)
        looks, seen = 0, set()
        for options, variables in (((), {}), (("--key-file", str(key_file)), {"DESCOPE_MANAGEMENT_KEY": None})):
            self.repository.write("a.json", small_flow("a", metadata={"name": f"After {looks} looks"}))
            self.repository.commit()
            process = self.start("deploy", "--concurrency", "1", *options, **variables)
            while process.poll() is None:
                for arguments in self.arguments_of_all_processes():
                    self.assertNotIn(KEY.encode(), arguments)
                    seen.add(arguments.split(b"\0")[0].rsplit(b"/", 1)[-1])
                looks += 1
            out, err = process.communicate(timeout=harness.PATIENCE)
            self.assertEqual(process.returncode, 0, out + err)
        self.assertGreater(looks, 10)
        self.assertLessEqual({b"flowship", b"git"}, seen)

    def share_the_ledger(self, **environment):
        origin = self.folder / "origin.git"
        self.repository.git("init", "--quiet", "--bare", str(origin))
        self.repository.git("remote", "add", "origin", f"file://{origin}")
        self.repository.write("a.json", small_flow("a"))
        self.repository.write("flowship.json", {"environments": {"default": {
            "ledger": {"remote": "origin"}, **environment}}})
        self.repository.commit("Share the ledger")
        return origin

    def test_is_in_no_childs_environment(self):
        origin = self.share_the_ledger(managementKeyEnv="FLOWS_SECRET")
        programs, seen = self.folder / "programs", self.folder / "seen"
        programs.mkdir()
        record = f'{{ echo "run $*"; env; }} >>{seen}\n'
        (programs / "git").write_text(f'#!/bin/sh\n{record}exec {shutil.which("git")} "$@"\n')
        hook = origin / "hooks/pre-receive"
        hook.write_text(f"#!/bin/sh\n{record}")
        for script in (programs / "git", hook):
            script.chmod(0o755)
        path = f"{programs}:{os.environ['PATH']}"
        # One that has the form of a key, and one that only flowship.json makes known.
        for key in (KEY, "Kshort"):
            for name in ("FLOWS_SECRET", "DESCOPE_MANAGEMENT_KEY"):
                with self.subTest(key=key, name=name):
                    self.repository.write("a.json", small_flow("a", metadata={"name": f"{name} {key == KEY}"}))
                    self.repository.commit()
                    seen.write_text("")
                    variables = {"FLOWS_SECRET": None, "DESCOPE_MANAGEMENT_KEY": None, name: key, "PATH": path}
                    self.json_of("deploy", **variables)
                    text = seen.read_text()
                    self.assertIn("run --git-dir", text)
                    self.assertIn("GIT_QUARANTINE_PATH=", text, "the hook was recorded as well")
                    self.assertIn(" push ", text)
                    self.assertNotIn(key, text)
                    self.assertNotIn(name, text)

    def test_no_core_is_written_of_a_process_that_holds_it(self):
        self.repository.write("a.json", small_flow("a"))
        self.repository.commit()
        self.sandbox.faults(latency=2000)
        process = self.start("deploy")
        self.wait_until(lambda: self.sandbox.requests())
        limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text()
        self.assertRegex(limits, r"Max core file size +0 +0 ")
        process.kill()
        process.communicate(timeout=harness.PATIENCE)

    def test_a_repository_in_the_working_tree_is_no_remote(self):
        trap = self.repository.path / "trap.git"
        self.repository.git("init", "--quiet", "--bare", str(trap))
        hook, caught = trap / "hooks/pre-receive", self.folder / "caught"
        hook.write_text(f"#!/bin/sh\nenv >{caught}\n")
        hook.chmod(0o755)
        self.repository.write("a.json", small_flow("a"))
        for remote, code in (("trap.git", 1), ("./trap.git", 3), (str(trap), 3), (f"file://{trap}", 3),
                             ("ext::sh -c env", 3), ("host:trap.git", 3), ("--upload-pack=env", 3), ("..", 3),
                             ("nowhere", 1), ("", 3)):
            with self.subTest(remote):
                self.repository.write("flowship.json", {"environments": {"default": {"ledger": {"remote": remote}}}})
                self.repository.commit("Send the ledger away")
                error = self.json_of("deploy", code=code)["error"]
                self.assertIn("remote", error["message"])
                self.assertTrue(error["hint"])
                self.assertFalse(caught.exists())
        self.assertEqual(self.sandbox.requests(), [])

    def test_a_ledger_lies_where_ledgers_may(self):
        self.repository.write("a.json", small_flow("a"))
        before = self.repository.commit()
        for ref in ("refs/heads/main", "refs/tags/x", "refs/flowship", "refs/flowship/", "refs/flowship/../heads/main",
                    "refs/heads/flowship", "refs/flowship/a b", "main"):
            with self.subTest(ref):
                self.repository.write("flowship.json", {"environments": {"default": {"ledger": {"ref": ref}}}})
                self.assertIn("`ledger.ref`", self.json_of("plan", "--worktree", code=3)["error"]["message"])
        self.repository.git("branch", "flowship/taken", before)
        self.repository.write("flowship.json", {"environments": {"default": {
            "ledger": {"ref": "refs/heads/flowship/taken"}}}})
        self.repository.commit("Take a branch")
        self.assertIn("ledger", self.json_of("deploy", code=1)["error"]["message"])
        self.assertEqual(self.repository.git("rev-parse", "flowship/taken"), before)
        self.assertEqual(self.sandbox.requests("/import"), [])

    def shown(self, *arguments, **variables):
        """All that a command shows, however it ends."""
        return "".join(self.start(*arguments, **variables).communicate(timeout=harness.PATIENCE))

    def test_is_not_shown_wherever_it_is_pasted(self):
        self.repository.write("a.json", small_flow("a"))
        self.repository.commit()
        long = "K2" + "pastedByMistake" * 3
        for key in (long, "K2shortOne", "Kshort-2"):
            for members in ({"managementKeyEnv": key}, {"projectId": key}):
                with self.subTest(members):
                    self.repository.write("flowship.json", {"environments": {"default": members}})
                    self.repository.commit("Paste")
                    for command in ("plan", "validate", "status", "deploy"):
                        self.assertNotIn(key, self.shown(command, DESCOPE_MANAGEMENT_KEY=None))
            self.repository.write("flowship.json", {})
            self.repository.commit("Paste nothing")
            self.assertNotIn(key, self.shown("deploy", DESCOPE_PROJECT_ID=key))
        for config in ({"environments": {long: {}}}, {long: 1}, {"sources": [long]}, {"rules": {long: "off"}},
                       {"environments": {"default": {"branch": long}}}, {"environments": {"default": {long: ""}}},
                       {"environments": {"default": {"ledger": {"remote": long}}}},
                       {"environments": {"default": {"connectors": {long: "x", "y": long}}}},
                       {"ignore": [{"rule": "no-end", "path": "x", "reason": long}]}):
            with self.subTest(config):
                self.repository.write("flowship.json", config)
                done = self.run_flowship("plan", "--worktree", code=3)
                self.assertNotIn(long, done.out + done.err)
                self.assertIn("form of a management key", done.err)

    def test_is_in_no_trace(self):
        self.repository.add_examples()
        process = self.run_flowship("deploy", FLOWSHIP_TRACE="1")
        self.assertRegex(process.err, r"(?m)^trace +[0-9.]+ s  http   POST /v2/mgmt/flow/import \[\d+ ms, 200\]$")
        self.assertRegex(process.err, r"(?m)^trace +[0-9.]+ s  run    git ")
        self.assertNotIn(KEY, process.err)
        self.assertNotIn("trace ", self.run_flowship("deploy").err)

    def test_is_in_no_output_whatever_happens(self):
        for faults in ({"fail": "401"}, {"fail": "400"}, {"fail": "500"}, {"dropAfter": 100}, {"hang": 1}):
            self.repository.write("a.json", small_flow("a", metadata={"name": str(faults)}))
            self.repository.commit()
            self.sandbox.faults(**faults)
            process = self.start("deploy", "--verbose", "--request-timeout", "200ms", "--format", "json")
            out, _ = process.communicate(timeout=harness.PATIENCE)
            self.assertIn('"a"', out)


if __name__ == "__main__":
    harness.main()
