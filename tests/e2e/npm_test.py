"""The npm package: installs without a registry, runs the program itself, and is made of the same bytes each time."""

import json
import os
import pathlib
import shutil
import subprocess
import tarfile

import harness

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["FLOWSHIP_BUILD"])
VERSION = "9.8.7"
HOOK = """repos:
  - repo: local
    hooks:
      - id: flowship-validate
        name: flowship validate
        entry: flowship hook pre-commit
        language: node
        additional_dependencies: ["{package}"]
        pass_filenames: false
        always_run: true
"""


class Npm(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.npm = harness.program("npm", "npm")
        self.tree = self.folder / "tree"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", self.tree, "--strip"], check=True,
                       stdout=subprocess.DEVNULL, timeout=harness.PATIENCE)
        self.package = self.pack("once")

    def pack(self, name, **variables):
        folder = self.folder / name
        folder.mkdir()
        subprocess.run([ROOT / "packaging/npm.sh", VERSION, self.tree, folder], check=True, timeout=harness.PATIENCE,
                       env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000", **variables})
        return folder / f"flowship-{VERSION}-npm.tgz"

    def variables(self):
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        # No registry: what is asked for must be in the package.
        return harness.environment(HOME=str(home), npm_config_registry="http://127.0.0.1:9", npm_config_audit="false",
                                   npm_config_fund="false", npm_config_update_notifier="false")

    def run_npm(self, *arguments, **options):
        place = self.folder / "project"
        place.mkdir(exist_ok=True)
        return subprocess.run([self.npm, *arguments], cwd=place, text=True, capture_output=True, env=self.variables(),
                              timeout=harness.PATIENCE, **options)

    def test_is_the_same_each_time(self):
        self.assertEqual(self.package.read_bytes(), self.pack("again").read_bytes())
        with tarfile.open(self.package) as archive:
            facts = json.load(archive.extractfile("package/package.json"))
            names = archive.getnames()
        self.assertEqual((facts["version"], facts["os"], facts["bin"]), (VERSION, ["linux"], {"flowship": "bin/flowship"}))
        self.assertIn("package/LICENSE", names)

    def test_runs_the_program(self):
        done = self.run_npm("install", str(self.package))
        self.assertEqual(done.returncode, 0, done.stderr)
        npx = self.run_npm("exec", "--no", "--", "flowship", "version")
        self.assertRegex(npx.stdout, r"^flowship \d", npx.stderr)
        # The exit code is the program's own.
        self.assertEqual(self.run_npm("exec", "--no", "--", "flowship", "deplo").returncode, 64)

    def test_is_refused_elsewhere(self):
        # As if it were built on another machine than the one that installs it.
        uname = self.folder / "other" / "uname"
        uname.parent.mkdir()
        uname.write_text(f"#!/bin/sh\necho {'x86_64' if os.uname().machine == 'aarch64' else 'aarch64'}\n")
        uname.chmod(0o755)
        package = self.pack("elsewhere", PATH=f"{uname.parent}:{os.environ['PATH']}")
        done = self.run_npm("install", str(package))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("EBADPLATFORM", done.stderr)
        self.assertIn("linux", done.stderr)

    def test_is_a_dependency_of_a_hook_of_pre_commit(self):
        pre_commit = harness.program("pre-commit", "pre-commit")
        self.repository.add_examples()
        self.repository.write(".pre-commit-config.yaml", HOOK.format(package=self.package))
        broken = sorted((self.repository.path / harness.FLOWS).rglob("contents.json"))[0]
        broken.write_text("{")
        self.repository.git("add", "--all")

        def hook():
            return subprocess.run([pre_commit, "run", "--all-files"], cwd=self.repository.path, text=True,
                                  capture_output=True, timeout=harness.PATIENCE,
                                  env={**self.variables(), "PRE_COMMIT_HOME": str(self.folder / "pre-commit")})

        done = hook()
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(str(broken.relative_to(self.repository.path)), done.stdout)
        self.repository.git("checkout", "HEAD", "--", harness.FLOWS)
        done = hook()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        shutil.rmtree(self.folder / "pre-commit")


if __name__ == "__main__":
    harness.main()
