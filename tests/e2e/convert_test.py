"""`flowship convert` between the layouts, and there and back."""

import json
import os
import pathlib
import subprocess

import harness
from harness import EXAMPLES, FLOWSHIP, TestCase
from sources_test import console_file, small_flow


class Convert(TestCase):
    def setUp(self):
        super().setUp()
        self.place = self.folder / "somewhere"
        self.place.mkdir()

    def convert(self, *arguments, code=0):
        return self.run_flowship("convert", *map(str, arguments), cwd=self.place, code=code)

    def write(self, name, content):
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    def read(self, name):
        return json.loads((self.place / name).read_text())

    def texts(self, folder):
        return {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()}

    def flows(self):
        """The examples, and a folder of real exports where FLOWSHIP_REAL_FLOWS names one."""
        folders = [EXAMPLES / "flows" / harness.FLOWS]
        if "FLOWSHIP_REAL_FLOWS" in os.environ:
            folders.append(pathlib.Path(os.environ["FLOWSHIP_REAL_FLOWS"]) / "snapshot/flows")
        return [flow for folder in folders for flow in sorted(folder.iterdir()) if flow.is_dir()]

    def test_there_and_back_gives_the_same_files(self):
        for number, flow in enumerate(self.flows()):
            one, two, back = f"{number}.json", f"{number}.console.json", f"back-{number}"
            self.convert(flow, one)
            self.convert(one, two)
            self.convert(two, "--layout", "exported", f"{number}-again.json")
            self.assertEqual(self.read(one)["contents"], self.read(f"{number}-again.json")["contents"])
            self.convert(f"{number}-again.json", back)
            screens = json.loads((flow / "metadata.json").read_text()).get("screens", [])
            self.assertEqual(self.read(f"{back}/{flow.name}/metadata.json").get("screens", []), screens)
            for name, text in self.texts(flow).items():
                self.assertEqual(self.read(f"{back}/{flow.name}/{name}"), json.loads(text), f"{flow}/{name}")
            self.convert(one, f"straight-{number}")
            for name, text in self.texts(flow).items():
                if name != "metadata.json":
                    self.assertEqual((self.place / f"straight-{number}" / flow.name / name).read_bytes(), text)

    def test_standard_output_is_what_the_file_would_be(self):
        flow = self.flows()[0]
        self.convert(flow, "one.json")
        self.convert(flow, "one.console.json")
        before = sorted(self.place.iterdir())
        self.assertEqual(self.convert(flow, "-").out, (self.place / "one.json").read_text())
        for layout, name in (("exported", "one.json"), ("console", "one.console.json")):
            self.assertEqual(self.convert(flow, "--layout", layout, "-").out, (self.place / name).read_text())
        self.assertIn("--layout", self.convert("one.json", "-", code=64).err)
        self.assertIn("folder", self.convert(flow, "--layout", "snapshot", "-", code=64).err)
        self.assertIn("--format", self.convert(flow, "--format", "json", "-", code=64).out)
        self.assertEqual(sorted(self.place.iterdir()), before)
        self.convert(flow, "--report", "json=report.json", "-", code=64)

    def test_unknown_members_and_number_texts_are_kept(self):
        text = json.dumps(small_flow("one", screens=[{"screenId": "S", "contents": {}, "more": [1]}]))
        text = text.replace('"name": "one"', '"name": "one", "unknown": {"x": 1.10}').replace('[1]', '[-0, 1e400, 123456789012345678901]')
        self.write("one.json", text)
        self.convert("one.json", "--layout", "console", "c.json")
        self.convert("one.json", "snap")
        for name in ("c.json", "snap/one/screen-S.json"):
            written = (self.place / name).read_text()
            self.assertRegex(written, r"-0,\s+1e400,\s+123456789012345678901")
        self.assertIn("1.10", (self.place / "snap/one/metadata.json").read_text())
        self.assertNotIn("interactions", (self.place / "snap/one/screen-S.json").read_text())

    def test_what_a_console_file_has_beyond_import_is_dropped_with_a_note(self):
        flow = console_file("one")
        flow["screens"] = [{"id": "S", "flowId": "one", "version": 2, "inputs": [{"a": 1}], "htmlTemplate": {},
                            "componentsVersion": "2.0.1"}]
        self.write("c.json", flow)
        done = self.convert("c.json", "one.json")
        for pointer in ("/flow/version", "/flow/etag", "/flow/modifiedTime", "/screens/0/version", "/screens/0/inputs"):
            self.assertIn(f"note: {pointer} was dropped", done.err)
        self.assertEqual(self.read("one.json")["metadata"]["componentsVersion"], "2.0.1")
        told = json.loads(self.convert("c.json", "two.json", "--format", "json").out)
        self.assertEqual((told["ok"], told["flowId"], told["layout"], told["paths"], len(told["dropped"])),
                         (True, "one", "exported", ["two.json"], 5))

    def test_what_cannot_be_kept_is_an_error_and_writes_nothing(self):
        self.write("other.json", small_flow("one", stranger=1))
        self.write("etag.json", small_flow("one", metadata={"etag": "x"}))
        self.write("wrapped.json", {"flow": small_flow("one"), "changelog": "x"})
        versions = console_file("one")
        versions["screens"] = [{"id": str(n), "htmlTemplate": {}, "componentsVersion": f"2.0.{n}"} for n in (1, 2)]
        self.write("console.json", versions)
        for source, layout, pointer in (("other.json", "snapshot", "/stranger"), ("etag.json", "console", "/metadata/etag"),
                                        ("wrapped.json", "snapshot", "/changelog"),
                                        ("console.json", "exported", "/screens/1/componentsVersion")):
            target = "target" if layout == "snapshot" else "target.json"
            done = self.convert(source, target, "--layout", layout, code=1)
            self.assertIn(pointer, done.err)
            self.assertFalse((self.place / target).exists())

    def test_a_source_with_a_fault_is_refused(self):
        self.write("flows/one/metadata.json", {"name": "x", "screens": ["gone"]})
        self.write("flows/one/contents.json", {"startTask": "0", "tasks": {}})
        self.assertIn("screen-gone.json", self.convert("flows/one", "one.json", code=3).err)
        self.write("flows/one/screen-gone.json", "{")
        self.assertIn("screen-gone.json:1:2", self.convert("flows/one", "one.json", code=3).err)
        self.write("no.json", {"a": 1})
        self.convert("no.json", "flow", code=3)
        self.convert("nowhere", "one.json", code=64)
        self.convert("no.json", code=64)

    def test_an_existing_target_is_refused_without_force(self):
        self.write("one.json", small_flow("one", screens=[{"screenId": "S", "contents": {}}]))
        self.write("target/one/screen-old.json", {"screenId": "old"})
        self.write("target/one/README.md", "mine")
        self.write("target/flows.json", {"flows": ["another"]})
        self.write("there.json", "untouched")
        self.convert("one.json", "target", code=1)
        self.convert("target/one", "there.json", code=3)
        self.convert("one.json", "there.json", "--layout", "console", code=1)
        self.assertEqual((self.place / "there.json").read_text(), "untouched")
        self.convert("one.json", "target", "--force")
        self.assertEqual(sorted(self.texts(self.place / "target/one")),
                         ["README.md", "contents.json", "metadata.json", "screen-S.json"])
        self.assertEqual(self.read("target/flows.json"), {"flows": ["another", "one"]})
        before = self.texts(self.place / "target/one")
        self.convert("one.json", "target", "--force")
        self.assertEqual(self.texts(self.place / "target/one"), before)

    def test_the_layout_is_told_by_the_names_or_asked_for(self):
        self.write("one.json", small_flow("one"))
        self.assertIn("--layout", self.convert("one.json", "two.json", code=64).err)
        self.convert("one.json", "two.console.json")
        self.assertIn("dsl", self.read("two.console.json")["flow"])
        self.convert("one.json", "new/folder/flows/")
        self.assertTrue((self.place / "new/folder/flows/one/contents.json").exists())
        self.convert("./new/folder/flows/one/", "three.json")
        self.assertEqual(self.read("three.json")["flowId"], "one")
        subprocess.run([FLOWSHIP, "convert", ".", "../one.json"], cwd=self.place / "new/folder/flows/one", check=True,
                       env=harness.environment(), stdout=subprocess.DEVNULL)
        self.assertEqual(self.read("new/folder/flows/one.json"), self.read("three.json"))

    def test_the_folder_of_a_snapshot_is_the_target_or_in_it(self):
        """The examples of `flowship help convert`."""
        self.write("sign-in.json", small_flow("sign-in"))
        self.write("flows/flows.json", {"flows": []})
        self.convert("sign-in.json", "flows/sign-in", "--layout", "snapshot")
        self.assertEqual(sorted(self.texts(self.place / "flows/sign-in")), ["contents.json", "metadata.json"])
        self.assertEqual(self.read("flows/flows.json"), {"flows": ["sign-in"]})
        self.assertEqual(json.loads(self.convert("flows/sign-in", "-").out)["flowId"], "sign-in")
        self.convert("sign-in.json", "flows", code=1)
        self.convert("sign-in.json", "flows/sign-in", code=1)
        self.convert("sign-in.json", "flows/sign-in", "--force")
        self.assertFalse((self.place / "flows/sign-in/sign-in").exists())

    def test_a_file_is_named_json(self):
        self.write("flows/one/metadata.json", {"name": "x"})
        self.write("flows/one/contents.json", {"startTask": "0", "tasks": {}})
        for layout in ("exported", "console"):
            for target, better in (("two", "two.json"), ("flows", "flows/one.json"), ("two.txt", "two.txt.json")):
                done = self.convert("flows/one", target, "--layout", layout, code=64)
                self.assertIn(".json, unlike " + target + "\n", done.err)
                self.assertIn("such as " + better, done.err)
        self.assertEqual([path.name for path in self.place.iterdir()], ["flows"])

    def test_a_target_that_no_flow_can_have_is_refused(self):
        flow = self.flows()[0]
        self.write("file", "text")
        for target in ("file", "file/deeper/one.json"):
            error = self.convert(flow, target, "--force", code=1).err
            self.assertIn("cannot create the folder file", error)
            self.assertNotIn("unexpected", error)
        self.write("flowship.json", "{}")
        self.assertIn("never read as a flow", self.convert(flow, "flowship.json", "--force", code=64).err)

    def test_paths_are_taken_from_the_folder_of_repo(self):
        self.write("there/one.json", small_flow("one"))
        self.convert("one.json", "snapshots", "--repo", "there")
        self.assertTrue((self.place / "there/snapshots/one/contents.json").exists())

    def test_an_id_that_leads_elsewhere_is_refused(self):
        self.write("one.json", small_flow("../../evil"))
        self.convert("one.json", "target", code=3)
        self.assertEqual(sorted(path.name for path in self.place.iterdir()), ["one.json"])


if __name__ == "__main__":
    harness.main()
