"""Findings in the formats of others, read by programs that are not ours."""

import json
import os
import pathlib
import subprocess

import harness
from harness import FLOWS, FLOWSHIP, PATIENCE, TestCase

# What others may write into names and texts: characters of XML, of URIs and of workflow commands.
FOLDER = "Odd, 100%25 <&>'\": ü 🚀"
TEXT = "a::b, 100% <&>'\"]]> ünd 🚀 \u200f"
ORACLE = pathlib.Path(__file__).with_name("annotations.mjs")


class FormatCase(TestCase):
    """A repository in which rules of every severity have something to say, in files with odd names."""

    sandbox_options = ()

    def setUp(self):
        self.find_program()
        super().setUp()
        self.repository.add_examples()

    def find_program(self):
        raise NotImplementedError

    def edit(self, flow_id, change):
        path = f"{FLOWS}/{flow_id}/contents.json"
        contents = self.repository.read(path)
        change(contents)
        self.repository.write(path, contents)

    def break_flows(self):
        self.edit("mfa", lambda contents: contents.update(startTask=TEXT))
        self.edit("sign-in", lambda contents: contents["tasks"].update(
            loose={"id": "loose", "type": "flow", "arguments": {"flowId": {"value": TEXT}}}))
        self.repository.write(f"{FOLDER}/flow.json", '{"flowId": "odd", "startTask": ')
        self.repository.remove(f"{FLOWS}/step-up/contents.json")

    def report(self, name, *arguments, code=0):
        """What `validate` writes in a format, as a file and as text."""
        text = self.run_flowship("validate", "--format", name, *arguments, code=code).out
        file = self.folder / f"report.{name}"
        file.write_text(text)
        return file, text

    def findings(self):
        return json.loads(self.report("json", code=3)[1])["findings"]

    def read_with(self, *command):
        done = subprocess.run(command, cwd=self.folder, env=harness.environment(**self.variables()), text=True,
                              capture_output=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def variables(self):
        return {}


class Sarif(FormatCase):
    def find_program(self):
        self.multitool = harness.npm_program("sarif-multitool")

    def variables(self):
        # It is a program of .NET, which else wants libicu, and unpacks itself.
        return {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "DOTNET_BUNDLE_EXTRACT_BASE_DIR": str(self.folder)}

    def complaints(self, file):
        """Everything that the tool has to say. Its exit code is 0 whatever it finds."""
        # Quoted, since the package's script gives its arguments to a shell.
        said = self.read_with(self.multitool, "validate", str(file), "--rule-kind", "'Sarif;Ghas'", "--output",
                              "said.sarif", "--log", "ForceOverwrite")
        self.assertIn("1 files scanned", said)
        self.assertNotIn("skipped", said)
        [run] = json.loads((self.folder / "said.sarif").read_text(encoding="utf-8-sig"))["runs"]
        # An address of the project's page is wished for; a program that others build has none to give.
        return [result for result in run.get("results", []) if result["ruleId"] != "SARIF2005"]

    def test_findings_are_accepted(self):
        self.break_flows()
        file, text = self.report("sarif", code=3)
        self.assertEqual(self.complaints(file), [])
        [run] = json.loads(text)["runs"]
        self.assertEqual([(result["ruleId"], result["level"]) for result in run["results"]],
                         [(finding["rule"], finding["severity"]) for finding in self.findings()])

    def test_no_findings_and_an_error_are_accepted(self):
        self.assertEqual(self.complaints(self.report("sarif")[0]), [])
        self.assertEqual(self.complaints(self.report("sarif", "--rev", "nowhere", code=1)[0]), [])

    def test_the_tool_does_complain(self):
        file, text = self.report("sarif")
        file.write_text(text.replace('"results"', '"result"'))
        self.assertTrue(self.complaints(file))


class JUnit(FormatCase):
    def find_program(self):
        self.junit2json = harness.npm_program("junit2json")
        self.xmllint = harness.program("xmllint", "libxml2-utils")

    def suites(self, file):
        self.read_with(self.xmllint, "--noout", str(file))
        return json.loads(self.read_with(self.junit2json, str(file)))["testsuite"]

    def test_errors_are_failures_and_the_rest_passes(self):
        self.break_flows()
        suites = self.suites(self.report("junit", code=3)[0])
        findings = self.findings()
        for suite, severity in zip(suites, ("error", "warning", "note"), strict=True):
            expected = [finding for finding in findings if finding["severity"] == severity]
            self.assertTrue(expected, f"there is no {severity} to show")
            self.assertEqual(suite["tests"], len(expected))
            self.assertEqual(suite["failures"], len(expected) if severity == "error" else 0)
            for case, finding in zip(suite["testcase"], expected, strict=True):
                self.assertIn(f"{finding['path']}:{finding['line']}:{finding['column']}", case["name"])
                failed = [failure["message"] for failure in case.get("failure", [])]
                self.assertEqual(failed, [finding["message"]] if severity == "error" else [])

    def test_no_findings_and_an_error_can_be_read(self):
        [suite] = self.suites(self.report("junit")[0])
        self.assertEqual((suite["tests"], suite["failures"], suite["errors"]), (1, 0, 0))
        [suite] = self.suites(self.report("junit", "--rev", "nowhere", code=1)[0])
        self.assertEqual(suite["errors"], 1)

    def test_a_deployment_can_be_read(self):
        self.sandbox.faults(fail="422:1")
        file = self.folder / "deployment.xml"
        file.write_text(self.run_flowship("deploy", "--format", "junit", code=4).out)
        [suite] = self.suites(file)
        self.assertGreaterEqual(suite["failures"], 1)
        self.assertGreater(suite["tests"], suite["failures"])


class GitHub(FormatCase):
    def find_program(self):
        harness.npm_program("junit2json")  # any: the oracle is a package beside it
        self.node = harness.program("node", "nodejs")

    def annotations(self, findings):
        """The lines that @actions/core writes for them."""
        request = self.folder / "findings.json"
        request.write_text(json.dumps([
            {"severity": finding["severity"], "message": f"{finding['message']}\n{finding['hint']}",
             "properties": {"title": f"flowship: {finding['rule']}", "file": finding["path"],
                            "startLine": finding["line"], "startColumn": finding["column"]}} for finding in findings]))
        return self.read_with(self.node, str(ORACLE), os.environ["FLOWSHIP_TEST_TOOLS"], str(request)).splitlines()

    def test_annotations_are_those_of_the_actions_toolkit(self):
        self.break_flows()
        text = self.report("github", code=3)[1]
        findings = self.findings()
        self.assertTrue(any(finding["path"].startswith(FOLDER) for finding in findings))
        self.assertEqual(text.splitlines()[:len(findings)], self.annotations(findings))

    def test_text_of_others_carries_no_command(self):
        smuggled = "x\n::set-env name=PATH::/tmp\n##[error]no\r::debug::"
        self.edit("mfa", lambda contents: contents.update(startTask=smuggled))
        self.repository.write("a\n::error::b.json", '{"flowId": "a", "startTask": ')
        self.repository.write("##[error]c.json", '{"flowId": "c", "startTask": ')
        lines = self.report("github", code=3)[1].split("\n")
        self.assertEqual(sum(line.startswith("::error title=flowship") for line in lines), 3)
        # What follows the annotations is text that no command is read in, until a word that nobody can guess.
        stop = next(index for index, line in enumerate(lines) if line.startswith("::stop-commands::"))
        word = lines[stop].removeprefix("::stop-commands::")
        self.assertGreaterEqual(len(word), 32)
        self.assertEqual(lines[-2:], [f"::{word}::", ""])
        self.assertTrue(all(line.startswith("::error title=flowship") for line in lines[:stop]), lines)
        self.assertFalse(any("##[" in line for line in lines), lines)


if __name__ == "__main__":
    harness.main()
