"""A daemon of many repositories: few threads, reloads that disturb nothing, and work that gets stuck."""

import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import time
import unittest

import harness
from damage_test import cut_loose, cut_pack
from daemon_harness import DaemonTestCase
from world import hook

# Seconds until what is pushed elsewhere is imported: 10 on a machine that does nothing else, minutes where it waits.
LIMIT = 30


class Many(DaemonTestCase):
    def many(self, count, **members):
        config = self.config(**members)
        [repository] = config["repositories"].values()
        config["repositories"] = {f"flows-{number}": repository for number in range(count)}
        return config

    def environments_of(self, served):
        return json.loads(served.ask("/api/status")[2])["environments"]

    def states(self, served):
        return {one["repository"]: one["state"] for one in self.environments_of(served)}

    def sending(self, served, repository):
        return any(one["repository"] == repository and one["running"] and one["running"]["flows"]
                   for one in self.environments_of(served))


class Pool(Many):
    def test_few_threads_serve_many_repositories(self):
        self.push()
        self.configure(self.many(60, threads=4))
        served = self.serve()
        most = 0

        def all_live():
            nonlocal most
            most = max(most, len(list(pathlib.Path(f"/proc/{served.process.pid}/task").iterdir())))
            return list(self.states(served).values()) == ["live"] * 60

        self.wait_until(all_live)
        # The pools' own, some for requests, and those that a deployment reads and sends with.
        self.assertLess(most, 40)

    def test_a_reload_disturbs_only_what_changed_and_awaits_nobody(self):
        self.push()
        config = self.many(2)
        self.configure(config)
        self.sandbox.faults(latency=3000)
        served = self.serve()
        self.wait_until(lambda: self.sending(served, "flows-0"))
        # One goes in the middle of its deployment, another comes.
        del config["repositories"]["flows-0"]
        config["repositories"]["flows-2"] = config["repositories"]["flows-1"]
        config["driftCheck"] = "1h"
        self.configure(config)
        started = len(served.log("job started", repository="flows-1"))
        served.send(signal.SIGHUP)
        self.wait_until(lambda: served.log("job started", repository="flows-2"))
        self.assertEqual(served.ended(repository="flows-0"), [])
        self.sandbox.faults()
        self.wait_until(lambda: self.states(served) == {"flows-1": "live", "flows-2": "live"})
        self.assertLessEqual(len(served.log("job started", repository="flows-1")), max(started, 1))
        self.configure({**config, "threads": 3})
        served.send(signal.SIGHUP)
        self.wait_until(lambda: served.log("invalid configuration, keeping the old one"))

    def test_work_that_is_stuck_is_told(self):
        self.push()
        self.configure(watchdog="300ms")
        self.sandbox.faults(latency=3000)
        served = self.serve()
        self.wait_until(lambda: served.status("/healthz") == 503)
        self.assertIn("no progress", served.ask("/healthz")[2])
        self.sandbox.faults()
        self.wait_until(lambda: served.status("/healthz") == 200)


class Elsewhere(Many):
    """With one thread for deployments, and two for fetches: what one repository waits for delays no other."""

    threads = 1

    def setUp(self):
        super().setUp()
        self.other = harness.Sandbox()
        self.addCleanup(self.other.stop)
        self.elsewhere = self.folder / "elsewhere.git"
        self.repository.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.elsewhere))
        self.push()
        self.push_elsewhere()

    def push_elsewhere(self):
        self.repository.git("push", "--quiet", f"file://{self.elsewhere}", "main")

    def with_elsewhere(self, repositories):
        """Those, and one with a remote and a service of its own."""
        config = self.config(threads=self.threads)
        [repository] = config["repositories"].values()
        elsewhere = {**repository, "url": str(self.elsewhere), "environments": {
            name: {**environment, "baseUrl": self.other.url} for name, environment in repository["environments"].items()}}
        config["repositories"] = {**{name: {**repository, **members} for name, members in repositories.items()},
                                  "elsewhere": elsewhere}
        self.configure(config)

    def assert_a_push_elsewhere_is_imported(self, version):
        self.change("mfa", "elsewhere")
        pushed = time.monotonic()
        self.push_elsewhere()
        self.wait_until(lambda: self.other.versions().get("mfa") == version)
        self.assertLess(time.monotonic() - pushed, LIMIT)

    def test_an_address_that_refuses_all_requests(self):
        self.sandbox.faults(fail="429@import")
        refused = [f"flows-{number}" for number in range(5)]
        self.with_elsewhere({name: {} for name in refused})
        served = self.serve()
        self.wait_until(lambda: any("rate limited" in line["why"] for line in served.log("waiting")))
        self.wait_until(lambda: self.other.versions().get("mfa") == 1)
        self.assert_a_push_elsewhere_is_imported(2)
        # Where all requests are refused no further deployment begins.
        self.assertLessEqual(sum(len(served.log("job started", repository=name)) for name in refused), 2)
        self.sandbox.faults()
        self.wait_until(lambda: self.states(served) == dict.fromkeys([*refused, "elsewhere"], "live"))

    def test_a_service_that_hangs(self):
        self.sandbox.faults(hang="100@list")
        self.with_elsewhere({f"flows-{number}": {} for number in range(3)})
        served = self.serve()
        # The first deployment hangs in its list request and occupies the only thread.
        self.wait_until(lambda: self.sandbox.requests("/list"))
        self.wait_until(lambda: self.other.versions().get("mfa") == 1)
        self.assert_a_push_elsewhere_is_imported(2)

    def test_a_remote_that_does_not_answer(self):
        hanging = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.addCleanup(hanging.close)
        address = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        self.with_elsewhere({f"flows-{number}": {"url": f"{address}/{number}.git"} for number in range(20)})
        served = self.serve()
        self.wait_until(lambda: self.states(served)["elsewhere"] == "live")
        self.assert_a_push_elsewhere_is_imported(2)

    def test_a_remote_whose_pack_is_cut_off(self):
        mend = cut_pack(self, self.bare, 0.5)
        self.with_elsewhere({"flows-0": {}})
        served = self.serve()
        self.wait_until(lambda: served.log("fetch failed", repository="flows-0"))
        self.wait_until(lambda: self.states(served)["elsewhere"] == "live")
        self.assert_a_push_elsewhere_is_imported(2)
        mend()
        self.wait_until(lambda: self.states(served)["flows-0"] == "live")


class ElsewhereShared(Elsewhere):
    environments = {"production": {"projectId": harness.PROJECT, "branch": "main", "ledger": {"remote": "origin"}}}

    def test_a_remote_whose_ledger_is_damaged(self):
        self.with_elsewhere({"flows-0": {}})
        served = self.serve()
        self.wait_until(lambda: self.states(served) == {"flows-0": "live", "elsewhere": "live"})
        served.end()
        # A daemon on another machine, which has not seen the ledger.
        shutil.rmtree(self.data)
        mend = cut_loose(self, self.bare, "refs/flowship/production:deployment.json")
        self.sandbox.forget_requests()
        began = time.monotonic()
        served = self.serve()
        self.wait_until(lambda: served.ended(repository="flows-0"))
        self.assertLess(time.monotonic() - began, LIMIT)
        [ended] = served.ended(repository="flows-0")
        self.assertEqual(ended["outcome"], "failed")
        self.assertIn("from origin: the remote answers", ended["error"])
        self.assert_a_push_elsewhere_is_imported(2)
        mend()
        self.wait_until(lambda: self.states(served)["flows-0"] == "live")
        self.assertEqual(self.sandbox.imports(), [])

    def test_a_remote_that_does_not_take_results(self):
        broken = self.folder / "broken"
        hook(self.bare, "pre-receive", f"test ! -e {broken}")
        self.sandbox.faults(latency=300)
        self.with_elsewhere({"flows-0": {}})
        served = self.serve()
        self.wait_until(lambda: self.sandbox.requests("/import"))
        broken.touch()
        self.wait_until(lambda: any("does not have the result" in line["why"] for line in served.log("waiting")))
        self.assertEqual(self.states(served)["flows-0"], "running")
        self.wait_until(lambda: self.other.versions().get("mfa") == 1)
        self.assert_a_push_elsewhere_is_imported(2)
        self.assertEqual(served.ended(repository="flows-0"), [])
        broken.unlink()
        self.wait_until(lambda: served.ended(repository="flows-0", outcome="deployed"))
        self.assertEqual(set(self.sandbox.versions().values()), {1})
        [environment] = [one for one in self.environments_of(served) if one["repository"] == "flows-0"]
        self.assertEqual(len(environment["recent"][0]["flows"]), len(self.ids))


class Refused(DaemonTestCase):
    """The system refuses descriptors or threads to a running daemon for a while."""

    def goes_on(self, what, most):
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        pid = served.process.pid
        soft, hard = resource.prlimit(pid, what)
        resource.prlimit(pid, what, (most(pid), hard))
        self.change("mfa", "while refused")
        self.push()
        self.wait_until(lambda: served.log("fetch failed") or served.ended(outcome="failed"))
        resource.prlimit(pid, what, (soft, hard))
        self.wait_for_deployment()
        self.wait_until(lambda: served.status("/readyz") == 200)
        self.assertEqual(self.sandbox.versions()["mfa"], 2)

    @unittest.skipIf("UBSAN_OPTIONS" in os.environ, "the sanitizer looks at objects through descriptors of its own")
    def test_descriptors(self):
        def up_to_the_first_free(pid):
            """The limit is for the number of a descriptor, and numbers may be free below the highest."""
            used = {int(file.name) for file in pathlib.Path(f"/proc/{pid}/fd").iterdir()}
            return next(number for number in range(len(used) + 1) if number not in used) + 1
        self.goes_on(resource.RLIMIT_NOFILE, up_to_the_first_free)

    def test_memory_for_threads(self):
        def used(pid):
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            return int(re.search(r"VmSize:\s+(\d+) kB", status)[1]) * 1024
        self.goes_on(resource.RLIMIT_AS, used)


class DriftChecks(DaemonTestCase):
    environments = {name: {"projectId": f"P2{name}", "branch": "main"} for name in ("one", "two", "three", "four")}

    def test_checks_that_do_not_fit_stretch_their_interval_and_a_push_goes_first(self):
        self.push()
        served = self.serve()
        for name in self.environments:
            self.wait_for_deployment(environment=name)
        # Four checks of one request each in a second, where two fit.
        self.configure(driftCheck="1s", rateLimit="10/5s")
        served.send(signal.SIGHUP)
        self.wait_until(lambda: any(drift and drift["stretched"] for drift in self.drift(served)))
        self.wait_until(lambda: "instead of 1 s" in served.ask("/")[2])
        self.change("mfa", "pushed")
        self.push()
        for name in self.environments:
            self.wait_for_deployment(environment=name)

    def drift(self, served):
        return [one["drift"] for one in json.loads(served.ask("/api/status")[2])["environments"]]


class FortyEnvironments(DaemonTestCase):
    environments = {f"e{number}": {"projectId": f"P2number{number}", "branch": "main" if number == 0 else "others"}
                    for number in range(40)}
    limit = "100/60s"

    def test_a_push_is_imported_at_once_though_drift_checks_would_use_up_the_rate(self):
        for flow_id in set(self.ids) - {"mfa"}:
            self.repository.remove(f"{harness.FLOWS}/{flow_id}")
        self.repository.commit("Keep one flow")
        self.repository.git("branch", "others")
        self.push("main", "others")
        served = self.serve()
        for name in self.environments:
            self.wait_for_deployment(environment=name)
        # 240 checks a minute, where 100 requests fit.
        self.sandbox.forget_requests()
        self.sandbox.faults(rateLimit=self.limit)
        self.configure(driftCheck="10s", rateLimit=self.limit)
        served.send(signal.SIGHUP)
        self.wait_until(lambda: len(self.sandbox.requests()) >= 5)
        self.change("mfa", "pushed")
        pushed = time.monotonic()
        self.push()
        self.wait_until(self.sandbox.imports)
        self.assertLess(time.monotonic() - pushed, LIMIT)
        self.wait_for_deployment(environment="e0")
        self.assertEqual([entry for entry in self.sandbox.requests() if entry["status"] == 429], [])


if __name__ == "__main__":
    harness.main()
