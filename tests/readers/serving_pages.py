"""A web server on this machine that answers as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Respond = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """What the server answers by path, and the requests that it got: path and headers."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.pages: dict[str, Respond] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def page(self, path: str, body: bytes | str, kind: str = "text/html", status: int = 200, **headers: str) -> str:
        """Serve a body; headers are named with underscores. Gives its address."""
        data = body.encode() if isinstance(body, str) else body

        def respond(request: BaseHTTPRequestHandler) -> None:
            known = {name.replace("_", "-").title(): value for name, value in headers.items()}
            same = known.get("Etag") and request.headers.get("If-None-Match") == known["Etag"]
            since = known.get("Last-Modified") and request.headers.get("If-Modified-Since") == known["Last-Modified"]
            request.send_response(304 if same or since else status)
            request.send_header("Content-Type", kind)
            for name, value in known.items():
                request.send_header(name, value)
            request.end_headers()
            if not same and not since:
                request.wfile.write(data)

        self.pages[path] = respond
        return self.address + path


@contextmanager
def serve() -> Iterator[Site]:
    """Serve until the end of the ``with`` block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            respond = site.pages.get(self.path.partition("?")[0])
            try:
                if respond:
                    respond(self)
                else:
                    self.send_error(404)
            except (BrokenPipeError, ConnectionResetError):
                pass

        def log_message(self, format: str, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
