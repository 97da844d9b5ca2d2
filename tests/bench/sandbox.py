"""A sandbox to measure against."""
import collections
import json
import subprocess
import urllib.request


class Sandbox:
    """flowship sandbox on a free port, while the `with` lasts."""

    def __init__(self, flowship, env, *options):
        self.command = [flowship, "sandbox", "--port", "0", *options]
        self.env = env

    def __enter__(self):
        self.process = subprocess.Popen(self.command, env=self.env, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for line in self.process.stdout:
            if "DESCOPE_BASE_URL=" in line:
                self.url = line.split("DESCOPE_BASE_URL=")[1].strip().strip("\"'")
                return self
        raise SystemExit("the sandbox did not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def forget_requests(self):
        urllib.request.urlopen(urllib.request.Request(self.url + "/_sandbox/requests", method="DELETE")).close()

    def requests(self):
        """How many requests it got, by path."""
        with urllib.request.urlopen(self.url + "/_sandbox/requests") as answer:
            return collections.Counter(each["path"] for each in json.load(answer))

    def imported(self):
        """How many flows were sent and taken."""
        with urllib.request.urlopen(self.url + "/_sandbox/requests") as answer:
            return sum(each["path"].endswith("/flow/import") and each["status"] == 200 for each in json.load(answer))
