"""The part of GitHub's API that comments take, on loopback, and a release's files."""

import json
import re
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LONGEST = 65536


class FakeGitHub:
    """Comments of pull requests as a list of dictionaries, in `comments`; files to download, by path, in `files`."""

    def __init__(self, token):
        self.token = token
        self.comments = []
        self.files = {}
        self.requests = []
        # A status that every request for a comment is answered with instead.
        self.refuse = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self, "GET")

            def do_POST(self):
                outer.answer(self, "POST")

            def do_PATCH(self):
                outer.answer(self, "PATCH")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def add(self, body, user_type="Bot"):
        self.comments.append({"id": 1000 + len(self.comments), "body": body, "user": {"type": user_type},
                              "html_url": f"{self.url}/comment/{len(self.comments)}"})
        return self.comments[-1]

    def answer(self, handler, method):
        where = urllib.parse.urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length") or 0)
        content = json.loads(handler.rfile.read(length)) if length else None
        self.requests.append((method, handler.path))
        if where.path in self.files:
            return self.reply(handler, 200, self.files[where.path])
        if handler.headers.get("Authorization") != f"Bearer {self.token}":
            return self.reply(handler, 401, {"message": "Bad credentials"})
        if self.refuse is not None:
            return self.reply(handler, self.refuse, {"message": "Resource not accessible by integration"})
        return self.reply(handler, *self.comment(method, where, content))

    def comment(self, method, where, content):
        if content is not None and len(content["body"]) > LONGEST:
            return 422, {"message": f"body is too long (maximum is {LONGEST} characters)"}
        if re.fullmatch(r"/repos/ada/login-flows/issues/7/comments", where.path):
            if method == "POST":
                return 201, self.add(content["body"])
            query = urllib.parse.parse_qs(where.query)
            size, page = int(query["per_page"][0]), int(query["page"][0])
            return 200, self.comments[(page - 1) * size:page * size]
        found = re.fullmatch(r"/repos/ada/login-flows/issues/comments/(\d+)", where.path)
        for comment in self.comments:
            if method == "PATCH" and found and comment["id"] == int(found.group(1)):
                comment["body"] = content["body"]
                return 200, comment
        return 404, {"message": "Not Found"}

    @staticmethod
    def reply(handler, status, content):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)
