"""The part of GitHub's API that comments take, and a release's files."""

import re

from fake_host import FakeHost

LONGEST = 65536


class FakeGitHub(FakeHost):
    """Comments of pull request 7 as a list of dictionaries, in `comments`; files to download, by path, in `files`."""

    def __init__(self, token, certificate=None):
        super().__init__(certificate)
        self.token = token
        self.comments = []
        self.files = {}
        # A status that every request for a comment is answered with instead.
        self.refuse = None

    def add(self, body, user_type="Bot"):
        self.comments.append({"id": 1000 + len(self.comments), "body": body, "user": {"type": user_type},
                              "html_url": f"{self.url}/comment/{len(self.comments)}"})
        return self.comments[-1]

    def respond(self, method, path, query, headers, content):
        if path in self.files:
            return 200, self.files[path]
        if headers.get("Authorization") != f"Bearer {self.token}":
            return 401, {"message": "Bad credentials"}
        if self.refuse is not None:
            return self.refuse, {"message": "Resource not accessible by integration"}
        if content is not None and len(content["body"]) > LONGEST:
            return 422, {"message": f"body is too long (maximum is {LONGEST} characters)"}
        if path == "/repos/ada/login-flows/issues/7/comments":
            if method == "POST":
                return 201, self.add(content["body"])
            size, page = int(query["per_page"][0]), int(query["page"][0])
            return 200, self.comments[(page - 1) * size:page * size]
        found = re.fullmatch(r"/repos/ada/login-flows/issues/comments/(\d+)", path)
        for comment in self.comments:
            if method == "PATCH" and found and comment["id"] == int(found.group(1)):
                comment["body"] = content["body"]
                return 200, comment
        return 404, {"message": "Not Found"}
