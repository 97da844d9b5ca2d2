"""Flows from repositories of every kind and shape: what is found, what is sent, what is refused."""

import json
import os
import shlex
import shutil
import subprocess
import unittest

import harness
from harness import FLOWS, TestCase


def small_flow(flow_id, **members):
    """A whole flow, as an exported file has it."""
    flow = {
        "flowId": flow_id,
        "metadata": {"name": flow_id},
        "contents": {"startTask": "start", "tasks": {
            "start": {"id": "start", "name": "Start", "next": {"rules": [{"interactionId": "", "taskId": "end"}]}},
            "end": {"id": "end", "name": "End", "type": "automated", "action": "loggedIn", "next": {}}}},
    }
    return {**flow, **members}


def console_file(flow_id, **members):
    flow = small_flow(flow_id)
    return {"flow": {"id": flow_id, "name": flow_id, "dsl": flow["contents"], "version": 7, "etag": "x",
                     "modifiedTime": 1, **members}, "screens": []}


class Sources(TestCase):
    def write_snapshot(self, folder, flow_id, **metadata):
        flow = small_flow(flow_id)
        self.repository.write(f"{folder}/{flow_id}/metadata.json", {**flow["metadata"], **metadata})
        self.repository.write(f"{folder}/{flow_id}/contents.json", flow["contents"])

    def planned(self, *arguments, **options):
        return {change["flowId"]: change["action"] for change in self.json_of("plan", *arguments, **options)["changes"]}

    def write_mixed(self):
        self.write_snapshot("deep/down/Snap/flows", "one")
        self.repository.write("exports/two.json", small_flow("two"))
        self.repository.write("a b/ü\n\"q\"/-three.json", console_file("three"))
        self.repository.write("package.json", {"name": "x", "flowId": "no-flow"})
        self.repository.write("tests/fixture.json", {"anything": [1, 2]})
        self.write_snapshot("deep/down/Snap/widgets", "a-widget")

    def test_layouts_lie_mixed_at_any_depth(self):
        self.write_mixed()
        self.repository.commit()
        self.assertEqual(self.planned(), {"one": "create", "two": "create", "three": "create"})
        self.assertTrue(self.deploy()["ok"])
        self.assertEqual(sorted(self.sandbox.held()), ["one", "three", "two"])
        self.assertNotIn("etag", json.dumps(self.sandbox.requests("/flow/import")))
        self.assertEqual(self.planned(), {})

    def test_sources_narrow_what_is_found_and_what_leaves_them_is_left_behind(self):
        self.write_mixed()
        self.repository.commit()
        self.deploy()
        self.repository.write("flowship.json", {"sources": ["exports"]})
        self.repository.commit()
        self.assertEqual(self.planned(), {})
        self.assertEqual(self.json_of("plan")["leftBehind"], ["one", "three"])
        self.assertEqual(self.planned("--prune"), {"one": "delete", "three": "delete"})
        self.repository.write("exports/two.json", small_flow("two", metadata={"name": "renamed"}))
        self.repository.commit()
        self.deploy()
        self.assertEqual(self.json_of("plan")["leftBehind"], ["one", "three"], "not carried out, so still shown")

    def test_a_source_that_matches_nothing_is_a_warning_with_the_nearest_place(self):
        self.repository.add_examples()
        nearest = {"ProjectSnaphot/flows": FLOWS, "flows": FLOWS, "deep/ProjectSnapshot/flows/mfa": f"{FLOWS}/mfa",
                   f"{FLOWS}/mfa/contents.jsn": f"{FLOWS}/mfa/contents.json", "quite/another/place/altogether": None}
        for source, near in nearest.items():
            self.repository.write("flowship.json", {"sources": [f"{FLOWS}/step-up", source]})
            self.repository.commit("Configure")
            for command in (["validate"], ["validate", "--staged"], ["validate", "--rev", "HEAD"], ["plan"], ["deploy"]):
                with self.subTest(source=source, command=command):
                    done = self.run_flowship(*command, "--format", "json")
                    self.assertTrue(json.loads(done.out)["ok"])
                    [warning] = [line for line in done.err.splitlines() if "warning: " in line]
                    self.assertIn(f"`{source}`", warning)
                    self.assertEqual("did you mean" in warning, near is not None)
                    self.assertIn(f"`{near}`" if near else "does not exist", warning)
        self.repository.write("flowship.json", {"sources": [f"{FLOWS}/step-up", f"./{FLOWS}/mfa/"]})
        self.assertNotIn("warning", self.run_flowship("validate", "--format", "json").err)

    def test_a_bare_repository_a_linked_work_tree_and_a_shallow_clone_deploy(self):
        self.write_mixed()
        self.repository.commit()
        self.repository.write("exports/two.json", small_flow("two", metadata={"name": "again"}))
        self.repository.commit()
        git = self.repository.git
        git("gc", "--quiet")
        git("pack-refs", "--all")
        git("clone", "--quiet", "--bare", ".", "../bare.git")
        git("worktree", "add", "--quiet", "--detach", "../linked")
        git("clone", "--quiet", "--depth", "1", "file://" + str(self.repository.path), "../shallow")
        git("clone", "--quiet", "--shared", ".", "../shared")
        for number, name in enumerate(("bare.git", "linked", "shallow", "shared")):
            place = self.folder / name
            there = {"cwd": "/", "DESCOPE_PROJECT_ID": f"P2example{number}"}
            done = self.deploy("--repo", str(place), **there)
            self.assertEqual({flow["outcome"] for flow in done["flows"]}, {"deployed"}, name)
            self.assertEqual(self.planned("--repo", str(place), **there), {}, name)
        git("pack-refs", "--all")
        self.assertEqual(self.planned(DESCOPE_PROJECT_ID="P2example1"), {}, "a linked work tree shares its ledger")

    def test_plans_what_is_staged_and_what_lies_in_the_working_tree(self):
        self.write_mixed()
        self.repository.commit()
        self.deploy()
        self.assertNotIn("formatting", self.run_flowship("plan", "--worktree").out)
        self.repository.write("exports/two.json", json.dumps(self.repository.read("exports/two.json"), indent=5))
        self.assertIn("1 flow changed in formatting only", self.run_flowship("plan", "--worktree").out)
        self.repository.write("exports/two.json", small_flow("two", metadata={"name": "staged"}))
        self.repository.git("add", "--all")
        self.write_snapshot("deep/down/Snap/flows", "four")
        self.assertEqual(self.planned(), {})
        self.assertEqual(self.planned("--staged"), {"two": "update"})
        self.assertEqual(self.planned("--worktree"), {"two": "update", "four": "create"})
        self.assertEqual(self.json_of("plan", "--staged")["target"], "index")
        self.json_of("plan", "--staged", "--worktree", code=64)

    def test_what_the_author_wrote_arrives_verbatim(self):
        numbers = '[1.10, -0, 1e400, 123456789012345678901234567890, 1205.7043546907537]'
        text = json.dumps(small_flow("verbatim", skipRender=True))
        text = text.replace('"skipRender"', '"unknown": ' + numbers + ', "skipRender"')
        self.repository.write("verbatim.json", text.replace('"startTask"', '"numbers": ' + numbers + ', "startTask"'))
        self.repository.commit()
        self.deploy()
        body = self.sandbox.requests("/flow/import")[0]["body"]
        self.assertEqual(body.count(numbers), 2)
        self.assertIn('"skipRender"', body)

    def test_a_text_is_no_number_and_the_order_of_screens_no_change(self):
        screens = [{"screenId": name, "contents": {"ROOT": {"n": 1}}} for name in ("a", "b")]
        self.repository.write("x.json", small_flow("x", screens=screens))
        self.repository.commit()
        self.deploy()
        self.repository.write("x.json", small_flow("x", screens=screens[::-1], references={}))
        self.repository.commit()
        self.assertEqual(self.planned(), {})
        self.repository.write("x.json", json.dumps(small_flow("x", screens=screens)).replace('"n": 1', '"n": 1.0'))
        self.repository.commit()
        self.assertEqual(self.planned(), {})
        self.repository.write("x.json", json.dumps(small_flow("x", screens=screens)).replace('"n": 1', '"n": "1"', 1))
        self.repository.commit()
        self.assertEqual(self.planned(), {"x": "update"})

    def refused(self, *parts):
        """A deployment is refused with exit 3, names these parts, and sends nothing."""
        self.repository.commit()
        self.sandbox.forget_requests()
        done = self.run_flowship("deploy", "--format", "json", code=3)
        self.assertFalse(json.loads(done.out)["ok"])
        for part in parts:
            self.assertIn(part, done.err)
        self.assertEqual(self.sandbox.requests(), [])

    def test_a_circle_of_subflows_is_told_once(self):
        for flow_id, other in (("a", "b"), ("b", "a")):
            flow = small_flow(flow_id)
            flow["contents"]["tasks"]["sub"] = {"id": "sub", "type": "flow", "arguments": {"flowId": {"value": other}}}
            self.repository.write(f"{flow_id}.json", flow)
        self.repository.commit()
        for command in ("validate", "plan"):
            done = self.run_flowship(command)
            self.assertEqual((done.out + done.err).count("as subflows"), 1, done.out)

    def test_two_sources_with_one_id_are_named_both(self):
        self.repository.write("a.json", small_flow("twin"))
        self.repository.write("b.json", small_flow("twin"))
        self.refused("a.json", "b.json")

    def test_a_new_source_with_the_id_of_an_unchanged_one_is_refused(self):
        self.write_snapshot("flows", "twin")
        self.repository.commit()
        self.deploy()
        self.repository.write("b.json", small_flow("twin"))
        self.refused("flows/twin", "b.json", "flows/twin/metadata.json:1:1")
        self.repository.write("b.json", small_flow("Twin"))
        self.refused("flows/twin", "b.json", "flows/twin/metadata.json:1:1")

    def test_an_id_that_the_service_would_not_take_is_refused(self):
        for flow_id in ("../x", "a/b", "a b", "x" * 129, "-\n", "ü", ""):
            with self.subTest(flow_id=flow_id):
                self.repository.write("a.json", small_flow(flow_id))
                self.refused("a.json")

    def test_a_folder_with_contents_alone_is_no_other_source_of_a_new_flow(self):
        self.repository.write("a.json", small_flow("first"))
        self.repository.write("tool/second/contents.json", {"of": "another tool"})
        self.repository.commit()
        self.deploy()
        self.repository.write("b.json", small_flow("second"))
        self.repository.commit()
        self.assertEqual(self.planned(), {"second": "create"})

    def test_links_and_submodules_are_findings(self):
        self.write_snapshot("flows", "one")
        self.write_snapshot("flows", "two")
        self.repository.commit()
        self.deploy()
        folder = self.repository.path / "flows"
        os.symlink("../two", folder / "one" / "neighbour")
        self.repository.commit()
        self.assertIn("flows/one/neighbour", self.run_flowship("validate", code=3).out)
        self.assertEqual(self.planned(), {}, "the flow itself is as it was deployed")
        (folder / "one" / "neighbour").unlink()
        (folder / "one" / "contents.json").unlink()
        os.symlink("../two/contents.json", folder / "one" / "contents.json")
        self.refused("flows/one/contents.json")
        shutil.rmtree(folder / "one")
        os.symlink("two", folder / "one")
        self.refused("flows/one")
        (folder / "one").unlink()
        commit = self.repository.git("rev-parse", "HEAD")
        self.repository.git("update-index", "--add", "--cacheinfo", f"160000,{commit},flows/one")
        self.repository.git("commit", "--quiet", "--message", "A submodule")
        done = self.run_flowship("deploy", code=3)
        self.assertIn("flows/one", done.err)

    def test_validate_takes_paths_as_git_does(self):
        self.write_snapshot("Snap/flows", "one")
        self.repository.write("README.md", "Flows.")
        self.repository.commit()
        below = self.repository.path / "Snap"
        for options in ({"cwd": below}, {"cwd": self.folder}):
            repository = () if options["cwd"] == below else ("--repo", str(below))
            for path, flows in (("flows/one", 1), (".", 1), ("../README.md", 0), (str(below / "flows"), 1)):
                with self.subTest(path=path, **options):
                    self.assertEqual(self.json_of("validate", *repository, path, **options)["flows"], flows)
            for path in ("Snap", "flows/two", "../..", str(self.folder)):
                with self.subTest(path=path, **options):
                    self.run_flowship("validate", *repository, path, code=64, **options)
        self.assertEqual(self.json_of("validate", "--rev", "HEAD", "flows", cwd=below)["flows"], 1)

    def test_a_moved_and_changed_folder_is_one_update(self):
        self.write_snapshot("flows", "one")
        self.write_snapshot("flows", "two")
        self.repository.commit()
        self.deploy()
        (self.repository.path / "x").mkdir()
        self.repository.git("mv", "flows", "x/flows")
        self.repository.write("x/flows/one/metadata.json", {"name": "changed"})
        self.repository.commit()
        self.assertEqual(self.planned(), {"one": "update"})
        self.deploy()
        self.assertEqual(self.planned(), {})
        self.assertNotIn("\nflows/", "\n" + self.repository.git("ls-tree", "-r", "--name-only", "refs/flowship/default:deployed"))

    def test_a_file_becomes_a_folder_and_a_folder_a_file(self):
        self.repository.write("x.json", small_flow("x"))
        self.repository.commit()
        self.deploy()
        self.repository.remove("x.json")
        self.repository.write("x.json/y.json", small_flow("x", metadata={"name": "new"}))
        self.repository.commit()
        self.assertTrue(self.deploy()["ok"])
        self.repository.remove("x.json")
        self.repository.write("x.json", small_flow("x"))
        self.repository.commit()
        self.assertTrue(self.deploy()["ok"])
        self.assertEqual(self.planned(), {})
        self.assertEqual(self.repository.git("ls-tree", "-r", "--name-only", "refs/flowship/default:deployed"), "x.json")

    def error_of(self, *arguments, **options):
        """The error that ends a deployment and a plan alike, with nothing sent."""
        error = self.json_of("plan", *arguments, code=1, **options)["error"]
        self.assertEqual(self.json_of("deploy", *arguments, code=1, **options)["error"], error)
        self.assertEqual(self.sandbox.requests(), [])
        return error

    def test_a_revision_that_is_not_there_is_named_and_an_empty_one_is_no_head(self):
        self.repository.write("x.json", small_flow("x"))
        self.repository.commit()
        for revision in ("nowhere", "HEAD~9", "0123456789" * 4, "--force", "HEAD:x.json", "main..main"):
            with self.subTest(revision=revision):
                error = self.error_of("--rev", revision)
                self.assertIn(f'"{revision}"', error["message"])
                self.assertTrue(error["hint"])
        self.json_of("deploy", "--rev", "", code=64)
        self.assertEqual(self.sandbox.requests(), [])

    def test_what_is_no_repository_that_can_be_read_is_told(self):
        sha256 = self.folder / "sha256"
        subprocess.run(["git", "init", "--quiet", "--object-format=sha256", sha256], check=True,
                       env=harness.environment())
        error = self.error_of("--repo", str(sha256))
        self.assertIn("SHA-256", error["message"])
        self.assertIn("--object-format=sha1", error["hint"])
        empty = harness.Repository(self.folder / "empty")
        self.assertTrue(self.error_of("--repo", str(empty.path))["hint"])
        self.assertIn("git repository", self.error_of("--repo", "/")["message"])

    @unittest.skipIf(os.geteuid() != 0, "only root can give a repository away")
    def test_another_owner_s_repository_is_refused_until_it_is_trusted(self):
        self.repository.write("sub folder/x.json", small_flow("x"))
        self.repository.commit()
        path = self.repository.path
        self.repository.git("clone", "--quiet", "--bare", ".", "../bare.git")
        linked = self.folder / "linked tree"
        self.repository.git("worktree", "add", "--quiet", "--detach", str(linked))
        for root, folders, files in os.walk(self.folder):
            for name in folders + files:
                os.chown(os.path.join(root, name), 12345, 12345)
        for folder, cwd in ((".", path), (".", path / "sub folder"), ("..", path / "sub folder"),
                            ("repository", self.folder), ("bare.git", self.folder), ("linked tree", self.folder)):
            with self.subTest(folder=folder, cwd=cwd):
                error = self.error_of("--repo", folder, cwd=cwd)
                self.assertIn("belongs to another user", error["message"])
                command = error["hint"].removeprefix("if you trust it: ")
                self.assertTrue(command.startswith("git config --global --add safe.directory "), command)
                # The way out, as it is given, leads out.
                trust = {"GIT_CONFIG_GLOBAL": str(self.folder / "trust")}
                subprocess.run(shlex.split(command), check=True, env=harness.environment(**trust))
                self.assertEqual(self.planned("--repo", folder, cwd=cwd, **trust), {"x": "create"})
                os.unlink(trust["GIT_CONFIG_GLOBAL"])

    def test_a_partial_clone_asks_its_remote_for_what_it_lacks(self):
        self.write_mixed()
        self.repository.commit()
        for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
            self.repository.git("config", name, "true")
        for name in ("with-remote", "without"):
            self.repository.git("clone", "--quiet", "--no-checkout", "--filter=blob:none",
                                "file://" + str(self.repository.path), f"../{name}")
        self.assertTrue(self.deploy("--repo", str(self.folder / "with-remote"))["ok"])
        self.assertEqual(sorted(self.sandbox.held()), ["one", "three", "two"])
        self.sandbox.forget_requests()
        self.repository.path.rename(self.folder / "gone")
        error = self.error_of("--repo", str(self.folder / "without"), cwd=self.folder)
        self.assertRegex(error["message"], "partial clone does not have the blob [0-9a-f]{40}")
        self.assertIn("--filter", error["hint"])

    def test_another_project_s_files_and_an_empty_repository_of_flows_do_nothing(self):
        self.repository.write("readme.txt", "nothing here\n")
        self.repository.commit()
        self.assertEqual(self.deploy()["flows"], [])
        self.assertEqual(subprocess.run(["git", "rev-parse", "--verify", "-q", "refs/flowship/default"],
                                        cwd=self.repository.path, capture_output=True).returncode, 1)


if __name__ == "__main__":
    harness.main()
