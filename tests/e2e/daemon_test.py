"""The daemon: pushes become deployments of the right environments, in order, once."""

import signal

import harness
from daemon_harness import DaemonTestCase


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
        jobs = {entry["job"] for entry in served.ended(outcome="deployed")}
        self.assertEqual(len(jobs), 2)
        self.assertEqual(served.end(), 0, served.text())


if __name__ == "__main__":
    harness.main()
