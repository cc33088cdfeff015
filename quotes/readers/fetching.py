"""Fetching, politely and within limits: robots.txt, a pause per host, conditional requests, retries with back-off."""

from __future__ import annotations

import io
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpcore
import httpx
from protego import Protego

from quotes.errors import ReadError
from quotes.readers.fields import Options, too_large
from quotes.readers.network import GuardedTransport
from quotes.readers.packed import unpack
from quotes.records import Fetch

MAX_REDIRECTS = 5
TRIES = 3
BACK_OFF = 2.0
"""Times the pause per host that a second try waits, and its square the third."""
LONGEST_PAUSE = 60.0
"""Seconds that a server may ask us to wait; where it asks for more, it is left alone."""
ROBOTS_BYTES = 500 * 1024
"""What of a robots.txt is read at least, by RFC 9309, section 2.5; we read no more."""
AGAIN = frozenset((429, 500, 502, 503, 504))
NOT_FOUND = range(400, 500)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server gave: the address after all redirects, the kind of content, and the bytes, unpacked.

    ``data`` is None where nothing changed since the last time.
    """

    url: str
    media_type: str
    charset: str | None
    data: bytes | None
    etag: str | None
    last_modified: str | None
    fetched_at: datetime


class Fetcher:
    """Fetches addresses for one run, and remembers each host's robots.txt and when it was last asked.

    Args:
        options: limits, pauses and whether private addresses are allowed.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._client = httpx.Client(
            transport=GuardedTransport(options.allow_private, options.timeout),
            headers={"User-Agent": options.user_agent, "Accept-Encoding": "gzip"},
            trust_env=False,
        )
        self._robots: dict[str, Protego | None] = {}
        self._asked: dict[str, float] = {}

    def fetch(self, url: str, known: Fetch | None = None) -> Answer:
        """Fetch an address.

        Args:
            url: of http or https.
            known: how it was fetched the last time, so that only what changed since is sent.

        Returns:
            What the server gave.

        Raises:
            ReadError: it may not be fetched, cannot be fetched, or is too large; the message says why.
        """
        try:
            return self._fetch(url, known)
        except (httpx.InvalidURL, ValueError) as error:  # of the address itself, or of one that it leads to
            raise ReadError(f"It leads to an address that is none ({error}).", "Check the address.") from error

    def _fetch(self, url: str, known: Fetch | None) -> Answer:
        here = url
        headers = _conditions(known)
        for _ in range(MAX_REDIRECTS + 1):
            self._check(here)
            status, answered, data = self._try(here, headers)
            if status in (301, 302, 303, 307, 308) and answered.get("location"):
                here = str(httpx.URL(here).join(answered["location"]))
                continue
            if status == 304 and known:
                return Answer(here, "", None, None, known.etag, known.last_modified, datetime.now(UTC))
            if status != 200:
                raise ReadError(f"The server answers {status}.", "Check the address in a browser.")
            media_type, _, parameters = answered.get("content-type", "").partition(";")
            _, _, charset = parameters.lower().partition("charset=")
            return Answer(
                here,
                media_type.strip().lower(),
                charset.strip(" \"';") or None,
                data,
                answered.get("etag"),
                answered.get("last-modified"),
                datetime.now(UTC),
            )
        raise ReadError(f"It leads from one address to another more than {MAX_REDIRECTS} times.", "Check the address.")

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ReadError(f"It leads to {url}, which is no address of http or https.", "Check the address.")
        robots = self._robots_of(parts.scheme, parts.netloc.rpartition("@")[2])
        if robots is None:
            raise ReadError("The rules of its host (robots.txt) cannot be fetched.", "Try again later.")
        if not robots.can_fetch(url, self._options.user_agent):
            raise ReadError(
                "Its host forbids programs to fetch it (robots.txt).", "Leave it out, or ask its publisher."
            )

    def _robots_of(self, scheme: str, host: str) -> Protego | None:
        """Fetch the rules of a host: where there are none, all is allowed, where it is out of order, nothing."""
        origin = f"{scheme}://{host}"
        if origin not in self._robots:
            here = f"{origin}/robots.txt"
            rules: str | None = ""
            for _ in range(MAX_REDIRECTS + 1):
                status, answered, data = self._try(here, {}, ROBOTS_BYTES)
                if status in (301, 302, 303, 307, 308) and answered.get("location", "").startswith(
                    ("http://", "https://", "/")
                ):
                    here = str(httpx.URL(here).join(answered["location"]))
                    continue
                if status == 200:
                    rules = data.decode("utf8", "replace")
                elif status not in NOT_FOUND:
                    rules = None
                break
            self._robots[origin] = None if rules is None else Protego.parse(rules)
        return self._robots[origin]

    def _try(self, url: str, headers: dict[str, str], cut: int | None = None) -> tuple[int, httpx.Headers, bytes]:
        """Send a request, and again where that may help."""
        host = urlsplit(url).netloc
        for number in range(1, TRIES + 1):
            self._wait(host)
            wait = self._options.pause * BACK_OFF**number
            try:
                status, answered, data = self._send(url, headers, cut)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol) as error:
                raise ReadError(f"{url} is no address ({error}).", "Check the address.") from error
            except (
                httpx.HTTPError,
                httpcore.NetworkError,
                httpcore.TimeoutException,
                httpcore.ProtocolError,
                OSError,
            ) as error:
                if number == TRIES:
                    raise ReadError(f"It cannot be fetched: {_words(error)}.", "Try again later.") from error
            else:
                if status not in AGAIN or number == TRIES:
                    return status, answered, data
                wait = max(wait, _retry_after(answered))
                if wait > LONGEST_PAUSE:
                    return status, answered, data
            finally:
                self._asked[host] = time.monotonic()
            self._sleep(wait)
        raise AssertionError("every try ends the loop")

    def _send(self, url: str, headers: dict[str, str], cut: int | None) -> tuple[int, httpx.Headers, bytes]:
        limit = cut or self._options.max_bytes
        data = bytearray()
        with self._client.stream("GET", url, headers=headers) as answer:
            for part in answer.iter_raw():
                data += part
                if len(data) > limit:
                    if cut is None:
                        raise too_large(self._options)
                    break
            coding = answer.headers.get("content-encoding", "identity").lower()
            return answer.status_code, answer.headers, self._decoded(bytes(data[:limit]), coding, limit, cut)

    def _decoded(self, data: bytes, coding: str, limit: int, cut: int | None) -> bytes:
        """Undo a server's compression; never with more bytes than allowed."""
        if coding in ("identity", "") or not data:
            return data
        if coding in ("gzip", "x-gzip"):
            unpacked = unpack(io.BytesIO(data), ".gz", limit).read(limit + 1)
        elif coding == "deflate":
            try:
                unpacked = zlib.decompressobj().decompress(data, limit + 1)
            except zlib.error:  # some servers leave the header of zlib out
                unpacked = _inflated(data, limit)
        else:
            raise ReadError(f"The server packed it as {coding}, which was not asked for.", "Fetch it with a browser.")
        if len(unpacked) > limit:
            if cut is None:
                raise too_large(self._options)
            return unpacked[:limit]
        return unpacked

    def _wait(self, host: str) -> None:
        pause = self._options.pause
        for scheme in ("https", "http"):
            robots = self._robots.get(f"{scheme}://{host}")
            delay = robots.crawl_delay(self._options.user_agent) if robots else None
            pause = max(pause, min(float(delay or 0.0), LONGEST_PAUSE))
        left = self._asked.get(host, -pause) + pause - time.monotonic()
        if host in self._asked and left > 0:
            self._sleep(left)

    def _sleep(self, seconds: float) -> None:
        if self._options.stop.wait(seconds):
            raise ReadError("Reading was stopped.", "Run it again.")


def _conditions(known: Fetch | None) -> dict[str, str]:
    headers = {}
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _retry_after(headers: httpx.Headers) -> float:
    """Read how long a server asks us to wait: seconds, or a date."""
    value = headers.get("retry-after", "")
    if value.isdecimal():
        return float(value)
    try:
        return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _inflated(data: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, limit + 1)
    except zlib.error as error:
        raise ReadError(f"What the server packed cannot be unpacked ({error}).", "Try again later.") from error


def _words(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
