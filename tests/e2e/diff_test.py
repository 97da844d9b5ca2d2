"""What `diff` compares, and what it and `plan` tell of a change."""

import json

import harness
from harness import TestCase


class Diff(TestCase):
    def setUp(self):
        super().setUp()
        self.repository.add_examples()

    def diff(self, *arguments, code=0):
        return json.loads(self.run_flowship("diff", *arguments, "--format", "json", code=code).out)

    def name_task(self, name):
        """Gives the first task of a flow another name, in the working tree."""
        path = next(self.repository.path.rglob("sign-in/contents.json"))
        contents = json.loads(path.read_text())
        task = next(task for task in contents["tasks"].values() if task.get("type") == "screen")
        task["name"] = name
        path.write_text(json.dumps(contents))

    def texts(self, *arguments, code=0):
        changes = self.diff(*arguments, code=code)["changes"]
        self.assertLessEqual({change["flowId"] for change in changes}, {"sign-in"})
        return [statement["text"] for change in changes for statement in change["description"]]

    def test_compares_what_git_compares(self):
        self.assertEqual(self.texts(), [])
        self.name_task("One")
        self.assertIn("is now called `One`", " ".join(self.texts()))
        self.assertEqual(self.texts("--staged"), [])
        self.repository.git("add", "--all")
        self.name_task("Two")
        self.assertIn("task `One` ", self.texts()[0])
        self.assertIn("is now called `Two`", self.texts()[0])
        self.assertIn("is now called `One`", self.texts("--staged")[0])
        self.assertIn("is now called `Two`", self.texts("HEAD")[0])
        self.assertNotIn("`One`", self.texts("HEAD")[0])
        self.repository.commit("Name a task")
        for revisions in (("HEAD~1", "HEAD"), ("HEAD~1..HEAD",), ("HEAD~1..",)):
            self.assertIn("is now called `Two`", self.texts(*revisions)[0])
        self.assertEqual(self.texts("HEAD", "HEAD"), [])

    def test_says_by_its_exit_code_whether_flows_differ(self):
        self.assertEqual(self.diff("--exit-code")["changes"], [])
        self.name_task("One")
        self.assertTrue(self.diff("--exit-code", code=2)["changes"])

    def test_refuses_what_git_would_not_understand(self):
        for arguments in (("A", "B", "C"), ("--staged", "HEAD", "HEAD")):
            self.run_flowship("diff", *arguments, code=64)
        self.run_flowship("diff", "nowhere", code=1)

    def test_tells_of_flows_that_came_went_and_can_not_be_read(self):
        old = next(self.repository.path.rglob("sign-in"))
        old.rename(old.with_name("log-in"))
        listing = old.with_name("flows.json")
        listing.write_text(listing.read_text().replace('"sign-in"', '"log-in"'))
        self.repository.git("add", "--all")
        self.assertEqual({(change["flowId"], change["action"]) for change in self.diff("--staged")["changes"]},
                         {("sign-in", "delete"), ("log-in", "create")})
        (old.with_name("mfa") / "contents.json").write_text("{")
        result = self.diff("HEAD")
        self.assertNotIn("mfa", [change["flowId"] for change in result["changes"]])
        self.assertIn("`mfa` is not compared", result["warnings"][0])

    def test_takes_another_order_and_white_space_for_no_change(self):
        path = next(self.repository.path.rglob("sign-in/contents.json"))
        contents = json.loads(path.read_text())
        path.write_text(json.dumps(dict(reversed(contents.items())), indent=7))
        self.assertEqual(self.diff()["changes"], [])
        self.assertIn("No flows differ", self.run_flowship("diff").out)

    def test_writes_a_page_that_loads_and_runs_nothing(self):
        self.name_task("<script>alert(1)</script>")
        page = self.folder / "page.html"
        self.assertEqual(self.run_flowship("diff", "--format", "html", "--out", str(page)).out, "")
        text = page.read_text()
        # Up to the time at which each was made, which may be a second later.
        self.assertEqual(self.run_flowship("diff", "--format", "html").out.rpartition(", ")[0], text.rpartition(", ")[0])
        self.assertEqual(text.count("<svg "), 2)
        self.assertIn("&lt;script&gt;alert(1)", text)
        for tag in ("<script", "<link", "<img", "<iframe", " src=", "@import", "url(http"):
            self.assertNotIn(tag, text)
        self.run_flowship("diff", "--out", str(page), code=64)

    def test_cuts_markdown_to_what_a_comment_takes(self):
        for path in self.repository.path.rglob("contents.json"):
            contents = json.loads(path.read_text())
            some = next(iter(contents["tasks"].values()))
            for number in range(300):
                contents["tasks"][f"new{number}"] = {**some, "id": f"new{number}", "name": "A task " + "ä" * 50}
            path.write_text(json.dumps(contents))
        text = self.run_flowship("diff", "--format", "markdown").out
        self.assertLess(len(text), 65536)
        self.assertGreater(len(text), 20000)
        self.assertIn("Truncated to GitHub's size limit", text)
        self.assertEqual(text.count("<details>"), text.count("</details>"))
        self.assertEqual(text.count("```") % 2, 0)

    def test_plan_tells_the_same(self):
        self.deploy()
        self.name_task("One")
        self.repository.commit("Name a task")
        self.assertIn("is now called `One`", self.run_flowship("plan").out)
        change, = json.loads(self.run_flowship("plan", "--format", "json").out)["changes"]
        self.assertEqual(change["description"][0]["kind"], "changed")
        self.assertIn("is now called `One`", change["description"][0]["text"])


if __name__ == "__main__":
    harness.main()
