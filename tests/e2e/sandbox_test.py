#!/usr/bin/env python3
"""The sandbox as others see it: the service's official SDK, the errors of its server, and its log."""

import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import unittest
import urllib.parse

import harness
from harness import KEY, PROJECT, environment

SDK = pathlib.Path(__file__).with_name("sdk.mjs")
SCREEN = {"id": "s1", "flowId": "welcome", "interactions": [], "htmlTemplate": {"ROOT": {"nodes": []}},
          "componentsVersion": "2.1.0"}
FLOW = {"id": "welcome", "name": "Willkommen", "description": "", "disabled": False, "fingerprint": True,
        "dsl": {"startTask": "0", "tasks": {"0": {"id": "0", "next": {}}}}, "translate": True,
        "translateConnectorID": "CI1", "translateSourceLang": "en", "translateTargetLangs": ["de", "he"]}


class SdkTestCase(harness.TestCase):
    """With @descope/node-sdk from npm."""

    def call(self, *calls, key=KEY):
        modules = pathlib.Path(os.environ.get("FLOWSHIP_TEST_TOOLS", "/nonexistent"))
        if not (modules / "@descope" / "node-sdk").is_dir() or shutil.which("node") is None:
            self.skipTest("@descope/node-sdk is not installed; tests/tools/install.sh does it")
        asked = {"baseUrl": self.sandbox.url, "projectId": PROJECT, "managementKey": key, "calls": calls}
        done = subprocess.run(["node", SDK, modules], input=json.dumps(asked), text=True, capture_output=True,
                              timeout=harness.PATIENCE, env=environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)


class Sdk(SdkTestCase):
    def test_lists_exports_imports_and_deletes(self):
        imported, listed, exported, deleted, empty = self.call(
            ("import", "welcome", FLOW, [SCREEN]), ("list",), ("export", "welcome"), ("delete", ["welcome"]), ("list",))
        for result in (imported, listed, exported, deleted, empty):
            self.assertTrue(result["ok"], result)
        self.assertEqual(imported["data"], exported["data"])
        self.assertEqual(listed["data"]["total"], 1)
        entry = listed["data"]["flows"][0]
        self.assertEqual((entry["id"], entry["name"], entry["version"]), ("welcome", "Willkommen", 1))
        flow, screens = exported["data"]["flow"], exported["data"]["screens"]
        for name, value in FLOW.items():
            self.assertEqual(flow[name], value, name)
        for name in ("version", "etag", "modifiedTime"):
            self.assertEqual(flow[name], entry[name])
        self.assertEqual(screens, [SCREEN])
        self.assertEqual(empty["data"], {"flows": [], "total": 0})
        license_requests = self.sandbox.requests("/license")
        self.assertEqual([request["status"] for request in license_requests], [200])

    def test_both_shapes_are_the_same_flow(self):
        self.repository.add_examples()
        self.run_flowship("deploy", "--format", "json")
        before = self.sandbox.held()
        for flow_id, held in before.items():
            (exported,) = self.call(("export", flow_id))
            self.assertTrue(exported["ok"], exported)
            data = exported["data"]
            (imported,) = self.call(("import", flow_id, data["flow"], data["screens"]))
            self.assertTrue(imported["ok"], imported)
            self.assertEqual(self.sandbox.held()[flow_id], held)

    def test_imports_under_another_id(self):
        (imported,) = self.call(("import", "copy", FLOW, [SCREEN]))
        self.assertEqual(imported["data"]["flow"]["id"], "copy")
        self.assertEqual(imported["data"]["screens"][0]["flowId"], "copy")

    def test_is_told_what_is_wrong(self):
        unknown, built_in, incomplete = self.call(
            ("export", "nowhere"), ("delete", ["sign-in"]), ("import", "a", {"id": "a"}, []))
        self.assertEqual((unknown["ok"], unknown["code"], unknown["error"]["errorCode"]), (False, 404, "E011004"))
        self.assertEqual((built_in["code"], built_in["error"]["errorCode"]), (400, "E011004"))
        self.assertEqual((incomplete["code"], incomplete["error"]["errorDescription"]), (400, "/flow/dsl is required"))


class RequiredKey(SdkTestCase):
    sandbox_options = ("--require-key", KEY)

    def test_another_key_is_refused(self):
        (refused,) = self.call(("list",), key=KEY + "x")
        self.assertEqual((refused["code"], refused["error"]["errorCode"]), (401, "E011001"))
        (accepted,) = self.call(("list",))
        self.assertTrue(accepted["ok"])
        self.repository.add_examples()
        self.run_flowship("deploy", code=7, DESCOPE_MANAGEMENT_KEY=KEY + "x")
        self.run_flowship("deploy")


class Server(harness.TestCase):
    def error_of(self, method, path, *headers):
        """Status and error of a request of which only the header is sent."""
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.sandbox.url).netloc, timeout=harness.PATIENCE)
        self.addCleanup(connection.close)
        connection.putrequest(method, path)
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        return answer.status, json.loads(answer.read())

    def test_errors_are_json(self):
        for status, arguments in ((404, ("GET", "/v1/mgmt/theme/export")), (404, ("GET", "/_sandbox/nowhere")),
                                  (405, ("POST", "/v1/mgmt/license", ("Content-Length", "0"))),
                                  (411, ("POST", "/v1/mgmt/flow/list")),
                                  (413, ("POST", "/v1/mgmt/flow/list", ("Content-Length", str(1 << 40)))),
                                  (400, ("POST", "/v1/mgmt/flow/list", ("Content-Length", "x")))):
            answered, error = self.error_of(*arguments)
            self.assertEqual(answered, status, arguments)
            self.assertEqual(error["errorCode"], "E011001")
            self.assertTrue(error["errorDescription"])
            self.assertTrue(error["errorMessage"])


class Log(unittest.TestCase):
    def test_has_a_line_for_each_request(self):
        process = subprocess.Popen([harness.FLOWSHIP, "sandbox", "--port", "0", "--require-key", KEY], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        process.stdout.readline()
        url = process.stdout.readline().split("=", 1)[1].strip()
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=harness.PATIENCE)
        for path, body in ((f"/v1/{KEY}", {}), ("/v2/mgmt/flow/export", {"flowId": "no\u202ewhere"})):
            connection.request("POST", path, json.dumps(body), {"Authorization": f"Bearer {PROJECT}:{KEY}",
                                                                "Content-Type": "application/json"})
            connection.getresponse().read()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=harness.PATIENCE)
        lines = [line for line in err.splitlines() if line.startswith("POST ")]
        self.assertRegex(lines[0], r"^POST /v1/\*\*\* - 404 \d+ ms$")
        self.assertRegex(lines[1], r"^POST /v2/mgmt/flow/export no\S*202\S*where 400 \d+ ms$")
        self.assertEqual(len(lines), 2)
        self.assertNotIn(KEY, err)


if __name__ == "__main__":
    harness.main()
