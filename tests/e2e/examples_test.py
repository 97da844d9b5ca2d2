"""The examples of running the daemon: what other programs say of them, and whether flowship takes their configurations."""

import json
import os
import pathlib
import re
import subprocess
import textwrap

import harness
from harness import EXAMPLES, FLOWSHIP, KEY, program


class Running(harness.TestCase):
    def check_configuration(self, text):
        """Has `serve --check` read it, with its files in this test's folder."""
        config = json.loads(text)
        for name, secret in (("key", KEY), ("webhook-secret", "a-secret-of-some-length"), ("status-token", "a" * 32)):
            file = self.folder / name
            file.write_text(secret)
            file.chmod(0o600)
        text = re.sub(r"/run/(secrets/flowship|credentials/flowship.service)", str(self.folder), json.dumps(config))
        file = self.folder / "flowshipd.json"
        file.write_text(text.replace("/var/lib/flowship", str(self.folder / "data")))
        self.run_flowship("serve", "--config", str(file), "--check")

    def test_systemd_takes_the_unit(self):
        analyze = program("systemd-analyze", "systemd")
        unit = self.folder / "flowship.service"
        # It looks whether the program is there.
        unit.write_text((EXAMPLES / "systemd/flowship.service").read_text().replace("/usr/bin/flowship", FLOWSHIP))
        done = subprocess.run([analyze, "verify", "--man=no", str(unit)], text=True, capture_output=True,
                              timeout=harness.PATIENCE)
        said = [line for line in (done.stdout + done.stderr).splitlines() if "flowship" in line]
        self.assertEqual((done.returncode, said), (0, []))
        done = subprocess.run([analyze, "security", "--no-pager", "--offline=true", "--threshold=20", str(unit)],
                              text=True, capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_units_configuration_is_taken(self):
        self.check_configuration((EXAMPLES / "systemd/flowshipd.json").read_text())

    def test_the_units_credentials_are_those_that_the_configuration_names(self):
        unit = (EXAMPLES / "systemd/flowship.service").read_text()
        config = (EXAMPLES / "systemd/flowshipd.json").read_text()
        self.assertEqual(sorted(re.findall(r"LoadCredential=([^:]+):", unit)),
                         sorted(re.findall(r"/run/credentials/flowship.service/([^\"]+)", config)))

    def test_kubernetes_configuration_is_taken(self):
        text = (EXAMPLES / "kubernetes/flowship.yaml").read_text()
        [block] = re.findall(r"flowshipd.json: \|\n(.*?)\n---", text, re.DOTALL)
        self.check_configuration(textwrap.dedent(block))

    def test_the_operator_chooses_project_and_branch(self):
        configurations = [(EXAMPLES / "systemd/flowshipd.json").read_text()]
        [block] = re.findall(r"flowshipd.json: \|\n(.*?)\n---", (EXAMPLES / "kubernetes/flowship.yaml").read_text(), re.DOTALL)
        configurations.append(block)
        for guide in EXAMPLES.glob("*-webhook/README.md"):
            configurations += re.findall(r"```json\n(.*?)```", guide.read_text(), re.DOTALL)
        self.assertEqual(len(configurations), 6)
        for text in configurations:
            for repository in json.loads(text)["repositories"].values():
                for environment in repository["environments"].values():
                    self.assertLessEqual({"projectId", "branch"}, set(environment), text)

    def test_the_unit_is_confined(self):
        unit = (EXAMPLES / "systemd/flowship.service").read_text()
        for line in ("MemoryMax=1G", "ProtectProc=invisible"):
            self.assertIn(f"\n{line}\n", unit)
        self.assertRegex(unit, r"\nIPAddressDeny=.*10\.0\.0\.0/8")

    def test_kubernetes_is_confined(self):
        text = (EXAMPLES / "kubernetes/flowship.yaml").read_text()
        self.assertIn("kind: NetworkPolicy", text)
        for image in re.findall(r"image: (\S+)", text):
            self.assertRegex(image, r"@sha256:[0-9a-f]{64}$")
        probes = re.findall(r"httpGet: (.*)", text)
        self.assertEqual(len(probes), 3)
        for probe in probes:
            self.assertIn("{name: Host, value: localhost}", probe)

    def schema_faults(self, file):
        tools = pathlib.Path(os.environ.get("FLOWSHIP_TEST_TOOLS", "/nonexistent"))
        if not (tools / "kubernetes-models").is_dir():
            self.skipTest("kubernetes-models is not installed; tests/tools/install.sh does it")
        script = pathlib.Path(__file__).with_name("kubernetes.mjs")
        return subprocess.run([program("node", "nodejs"), script, tools, file], text=True, capture_output=True,
                              timeout=harness.PATIENCE)

    def test_kubernetes_knows_each_object(self):
        file = EXAMPLES / "kubernetes/flowship.yaml"
        done = self.schema_faults(file)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        wrong = self.folder / "wrong.yaml"
        wrong.write_text(file.read_text().replace("maxUnavailable: 1", "maxUnavailable: [1]")
                         .replace("automountServiceAccountToken: false", "automountServiceAccountToken: 3"))
        done = self.schema_faults(wrong)
        self.assertEqual(re.findall(r"^(\w+) flowship: ", done.stdout, re.MULTILINE),
                         ["Deployment", "PodDisruptionBudget"], done.stdout + done.stderr)

    def test_kubernetes_survives_the_loss_of_a_replica(self):
        text = (EXAMPLES / "kubernetes/flowship.yaml").read_text()
        self.assertIn("\n  replicas: 2\n", text)
        [budget] = re.findall(r"kind: PodDisruptionBudget\n(.*?)\n---", text, re.DOTALL)
        self.assertIn("maxUnavailable: 1", budget)
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            self.assertIn(f"\n          {probe}:\n", text)
        self.assertRegex(text, r"\n +limits: \{memory: 1Gi\}\n")
        # Who is stopped gets the time that imports in flight have.
        self.assertIn("terminationGracePeriodSeconds: 45", text)

    def test_github_actions_are_pinned_by_commit(self):
        used = [use for file in (EXAMPLES / "github").glob("*.yml")
                for use in re.findall(r"uses: (.*)", file.read_text())]
        self.assertTrue(used)
        for use in used:
            self.assertRegex(use, r"@[0-9a-f]{40} # v\d")

    def test_gitlabs_token_is_protected(self):
        self.assertRegex((EXAMPLES / "gitlab/.gitlab-ci.yml").read_text(), r"FLOWSHIP_TOKEN.*\(protected, masked\)")

    def test_yamllint_finds_nothing(self):
        lint = program("yamllint", "yamllint")
        # As GitHub's own workflows are written.
        rules = json.dumps({"extends": "default", "rules": {
            "line-length": {"max": 130}, "document-start": "disable", "truthy": {"check-keys": False},
            "comments": {"min-spaces-from-content": 1}}})
        files = [str(file) for file in EXAMPLES.rglob("*.y*ml")]
        self.assertTrue(files)
        done = subprocess.run([lint, "--strict", "--config-data", rules, *files], text=True, capture_output=True,
                              timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_container_copies_what_is_there(self):
        dockerfile = (EXAMPLES / "container/Dockerfile").read_text()
        root = pathlib.Path(EXAMPLES).parent
        for source in re.findall(r"^COPY (?!--from)(\S+)", dockerfile, re.MULTILINE):
            self.assertTrue((root / source).exists(), source)
        self.assertTrue(re.search(r"^USER \d+", dockerfile, re.MULTILINE))


if __name__ == "__main__":
    harness.main()
