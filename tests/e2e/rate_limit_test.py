#!/usr/bin/env python3
"""Rate limits of the service, with real requests to the real sandbox: how often it refuses, and how long it takes."""

import time

import harness
from harness import FLOWS

FLOW_COUNT = 200
REQUESTS, SECONDS = 40, 2


class RateLimit(harness.TestCase):
    def write_flows(self, count):
        for number in range(count):
            folder = f"{FLOWS}/flow-{number:03}"
            self.repository.write(f"{folder}/metadata.json", {"name": f"Flow {number}", "screens": []})
            self.repository.write(f"{folder}/contents.json", {
                "startTask": "0", "tasks": {"0": {"id": "0", "next": {"rules": [{"interactionId": "", "taskId": "1"}]}},
                                            "1": {"id": "1", "type": "automated", "action": "logged-in", "next": {}}}})
        return self.repository.commit("Add flows")

    def expect_few_refusals(self, *options):
        self.write_flows(FLOW_COUNT)
        self.sandbox.stop()
        self.sandbox = harness.Sandbox("--rate-limit", f"{REQUESTS}/{SECONDS}s", *options)
        self.addCleanup(self.sandbox.stop)
        begin = time.monotonic()
        result = self.deploy()
        took = time.monotonic() - begin
        self.assertEqual({flow["outcome"] for flow in result["flows"]}, {"deployed"})
        requests = self.sandbox.requests()
        refused = [request for request in requests if request["status"] == 429]
        ideal = (len(requests) - len(refused) - 1) // REQUESTS * SECONDS
        self.assertLessEqual(len(refused), 25)
        # 1.6 on a machine that does nothing else.
        self.assertLessEqual(took, 3 * ideal)
        print(f"{len(requests)} requests, {len(refused)} refused, {took:.1f} s of {ideal} s", flush=True)

    def test_few_requests_are_refused_with_retry_after(self):
        self.expect_few_refusals()

    def test_few_requests_are_refused_without_it(self):
        self.expect_few_refusals("--no-retry-after")

    def test_a_limit_that_does_not_end_is_given_up_after_max_wait(self):
        self.write_flows(20)
        self.sandbox.faults(rateLimit="1/3600s", retryAfter=False)
        begin = time.monotonic()
        process = self.run_flowship("deploy", "--max-wait", "4s", code=1)
        took = time.monotonic() - begin
        self.assertGreaterEqual(took, 4)
        self.assertLess(took, 30)
        self.assertIn("rate limited, retrying in 1 s (1/3)", process.err)
        self.assertIn("rate limited, retrying in 2 s (2/3)", process.err)
        self.assertIn("gave up after 4 s", process.err)
        self.assertLessEqual(len(self.sandbox.requests()), 6)


if __name__ == "__main__":
    harness.main()
