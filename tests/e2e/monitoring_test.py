"""Alert rules and dashboard of examples/monitoring: promtool accepts them, and they ask for metrics that exist."""

import json
import re
import subprocess

import harness
from daemon_harness import DaemonTestCase

FOLDER = harness.EXAMPLES / "monitoring"
# What Grafana puts in before it asks.
VARIABLES = {"$__rate_interval": "5m", "$repository": ".*", "$environment": ".*"}


def expressions():
    """What the dashboard asks, by the titles of its panels."""
    dashboard = json.loads((FOLDER / "dashboard.json").read_text())
    found = [(panel["title"], target["expr"]) for panel in dashboard["panels"] for target in panel["targets"]]
    return [(title, re.sub(r"\$\w+", lambda name: VARIABLES[name[0]], text)) for title, text in found]


class Promtool(harness.TestCase):
    def setUp(self):
        self.promtool = harness.program("promtool", "prometheus")
        super().setUp()

    def run_promtool(self, *arguments):
        done = subprocess.run([self.promtool, *arguments], cwd=FOLDER, text=True, capture_output=True,
                              timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_accepts_the_rules_and_their_tests(self):
        self.run_promtool("check", "rules", "alerts.yml")
        self.run_promtool("test", "rules", "alerts_test.yml")

    def test_accepts_what_the_dashboard_asks(self):
        rules = [{"record": f"panel:{number}", "expr": text} for number, (_, text) in enumerate(expressions())]
        self.assertGreater(len(rules), 10)
        file = self.folder / "dashboard.json"
        file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
        self.run_promtool("check", "rules", str(file))


class Metrics(DaemonTestCase):
    def offered(self):
        """The metrics of a daemon that has deployed and looked for drift, with their labels."""
        self.configure(driftCheck="1s")
        self.push()
        served = self.serve()
        self.wait_for_deployment()
        self.wait_until(lambda: 'state="drifted"' in served.ask("/metrics")[2])
        text = served.ask("/metrics")[2]
        labels = {name: set() for name in re.findall(r"^# TYPE (\w+)", text, re.MULTILINE)}
        for name, given in re.findall(r"^(\w+?)(?:_bucket|_sum|_count)?\{(.*)\} ", text, re.MULTILINE):
            labels.setdefault(name, set()).update(re.findall(r"(\w+)=\"", given))
        return labels

    def test_what_is_asked_for_exists(self):
        offered = self.offered()
        texts = [text for _, text in expressions()]
        texts += re.findall(r"expr: (.*)", (FOLDER / "alerts.yml").read_text())
        asked = [each for text in texts for each in re.findall(r"(flowship_\w+)(?:\{(.*?)\})?", text)]
        self.assertGreater(len(asked), 20)
        for name, selector in asked:
            plain = name if name in offered else re.sub("_(bucket|sum|count)$", "", name)
            self.assertIn(plain, offered)
            used = set(re.findall(r"(\w+)(?:=~|=)\"", selector))
            # Webhooks of this test's daemon have not come.
            if offered[plain]:
                self.assertLessEqual(used, offered[plain], name)
        self.assertIn("flowship_waiting_for_lease", {name for name, _ in asked})

    def test_the_dashboard_is_whole(self):
        dashboard = json.loads((FOLDER / "dashboard.json").read_text())
        panels = dashboard["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        places = set()
        for panel in panels:
            self.assertEqual(panel["datasource"], {"type": "prometheus", "uid": "${datasource}"}, panel["title"])
            at = panel["gridPos"]
            self.assertLessEqual(at["x"] + at["w"], 24)
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(places & cells, f"{panel['title']} lies on another panel")
            places |= cells
        self.assertEqual([one["name"] for one in dashboard["templating"]["list"]], ["datasource", "repository", "environment"])


if __name__ == "__main__":
    harness.main()
