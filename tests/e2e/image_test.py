"""The container image: an OCI layout whose parts fit, made of the same bytes each time, and tried in a chroot."""

import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest

import harness

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["FLOWSHIP_BUILD"])
# Otherwise the program's libraries are not in the image.
STATIC = bool(re.search(r"^FLOWSHIP_STATIC:PATH=.", (BUILD / "CMakeCache.txt").read_text(), flags=re.MULTILINE))
VERSION = "9.8.7"
LIMIT = 300


def make(tree, folder):
    """The archive, and the packages in it."""
    done = subprocess.run([sys.executable, "-B", ROOT / "packaging/image.py", VERSION, tree, folder], text=True,
                          capture_output=True, timeout=LIMIT, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"})
    if done.returncode != 0 and "apt-get" in done.stderr:
        raise unittest.SkipTest(f"Debian's packages can't be downloaded here: {done.stderr.strip()[-300:]}")
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return folder / f"flowship-{VERSION}-oci.tar", done.stdout.splitlines()


class Image(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        harness.program("apt-get", "apt")
        place = tempfile.TemporaryDirectory(prefix="flowship-image-")
        cls.addClassCleanup(place.cleanup)
        cls.folder = pathlib.Path(place.name)
        cls.tree = cls.folder / "tree"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.tree, "--strip"], check=True,
                       stdout=subprocess.DEVNULL, timeout=LIMIT)
        cls.archive, cls.packages = make(cls.tree, cls.folder)
        with tarfile.open(cls.archive) as archive:
            cls.files = {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}
        cls.manifest = json.loads(cls.blob(json.loads(cls.files["index.json"])["manifests"][0]))
        cls.layer = gzip.decompress(cls.blob(cls.manifest["layers"][0]))
        cls.root = cls.folder / "root"
        cls.root.mkdir()
        subprocess.run(["tar", "--extract", "--directory", cls.root], input=cls.layer, check=True, timeout=LIMIT)
        # What a container engine mounts there; git opens it.
        (cls.root / "dev").mkdir()
        (cls.root / "dev/null").touch()

    @classmethod
    def blob(cls, descriptor):
        content = cls.files["blobs/" + descriptor["digest"].replace(":", "/")]
        if (hashlib.sha256(content).hexdigest(), len(content)) != (descriptor["digest"].split(":")[1], descriptor["size"]):
            raise AssertionError(descriptor)
        return content

    def run_in_root(self, *command, **options):
        if os.geteuid() != 0:
            self.skipTest("chroot is for root")
        return subprocess.run([harness.program("chroot", "coreutils"), self.root, *command], text=True, capture_output=True, timeout=LIMIT,
                              env={"PATH": "/usr/bin", "HOME": "/tmp", "LC_ALL": "C.UTF-8"}, **options)

    def test_is_the_same_each_time(self):
        again = self.folder / "again"
        again.mkdir()
        archive, packages = make(self.tree, again)
        self.assertEqual(hashlib.sha256(archive.read_bytes()).digest(), hashlib.sha256(self.archive.read_bytes()).digest())
        self.assertEqual(packages, self.packages)

    def test_fits_together(self):
        self.assertEqual(json.loads(self.files["oci-layout"]), {"imageLayoutVersion": "1.0.0"})
        config = json.loads(self.blob(self.manifest["config"]))
        self.assertEqual(config["rootfs"]["diff_ids"], [f"sha256:{hashlib.sha256(self.layer).hexdigest()}"])
        self.assertEqual(config["config"]["User"], "10001:10001")
        [docker] = json.loads(self.files["manifest.json"])
        self.assertLessEqual({docker["Config"], *docker["Layers"]}, set(self.files))

    def test_has_what_flowship_runs_and_no_more(self):
        with tarfile.open(fileobj=io.BytesIO(self.layer)) as layer:
            members = {member.name: member for member in layer}
        for name in ("bin/flowship", "bin/git", "bin/sh", "bin/ssh", "lib/git-core/git-remote-https"):
            self.assertIn(f"usr/{name}", members)
        self.assertEqual([name for name in members if re.match("usr/bin/(perl|apt|dpkg)", name)], [])
        self.assertEqual([name for name, member in members.items() if member.mode & 0o6000], [], "set-user-id programs")
        self.assertEqual({member.mtime for member in members.values()}, {1700000000})
        self.assertGreater(members["etc/ssl/certs/ca-certificates.crt"].size, 100_000)
        self.assertEqual(members["var/lib/flowship"].uid, 10001)
        names = {line.split()[0] for line in self.packages}
        self.assertLessEqual({"ca-certificates", "git", "libc6", "openssh-client"}, names)
        self.assertEqual(names, {pathlib.Path(name).name for name in members if name.startswith("var/lib/dpkg/status.d/")})

    def test_lacks_no_library(self):
        loader = next(self.root.glob("usr/lib64/ld-linux-*")).name
        programs = ["/usr/bin/git", "/usr/bin/ssh", "/usr/bin/dash", "/usr/lib/git-core/git-remote-https",
                    *([] if not STATIC else ["/usr/bin/flowship"])]
        for program in programs:
            done = self.run_in_root(f"/usr/lib64/{loader}", "--list", program)
            self.assertEqual((done.returncode, "not found" in done.stdout), (0, False), done.stdout + done.stderr)

    def test_its_git_fetches(self):
        origin = self.root / "tmp/origin"
        for command in (["init", "--quiet", "--bare", str(origin)], ["--git-dir", str(origin), "--version"]):
            subprocess.run(["git", *command], check=True, stdout=subprocess.DEVNULL, env=harness.environment())
        done = self.run_in_root("git", "clone", "--quiet", "file:///tmp/origin", "/tmp/clone")
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.run_in_root("git", "ls-remote", "https://127.0.0.1:9/flows")
        self.assertIn("Failed to connect", done.stderr)
        self.assertIn("OpenSSH", self.run_in_root("ssh", "-V").stderr)

    @unittest.skipUnless(STATIC, "the program of this build needs libraries that the image does not have")
    def test_runs_the_program(self):
        done = self.run_in_root("flowship", "version")
        self.assertRegex(done.stdout, r"^flowship \d", done.stderr)


if __name__ == "__main__":
    harness.main()
