"""The daemon: pushes become deployments of the right environments, in order, once."""

import json
import signal
import subprocess

import harness
from daemon_harness import STAGING, DaemonTestCase
from harness import FLOWS, FLOWSHIP, PROJECT


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
        self.assertEqual(self.sandbox.requests(), [])

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

    def test_a_branch_that_says_that_it_deploys_the_same_stops_both(self):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        first = self.head()
        self.repository.git("checkout", "--quiet", "-b", "other")
        self.repository.write("flowship.json", {"environments": {"production": {"projectId": PROJECT, "branch": "other"}}})
        self.change("mfa", "from elsewhere")
        self.push("other")
        self.wait_until(lambda: any("main, other" in entry["why"] for entry in
                                    served.log("no branch deploys the environment")))
        self.assertEqual(self.deployed(), first)
        self.push(":other")
        self.repository.git("checkout", "--quiet", "main")
        self.change("mfa", "from main")
        self.push()
        self.wait_for_deployment()

    def test_a_ledger_at_the_remote_is_shared(self):
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": "main", "ledger": {"remote": "origin"}}}})
        self.repository.commit("Share the ledger")
        self.push()
        self.serve()
        self.wait_for_deployment()
        self.repository.git("fetch", "--quiet", "origin", "refs/flowship/*:refs/flowship/*")
        self.assertEqual(self.repository.ledger("production")["target"], self.head())

    def test_a_ledger_is_kept_nowhere_else(self):
        self.repository.write("flowship.json", {"environments": {
            "production": {"projectId": PROJECT, "branch": "main", "ledger": {"remote": str(self.folder / "x")}}}})
        self.repository.commit("Send the ledger away")
        self.push()
        served = self.serve()
        self.wait_until(lambda: served.ended(outcome="invalid"))
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
        try:
            self.wait_until(lambda: served.ended(outcome="held"))
        finally:
            manual.send_signal(signal.SIGCONT)
        manual.communicate(timeout=harness.PATIENCE)
        self.wait_for_deployment()

    def test_looks_for_drift_and_changes_nothing(self):
        self.configure(driftCheck="200ms")
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        flow = self.sandbox.held()["mfa"]
        flow["metadata"]["description"] = "edited in the console"
        self.sandbox.forget_requests()
        self.sandbox.edit(flow)
        self.wait_until(lambda: served.log("drift detected", drifted="1"))
        self.assertEqual(self.sandbox.imports(), [])


class Burst(DaemonTestCase):
    sandbox_options = ("--latency", "100")
    poll = "50ms"

    def test_a_hundred_pushes_end_in_the_newest_state(self):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        for number in range(100):
            self.change("mfa", f"number {number}")
            self.push()
        self.wait_for_deployment()
        self.assertIn("number 99", json.dumps(self.sandbox.held()["mfa"]["screens"]))
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
        self.assertEqual(self.sandbox.requests(), [])
        self.serve()
        self.wait_for_deployment()

    def test_a_wrong_secret_is_refused(self):
        served = self.serve()
        self.secret.write_text("another-secret-of-some-length\n")
        self.assertIn("responded with 403", self.try_push().stderr)
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


if __name__ == "__main__":
    harness.main()
