"""`flowship validate`: which part of a repository is looked at, and what is never shown."""

import json

import harness
from harness import FLOWS, KEY, TestCase

CONTENTS = f"{FLOWS}/mfa/contents.json"


class Paths(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.path = self.repository.path
        for flow_id in ("mfa", "sign-in"):
            contents = self.repository.read(f"{FLOWS}/{flow_id}/contents.json")
            contents["startTask"] = "nowhere"
            self.repository.write(f"{FLOWS}/{flow_id}/contents.json", contents)

    def found(self, *arguments, code=3, **options):
        """The paths of the findings, and how many flows were looked at."""
        document = self.json_of("validate", *arguments, code=code, **options)
        return [finding["path"] for finding in document["findings"]], document["flows"]

    def test_files_and_folders_restrict(self):
        self.assertEqual(self.found(CONTENTS), ([CONTENTS], 1))
        self.assertEqual(self.found(f"./{FLOWS}/mfa/"), ([CONTENTS], 1))
        self.assertEqual(self.found(f"{FLOWS}/mfa", f"{FLOWS}/step-up"), ([CONTENTS], 2))
        self.assertEqual(len(self.found(".")[0]), 2)
        self.assertEqual(self.found(f"{FLOWS}/mfa", "--rev", "HEAD", code=0), ([], 1))
        self.assertEqual(self.found("--repo", "repository", str(self.path / CONTENTS), cwd=self.folder), ([CONTENTS], 1))

    def test_a_path_that_matches_nothing_is_refused_whatever_is_found_elsewhere(self):
        for arguments in ((CONTENTS, "nothing"), ("",), ("--staged", "nothing"), ("--rev", "HEAD", "nothing")):
            with self.subTest(arguments=arguments):
                self.assertTrue(self.json_of("validate", *arguments, code=64)["error"]["message"])

    def test_a_file_that_is_missing_can_be_named(self):
        screen = sorted((self.path / FLOWS / "mfa").glob("screen-*.json"))[0]
        screen.unlink()
        name = str(screen.relative_to(self.path))
        [finding] = self.json_of("validate", name, code=3)["findings"]
        self.assertEqual((finding["path"], finding["line"], finding["column"]), (name, 1, 1))
        screen.parent.joinpath("notes.txt").write_text("no flow\n")
        self.assertEqual(self.found(str(screen.parent / "notes.txt"), code=0), ([], 0))


class Broken(TestCase):
    """A file that can't be parsed, in a repository that says nothing of where flows are."""

    def test_counts_as_a_flow_by_its_text_or_by_the_ledger(self):
        self.repository.write("other.json", '{"colour": ')
        self.repository.write("flow.json", {"flowId": "one", "metadata": {"name": "One"}, "contents": {
            "startTask": "0", "tasks": {"0": {"id": "0", "next": {}}}}})
        self.repository.commit()
        self.assertEqual(self.json_of("validate")["findings"], [])
        text = (self.repository.path / "flow.json").read_text()
        self.repository.write("flow.json", text.replace("}", ""))
        self.expect_broken()
        self.repository.write("flow.json", '{"flowId": "one", ')
        self.assertEqual(self.json_of("validate")["findings"], [])
        self.repository.write("flow.json", text)
        self.deploy()
        self.repository.write("flow.json", '{"flowId": "one", ')
        self.expect_broken()
        self.repository.git("add", "--all")
        self.expect_broken("--staged")
        self.repository.commit("Break")
        self.expect_broken("--rev", "HEAD")
        self.repository.write("flow.json", '{"flow')
        self.repository.git("add", "--all")
        self.assertIn("flow.json:1:2: error: ", self.run_flowship("hook", "pre-commit", code=3).err)

    def expect_broken(self, *arguments):
        [finding] = self.json_of("validate", *arguments, code=3)["findings"]
        self.assertEqual((finding["rule"], finding["path"]), ("syntax", "flow.json"))


class OneCause(TestCase):
    """What many flows share is one cause for people, and a finding per flow for programs."""

    def test_a_misspelled_connector_of_twenty_flows(self):
        task = {"id": "1", "type": "automated", "name": "Send", "action": "connector",
                "arguments": {"connectorId": {"type": "inline", "value": "CI2mial"}}}
        for number in range(10, 30):
            self.repository.write(f"flows/f{number}.json", {
                "flowId": f"f{number}", "metadata": {"name": "F", "disabled": False, "fingerprint": False},
                "contents": {"startTask": "1", "tasks": {"1": task}}, "screens": [], "references": {}})
        done = self.run_flowship("validate")
        self.assertEqual(done.out.count("[missing-connector]"), 1, done.out)
        self.assertRegex(done.out, r"also in 19 more files: flows/f11\.json:\d+:\d+, .* and 14 more\n")
        self.assertRegex(done.out, r"20 warnings in 20 flows \(1 cause\)\n$")
        result = self.json_of("validate")
        self.assertEqual(result["counts"], {"error": 0, "warning": 20, "note": 0})
        self.assertEqual([finding["flowId"] for finding in result["findings"]], [f"f{n}" for n in range(10, 30)])


class Baseline(TestCase):
    """Known findings are left out: only new ones count."""

    def setUp(self):
        super().setUp()
        self.repository.add_examples()
        self.break_start("mfa")
        self.file = self.folder / "baseline.json"
        self.file.write_text(self.run_flowship("validate", "--format", "json", code=3).out)

    def break_start(self, flow_id):
        path = f"{FLOWS}/{flow_id}/contents.json"
        contents = self.repository.read(path)
        contents["startTask"] = "nowhere"
        self.repository.write(path, contents)

    def test_leaves_out_what_was_found_then_wherever_it_is_now(self):
        path = self.repository.path / CONTENTS
        path.write_text("\n\n" + path.read_text())
        done = self.run_flowship("validate", "--baseline", str(self.file))
        self.assertIn("1 finding of", done.err)
        self.assertEqual(self.run_flowship("validate", "--quiet", "--baseline", str(self.file)).err, "")
        self.break_start("sign-in")
        [finding] = self.json_of("validate", "--baseline", str(self.file), code=3)["findings"]
        self.assertEqual(finding["flowId"], "sign-in")

    def test_is_read_before_a_report_replaces_it(self):
        self.run_flowship("validate", "--baseline", str(self.file), "--report", f"json={self.file}")
        self.assertEqual(json.loads(self.file.read_text())["findings"], [])

    def test_that_is_missing_says_how_to_make_it_and_another_document_is_refused(self):
        error = self.json_of("validate", "--baseline", "none.json", code=64)["error"]
        self.assertIn("flowship validate --format json > none.json", error["hint"])
        for text in ("", "[]", '{"findings": [{"rule": 1}]}'):
            self.file.write_text(text)
            self.json_of("validate", "--baseline", str(self.file), code=3)


class Secrets(TestCase):
    key_in_repository = True

    def test_are_found_and_shown_in_no_format(self):
        self.repository.add_examples()
        metadata = self.repository.read(f"{FLOWS}/mfa/metadata.json")
        metadata["description"] = f"uses {KEY} for now"
        metadata["nam"] = KEY
        self.repository.write(f"{FLOWS}/mfa/metadata.json", metadata)
        self.repository.write(f"{FLOWS}/flows.json", {"flows": [KEY]})
        self.repository.write(f"{FLOWS}/broken/metadata.json", '{"name": ' + KEY + "}")
        self.repository.write(f"{FLOWS}/broken/contents.json", {})
        for name in ("text", "json", "github", "sarif", "junit", "gitlab"):
            with self.subTest(format=name):
                # That the key is nowhere in the output is looked at after every run.
                self.assertIn("management-key", self.run_flowship("validate", "--format", name, code=3).out)


if __name__ == "__main__":
    harness.main()
