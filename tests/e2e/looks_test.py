"""How the daemon's pages and the HTML report look: nothing sticks out or is cut, colours have contrast (axe-core), and
the keyboard reaches everything, in light and dark, at 1280 and 390 pixels."""

import json
import os
import pathlib
import shutil
import subprocess

import harness
from buttons_test import TOKEN, ButtonCase
from guarantees_test import rule, sign_up
from harness import FLOWS, FLOWSHIP, PATIENCE

LOOKS = pathlib.Path(__file__).with_name("looks.mjs")
# Kept beside the program, to be looked at.
PICTURES = pathlib.Path(FLOWSHIP).parent / "screenshots" / "looks"
LONG = "Let users who have lost their second factor sign in with a passkey, and explain why on the first screen"


class LookCase(ButtonCase):
    maxDiff = None

    def setUp(self):
        harness.npm_program("playwright-core")
        self.chromium = harness.program("chromium", "chromium")
        if not (pathlib.Path(os.environ["FLOWSHIP_TEST_TOOLS"]) / "axe-core").exists():
            self.skipTest("axe-core is not installed; tests/tools/install.sh does it")
        super().setUp()

    def look(self, pages, headers=None, press=None):
        PICTURES.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [harness.program("node", "nodejs"), str(LOOKS), os.environ["FLOWSHIP_TEST_TOOLS"], self.chromium,
             str(PICTURES)], input=json.dumps({"pages": pages, "press": press or {}, "headers": headers or {}}), text=True,
            capture_output=True, timeout=10 * PATIENCE, env=harness.environment(HOME=str(self.folder)))
        self.assertEqual(done.returncode, 0, done.stderr)
        seen = json.loads(done.stdout)
        self.assertEqual(len(seen), 4 * len(pages))
        self.assertEqual({name: wrong for name, wrong in seen.items() if wrong}, {})

    def look_at(self, paths, press=None):
        """Looks at pages of the daemon; of those to press a button on, at what that leads to."""
        self.look({name: self.served.url + path for name, path in paths.items()},
                  {"Authorization": f"Bearer {TOKEN}"}, press)


class Looks(LookCase):
    def test_the_daemons_pages(self):
        self.repository.write("flows/code.json", sign_up() | {"flowId": "code"})
        self.repository.commit(LONG)
        self.push()
        self.wait_for_deployment()
        self.repository.write("flows/code.json", sign_up(rule("3", "skip")) | {"flowId": "code"})
        self.repository.commit("Skip the code")
        self.push()
        self.wait_for_deployment()
        self.edit("sign-in", LONG)
        self.sandbox.delete("mfa")
        self.wait_until(lambda: "mfa" in self.drifted())
        self.repository.write(f"{FLOWS}/step-up/contents.json", "{")
        self.repository.commit("Break it")
        self.push()
        self.wait_until(lambda: self.environment()["state"] == "failing")
        self.look_at({"status": "/", "environment": "/environments/production", "flow": "/flows/production/sign-in",
                      "lost": "/flows/production/code"})

    def test_the_pages_that_ask_and_what_they_lead_to(self):
        self.edit("sign-in", LONG)
        adopt = "/adopt/production/sign-in"
        self.look_at({"retry": "/retry/production", "restore": "/restore/production/sign-in", "adopt": adopt,
                      "adopt-branch": adopt, "restore-nothing": "/restore/production/mfa"},
                     {"adopt-branch": "Adopt the console's version"})
        hook = self.bare / "hooks" / "pre-receive"
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
        self.look_at({"adopt-patch": adopt}, {"adopt-patch": "Adopt the console's version"})
        self.look_at({"no-environment": "/environments/nowhere", "no-flow": "/flows/production/nothing"})

    def test_the_html_report(self):
        path = f"{FLOWS}/sign-in/contents.json"
        contents = self.repository.read(path)
        list(contents["tasks"].values())[-1]["name"] = LONG
        self.repository.write(path, contents)
        self.repository.write("flows/code.json", sign_up() | {"flowId": "code"})
        shutil.rmtree(self.repository.path / FLOWS / "step-up")
        self.change("mfa", LONG)
        text = self.run_flowship("diff", "HEAD~1", "HEAD", "--format", "html").out
        (self.folder / "report.html").write_text(text)
        self.look({"report": f"file://{self.folder}/report.html"})


class ManyEnvironments(LookCase):
    environments = LookCase.environments | {
        f"customer-{number}-with-a-long-name": {"projectId": f"P2customer{number}", "branch": f"release/{number}"}
        for number in range(10, 75)}

    def test_are_searched_and_paged(self):
        self.look_at({"many": "/", "many-2": "/?page=2", "many-found": "/?environment=CUSTOMER-12",
                      "many-none": "/?environment=" + "nowhere-" * 12})


if __name__ == "__main__":
    harness.main()
