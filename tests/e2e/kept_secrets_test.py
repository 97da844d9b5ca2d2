"""Secrets in what the ledger keeps of the service's flows: digests take their place, and a digest goes nowhere else."""

import json
import subprocess

import harness
from harness import TestCase
from sources_test import small_flow

REF = "refs/flowship/default"
DIGEST = "flowship:digest:hmac-sha256:"
# By its form and by its name. Put together here, so that no text in the repository looks like a token.
TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6Q7r8"
PASSWORD = "correct horse battery"


def secretive(flow_id, name, token=TOKEN, password=PASSWORD):
    """A flow as somebody left it in the console."""
    flow = small_flow(flow_id, metadata={"name": name})
    flow["contents"]["tasks"]["end"]["args"] = {"clientSecret": password, "note": f"ask for {token}\nthen go on"}
    return flow


class KeptSecrets(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.write("flowship.json", {"environments": {"default": {}},
                                                "rules": {"provider-token": "off"}})
        self.write("a", "first")
        self.repository.write("b.json", small_flow("b"))
        self.repository.commit()
        self.deploy()

    def write(self, flow_id, name, **members):
        self.repository.write(f"{flow_id}.json", {**small_flow(flow_id, metadata={"name": name}), **members})

    def overwrite_console_edit(self):
        """A deployment that replaces a flow with secrets; returns its record."""
        self.sandbox.edit(secretive("a", "edited"))
        self.write("a", "second")
        self.repository.commit()
        return self.deploy("--on-drift", "overwrite")["record"]

    def kept(self, path, ref=REF):
        return json.loads(self.repository.git("show", f"{ref}:{path}"))

    def expect_kept_nowhere(self, *texts):
        everything = subprocess.run(["git", "cat-file", "--batch-all-objects", "--batch"], cwd=self.repository.path,
                                    env=harness.environment(), capture_output=True, check=True).stdout
        for text in texts:
            self.assertNotIn(text.encode(), everything)

    def test_what_was_replaced_is_kept_without_its_secrets(self):
        self.overwrite_console_edit()
        self.expect_kept_nowhere(TOKEN, PASSWORD)
        kept = self.kept("before/a.json")
        args = kept["contents"]["tasks"]["end"]["args"]
        self.assertTrue(args["clientSecret"].startswith(DIGEST))
        self.assertTrue(args["note"].startswith(DIGEST))
        self.assertEqual(kept["metadata"]["name"], "edited")

    def test_a_flow_with_digests_can_not_be_restored_and_no_digest_is_sent(self):
        record = self.overwrite_console_edit()
        held = self.sandbox.held()
        self.sandbox.forget_requests()
        for command in (["rollback", "--to-before", record], ["plan", "--to-before", record]):
            error = self.json_of(*command, code=1)["error"]
            self.assertIn("`a`", error["message"])
            self.assertIn("digests of secrets", error["message"])
            self.assertIn("flowship rollback ", error["hint"])
        self.assertEqual(self.sandbox.requests("/flow/import"), [])
        self.assertEqual(self.sandbox.held(), held)

    def test_other_flows_are_restored_as_before(self):
        self.sandbox.edit(small_flow("b", metadata={"name": "edited"}))
        self.repository.write("b.json", small_flow("b", metadata={"name": "new"}))
        self.repository.commit()
        record = self.deploy("--on-drift", "overwrite")["record"]
        self.json_of("rollback", "--to-before", record)
        self.assertEqual(self.sandbox.held()["b"]["metadata"]["name"], "edited")

    def test_a_source_with_secrets_is_restored_from_the_source(self):
        self.repository.write("a.json", secretive("a", "second"))
        self.repository.commit()
        self.deploy()
        held = self.sandbox.held()["a"]
        self.assertTrue(self.kept("after/a.json")["contents"]["tasks"]["end"]["args"]["note"].startswith(DIGEST))
        self.repository.write("a.json", secretive("a", "third"))
        self.repository.commit()
        record = self.deploy()["record"]
        self.assertTrue(self.kept("before/a.json")["contents"]["tasks"]["end"]["args"]["note"].startswith(DIGEST))
        self.json_of("rollback", "--to-before", record)
        self.assertEqual(self.sandbox.held()["a"], held)

    def state(self):
        return {flow["flowId"]: flow["state"] for flow in self.json_of("status")["flows"]}["a"]

    def test_drift_of_a_flow_with_secrets_is_noticed_and_nothing_else(self):
        self.repository.write("a.json", secretive("a", "second"))
        self.repository.commit()
        self.deploy()
        self.assertEqual(self.state(), "in-sync")
        # Only a secret has changed.
        self.sandbox.edit(secretive("a", "second", password="another password"))
        self.assertEqual(self.state(), "drifted")
        self.repository.write("a.json", secretive("a", "third"))
        self.repository.commit()
        told = json.dumps(self.deploy(code=5)) + self.run_flowship("deploy", code=5).out
        self.assertIn("clientSecret", told)
        for text in (DIGEST, PASSWORD, "another password"):
            self.assertNotIn(text, told)
        self.sandbox.edit(secretive("a", "second", token=TOKEN.replace("a1B2", "z9Y8")))
        told = json.dumps(self.deploy(code=5)) + self.run_flowship("deploy", code=5).out
        self.assertIn("note", told)
        self.assertNotIn(DIGEST, told)
        self.sandbox.edit(secretive("a", "second"))
        self.assertTrue(self.deploy()["ok"])

    def test_an_edit_beside_a_secret_is_pulled_without_a_digest(self):
        self.repository.write("a.json", secretive("a", "second"))
        self.repository.commit()
        self.deploy()
        self.sandbox.edit(secretive("a", "edited", password="another password"))
        self.json_of("pull", "a")
        pulled = (self.repository.path / "a.json").read_text()
        self.assertIn("edited", pulled)
        self.assertIn("another password", pulled)
        self.assertNotIn(DIGEST, pulled)

    def test_the_same_secret_has_another_digest_in_another_environment(self):
        self.overwrite_console_edit()
        first = self.kept("before/a.json")["contents"]["tasks"]["end"]["args"]["clientSecret"]
        self.repository.git("update-ref", "-d", REF)
        self.sandbox.edit(secretive("a", "edited"))
        self.deploy("--on-drift", "overwrite", "--accept-rewritten-ledger")
        second = self.kept("before/a.json")["contents"]["tasks"]["end"]["args"]["clientSecret"]
        self.assertTrue(second.startswith(DIGEST))
        self.assertNotEqual(first, second)

    def test_the_salt_stays(self):
        salt = self.kept("deployment.json")["digestSalt"]
        self.assertEqual(len(salt), 64)
        self.overwrite_console_edit()
        self.assertEqual(self.kept("deployment.json")["digestSalt"], salt)

    def test_a_digest_copied_into_a_source_is_not_sent(self):
        self.overwrite_console_edit()
        digest = self.kept("before/a.json")["contents"]["tasks"]["end"]["args"]["clientSecret"]
        self.repository.write("a.json", secretive("a", "third", password=digest))
        self.repository.commit()
        self.sandbox.forget_requests()
        result = self.deploy(code=1)
        self.assertIn("digest", result["flows"][0]["error"])
        self.assertEqual(self.sandbox.requests("/flow/import"), [])

    def test_what_a_killed_deployment_has_replaced_is_kept_without_secrets_too(self):
        self.sandbox.edit(secretive("a", "edited"))
        self.write("a", "second", contents=secretive("a", "second")["contents"])
        self.repository.commit()
        self.sandbox.faults(hangAfter="1@import")
        self.sandbox.forget_requests()
        process = self.start("deploy", "--on-drift", "overwrite")
        self.wait_until(lambda: self.sandbox.requests("/import"))
        process.kill()
        process.communicate(timeout=harness.PATIENCE)
        self.sandbox.faults()
        self.deploy()
        for path in ("before/a.json", "after/a.json"):
            kept = self.repository.git("show", f"{REF}:{path}")
            self.assertIn(DIGEST, kept)
            for text in (TOKEN, PASSWORD):
                self.assertNotIn(text, kept)
        self.assertEqual(self.state(), "in-sync")


if __name__ == "__main__":
    harness.main()
