"""The daemon: pushes become deployments of the right environments, in order, once."""

import http.server
import json
import signal
import ssl
import subprocess
import threading

import harness
from daemon_harness import STAGING, DaemonTestCase
from harness import FLOWS, FLOWSHIP, PROJECT
from secrecy_test import Authority


class Serve(DaemonTestCase):
    def test_deploys_what_is_there_and_what_is_pushed(self):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)
        self.sandbox.forget_requests()
        self.change("mfa", "new")
        self.push()
        self.wait_for_deployment()
        self.assertEqual(self.sandbox.imports(), ["mfa"])
        self.wait_until(lambda: len(served.ended(outcome="deployed")) == 2)
        jobs = [entry["job"] for entry in served.ended(outcome="deployed")]
        self.assertEqual(len(set(jobs)), 2)
        for job in jobs:
            self.assertTrue(served.log("flow", job=job, environment="production", repository="login-flows"))
        self.assertEqual(served.end(), 0, served.text())

    def test_a_start_sends_nothing_that_is_there(self):
        self.push()
        self.serve().end()
        served = self.serve()
        self.wait_for_deployment()
        served.end()
        self.sandbox.forget_requests()
        served = self.serve()
        self.wait_until(lambda: served.ended(outcome="unchanged"))
        self.assertEqual(self.sandbox.requests("/flow/import"), [])

    def test_a_repository_without_commits_waits_for_the_first(self):
        served = self.serve()
        self.wait_until(lambda: served.log("no branch deploys the environment"))
        self.push()
        self.wait_for_deployment()

    def test_a_broken_commit_is_not_tried_again_until_a_newer_one_comes(self):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        file = self.repository.path / FLOWS / "mfa" / "contents.json"
        good = file.read_text()
        file.write_text(good.replace(":", "", 1))
        self.repository.commit("Break")
        self.sandbox.forget_requests()
        self.push()
        self.wait_until(lambda: served.ended(outcome="invalid"))
        [finding] = served.log("finding")
        self.assertIn(f"{FLOWS}/mfa/contents.json:2:", finding["what"])
        # Polls go on meanwhile: another branch comes along.
        self.push("main:refs/heads/later")
        self.wait_until(lambda: (self.mirror() / "refs/heads/later").exists())
        self.assertEqual(len(served.ended(outcome="invalid")), 1)
        self.assertEqual(self.sandbox.requests(), [])
        file.write_text(good)
        self.change("mfa", "good again")
        self.push()
        self.wait_for_deployment()
        self.assertEqual(self.sandbox.imports(), ["mfa"])

    def test_a_broken_configuration_is_told_and_mended_by_the_next_push(self):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        self.repository.write("flowship.json", '{"enviroments": {}}')
        self.repository.commit("Break")
        self.push()
        self.wait_until(lambda: served.ended(outcome="invalid"))
        self.assertIn("did you mean `environments`", served.ended(outcome="invalid")[0]["hint"])
        self.repository.write("flowship.json", {"environments": self.environments})
        self.change("mfa", "after")
        self.push()
        self.wait_for_deployment()

    def test_a_failure_is_tried_again_until_it_succeeds(self):
        self.sandbox.faults(fail="422:1")
        self.configure(unhealthyAfter="0s")
        self.push()
        served = self.serve()
        self.wait_until(lambda: served.ended(outcome="partial"))
        self.assertEqual(served.status("/readyz"), 503)
        self.assertIn("environment production has been failing since", served.ask("/readyz")[2])
        self.assertEqual(served.status("/healthz"), 200)
        self.wait_for_deployment()
        self.wait_until(lambda: served.ended(outcome="deployed"))
        self.assertEqual(served.log("job started")[-1]["trigger"], "retry")
        self.assertEqual(served.status("/readyz"), 200)
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)
        self.assertEqual(set(self.sandbox.versions().values()), {1})

    def test_a_newer_commit_takes_the_place_of_one_that_fails(self):
        self.sandbox.faults(fail="422")
        self.push()
        served = self.serve()
        self.wait_until(lambda: served.ended(outcome="failed"))
        self.sandbox.faults()
        self.change("mfa", "newer")
        self.push()
        self.wait_for_deployment()
        self.assertNotIn("retry", [entry["trigger"] for entry in served.log("job started")])

    def test_another_project_than_the_operators_is_refused(self):
        config = self.config()
        config["repositories"]["login-flows"]["environments"]["production"]["projectId"] = "P2another"
        self.configure(config)
        self.push()
        served = self.serve()
        self.wait_until(lambda: served.ended(outcome="invalid"))
        self.assertIn("only allows project P2another", served.ended()[0]["error"])
        self.assertEqual(self.sandbox.requests(), [])

    def test_another_configuration_of_the_repository_may_have_the_environment(self):
        """Folders per environment, each with a configuration of its own."""
        config = self.config()
        environment = config["repositories"]["login-flows"]["environments"]["production"]
        environment["config"] = "deploy/production.json"
        self.configure(config)
        self.repository.write("flowship.json", {"environments": {"production": {"projectId": "P2another", "branch": "main"}}})
        self.repository.commit("Nothing to the daemon")
        self.push()
        served = self.serve()
        self.wait_until(lambda: served.log("no branch deploys the environment"))
        self.assertIn("deploy/production.json of the default branch main can't be read: there is no file",
                      served.log("no branch deploys the environment")[0]["why"])
        self.repository.write("deploy/production.json", {"environments": self.environments})
        self.repository.commit("Configure")
        self.push()
        self.wait_for_deployment()
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)

    def test_a_configuration_lies_in_the_repository(self):
        for path in ("/etc/passwd", "../flowship.json", "a/../../b.json", ".git/config", "folder/", ""):
            why = "must be the path of a file in the repository" if path else "must not be empty"
            config = self.config()
            config["repositories"]["login-flows"]["environments"]["production"]["config"] = path
            self.configure(config)
            done = self.run_flowship("serve", "--check", "--config", str(self.config_file), code=3)
            self.assertIn(f"`config` {why}", done.err)

    def push_other(self, branch="other"):
        """Pushes another branch with a flowship.json of its own that says that it deploys production."""
        self.repository.git("checkout", "--quiet", "-B", "other")
        self.repository.write("flowship.json", {"environments": {"production": {"projectId": PROJECT, "branch": branch}}})
        commit = self.change("mfa", "from elsewhere")
        self.push("other")
        self.repository.git("checkout", "--quiet", "main")
        return commit

    def test_a_branch_can_neither_claim_nor_block_an_environment(self):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        self.push_other()
        self.wait_until(lambda: (self.mirror() / "refs/heads/other").exists())
        self.change("mfa", "from main")
        self.push()
        self.wait_for_deployment()
        self.assertEqual(served.log("no branch deploys the environment"), [])
        self.assertEqual({entry["branch"] for entry in served.log("job started")}, {"main"})

    def test_no_branch_takes_over_while_the_default_branch_is_broken(self):
        self.repository.write("flowship.json", '{"enviroments": {}}')
        self.repository.commit("Break")
        self.push()
        self.push_other()
        served = self.serve()
        [entry] = self.wait_for_log(served, "no branch deploys the environment")
        self.assertIn("flowship.json of the default branch main can't be read: flowship.json:1:2", entry["why"])
        self.assertEqual(served.log("job started"), [])
        self.assertEqual(self.sandbox.requests(), [])
        self.repository.write("flowship.json", {"environments": self.environments})
        self.repository.commit("Mend")
        self.push()
        self.wait_for_deployment()

    def test_no_branch_takes_over_while_the_one_that_deploys_is_missing(self):
        self.repository.write("flowship.json",
                              {"environments": {"production": {"projectId": PROJECT, "branch": "release"}}})
        self.repository.commit("Deploy from release")
        self.push()
        self.push_other()
        served = self.serve()
        [entry] = self.wait_for_log(served, "no branch deploys the environment")
        self.assertIn("names branch release, which does not exist", entry["why"])
        self.push("main:release")
        self.wait_for_deployment()
        self.assertEqual({entry["branch"] for entry in served.log("job started")}, {"release"})

    def test_the_operators_branch_counts_whatever_the_repository_says(self):
        self.push()
        config = self.config()
        config["repositories"]["login-flows"]["environments"]["production"]["branch"] = "other"
        self.configure(config)
        commit = self.push_other("main")
        served = self.serve()
        self.wait_for_deployment(commit)
        self.assertEqual({entry["branch"] for entry in served.log("job started")}, {"other"})

    def test_a_ledger_at_the_remote_is_shared(self):
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": "main", "ledger": {"remote": "origin"}}}})
        self.repository.commit("Share the ledger")
        self.push()
        self.serve()
        self.wait_for_deployment()
        self.repository.git("fetch", "--quiet", "origin", "refs/flowship/*:refs/flowship/*")
        self.assertEqual(self.repository.ledger("production")["target"], self.head())

    def test_a_shared_ledger_lies_at_the_repositorys_own_url_whatever_remote_is_named(self):
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": "main", "ledger": {"remote": "upstream"}}}})
        self.repository.commit("Share the ledger")
        self.push()
        self.serve()
        self.wait_for_deployment()
        self.repository.git("fetch", "--quiet", "origin", "refs/flowship/*:refs/flowship/*")
        self.assertEqual(self.repository.ledger("production")["target"], self.head())

    def test_a_ledger_is_kept_nowhere_else(self):
        elsewhere = self.folder / "elsewhere.git"
        self.repository.git("init", "--quiet", "--bare", str(elsewhere))
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": "main", "ledger": {"remote": str(elsewhere)}}}})
        self.repository.commit("Send the ledger away")
        self.push()
        served = self.serve()
        [entry] = self.wait_for_log(served, "no branch deploys the environment")
        self.assertIn("`ledger.remote` must be", entry["why"])
        self.assertEqual(served.log("job started"), [])
        self.assertEqual(self.repository.git("-C", str(elsewhere), "for-each-ref"), "")
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": "main", "ledger": {"ref": "refs/heads/flowship/x"}}}})
        self.repository.commit("Keep the ledger in a branch")
        self.sandbox.forget_requests()
        self.push()
        self.wait_until(lambda: served.ended(outcome="invalid", commit=self.head()))
        self.assertEqual(self.sandbox.requests(), [])

    def test_waits_for_a_deployment_that_somebody_else_has_begun(self):
        self.sandbox.faults(latency=150)
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        self.change("mfa", "by hand")
        self.push("main:refs/heads/by-hand")
        self.wait_until(lambda: (self.mirror() / "refs/heads/by-hand").exists())
        manual = self.start("deploy", "--env", "production", "--rev", "by-hand", "--key-file", str(self.key_file),
                            cwd=self.mirror())
        self.wait_until(lambda: self.ledger()["phase"] == "intent")
        manual.send_signal(signal.SIGSTOP)
        self.change("step-up", "pushed")
        self.push()
        gauge = 'flowship_waiting_for_lease{repository="login-flows",environment="production"} '
        held = f"(process {manual.pid})"
        try:
            self.wait_until(lambda: served.ended(outcome="held"))
            self.wait_until(lambda: gauge + "1\n" in served.ask("/metrics")[2])
            [environment] = json.loads(served.ask("/api/status")[2])["environments"]
            self.assertEqual((environment["state"], environment["failingSince"]), ("waiting", None))
            self.assertIn(held, environment["waiting"]["lease"]["holder"])
            page = served.ask("/")[2]
            self.assertIn("Waiting for another deployment", page)
            self.assertIn(held, page)
            self.assertEqual(served.status("/readyz"), 200)
            # Several looks later it is the same wait, and the log is quiet.
            lines = len(served.lines)
            later = environment["waiting"]["notBefore"]
            self.wait_until(lambda: self.waiting(served)["notBefore"] > later)
            later = self.waiting(served)["notBefore"]
            self.wait_until(lambda: self.waiting(served)["notBefore"] > later)
            self.assertEqual(self.waiting(served)["lease"], environment["waiting"]["lease"])
            self.assertEqual(served.lines[lines:], [])
            self.assertEqual(len(served.ended(outcome="held")), 1)
        finally:
            manual.send_signal(signal.SIGCONT)
        manual.communicate(timeout=harness.PATIENCE)
        self.wait_for_deployment()
        self.wait_until(lambda: gauge + "0\n" in served.ask("/metrics")[2])

    def waiting(self, served):
        return json.loads(served.ask("/api/status")[2])["environments"][0]["waiting"]


class Drift(DaemonTestCase):
    def begin(self, policy, **members):
        """A daemon that has deployed, and looks for drift all the time."""
        self.configure(driftCheck="200ms", **members)
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": "main", "onDrift": policy}}})
        self.repository.commit("Choose onDrift")
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        self.wait_until(lambda: served.ended())
        self.sandbox.forget_requests()
        return served

    def edit(self, flow_id):
        flow = self.sandbox.held()[flow_id]
        flow["metadata"]["description"] = "edited in the console"
        self.sandbox.edit(flow)

    def report(self, served):
        [environment] = json.loads(served.ask("/api/status")[2])["environments"]
        return environment["drift"] or dict.fromkeys(("checked", "drifted", "missing", "unmanaged", "unknown", "next"))

    def wait_for_a_check(self, served):
        """For one that began after now."""
        for _ in range(2):
            last = self.report(served)["checked"]
            self.wait_until(lambda: self.report(served)["checked"] != last)

    def check_that_nothing_is_sent(self, policy, saying):
        served = self.begin(policy)
        self.edit("mfa")
        self.sandbox.delete("step-up")
        [entry, *_] = self.wait_for_log(served, "drift detected", drifted="1", missing="1")
        self.assertEqual(entry["onDrift"], policy)
        self.assertIn(saying, entry["next"])
        report = self.report(served)
        self.assertEqual((report["drifted"], report["missing"], report["unknown"]), (["mfa"], ["step-up"], []))
        self.assertEqual((report["onDrift"], report["next"]), (policy, entry["next"]))
        self.assertIn(saying, served.ask("/")[2])
        self.wait_for_a_check(served)
        self.assertEqual(self.sandbox.changing_requests(), [])
        self.assertEqual(served.log("job started", trigger="drift"), [])

    def test_fail_says_so_and_changes_nothing(self):
        self.check_that_nothing_is_sent("fail", "A deployment that changes one of these flows sends nothing")

    def test_skip_says_so_and_changes_nothing(self):
        self.check_that_nothing_is_sent("skip", "Deployments leave these flows as they are")

    def test_overwrite_restores_once(self):
        served = self.begin("overwrite")
        before = self.sandbox.held()
        self.edit("mfa")
        self.sandbox.delete("step-up")
        self.wait_until(lambda: self.sandbox.held() == before)
        self.wait_until(lambda: served.log("job started", trigger="drift"))
        self.wait_until(lambda: self.report(served)["drifted"] == self.report(served)["missing"] == [])
        self.wait_for_a_check(served)
        self.assertEqual(sorted(self.sandbox.imports()), ["mfa", "step-up"])
        self.assertEqual(self.deployed(), self.head())

    def test_overwrite_leaves_what_the_repository_removed(self):
        served = self.begin("overwrite")
        self.repository.git("rm", "-rq", f"{FLOWS}/mfa")
        commit = self.repository.commit("Remove mfa")
        self.push()
        self.wait_until(lambda: served.ended(commit=commit))
        self.sandbox.forget_requests()
        self.edit("mfa")
        self.wait_until(lambda: self.report(served)["drifted"] == ["mfa"])
        self.assertIn("The repository no longer has these flows", self.report(served)["next"])
        self.wait_for_a_check(served)
        self.assertEqual(self.sandbox.changing_requests(), [])
        self.assertEqual(served.log("job started", trigger="drift"), [])

    def test_a_flow_that_cannot_be_exported_is_unknown(self):
        served = self.begin("overwrite")
        self.sandbox.faults(fail="404:100000@export")
        self.edit("mfa")
        self.wait_until(lambda: self.report(served)["unknown"] == ["mfa"])
        self.wait_for_log(served, "flows can't be exported", unknown="1")
        self.assertIn("could not export", served.ask("/")[2])
        self.assertEqual(json.loads(served.ask("/api/status")[2])["environments"][0]["state"], "unknown")
        self.assertNotIn("Up to date", served.ask("/")[2])
        self.assertIn('state="unknown"} 1', served.ask("/metrics")[2])
        self.wait_for_a_check(served)
        self.assertEqual(self.sandbox.changing_requests(), [])

    def test_tells_of_new_drift_once(self):
        url, heard = self.receiver()
        served = self.begin("fail", notify=[{"url": url, "on": ["drift"]}])
        self.edit("mfa")
        self.wait_until(lambda: heard)
        self.wait_for_a_check(served)
        self.edit("step-up")
        self.wait_until(lambda: len(heard) > 1)
        bodies = [body for _, body in heard]
        self.assertEqual([(body["event"], body["onDrift"], body["drifted"]) for body in bodies],
                         [("drift", "fail", ["mfa"]), ("drift", "fail", ["mfa", "step-up"])])
        self.assertIn("edited in the console: mfa, step-up. A deployment that changes one of these", bodies[1]["text"])


class Redirect(DaemonTestCase):
    def start_server(self, respond, certificate=None):
        """Answers GET by `respond`, which gets the handler; returns the address."""

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                respond(self)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}"

    def test_https_does_not_lead_to_http(self):
        asked = {"https": [], "http": []}

        def refuse(handler):
            asked["http"].append(handler.path)
            handler.send_response(404)

        def redirect(handler):
            asked["https"].append(handler.path)
            handler.send_response(302)
            handler.send_header("Location", plain + handler.path)

        plain = self.start_server(refuse)
        authority = Authority(self.folder / "ca")
        secure = self.start_server(redirect, authority.issue("server", "IP:127.0.0.1"))
        config = self.config()
        config["repositories"]["login-flows"]["url"] = secure + "/login-flows.git"
        self.configure(config)
        served = self.serve(GIT_SSL_CAINFO=str(authority.certificate))
        self.wait_until(lambda: served.log("fetch failed"))
        self.assertTrue(asked["https"], served.text())
        self.assertEqual(asked["http"], [])


class Burst(DaemonTestCase):
    sandbox_options = ("--latency", "100")
    poll = "50ms"

    def test_a_hundred_pushes_end_in_the_newest_state(self):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        # However long the pushes take, fewer than half as many deployments fit between them.
        self.sandbox.faults(latency=1000)
        for number in range(100):
            self.change("mfa", f"number {number}")
            self.push()
        self.sandbox.faults()
        self.wait_for_deployment()
        self.assertIn("number 99", json.dumps(self.sandbox.held()["mfa"]["screens"]))
        self.wait_until(lambda: served.ended()[-1]["commit"] == self.head())
        deployments = len(served.ended(outcome="deployed"))
        self.assertLess(deployments, 50)
        # The ledger and the service agree on how often it was sent.
        self.assertLessEqual(self.sandbox.versions()["mfa"], deployments)


class Hook(DaemonTestCase):
    poll = "1h"

    def setUp(self):
        super().setUp()
        self.run_flowship("hook", "install", "post-receive", cwd=self.bare)
        for name, value in (("daemon", str(self.data / "address")), ("daemonRepository", "login-flows"),
                            ("daemonSecretFile", str(self.secret)), ("bin", FLOWSHIP)):
            self.repository.git("-C", str(self.bare), "config", f"flowship.{name}", value)

    def try_push(self):
        return subprocess.run(["git", "push", "origin", "main"], cwd=self.repository.path, text=True,
                              env=harness.environment(FLOWSHIP_BIN=FLOWSHIP), capture_output=True)

    def test_tells_the_daemon_of_a_push(self):
        self.serve()
        done = self.try_push()
        self.assertIn("the daemon deploys this push", done.stderr)
        self.wait_for_deployment()
        self.assertEqual(sorted(self.sandbox.imports()), self.ids)

    def test_says_when_there_is_no_daemon_and_the_push_stands(self):
        done = self.try_push()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("could not be notified", done.stderr)
        self.assertIn("no address of a daemon", done.stderr)
        self.data.mkdir()
        (self.data / "address").write_text("http://127.0.0.1:1\n")
        self.repository.write("notes.txt", "again\n")
        self.repository.commit("Again")
        self.assertIn("hint: check that the daemon runs, and that `flowship.daemon` names its address",
                      self.try_push().stderr)
        self.assertEqual(self.sandbox.requests(), [])
        self.serve()
        self.wait_for_deployment()

    def test_a_wrong_secret_is_refused(self):
        served = self.serve()
        self.secret.write_text("another-secret-of-some-length\n")
        told = self.try_push().stderr
        self.assertIn("responded with 403", told)
        self.assertNotIn("repository.\\n", told)
        self.assertIn("compare `flowship.daemonRepository` and the file of `flowship.daemonSecretFile`", told)
        self.assertEqual(served.log("job started"), [])

    def test_only_signed_pushes_count(self):
        served = self.serve()
        body = f"{'0' * 40} {self.head()} refs/heads/main\n".encode()
        for headers in ({}, {"X-Flowship-Signature": ""}, {"X-Flowship-Signature": "sha256="},
                        {"X-Flowship-Signature": "sha256=" + "0" * 64}):
            self.assertEqual(served.ask("/push/login-flows", "POST", body, headers=headers)[0], 403)
        self.assertEqual(served.ask("/push/others", "POST", body)[0], 403)
        self.assertEqual(served.ask("/push/login-flows")[0], 405)


class Several(DaemonTestCase):
    sandbox_options = ("--latency", "100")
    environments = {"production": {"projectId": PROJECT, "branch": "main"},
                    "staging": {"projectId": STAGING, "branch": "main"}}

    def test_environments_are_deployed_side_by_side(self):
        self.push()
        served = self.serve()
        for environment in self.environments:
            self.wait_for_deployment(environment=environment)
        self.wait_until(lambda: len(served.ended(outcome="deployed")) == 2)
        order = [entry["message"] for entry in served.log() if entry["message"] in ("job started", "job finished")]
        self.assertEqual(order[:2], ["job started", "job started"])

    def test_only_the_operators_environments_are_deployed(self):
        config = self.config()
        del config["repositories"]["login-flows"]["environments"]["staging"]
        self.configure(config)
        self.push()
        self.serve()
        self.wait_for_deployment()
        self.assertIsNone(self.ledger("staging"))
        self.assertEqual({request.get("projectId") for request in self.sandbox.requests()} - {None, PROJECT}, set())

    def test_a_branch_does_not_block_another_environment(self):
        """Whose ledger is not there yet."""
        config = self.config()
        for name, branch in (("production", "later"), ("staging", "dev")):
            chosen = config["repositories"]["login-flows"]["environments"]
            chosen[name] = {**chosen[name], "branch": branch}
        self.configure(config)
        self.repository.git("checkout", "--quiet", "-b", "dev")
        self.repository.write("flowship.json", {"environments": {
            "staging": {"projectId": STAGING, "ledger": {"ref": "refs/flowship/production/x"}}}})
        taken = self.repository.commit("Take a ledger")
        self.push("main", "dev")
        served = self.serve()
        self.wait_until(lambda: served.ended(outcome="invalid", environment="staging", commit=taken))
        self.assertEqual(self.sandbox.requests(), [])
        self.repository.git("checkout", "--quiet", "main")
        self.push("main:refs/heads/later")
        self.wait_for_deployment()


if __name__ == "__main__":
    harness.main()
