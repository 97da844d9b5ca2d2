"""What `cmake --install` puts in place, for the packages as for a user."""

import gzip
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import harness

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["FLOWSHIP_BUILD"])
# Whether the third-party libraries are linked statically, as .ci/release has it.
STATIC = bool(re.search(r"^FLOWSHIP_STATIC:PATH=.", (BUILD / "CMakeCache.txt").read_text(), flags=re.MULTILINE))
LINKED = "share/(doc/flowship/(libraries|licenses/.*)|lintian/overrides/flowship)$"
FILES = {
    "bin/flowship": 0o755,
    "share/bash-completion/completions/flowship": 0o644,
    "share/doc/flowship/changelog.gz": 0o644,
    "share/doc/flowship/copyright": 0o644,
    "share/fish/vendor_completions.d/flowship.fish": 0o644,
    "share/flowship/hooks/post-receive": 0o755,
    "share/flowship/hooks/pre-commit": 0o755,
    "share/flowship/hooks/pre-push": 0o755,
    "share/flowship/hooks/pre-receive": 0o755,
    "share/man/man1/flowship.1.gz": 0o644,
    "share/zsh/vendor-completions/_flowship": 0o644,
}


class InstalledTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.prefix = pathlib.Path(tempfile.mkdtemp(prefix="flowship-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.prefix, ignore_errors=True)
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.prefix], check=True,
                       stdout=subprocess.DEVNULL, timeout=harness.PATIENCE)

    def run_installed(self, *arguments):
        done = subprocess.run([self.prefix / "bin/flowship", *arguments], env=harness.environment(), text=True,
                              capture_output=True, timeout=harness.PATIENCE, check=True)
        return done.stdout


class Installed(InstalledTest):
    def test_is_these_files(self):
        found = {str(file.relative_to(self.prefix)): file.stat().st_mode & 0o777
                 for file in self.prefix.rglob("*") if file.is_file()}
        linked = {name: mode for name, mode in found.items() if STATIC and re.match(LINKED, name)}
        self.assertEqual(found, {**FILES, **linked})

    def test_has_the_completions_and_the_page_of_this_program(self):
        share = self.prefix / "share"
        for shell, file in (("bash", "bash-completion/completions/flowship"),
                            ("zsh", "zsh/vendor-completions/_flowship"),
                            ("fish", "fish/vendor_completions.d/flowship.fish")):
            self.assertEqual((share / file).read_text(), self.run_installed("completion", shell), shell)
        page = gzip.decompress((share / "man/man1/flowship.1.gz").read_bytes()).decode()
        self.assertEqual(page, self.run_installed("help", "man"))

    def test_has_the_changes_of_this_version_in_narrow_lines(self):
        text = gzip.decompress((self.prefix / "share/doc/flowship/changelog.gz").read_bytes()).decode()
        newest = re.split(r"^## .*\n", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)[1]
        head, *lines, signature = text.rstrip("\n").split("\n")
        version = self.run_installed("version").split()[1]
        self.assertEqual(head, f"flowship ({version}) unstable; urgency=medium")
        self.assertRegex(signature, r"^ -- .* <.*>  \w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000$")
        self.assertLessEqual(max(map(len, lines)), 80)
        self.assertEqual(" ".join(lines).replace("  * ", "  - ").split(), newest.split())


if STATIC:
    class StaticallyLinked(InstalledTest):
        def test_needs_the_c_library_alone(self):
            headers = subprocess.run(["objdump", "--private-headers", self.prefix / "bin/flowship"], text=True,
                                     capture_output=True, timeout=harness.PATIENCE, check=True).stdout
            needed = re.findall(r"^ *NEEDED +(\S+)$", headers, flags=re.MULTILINE)
            self.assertIn("libc.so.6", needed)
            # The loader belongs to the C library.
            others = [each for each in needed if not re.match(r"(libc|libm|ld-linux.*)\.so\.", each)]
            self.assertEqual(others, [])

        def test_has_version_and_license_of_each_library_that_is_linked_in(self):
            documents = self.prefix / "share/doc/flowship"
            versions = dict(line.split() for line in (documents / "libraries").read_text().splitlines())
            self.assertLessEqual({"libgit2", "openssl", "poco", "zlib"}, set(versions))
            for name, version in versions.items():
                self.assertRegex(version, r"^\d[\w.+:~-]*$", name)
                self.assertIn("Copyright", (documents / "licenses" / name).read_text())


if __name__ == "__main__":
    harness.main()
