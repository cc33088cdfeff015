from __future__ import annotations

import gzip
import ipaddress
import socket
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler

import documents
import httpcore
import pytest
from serving_pages import Site, serve

from quotes.errors import ReadError
from quotes.readers import Options, derive_id, network, read, read_places
from quotes.records import Article, Fetch, Problem

HERE = Options(allow_private=True, pause=0.0, timeout=5.0)
YESTERDAY = datetime(2021, 3, 13, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


def page(number: int) -> str:
    return (
        f"<html><head><title>Story {number}</title></head><body><article><p>Ilse Marrow said that she would not give "
        f"up levy number {number}, whatever the harbour masters of the coast thought of it.</p></article></body></html>"
    )


def items(url: str, options: Options = HERE) -> list[Article | Problem | Fetch]:
    return list(read(url, options=options))


def the_article(url: str, options: Options = HERE) -> Article:
    article, fetch = items(url, options)
    assert isinstance(article, Article)
    assert isinstance(fetch, Fetch)
    return article


def the_problem(url: str, options: Options = HERE) -> str:
    (problem,) = items(url, options)
    assert isinstance(problem, Problem)
    assert problem.source == url
    return problem.problem


# Pages


def test_a_page_is_fetched_and_what_is_to_be_remembered_comes_after_it(site: Site) -> None:
    url = site.page("/a", page(1), etag='"one"', last_modified="Fri, 12 Mar 2021 08:00:00 GMT")
    article, fetch = items(url)
    assert isinstance(article, Article)
    assert (article.title, article.url, article.id) == ("Story 1", url, derive_id("", url))
    assert article.fetched_at
    assert article.sha256
    assert fetch == Fetch(url, article.fetched_at, '"one"', "Fri, 12 Mar 2021 08:00:00 GMT", article.id)
    assert dict(site.asked)["/a"]["user-agent"] == "quote-tracker"


def test_a_page_cannot_claim_to_belong_to_another_host(site: Site) -> None:
    url = site.page("/a", documents.PAGE)
    assert the_article(url).url == url


@pytest.mark.parametrize("header", [{"etag": 'W/"one"'}, {"last_modified": "Fri, 12 Mar 2021 08:00:00 GMT"}])
def test_what_did_not_change_is_not_sent_again(site: Site, header: dict[str, str]) -> None:
    url = site.page("/a", page(1), "text/html", 200, **header)
    _, fetch = items(url)
    assert isinstance(fetch, Fetch)
    (again,) = items(url, replace(HERE, known=lambda _: {url: fetch}))
    assert isinstance(again, Fetch)
    assert (again.changed, again.article_id) == (False, fetch.article_id)
    assert again.fetched_at > fetch.fetched_at


def test_other_kinds_of_documents_are_read(site: Site) -> None:
    assert the_article(site.page("/a.pdf", documents.pdf([["Words of a PDF."]]), "application/pdf")).url
    text = the_article(site.page("/a.txt", "“No,” said the mayor of Zürich.", "text/plain; charset=utf-8"))
    assert text.text == "“No,” said the mayor of Zürich."
    page = documents.PAGE.replace('<meta charset="utf-8">', "").encode("cp1252")
    assert "“And I" in the_article(site.page("/b", page, "text/html; charset=Windows-1252")).text


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream", "video/mp4", "application/json"])
def test_what_is_no_article_is_a_problem(site: Site, kind: str) -> None:
    assert f"sends {kind}" in the_problem(site.page("/a", b"\x89PNG", kind))


def test_errors_of_the_server_are_problems(site: Site) -> None:
    assert "answers 404" in the_problem(f"{site.address}/none")
    assert "answers 403" in the_problem(site.page("/a", "no", status=403))


# Politeness


def test_robots_txt_is_obeyed_and_asked_once(site: Site) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /private\nAllow: /private/open$\n", "text/plain")
    site.page("/private/a", page(1))
    site.page("/private/open", page(2))
    found = [
        type(item)
        for _, item in read_places([f"{site.address}/private/a", f"{site.address}/private/open"], options=HERE)
    ]
    assert found == [Problem, Article, Fetch]
    assert [path for path, _ in site.asked] == ["/robots.txt", "/private/open"]


def test_where_robots_txt_is_out_of_order_nothing_is_fetched(site: Site) -> None:
    site.page("/robots.txt", "oh", "text/plain", 503)
    assert "robots.txt" in the_problem(site.page("/a", page(1)))
    assert site.paths() == []


def test_a_host_is_given_a_pause(site: Site) -> None:
    site.page("/robots.txt", "User-agent: *\nCrawl-delay: 0.5", "text/plain")
    urls = [site.page(f"/{number}", page(number)) for number in range(3)]
    begin = time.monotonic()
    assert len(list(read_places(urls, options=HERE))) == 6
    assert time.monotonic() - begin >= 1.0


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(site: Site, status: int) -> None:
    url = site.page("/a", page(1))
    good = site.pages["/a"]
    tries = iter((False, False, True))

    def flaky(request: BaseHTTPRequestHandler) -> None:
        if next(tries):
            good(request)
        else:
            request.send_error(status)

    site.pages["/a"] = flaky
    assert the_article(url)
    assert site.paths() == ["/a"] * 3
    site.page("/b", "no", status=status)
    assert f"answers {status}" in the_problem(f"{site.address}/b")
    assert site.paths().count("/b") == 3


def test_a_server_that_asks_for_much_time_is_left_alone(site: Site) -> None:
    url = site.page("/a", "later", status=503, retry_after="86400")
    assert "503" in the_problem(url)
    assert site.paths() == ["/a"]


# Redirects


def test_redirects_are_followed_and_the_last_address_counts(site: Site) -> None:
    site.page("/b", page(1))
    url = site.page("/a", "", status=301, location="/b")
    article, fetch = items(url)
    assert isinstance(article, Article)
    assert isinstance(fetch, Fetch)
    assert (article.url, fetch.url) == (f"{site.address}/b", url)


@pytest.mark.parametrize("location", ["/a", "/a?b"])
def test_endless_redirects_are_a_problem(site: Site, location: str) -> None:
    assert "more than 5 times" in the_problem(site.page("/a", "", status=302, location=location))


@pytest.mark.parametrize("location", ["http://[", "http://[bad]/", "http://a:b/", "http://a\x01b/", "//", "http:///"])
def test_redirects_to_no_address_are_a_problem(site: Site, location: str) -> None:
    assert the_problem(site.page("/a", "", status=302, location=location))
    site.page("/robots.txt", "", status=302, location=location)
    assert [type(item) for item in items(site.page("/b", page(1)))] in ([Problem], [Article, Fetch])
    assert [type(item) for item in items("http://[bad/")] == [Problem]


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://a.example/b", "javascript:alert(1)"])
def test_redirects_lead_to_http_only(site: Site, location: str) -> None:
    assert the_problem(site.page("/a", "", status=302, location=location))
    assert site.paths() == ["/a"]


# Private networks


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "[fe80::1]",
        "[fc00::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "017700000001",
        "0177.0.0.1",
        "0x7f000001",
        "127.1",
        "0",
        "localhost.",
        "①②⑦.0.0.1",
        "user:word@127.0.0.1",
        "[::]",
        "[::7f00:1]",
        "[fd12:3456::1]",
        "[fec0::1]",
        "[::ffff:10.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[fe80::1%25lo]",
        "[64:ff9b:1::7f00:1]",
        "[ff02::1]",
        "255.255.255.255",
        "192.0.0.1",
        "198.18.0.1",
    ],
)
def test_private_addresses_are_refused(site: Site, host: str) -> None:
    problem = the_problem(f"http://{host}:{site.port}/a", replace(HERE, allow_private=False))
    assert "private network" in problem or "is not known" in problem or "is no address" in problem
    assert site.asked == []


def test_public_addresses_are_not_refused() -> None:
    for address in ("1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"):
        assert network.is_public(ipaddress.ip_address(address))


def names(monkeypatch: pytest.MonkeyPatch, answers: dict[str, list[list[str]]]) -> list[str]:
    """Let host names resolve to these addresses, one list after the other; note what is asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *rest: object, **more: object) -> object:
        if host not in answers:
            return real(host, port, *rest, **more)  # type: ignore[arg-type]
        asked.append(host)
        now = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in now]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_that_has_any_private_address_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, {"news.example": [["1.1.1.1", "127.0.0.1"]]})
    assert "news.example is 127.0.0.1" in the_problem(
        f"http://news.example:{site.port}/a", replace(HERE, allow_private=False)
    )


def test_the_address_that_was_checked_is_the_one_connected_to(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = names(monkeypatch, {"news.example": [["203.0.114.1"], ["127.0.0.1"]]})
    connected: list[str] = []
    backend = httpcore.SyncBackend()

    class Recording(httpcore.SyncBackend):
        def connect_tcp(self, host: str, *rest: object, **more: object) -> httpcore.NetworkStream:
            connected.append(host)
            return backend.connect_tcp("127.0.0.1", site.port)

    monkeypatch.setattr(httpcore, "SyncBackend", Recording)
    site.page("/robots.txt", "", "text/plain")
    site.page("/a", page(1))
    # The second answer of the name server, for the page after robots.txt, is private.
    assert "private" in the_problem("http://news.example/a", replace(HERE, allow_private=False))
    assert (connected, asked) == (["203.0.114.1"], ["news.example"] * 2)


def test_a_redirect_to_a_private_address_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, {"news.example": [["203.0.114.1"]]})
    backend = httpcore.SyncBackend()

    class Elsewhere(httpcore.SyncBackend):
        def connect_tcp(self, host: str, *rest: object, **more: object) -> httpcore.NetworkStream:
            assert host == "203.0.114.1"
            return backend.connect_tcp("127.0.0.1", site.port)

    monkeypatch.setattr(httpcore, "SyncBackend", Elsewhere)
    site.page("/a", "", status=302, location=f"http://127.0.0.1:{site.port}/secret")
    site.page("/secret", page(1))
    assert "127.0.0.1, an address on this machine" in the_problem(
        "http://news.example/a", replace(HERE, allow_private=False)
    )
    assert site.paths() == ["/a"]


def test_only_http_is_fetched() -> None:
    for url in ("ftp://a.example/b", "file:///etc/passwd"):
        with pytest.raises(ReadError, match="http or https"):
            read_places([url])


# Hostile servers


def drip(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.end_headers()
    while True:
        request.wfile.write(b"<p>")
        time.sleep(0.05)


def silence(request: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def slow_headers(request: BaseHTTPRequestHandler) -> None:
    while True:
        request.wfile.write(b"H")
        time.sleep(0.05)


@pytest.mark.parametrize("respond", [drip, silence, slow_headers])
def test_slow_answers_are_given_up(site: Site, respond: object) -> None:
    site.pages["/a"] = respond  # type: ignore[assignment]
    begin = time.monotonic()
    assert "cannot be fetched" in the_problem(f"{site.address}/a", replace(HERE, timeout=0.5))
    assert time.monotonic() - begin < 5


def test_endless_answers_are_stopped(site: Site) -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.end_headers()
        while True:
            request.wfile.write(b"<p>on and on</p>" * 4096)

    site.pages["/a"] = endless
    assert "more than 1,000,000 bytes" in the_problem(f"{site.address}/a", replace(HERE, max_bytes=1_000_000))


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("gzip", gzip.compress(b" " * 50_000_000)),
        ("deflate", zlib.compress(b" " * 50_000_000)),
        ("gzip", b"nothing packed"),
        ("br", b"whatever"),
    ],
)
def test_packed_bombs_are_stopped(site: Site, coding: str, data: bytes) -> None:
    assert the_problem(site.page("/a", data, content_encoding=coding), replace(HERE, max_bytes=100_000))


@pytest.mark.parametrize(
    ("coding", "data"), [("gzip", gzip.compress(page(1).encode())), ("deflate", zlib.compress(page(1).encode()))]
)
def test_packed_pages_are_read(site: Site, coding: str, data: bytes) -> None:
    assert the_article(site.page("/a", data, content_encoding=coding)).title == "Story 1"


def test_a_server_that_breaks_off_is_a_problem(site: Site) -> None:
    assert "cannot be fetched" in the_problem(site.page("/a", b"short", content_length="1000"))
    assert "cannot be fetched" in the_problem("http://127.0.0.1:9/a")


# Feeds and sitemaps


def rss(*entries: tuple[str, str]) -> str:
    shown = "".join(
        f"<item><title>Story</title><link>{url}</link><pubDate>{when}</pubDate></item>" for url, when in entries
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Courier</title>{shown}</channel></rss>'


def atom(*entries: tuple[str, str]) -> str:
    shown = "".join(
        f'<entry><title>Story</title><link href="{url}"/><updated>{when}</updated></entry>' for url, when in entries
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>The Courier</title>{shown}</feed>'


def sitemap(*entries: tuple[str, str]) -> str:
    shown = "".join(f"<url><loc>{url}</loc><lastmod>{when}</lastmod></url>" for url, when in entries)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{shown}</urlset>'


@pytest.mark.parametrize(
    ("listing", "kind", "when"),
    [
        (rss, "application/rss+xml", "Fri, 12 Mar 2021 08:00:00 GMT"),
        (rss, "text/html", "Fri, 12 Mar 2021 08:00:00 GMT"),
        (atom, "application/atom+xml", "2021-03-12T08:00:00Z"),
        (sitemap, "text/xml", "2021-03-12"),
    ],
)
def test_the_articles_of_a_listing_are_fetched_once(site: Site, listing: object, kind: str, when: str) -> None:
    urls = [site.page(f"/{number}", page(number)) for number in range(3)]
    url = site.page("/list", listing(*((one, when) for one in urls)), kind, etag='"one"')  # type: ignore[operator]
    found = items(url)
    articles = [item for item in found if isinstance(item, Article)]
    fetches = [item for item in found if isinstance(item, Fetch)]
    assert [article.url for article in articles] == urls
    assert [fetch.url for fetch in fetches] == [*urls, url]
    if listing is rss:
        assert (articles[0].publisher, articles[0].published) == ("The Courier", date(2021, 3, 12))

    site.asked.clear()
    known = {fetch.url: fetch for fetch in fetches}
    assert [
        (type(item), getattr(item, "changed", None)) for item in items(url, replace(HERE, known=lambda _: known))
    ] == [(Fetch, False)]
    # A new story, and a change of the second, which the listing tells.
    new = [site.page("/3", page(3)), *urls]
    later = {"2021-03-12T08:00:00Z": "2999-03-12T08:00:00Z", "2021-03-12": "2999-03-12"}.get(
        when, when.replace("2021", "2999")
    )
    site.page("/list", listing(*((one, later if one == urls[1] else when) for one in new)), kind)  # type: ignore[operator]
    again = items(url, replace(HERE, known=lambda _: known))
    assert {item.url for item in again if isinstance(item, Article)} == {new[0], urls[1]}
    assert site.paths() == ["/list", "/list", *sorted(("/3", "/1"), key=site.paths().index)]


def test_a_listing_is_tried_again_while_one_of_its_articles_fails(site: Site) -> None:
    good = site.page("/1", page(1))
    url = site.page("/list", rss((good, ""), (f"{site.address}/none", "")), "text/xml")
    assert [type(item) for item in items(url)] == [Article, Fetch, Problem]


def test_an_index_of_sitemaps_is_followed(site: Site) -> None:
    first = site.page("/1.xml", sitemap((site.page("/1", page(1)), "2021-03-12")), "text/xml")
    packed = gzip.compress(sitemap((site.page("/2", page(2)), "2021-03-13")).encode())
    second = site.page("/2.xml.gz", packed, "application/gzip")
    index = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in (first, second, f"{site.address}/none"))
    url = site.page(
        "/index.xml",
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{index}</sitemapindex>',
        "text/xml",
    )
    assert [type(item) for item in items(url)] == [Problem, Article, Fetch, Article, Fetch]


def test_a_long_listing_is_cut_and_says_so(site: Site) -> None:
    urls = [site.page(f"/{number}", page(number)) for number in range(4)]
    url = site.page("/list", rss(*((one, "") for one in urls)), "text/xml")
    problem, *rest = items(url, replace(HERE, max_entries=2))
    assert isinstance(problem, Problem)
    assert "4 articles" in problem.problem
    assert [item.url for item in rest if isinstance(item, Article)] == urls[:2]


@pytest.mark.parametrize("listing", [rss, sitemap])
@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)),
        '<!ENTITY l9 SYSTEM "file:///etc/passwd">',
    ],
)
def test_entities_are_refused(site: Site, listing: object, entities: str) -> None:
    body = listing((f"{site.address}/&l9;", ""))  # type: ignore[operator]
    body = f"<!DOCTYPE x [{entities}]>" + body.replace('<?xml version="1.0"?>', "")
    assert "entities" in the_problem(site.page("/list", body, "text/xml"))
    assert site.paths() == ["/list"]


def test_a_feed_cannot_lead_to_files(site: Site) -> None:
    url = site.page("/list", rss(("file:///etc/passwd", ""), ("/etc/passwd", "")), "text/xml")
    assert [type(item) for item in items(url)] == [Fetch]
