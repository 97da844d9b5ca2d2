"""The daemon among clients that are slow, huge or many: it answers /healthz all along, and deploys afterwards."""

import json
import os
import pathlib
import resource
import socket
import threading
import time
import unittest
import urllib.parse

import harness
from harness import PATIENCE
from webhook_harness import WebhookTestCase, digits, plain_github, push_of

MOST = 25 << 20
# The longest that a probe may take on a machine that is busy with other tests.
PROBE = 5


class Pulse:
    """Asks /healthz again and again as long as the block goes on; every answer has to be 200, and in time."""

    def __init__(self, served):
        self.served = served
        self.over = threading.Event()
        self.answers = []
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.over.wait(0.05):
            begin = time.monotonic()
            try:
                status = self.served.status("/healthz")
            except OSError as error:
                status = error
            self.answers.append((status, time.monotonic() - begin))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join(PATIENCE)
        wrong = [answer for answer in self.answers if answer[0] != 200 or answer[1] > PROBE]
        assert self.answers and not wrong, wrong


class Limits(WebhookTestCase):
    def connect(self, sent=b""):
        address = urllib.parse.urlsplit(self.served.url)
        connection = socket.create_connection((address.hostname, address.port), timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.sendall(sent)
        return connection

    @staticmethod
    def post(length, *fields):
        lines = ["POST /webhook/login-flows HTTP/1.1", "Host: a", f"Content-Length: {length}", *fields]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    @staticmethod
    def answer(connection):
        """The status of what comes before the other side closes."""
        data = b""
        while piece := connection.recv(65536):
            data += piece
        return int(data.split()[1]) if data else None

    def assert_deploys(self):
        commit = self.push_a_change("afterwards")
        self.assert_delivered(202, *plain_github(push_of(commit)))
        self.wait_for_deployment(commit)

    def test_half_requests_end_after_their_time(self):
        with Pulse(self.served):
            begin = time.monotonic()
            ends = {}
            headers = [self.connect(b"POST /webhook/login-flows HTTP/1.1\r\nX: ") for _ in range(300)]
            bodies = [self.connect(self.post(100) + b"{") for _ in range(300)]
            trickle = self.connect(b"GET /healthz HTTP/1.1\r\nX: ")

            def keep_trickling():
                try:
                    while time.monotonic() - begin < PATIENCE:
                        trickle.sendall(b"x")
                        time.sleep(0.2)
                except OSError:
                    ends["trickle"] = time.monotonic() - begin

            thread = threading.Thread(target=keep_trickling)
            thread.start()
            self.assertEqual({self.answer(connection) for connection in headers}, {408})
            ends["headers"] = time.monotonic() - begin
            self.assertEqual({self.answer(connection) for connection in bodies}, {408})
            ends["bodies"] = time.monotonic() - begin
            thread.join(PATIENCE)
        for name, least, most in (("headers", 9, 25), ("trickle", 9, 25), ("bodies", 29, 50)):
            self.assertTrue(least < ends[name] < most, ends)
        self.assert_deploys()

    def test_bodies_and_headers_have_a_largest_size(self):
        commit = self.push_a_change("huge")
        body = json.dumps(push_of(commit)).encode().ljust(MOST)
        with Pulse(self.served):
            self.assertEqual(self.answer(self.connect(self.post(MOST + 1))), 413)
            self.assertIn(self.answer(self.connect(self.post("9" * 30))), (400, 413))
            self.assertIn(self.answer(self.connect(b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 70_000)), (400, 431))
            chunked = self.connect(b"POST /webhook/login-flows HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            try:
                for _ in range(30):
                    chunked.sendall(b"100000\r\n" + b" " * (1 << 20) + b"\r\n")
            except OSError:
                pass
            self.assertEqual(self.answer(chunked), 413)
            signature = f"X-Hub-Signature-256: sha256={digits(body)}"
            whole = self.connect(self.post(MOST, "X-GitHub-Event: push", signature, "Connection: close"))
            whole.sendall(body)
            self.assertEqual(self.answer(whole), 202)
        self.wait_for_deployment(commit)

    def test_a_body_that_is_cut_short_is_no_delivery(self):
        commit = self.push_a_change("cut")
        body = json.dumps(push_of(commit)).encode()
        fields = ("X-GitHub-Event: push", f"X-Hub-Signature-256: sha256={digits(body)}")
        for length in (len(body) + 1, len(body) * 2):
            connection = self.connect(self.post(length, *fields) + body)
            connection.shutdown(socket.SHUT_WR)
            self.assertIn(self.answer(connection), (None, 400))
        # What follows a refused request on its connection is no request of its own.
        smuggled = self.post(len(body), *fields) + body
        connection = self.connect(self.post(MOST + 1) + smuggled)
        self.assertEqual(self.answer(connection), 413)
        self.assert_nothing_was_fetched_but(0, commit)

    def test_an_unknown_path_is_refused_before_its_body_is_sent(self):
        for line, status in (("POST /nowhere", 404), ("POST /healthz", 405)):
            head = f"{line} HTTP/1.1\r\nHost: a\r\nContent-Length: {MOST}\r\n\r\n"
            self.assertEqual(self.answer(self.connect(head.encode())), status)

    def memory(self):
        """Of the daemon, in MiB."""
        lines = pathlib.Path(f"/proc/{self.served.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) // 1024

    @unittest.skipIf("ASAN_OPTIONS" in os.environ, "a sanitizer keeps what was freed")
    def test_bodies_that_nobody_signed_do_not_fill_memory(self):
        before, held = self.memory(), 40

        def send(connection):
            try:
                connection.sendall(b" " * (MOST - 1))
            except OSError:
                pass
        connections = [self.connect(self.post(MOST)) for _ in range(held)]
        threads = [threading.Thread(target=send, args=(connection,)) for connection in connections]
        with Pulse(self.served):
            for thread in threads:
                thread.start()
            most = before
            while any(thread.is_alive() for thread in threads):
                most = max(most, self.memory())
                threads[0].join(0.05)
                threads = [thread for thread in threads if thread.is_alive()] or threads[:1]
            self.assertLess(most - before, 200)
            for connection in connections:
                connection.close()
        self.assert_deploys()

    def test_five_hundred_connections(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        wanted = 500
        halves = (b"", b"GET /heal", b"POST /webhook/login-flows HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{")
        with Pulse(self.served) as pulse:
            connections = [self.connect(halves[number % len(halves)]) for number in range(wanted)]
            answered = len(pulse.answers)
            self.wait_until(lambda: len(pulse.answers) >= answered + 3)
            for connection in connections:
                connection.close()
        self.assert_deploys()


if __name__ == "__main__":
    harness.main()
