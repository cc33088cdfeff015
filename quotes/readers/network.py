"""Connections to public hosts only: an address is resolved once, checked, and that very address is connected to.

So neither a redirect nor a second answer of the name server (DNS rebinding) leads to a private network. Proxies of the
environment are not used, because behind one nobody knows what is connected to.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from quotes.errors import ReadError

NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class ForbiddenAddressError(ReadError):
    """An address lies on this machine or a private network."""


def resolve(host: str, port: int, allow_private: bool) -> str:
    """Find the numerical address of a host, if it may be connected to.

    Args:
        host: the name, or a numerical address in any spelling.
        port: the port.
        allow_private: whether every address is allowed.

    Returns:
        The first numerical address.

    Raises:
        ForbiddenAddressError: one of its addresses is not public.
        httpcore.ConnectError: there is no such host.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"the host {host} is not known ({error})") from error
    numbers = [str(entry[4][0]) for entry in found]
    for number in numbers:
        if not allow_private and not is_public(ipaddress.ip_address(number.partition("%")[0])):
            raise ForbiddenAddressError(
                f"{host} is {number}, an address on this machine or a private network.",
                "Allow it with --allow-private, if it is yours.",
            )
    return numbers[0]


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public internet, also of an IPv4 address that an IPv6 address carries."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(inner is not None and not is_public(inner) for inner in carried):
            return False
        if address.ipv4_mapped is not None:
            return True
        if address.is_site_local:  # fec0::/10, once for private networks
            return False
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast and not address.is_reserved


class GuardedTransport(httpx.BaseTransport):
    """Sends requests of httpx over connections that are checked, and that end at a deadline.

    Args:
        allow_private: whether every address may be connected to.
        timeout: of one request from beginning to end, in seconds.
    """

    def __init__(self, allow_private: bool, timeout: float) -> None:
        self._backend = _Backend(allow_private)
        self._timeout = timeout
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_keepalive_connections=0,
            network_backend=self._backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is read from the connection as it is asked for."""
        self._backend.deadline = time.monotonic() + self._timeout
        assert isinstance(request.stream, httpx.SyncByteStream)
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        if hasattr(self._stream, "close"):
            self._stream.close()


class _Backend(httpcore.NetworkBackend):
    """Connects to checked addresses."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._inner = httpcore.SyncBackend()
        self.deadline = 0.0

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        number = resolve(host, port, self._allow_private)
        stream = self._inner.connect_tcp(number, port, _left(self.deadline), local_address, socket_options)
        return _Stream(stream, self.deadline)


class _Stream(httpcore.NetworkStream):
    """A connection on which nothing waits beyond a deadline, however slowly the other side drips."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _Stream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the answer takes too long")
    return left
