"""`flowship render`: a flow as text and as drawings, read by the programs that they are for."""

import json
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import harness
from harness import FLOWS, PATIENCE, TestCase

READER = pathlib.Path(__file__).with_name("drawings.mjs")
# What could end a quoted text, begin a command of the language, or be drawn as something else.
ODD = ["end", "graph", "x--x", "a|b|c", '"]; click t0 "javascript:alert(1)"', "`md`", "%%{init: {}}%%", "#quot;", "<b>&amp;</b>",
       "\\n \\\" \\", "---\ntitle: x\n---", "subgraph", "; t0 --> t0", "שלום 🚀 مرحبا", "\u202egnp", "[x](y)", "classDef x", " ", "\x01"]

SECRET = "ghp_" + "q0Zr7" * 7


class RenderCase(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()

    def render(self, flow_id, name, *arguments):
        return self.run_flowship("render", flow_id, "--format", name, *arguments).out

    def add_odd_flow(self):
        """A flow whose every name and label is one of `ODD`; gives the names."""
        tasks = {name: {"id": name, "name": name, "type": kind,
                        "conditions": [{"interactionId": "c", "name": name}],
                        "next": {"rules": [{"interactionId": "c", "taskId": ODD[index - 1]},
                                           {"interactionId": name, "taskId": name},
                                           {"interactionId": name, "taskId": f"no {name}"}]}}
                 for index, name in enumerate(ODD) for kind in [("condition", "screen", "flow", "automated")[index % 4]]}
        self.repository.write("odd.json", {"flowId": "odd", "metadata": {"name": ODD[4]},
                                           "contents": {"startTask": ODD[0], "tasks": tasks}, "screens": []})
        self.repository.commit()


class Render(RenderCase):
    def test_text_and_json_tell_every_task_and_way(self):
        contents = self.repository.read(f"{FLOWS}/sign-in/contents.json")
        flow = json.loads(self.render("sign-in", "json"))
        ids = {task["id"] for task in flow["tasks"]} | {task["secondId"] for task in flow["tasks"]}
        self.assertEqual(ids - {None}, set(contents["tasks"]))
        self.assertTrue(any(edge["label"] for edge in flow["edges"]))
        text = self.run_flowship("render", "sign-in").out
        for task in flow["tasks"]:
            self.assertIn(task["name"] or task["id"], text)

    def test_the_image_is_xml_and_shows_odd_names_as_text(self):
        self.add_odd_flow()
        for flow_id in [*self.repository.flow_ids(), "odd"]:
            image = ElementTree.fromstring(self.render(flow_id, "svg"))
            names = {element.tag.split("}")[1] for element in image.iter()}
            self.assertLessEqual(names, {"svg", "title", "desc", "style", "defs", "pattern", "marker", "circle", "rect", "path", "g", "text"})
            for element in image.iter():
                self.assertFalse([name for name in element.attrib if name.startswith("on") or "href" in name])

    def test_secrets_are_masked_in_every_format(self):
        contents = self.repository.read(f"{FLOWS}/sign-in/contents.json")
        for number, task in enumerate(contents["tasks"].values()):
            task["name"] = f"{SECRET}{number}"
        self.repository.write(f"{FLOWS}/sign-in/contents.json", contents)
        for name in ("text", "json", "mermaid", "svg", "dot"):
            shown = self.render("sign-in", name, "--worktree")
            self.assertNotIn(SECRET[4:], shown, name)
            self.assertIn("***", shown.replace("#42;", "*"), name)

    def test_other_revisions_are_read_when_asked_for(self):
        contents = self.repository.read(f"{FLOWS}/sign-in/contents.json")
        next(iter(contents["tasks"].values()))["name"] = "Renamed here"
        self.repository.write(f"{FLOWS}/sign-in/contents.json", contents)
        self.assertNotIn("Renamed here", self.render("sign-in", "text"))
        self.assertIn("Renamed here", self.render("sign-in", "text", "--worktree"))
        self.assertNotIn("Renamed here", self.render("sign-in", "text", "--staged"))
        self.repository.commit()
        self.assertIn("Renamed here", self.render("sign-in", "text"))
        self.assertNotIn("Renamed here", self.render("sign-in", "text", "--rev", "HEAD~1"))

    def test_a_glob_names_the_one_flow_that_it_matches(self):
        for command in ("render", "paths"):
            with self.subTest(command=command):
                whole = self.run_flowship(command, "sign-in", "--format", "json").out
                self.assertEqual(self.run_flowship(command, "sign-i*", "--format", "json").out, whole)
                several = self.run_flowship(command, "sign-*", code=64).err
                for flow_id in self.repository.flow_ids():
                    self.assertEqual(flow_id in several, flow_id.startswith("sign-"), several)
                self.assertIn("no flow `z*`", self.run_flowship(command, "z*", code=64).err)

    def test_wrong_usage_says_what_is_right(self):
        self.assertIn("did you mean `sign-in`", self.run_flowship("render", "sign-im", code=64).err)
        self.run_flowship("render", code=64)
        self.assertIn("mermaid", self.run_flowship("render", "sign-in", "--format", "sarif", code=64).err)
        self.assertIn("text", self.run_flowship("plan", "--format", "svg", code=64).err)


class Drawings(RenderCase):
    def setUp(self):
        harness.npm_program("playwright-core")  # any: the readers are packages beside it
        super().setUp()

    def read(self, *files):
        command = [harness.program("node", "nodejs"), str(READER), os.environ["FLOWSHIP_TEST_TOOLS"], *map(str, files)]
        return subprocess.run(command, text=True, capture_output=True, timeout=PATIENCE, check=False)

    def test_every_drawing_is_accepted(self):
        self.add_odd_flow()
        files = []
        for flow_id in [*self.repository.flow_ids(), "odd"]:
            for name in ("mermaid", "dot"):
                files.append(self.folder / f"{flow_id}.{name}")
                files[-1].write_text(self.render(flow_id, name))
        golden = pathlib.Path(__file__).parents[1] / "report" / "golden"
        for name in ("plan", "diff"):
            blocks = re.findall(r"^```mermaid\n(.*?)^```$", (golden / "markdown" / name).read_text(), re.M | re.S)
            self.assertTrue(blocks)
            for number, block in enumerate(blocks):
                files.append(self.folder / f"{name}-{number}.mermaid")
                files[-1].write_text(block)
        done = self.read(*files, *(golden / "mermaid").iterdir())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        labels = json.loads(done.stdout.splitlines()[files.index(self.folder / "odd.dot")])
        self.assertIn("שלום 🚀 مرحبا", labels)

    def test_the_readers_do_refuse(self):
        for name, text in (("a.mermaid", "flowchart LR\n  end[x]\n"), ("b.dot", "digraph { a -> ")):
            (self.folder / name).write_text(text)
            self.assertEqual(self.read(self.folder / name).returncode, 1)


if __name__ == "__main__":
    harness.main()
