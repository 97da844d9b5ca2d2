"""Sizes are asked before anything is read: large files, folders within folders, trees that repeat each other."""

import json
import os
import socket
import subprocess
import sys

import harness
from harness import FLOWS, FLOWSHIP, PROJECT
from receive_test import Receive

MIB = 1 << 20
# What a tree of any kind may cost, beside what a sanitizer adds.
MOST_MEMORY = 300 * MIB
# Runs a command, and says how much memory it had at most. A process of its own, because a child's figure begins with that of
# the process that starts it.
MEASURE = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
HAS_SANITIZER = any(name in os.environ for name in ("ASAN_OPTIONS", "TSAN_OPTIONS"))


class Sizes(Receive):
    def refused_before_reading(self, *arguments, part, code=3):
        """A run that ends with one error, in the memory that no file was read into."""
        done = subprocess.run([sys.executable, "-c", MEASURE, FLOWSHIP, *arguments], cwd=self.path, text=True,
                              env=harness.environment(), capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn(part, done.stderr)
        self.assertEqual(done.stderr.count("error:"), 1, done.stderr)
        if not HAS_SANITIZER:
            self.assertLess(int(done.stdout.split()[-1]) * 1024, MOST_MEMORY)
        return done.stderr

    def large(self, path, size):
        """A file of that size with nothing in it, which is small on disk."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "wb") as opened:
            opened.truncate(size)

    def commit_large(self, path, size):
        """The same, committed: git compresses it."""
        self.large(path, size)
        self.repository.git("add", path)
        self.repository.git("commit", "--quiet", "--message", "Grow")

    def tree(self, lines):
        return self.repository.git("mktree", input="".join(line + "\n" for line in lines))

    def commit_tree(self, tree):
        """Moves the branch to a commit with that tree, which is not checked out."""
        commit = self.repository.git("commit-tree", "-p", "HEAD", "-m", "Explode", tree)
        self.repository.git("update-ref", "refs/heads/main", commit)
        return commit

    def bomb(self, levels, width, leaf):
        """Folders in folders, `width` equal ones on each level: `width ** levels` paths in `levels` objects."""
        tree = self.tree([f"100644 blob {leaf}\tflow.json"])
        for _ in range(levels):
            tree = self.tree([f"040000 tree {tree}\td{number:03}" for number in range(width)])
        return tree


class Files(Sizes):
    def test_flowship_json_has_at_most_1_mib(self):
        text = json.dumps({"environments": {"production": {"projectId": PROJECT}}})
        (self.path / "flowship.json").write_text(text.ljust(MIB))
        self.assertIn("ok", self.run_flowship("validate", "--format", "json").out)
        (self.path / "flowship.json").write_text(text.ljust(MIB + 1))
        for place in ((), ("--staged",), ("--rev", "HEAD"), ("--config", "flowship.json")):
            with self.subTest(place):
                self.repository.git("add", "flowship.json")
                self.repository.git("commit", "--quiet", "--allow-empty", "--message", "Grow")
                error = self.refused_before_reading("validate", *place, part="flowship.json is too large")
                self.assertIn("1048577 bytes", error)
                self.assertIn("the limit is 1 MiB", error)

    def test_flowshipd_json_has_at_most_1_mib(self):
        self.large("flowshipd.json", MIB + 1)
        self.refused_before_reading("serve", "--config", "flowshipd.json", "--check", part="flowshipd.json is too large")

    def test_a_flows_file_has_at_most_32_mib(self):
        path = f"{FLOWS}/mfa/contents.json"
        text = (self.path / path).read_text()
        (self.path / path).write_text(text.ljust(32 * MIB))
        self.assertIn("ok", self.run_flowship("validate", "--format", "json").out)
        self.commit_large(path, 600 * MIB)
        for place in ((), ("--staged",), ("--rev", "HEAD")):
            with self.subTest(place):
                error = self.refused_before_reading("validate", *place, part=f"{path} is too large")
                self.assertIn("the limit is 32 MiB", error)
        self.refused_before_reading("plan", "--env", "production", part=f"{path} is too large")
        self.refused_before_reading("deploy", "--env", "production", part=f"{path} is too large")
        self.assert_refused(self.push("main"), f"{path} is too large", "the limit is 32 MiB")
        self.assertEqual(self.sandbox.requests("/import"), [])


class OtherFiles(Sizes):
    """Whatever an option, a setting or a file of configuration names: one error at once."""

    def setUp(self):
        super().setUp()
        self.large("large", 5 << 30)
        self.pipe = self.folder / "pipe"
        os.mkfifo(self.pipe, 0o600)
        (self.path / "large").chmod(0o600)

    def refused(self, *arguments, code, part=None):
        for path, why in (("large", "is too large"), ("/dev/zero", "it is not a regular file"),
                          (str(self.pipe), "it is not a regular file")):
            with self.subTest(arguments=arguments, path=path):
                self.refused_before_reading(*(argument.replace("FILE", path) for argument in arguments), part=why,
                                            code=3 if path == "large" else code)

    def test_what_options_name(self):
        self.refused("validate", "--baseline", "FILE", code=1)
        self.refused("deploy", "--plan", "FILE", code=1)
        self.refused("merge", "FILE", "FILE", "FILE", code=1)
        self.refused("plan", "--config", "FILE", code=1)
        self.refused("serve", "--config", "FILE", "--check", code=1)

    def test_keys_and_authorities(self):
        for path, why in (("large", "is too large"), (str(self.pipe), "it is not a regular file")):
            with self.subTest(path):
                done = self.run_flowship("deploy", "--env", "production", "--key-file", path, code=7,
                                         DESCOPE_MANAGEMENT_KEY=None)
                self.assertIn(why, done.err)
                with socket.create_server(("127.0.0.1", 0)) as server:
                    done = self.run_flowship("deploy", "--env", "production", "--ca-file", path, code=1,
                                             DESCOPE_BASE_URL=f"https://127.0.0.1:{server.getsockname()[1]}")
                self.assertIn(why, done.err)

    def test_what_the_daemons_configuration_names(self):
        for member in ("statusTokenFile", "webhookSecretFile", "managementKeyFile"):
            config = {"data": str(self.folder / "data"), "repositories": {"r": {
                "url": str(self.bare), "environments": {"production": {"managementKeyFile": str(self.key_file)}}}}}
            repository = config["repositories"]["r"]
            place = {"statusTokenFile": config, "webhookSecretFile": repository,
                     "managementKeyFile": repository["environments"]["production"]}[member]
            for path, why in ((self.path / "large", "is too large"), (self.pipe, "it is not a regular file")):
                with self.subTest(member=member, path=path):
                    place[member] = str(path)
                    self.repository.write("d.json", config)
                    self.refused_before_reading("serve", "--config", "d.json", "--check", part=why)

    def test_a_servers_policy(self):
        for path, why in ((self.path / "large", "is too large"), (self.pipe, "it is not a regular file")):
            with self.subTest(path=path):
                self.configure("flowship.policy", str(path))
                self.assert_refused(self.push("main"), "the server's policy", why)


class Trees(Sizes):
    def test_a_bomb_of_trees_ends(self):
        leaf = self.repository.git("hash-object", "-w", f"{FLOWS}/mfa/contents.json")
        for width in (10, 100):
            with self.subTest(width):
                self.commit_tree(self.bomb(10, width, leaf))
                for command in (("validate", "--rev", "HEAD"), ("plan",), ("deploy",), ("diff", "HEAD~1", "HEAD")):
                    self.refused_before_reading(*command, part="too many files and folders: the limit is 1000000")

    def test_so_does_one_without_any_file(self):
        tree = self.tree([])
        for _ in range(10):
            tree = self.tree([f"040000 tree {tree}\td{number:03}" for number in range(100)])
        self.commit_tree(tree)
        self.refused_before_reading("validate", "--rev", "HEAD", part="too many files and folders")

    def test_and_one_of_long_names(self):
        leaf = self.repository.git("hash-object", "-w", f"{FLOWS}/mfa/contents.json")
        tree = self.tree([f"100644 blob {leaf}\tflow.json"])
        for _ in range(20):
            tree = self.tree([f"040000 tree {tree}\t{number}{'x' * 250}" for number in range(2)])
        self.commit_tree(tree)
        self.refused_before_reading("validate", "--rev", "HEAD", part="too many files and folders")

    def test_a_bomb_is_not_pushed(self):
        leaf = self.repository.git("hash-object", "-w", f"{FLOWS}/mfa/contents.json")
        tip = self.repository.git("rev-parse", "main")
        self.assert_ok(self.push("main"))
        self.commit_tree(self.bomb(10, 50, leaf))
        self.assert_refused(self.push("main"), "too many files and folders")
        self.assert_refused(self.push("main:refs/heads/new"), "too many files and folders")
        self.assertEqual(self.deployed_target(), tip)

    def test_folders_lie_at_most_64_deep(self):
        leaf = self.repository.git("hash-object", "-w", f"{FLOWS}/mfa/contents.json")
        tree = self.tree([f"100644 blob {leaf}\tflow.json"])
        for _ in range(64):
            tree = self.tree([f"040000 tree {tree}\td"])
        self.commit_tree(tree)
        self.run_flowship("validate", "--rev", "HEAD")
        self.commit_tree(self.tree([f"040000 tree {tree}\td"]))
        self.refused_before_reading("validate", "--rev", "HEAD", part="nested too deeply, and the limit is 64")

    def test_sources_leave_a_bomb_out(self):
        leaf = self.repository.git("hash-object", "-w", f"{FLOWS}/mfa/contents.json")
        root = self.repository.git("ls-tree", "HEAD").splitlines()
        self.commit_tree(self.tree([*root, f"040000 tree {self.bomb(10, 100, leaf)}\tbomb"]))
        config = self.folder / "config.json"
        config.write_text(json.dumps({"sources": [FLOWS]}))
        self.run_flowship("validate", "--rev", "HEAD", "--config", str(config))

    def test_what_leads_into_a_git_directory_is_no_source(self):
        """git's own commands write no such tree, but a program that pushes can."""
        flow = (self.path / FLOWS / "mfa/contents.json").read_bytes()
        blob = self.repository.git("hash-object", "-w", f"{FLOWS}/mfa/contents.json")
        self.assertTrue(flow)
        root = self.repository.git("ls-tree", "HEAD").splitlines()
        folder = self.tree([f"100644 blob {blob}\tcontents.json", f"100644 blob {blob}\tmetadata.json"])
        self.assert_ok(self.push("main"))
        before = self.repository.git("rev-parse", "HEAD")
        for name in (".git", ".GIT", ".Git", "git~1", ".git ", ".git.", ".g\u200cit"):
            with self.subTest(name):
                self.repository.git("update-ref", "refs/heads/main", before)
                self.commit_tree(self.tree([*root, f"040000 tree {folder}\t{name}"]))
                self.refused_before_reading("validate", "--rev", "HEAD", part="leads into a git directory")
                self.assert_refused(self.push("main"), "leads into a git directory")
        self.repository.write("flowship.json", {"sources": ["flows/.Git/x"]})
        self.refused_before_reading("validate", part="a source can't lie in a git directory")


if __name__ == "__main__":
    harness.main()
