"""A host's API on loopback, for tests of what talks to one."""

import json
import ssl
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeHost:
    """Answers with what `respond` gives, and keeps every request as (method, path with query)."""

    def __init__(self, certificate=None):
        """`certificate` is a certificate and its key, for https."""
        self.requests = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self):
                outer.answer(self)

            do_GET = do_POST = do_PUT = do_PATCH = handle_any

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, handler):
        where = urllib.parse.urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length") or 0)
        content = json.loads(handler.rfile.read(length)) if length else None
        self.requests.append((handler.command, handler.path))
        status, said = self.respond(handler.command, where.path, urllib.parse.parse_qs(where.query), handler.headers,
                                    content)
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def respond(self, method, path, query, headers, content):
        """The status, and what to answer: bytes, or a value to send as JSON."""
        raise NotImplementedError
