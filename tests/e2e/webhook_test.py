"""Webhooks: what a git host signs becomes a deployment, and nothing else does."""

import json
import re
import socket
import time
import urllib.parse

import harness
import webhook_harness
from daemon_harness import SECRET, DaemonTestCase
from webhook_harness import TOKEN, ZEROS, WebhookTestCase, digits, plain_github, push_of


class Hosts(WebhookTestCase):
    def check(self, sender):
        commit = self.push_a_change(sender.__name__)
        self.assert_delivered(202, *sender(commit), saying="Branch main is being fetched.")
        self.wait_for_deployment(commit)
        self.assertEqual(self.sandbox.imports(), ["mfa"])
        self.wait_until(lambda: len(self.served.ended(outcome="deployed")) == 2)
        self.assertEqual(self.served.log("job started")[-1]["trigger"], "webhook")
        [entry] = self.wait_for_log(self.served, "webhook accepted")
        self.assertEqual((entry["ref"], entry["commit"]), ("refs/heads/main", commit))

    def test_github(self):
        self.check(webhook_harness.github)

    def test_gitlab_with_a_token(self):
        self.check(webhook_harness.gitlab_token)

    def test_gitea(self):
        self.check(webhook_harness.gitea)

    def test_forgejo(self):
        self.check(webhook_harness.forgejo)

    def test_bitbucket_cloud(self):
        self.check(webhook_harness.bitbucket_cloud)

    def test_bitbucket_data_center(self):
        self.check(webhook_harness.bitbucket_data_center)

    def test_a_form_of_github(self):
        body = b"payload=" + urllib.parse.quote_plus(json.dumps(push_of(self.push_a_change("form")))).encode()
        headers, body = plain_github(body)
        self.assert_delivered(202, headers | {"Content-Type": "application/x-www-form-urlencoded"}, body)
        self.wait_for_deployment()


class SignedGitLab(WebhookTestCase):
    secret_text = TOKEN

    def test_a_signed_delivery_deploys_once(self):
        commit = self.push_a_change("signed")
        headers, body = webhook_harness.gitlab_signed(commit)
        self.assert_delivered(202, headers, body)
        self.wait_for_deployment(commit)
        self.assert_delivered(200, headers, body, saying="repeated delivery")

    def test_a_signed_delivery_needs_no_other_header(self):
        commit = self.push_a_change("bare")
        headers, body = webhook_harness.gitlab_signed(commit)
        del headers["X-Gitlab-Event"]
        self.assert_delivered(202, headers, body)
        self.wait_for_deployment(commit)

    def test_old_and_future_ones_are_refused(self):
        commit = self.push_a_change("late")
        for apart in (-301, -3600, 330, 3600):
            self.assert_delivered(403, *webhook_harness.gitlab_signed(commit, when=time.time() + apart))
        headers, body = webhook_harness.gitlab_signed(commit, when=time.time() - 3600)
        self.assert_delivered(403, headers | {"webhook-timestamp": str(int(time.time()))}, body)
        self.assertEqual(self.fetches(), 1)

    def test_wrong_ones_are_refused(self):
        commit = self.push_a_change("wrong")
        headers, body = webhook_harness.gitlab_signed(commit)
        for change in ({"webhook-signature": ""}, {"webhook-signature": "v1,"}, {"webhook-id": "another"},
                       {"webhook-signature": "", "X-Gitlab-Token": TOKEN}):
            self.assert_delivered(403, headers | change, body)
        self.assert_delivered(403, headers, body + b" ")
        self.assert_delivered(403, *webhook_harness.gitlab_token(commit, TOKEN))
        other = "whsec_" + TOKEN[6:-8] + "AAAAAAA="
        self.assert_delivered(403, *webhook_harness.gitlab_signed(commit, other))
        self.assertEqual(self.fetches(), 1)


class Refused(WebhookTestCase):
    def test_what_is_not_signed_does_nothing(self):
        commit = self.push_a_change("refused")
        senders = (webhook_harness.github, webhook_harness.gitlab_token, webhook_harness.gitea,
                   webhook_harness.forgejo, webhook_harness.bitbucket_cloud)
        for sender in senders:
            headers, body = sender(commit)
            for name in [name for name in headers if "Signature" in name or "Token" in name]:
                for value in ("", "sha256=", "sha256=" + "0" * 64, "0" * 64, digits(body, ""),
                              "sha256=" + digits(body, "")):
                    if name == "X-Hub-Signature-256" and "X-Gitea-Event" in headers:
                        continue
                    if name == "X-Gitea-Signature" and "X-Forgejo-Event" in headers:
                        continue
                    self.assert_delivered(403, headers | {name: value}, body)
                left = {key: value for key, value in headers.items() if "ignature" not in key and "Token" not in key}
                self.assert_delivered(403, left, body)
            self.assert_delivered(403, *sender(commit, "another-secret-altogether"))
        headers, body = webhook_harness.github(commit)
        self.assert_delivered(403, headers, body.replace(b"refs/heads", b"refs/headz"))
        self.assert_nothing_was_fetched_but(0, commit)
        self.assertNotIn("Codertocat", self.served.text())

    def test_a_delivery_counts_once(self):
        first = webhook_harness.github(self.push_a_change("first"))
        self.assert_delivered(202, *first)
        self.wait_for_deployment()
        last = self.push_a_change("second")
        for _ in range(5):
            self.assert_delivered(200, *first, saying="repeated delivery")
        self.assert_nothing_was_fetched_but(1, last)

    def test_equal_pushes_without_an_id_are_both_deployed(self):
        before = self.head()
        there = self.push_a_change("there")
        for commit in (there, before, there):
            self.push(f"+{commit}:refs/heads/main")
            # GitLab with a token sends no id; the third body is the first one, byte for byte.
            self.assert_delivered(202, *webhook_harness.gitlab_token(commit))
            self.wait_for_deployment(commit)
        self.assertEqual(self.sandbox.imports(), ["mfa"] * 3)
        self.assertIn("there", json.dumps(self.sandbox.held()["mfa"]["screens"]))
        jobs = self.served.ended(outcome="deployed")
        # Sent again without a push in between, it is fetched and deploys nothing.
        fetches = self.fetches()
        self.assert_delivered(202, *webhook_harness.gitlab_token(there))
        self.wait_until(lambda: self.fetches() > fetches)
        self.assert_nothing_was_fetched_but(self.fetches() - 1, self.push_a_change("last"))
        self.wait_until(lambda: len(self.served.ended()) > len(jobs))
        self.assertEqual(self.sandbox.imports(), ["mfa"] * 4)

    def test_other_events_and_branches_do_nothing(self):
        commit = self.push_a_change("ignored")
        for event in ("ping", "pull_request", "release", "PUSH"):
            self.assert_delivered(200, *plain_github({"zen": "Anything"}, event), saying=f"event {event} is not a push")
        for ref, after, why in (("refs/tags/v1", commit, "refs/tags/v1 is not a branch"),
                                ("refs/heads/main", ZEROS, "branch main was deleted"),
                                ("refs/heads/other", commit, "branch other deploys no environment")):
            self.assert_delivered(200, *plain_github(push_of(after, ref)), saying=why)
        self.assert_nothing_was_fetched_but(0, commit)

    def test_what_makes_no_sense_is_said_to(self):
        commit = self.push_a_change("senseless")
        for payload in (b"", b"{", b"[]", b"null", b"\xff", {}, {"ref": 1, "after": commit}, push_of("main"),
                        push_of(commit, "main"), push_of(commit, "refs/heads/../x"), push_of(commit + "0"),
                        push_of(commit, "refs/heads/$(touch x)\n"), push_of("--upload-pack=touch x")):
            self.assert_delivered(400, *plain_github(payload))
        self.assert_delivered(400, {"Content-Type": "application/json"}, b"{}", saying="No header identifies")
        self.assert_nothing_was_fetched_but(0, commit)

    def test_only_configured_repositories_with_a_secret_have_webhooks(self):
        commit = self.push_a_change("unconfigured")
        headers, body = plain_github(push_of(commit))
        status, text = self.deliver(headers, body, "unknown")
        wrong = self.deliver(*plain_github(push_of(commit), secret="another-secret-altogether"))
        self.assertEqual((status, text), wrong)
        self.assertEqual(status, 403)
        for path in ("..%2flogin-flows", "login-flows/", ""):
            self.assertEqual(self.deliver(headers, body, path)[0], 404)
        self.assertEqual(self.served.status("/webhook/login-flows"), 405)
        self.assert_nothing_was_fetched_but(0, commit)


    def test_the_body_of_an_unknown_repository_is_not_awaited(self):
        address = urllib.parse.urlsplit(self.served.url)
        for path in ("/webhook/unknown", "/push/unknown"):
            with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
                connection.sendall(f"POST {path} HTTP/1.1\r\nHost: a\r\nX-GitHub-Event: push\r\n"
                                   f"Content-Length: {20 << 20}\r\n\r\n".encode())
                self.assertIn(b" 403 ", connection.recv(1000).partition(b"\r\n")[0] + b" ", path)

    def test_what_is_not_signed_does_not_fill_the_log(self):
        for number in range(100):
            headers, body = plain_github(push_of("0" * 39 + "1"), secret=f"wrong-{number}")
            self.assert_delivered(403, headers, body)
            self.assert_delivered(400, {"Content-Type": "application/json"}, body)
        self.assert_delivered(202, *plain_github(push_of(self.push_a_change("signed"))))
        self.wait_until(lambda: self.served.log("webhook accepted"))
        # A minute may have turned meanwhile.
        self.assertIn(len(self.served.log("webhook refused")), range(10, 21))

    def test_a_delivery_counts_once_across_a_restart(self):
        first = plain_github(push_of(self.push_a_change("first")))
        self.assert_delivered(202, *first)
        self.wait_for_deployment()
        self.assertEqual(self.served.end(), 0)
        self.served = self.serve()
        self.assert_delivered(200, *first, saying="repeated delivery")


class WithoutSecret(WebhookTestCase):
    def config(self, **members):
        config = super().config(**members)
        del config["repositories"]["login-flows"]["webhookSecretFile"]
        return config

    def test_no_secret_is_no_webhook(self):
        commit = self.push_a_change("no secret")
        for secret in (SECRET, ""):
            self.assert_delivered(403, *plain_github(push_of(commit), secret=secret))
            self.assert_delivered(403, *webhook_harness.gitlab_token(commit, secret))
            self.assert_delivered(403, *webhook_harness.gitea(commit, secret))
            self.assert_delivered(403, *webhook_harness.bitbucket_cloud(commit, secret))
        self.assertEqual(self.fetches(), 1)


class Burst(WebhookTestCase):
    sandbox_options = ("--latency", "100")

    def test_a_hundred_pushes_end_in_the_newest_state(self):
        # However long the pushes take, fewer than half as many deployments fit between them.
        self.sandbox.faults(latency=1000)
        for number in range(100):
            commit = self.push_a_change(f"number {number}")
            self.assert_delivered(202, *plain_github(push_of(commit)))
        self.sandbox.faults()
        self.wait_for_deployment(commit)
        self.assertIn("number 99", json.dumps(self.sandbox.held()["mfa"]["screens"]))
        self.wait_until(lambda: self.served.ended()[-1]["commit"] == commit)
        self.assertLess(len(self.served.ended(outcome="deployed")), 50)
        # None is lost, and none deployed twice: the service holds as many versions as the ledger tells of.
        self.assertEqual(self.sandbox.versions()["mfa"], len(self.served.ended(outcome="deployed")))


class Guides(DaemonTestCase):
    def test_configurations_of_the_guides_are_taken(self):
        guides = sorted((harness.EXAMPLES).glob("*-webhook/README.md"))
        self.assertEqual(len(guides), 4)
        self.secret_file("webhook-secret", TOKEN)
        for guide in guides:
            with self.subTest(guide=guide.parent.name):
                [config] = re.findall(r"```json\n(.*?)```", guide.read_text(), re.DOTALL)
                self.config_file.write_text(config.replace("/etc/flowship", str(self.folder))
                                            .replace("/var/lib/flowship", str(self.data)))
                self.run_flowship("serve", "--config", str(self.config_file), "--check")


if __name__ == "__main__":
    harness.main()
