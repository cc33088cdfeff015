"""The dashboard in a real Chromium: its main paths, its addresses, and a picture of every page in ``screenshots/``."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from driving import PATIENCE, SCREENSHOTS, chromium, drawn, launched, serving
from playwright.sync_api import Browser, BrowserContext, Page, expect
from seeing import Find

from quotes.store.store import writing

READING = 400_000
"""How long to wait for articles to be read, which begins with loading the models, in milliseconds."""
LOOKS = [("light", 1440), ("dark", 390)]
OTHER_LOOKS = [("dark", 1440), ("light", 390)]
"""Theme and width of the pictures that `make test` makes, and of those that `make test-all` makes besides."""
PASTED = (
    "The mayor of Port Sorrel, Dov Hartwell, said on Tuesday: “I will not sell the quay to "
    "<script>document.title='owned'</script> :red[anybody] for $\\LaTeX$.”\n"
    "Tobin Ashgrove criticised the plan. “It is a disgrace for Port Sorrel,” he told reporters.\n"
    "Edda Voss may have said that the pelicans would never return."
)

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    found = chromium()
    if not found:
        reason = "no Chromium on this machine: install the system's package `chromium` to run the browser tests"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with launched(found) as running:
        yield running


@pytest.fixture(scope="module")
def address(tracker: Path) -> Iterator[str]:
    """The dashboard, served on the invented articles."""
    with serving(tracker) as served:
        yield served


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A window whose pages share what the browser keeps of the dashboard's scripts, which take seconds to load."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def open_page(window: BrowserContext, address: str) -> Iterator[Open]:
    """Open an address of the dashboard in a page of its own and wait until it is drawn."""

    def open_it(
        path: str, *, scheme: str = "light", width: int = 1440, height: int = 1000, site: str = address
    ) -> Page:
        page = window.new_page()
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{site}/{path}")
        drawn(page)
        return page

    yield open_it
    for page in window.pages:
        page.close()


def in_view(page: Page, selector: str) -> None:
    """Wait until an element stands in the window."""
    expect(page.locator(selector).first).to_be_in_viewport()


def test_from_a_person_over_a_statement_to_its_place_in_the_article(open_page: Open) -> None:
    page = open_page("people", height=500)
    expect(page.get_by_role("heading", name="Tobin Ashgrove", exact=True)).to_be_visible()
    card = page.locator(".qt-card", has_text="fishing net")
    card.get_by_role("link", name="See it in the article").click()
    expect(page).to_have_url(re.compile(r"/article\?article=harbour&quote="))
    expect(page.get_by_role("heading", name="Marrow stakes her name on the harbour levy")).to_be_attached()
    in_view(page, ".qt-text .qt-here")
    expect(page.locator(".qt-text .qt-here").first).to_contain_text("“Ilse Marrow has mistaken the treasury")
    page.get_by_role("navigation", name="Speakers").get_by_role("link", name="Rhea Castellane").click()
    expect(page.get_by_role("heading", name="Rhea Castellane", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/people\?person=rhea-castellane$"))


def test_choosing_a_person_by_typing(open_page: Open) -> None:
    page = open_page("people")
    box = page.get_by_role("combobox", name="Person")
    box.click()
    box.fill("hartw")
    page.get_by_role("option", name="Dov Hartwell").click()
    expect(page.get_by_role("heading", name="Dov Hartwell", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"person=dov-hartwell$"))
    page.go_back()
    expect(page.get_by_role("heading", name="Tobin Ashgrove", exact=True)).to_be_visible()


def test_from_a_cell_of_the_matrix_to_its_statements(open_page: Open) -> None:
    page = open_page("stances", height=700)
    page.get_by_role("link", name="Dov Hartwell on Ilse Marrow: 2 statements").click()
    expect(page.get_by_role("heading", name="Dov Hartwell on Ilse Marrow")).to_be_in_viewport()
    expect(page.locator(".qt-card")).to_have_count(2)
    page.get_by_role("link", name="Tobin Ashgrove on the budget: 1 statement").click()
    expect(page.get_by_role("heading", name="Tobin Ashgrove on the budget")).to_be_in_viewport()
    expect(page.locator(".qt-card")).to_have_count(1)
    expect(page.locator(".qt-cell[aria-current]")).to_have_accessible_name(
        "Tobin Ashgrove on the budget: 1 statement, 1 against"
    )
    page.go_back()
    expect(page.get_by_role("heading", name="Dov Hartwell on Ilse Marrow")).to_be_visible()


def test_behind_a_cell_the_evidence_is_underlined(open_page: Open, tracker: Path, tmp_path: Path) -> None:
    marked = Path(shutil.copy(tracker, tmp_path / "marked.duckdb"))
    with writing(marked, 10) as store:
        store.connection.execute(
            """UPDATE stances SET evidence = [{'start': place, 'end': place + 17}] FROM (
                   SELECT quote_id, strpos(a.text, 'a work of fiction') - 1 AS place
                   FROM quotes JOIN articles AS a USING (article_id)) AS found
               WHERE stances.quote_id = found.quote_id AND place >= 0 AND target = 'Velland Rail Union'"""
        )
    with serving(marked) as site:
        page = open_page("stances", site=site)
        page.get_by_role("link", name="Edda Voss on Velland Rail Union: 1 statement").click()
        expect(page.get_by_role("heading", name="Edda Voss on Velland Rail Union")).to_be_in_viewport()
        expect(page.locator(".qt-card .qt-words u")).to_have_text("a work of fiction")
        expect(page.locator(".qt-card .qt-words u")).to_have_css("text-decoration-line", "underline")


def test_the_matrix_is_reached_by_keyboard(open_page: Open) -> None:
    page = open_page("stances")
    page.locator(".qt-cell").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".qt-chosen")).to_be_visible()


def test_a_name_that_is_no_option_is_searched_for(open_page: Open) -> None:
    page = open_page("people")
    box = page.get_by_role("combobox", name="Person")
    box.click()
    box.fill("arro")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"people\?(find=arro|person=ilse-marrow)"))


def test_filters_and_a_shared_address_open_the_same_view(open_page: Open) -> None:
    page = open_page("statements")
    page.get_by_role("combobox", name="Speaker").click()
    page.get_by_role("option", name="Tobin Ashgrove (4)").click()
    expect(page.locator(".qt-card")).to_have_count(4)
    page.get_by_role("combobox", name="Stance").click()
    page.get_by_role("option", name="favor (1)").click()
    expect(page.locator(".qt-card")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"(?=.*person=tobin-ashgrove).*stance=favor"))
    shared = open_page(page.url.removeprefix(page.url.partition("/statements")[0] + "/"))
    expect(shared.locator(".qt-card")).to_have_count(1)
    expect(shared.locator(".qt-figures")).to_contain_text("1 statement by Tobin Ashgrove, stance favor")
    shared.get_by_role("link", name="Clear all filters").click()
    expect(shared.locator(".qt-figures")).to_contain_text("17 statements, newest first")


def test_a_search_is_shared_goes_back_and_is_taken_away(open_page: Open) -> None:
    page = open_page("statements")
    page.get_by_role("searchbox", name="Search").fill('"fishing net" treasur*')
    page.keyboard.press("Enter")
    expect(page.locator(".qt-card")).to_have_count(1)
    expect(page.locator(".qt-words mark")).to_have_text(["treasury", "fishing net"])
    expect(page).to_have_url(re.compile(r"/statements\?words="))
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert "fishing net" in Path(download.value.path()).read_text(encoding="utf8")
    shared = open_page(page.url.removeprefix(page.url.partition("/statements")[0] + "/"))
    expect(shared.get_by_role("searchbox", name="Search")).to_have_value('"fishing net" treasur*')
    expect(shared.locator(".qt-card")).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("")
    expect(page.locator(".qt-card")).to_have_count(17)


def test_a_query_and_its_chart_are_shared(open_page: Open) -> None:
    page = open_page("sql?query=select+kind,+count(*)+as+quotes+from+quotes+group+by+1+order+by+1&chart=bars")
    expect(page.get_by_role("heading", name="quotes by kind")).to_be_visible()
    expect(page.locator(".stVegaLiteChart canvas, .stVegaLiteChart svg").first).to_be_visible()
    page.get_by_label("Query").fill("select spaeker from quotes")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".qt-place-in-query")).to_contain_text("LINE 1: select spaeker from quotes")
    page.go_back()
    expect(page.get_by_label("Query")).to_have_value(
        "select kind, count(*) as quotes from quotes group by 1 order by 1"
    )


def test_a_large_screen_shows_the_page_in_its_middle(open_page: Open) -> None:
    page = open_page("statements", width=3840, height=2160)
    box = page.locator(".qt-card").first.bounding_box()
    assert box is not None
    assert abs(box["x"] + box["width"] / 2 - 1920) < 400


def test_links_work_as_plain_links_too(open_page: Open) -> None:
    page = open_page("people?person=dov-hartwell")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="See it in the article").first.click(modifiers=["Control"])
    drawn(opened.value)
    in_view(opened.value, ".qt-text .qt-here")


def test_hostile_text_does_nothing(browser: Browser, open_page: Open, hostile_tracker: Path) -> None:
    with serving(hostile_tracker) as site:
        for path in ("article?article=%3Chostile%3E%26%22%27", "people?person=m%24x%24", "statements", "stances"):
            page = open_page(path, site=site)
            expect(page.get_by_text(":red[Mallory] $\\LaTeX$ <b>Quill</b>").first).to_be_visible()
            assert page.title().endswith(" · Quote tracker")
            for made in (".katex", ".stHtml img", 'a[href^="javascript"]', ".stMarkdown strong"):
                expect(page.locator(made)).to_have_count(0)
        page = open_page("statements", site=site)
        page.get_by_role("combobox", name="Speaker").click()
        expect(page.get_by_role("option", name=":red[Mallory] $\\LaTeX$ <b>Quill</b> (1)")).to_be_visible()


def test_a_database_that_appears_is_shown(open_page: Open, tracker: Path, tmp_path: Path) -> None:
    late = tmp_path / "late.duckdb"
    with serving(late) as site:
        page = open_page("people", site=site)
        expect(page.get_by_role("heading", name="No database to read")).to_be_visible()
        shutil.copy(tracker, late)
        expect(page.get_by_role("heading", name="Tobin Ashgrove", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "width"), [*LOOKS, *(pytest.param(*look, marks=pytest.mark.slow) for look in OTHER_LOOKS)]
)
@pytest.mark.timeout(900)
def test_every_page_has_its_picture(open_page: Open, find_quote: Find, tracker: Path, scheme: str, width: int) -> None:
    quote = find_quote(tracker, "fishing net")
    views = {
        "overview": "overview",
        "sql": "sql?query=select+speaker,+count(*)+as+statements+from+statements_view+group+by+speaker+order+by+2+desc",
        "people": "people?person=tobin-ashgrove",
        "stances": "stances?person=dov-hartwell&target=Ilse+Marrow",
        "statements": "statements",
        "search": "statements?words=levy+ferries",
        "target": "stances?target=Ilse+Marrow",
        "chart": "sql?query=select+kind,+count(*)+as+quotes+from+quotes+group+by+1+order+by+1&chart=bars",
        "articles": "article",
        "article": f"article?article=harbour&quote={quote}",
        "nobody": "people?person=nobody",
        "review": "review",
        "merging": "review?show=people&kept=edda-voss&other=dov-hartwell",
        "add": "add",
    }
    for name, path in views.items():
        take_picture(open_page, name, path, scheme, width)


def take_picture(open_page: Open, name: str, path: str, scheme: str, width: int, **more: str) -> None:
    """Take a picture of a page, which must fit its window and be readable."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page = open_page(path, scheme=scheme, width=width, height=1000 if width > 800 else 844, **more)
    page.evaluate("document.fonts.ready")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.locator(".stApp")).to_have_css("color-scheme", scheme)
    main = page.locator(".stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth"), f"{name} is wider than its window"
    tall = min(main.evaluate("main => main.scrollHeight") + 60, 4000)
    page.set_viewport_size({"width": width, "height": tall})
    assert not too_faint(page), name
    page.screenshot(path=SCREENSHOTS / f"{name}-{scheme}-{width}.png")
    page.close()


def too_faint(page: Page) -> list[str]:
    """List texts of ours whose contrast with their ground is below 4.5:1 (WCAG 2.2, success criterion 1.4.3)."""
    found: list[str] = page.evaluate((Path(__file__).parent / "contrast.js").read_text(encoding="utf8"))
    return found


@pytest.fixture
def own_site(tracker: Path, tmp_path: Path) -> Iterator[str]:
    """The dashboard, served on a copy of the invented articles, which may be changed."""
    own = Path(shutil.copy(tracker, tmp_path / "own.duckdb"))
    with serving(own) as site:
        yield site


@pytest.mark.timeout(900)
def test_a_corrected_speaker_is_seen_on_the_persons_page(open_page: Open, own_site: str) -> None:
    page = open_page("statements", site=own_site)
    page.locator(".qt-card", has_text="work of fiction").get_by_role("link", name="Correct it").click()
    expect(page).to_have_url(re.compile(r"/review\?quote="))
    expect(page.locator(".qt-look .qt-here")).to_contain_text("that the timetable was a work of fiction")
    expect(page.get_by_role("button", name="Save the correction")).to_be_disabled()
    box = page.get_by_role("combobox", name="Who said it")
    box.click()
    box.fill("hartw")
    page.get_by_role("option", name="Dov Hartwell").click()
    page.get_by_role("button", name="Save the correction").click()
    expect(page.get_by_role("heading", name="Corrected")).to_be_visible()
    expect(page.locator(".qt-look .qt-who")).to_contain_text("Dov Hartwell")
    for scheme, width in LOOKS:
        take_picture(open_page, "corrected", page.url.removeprefix(f"{own_site}/"), scheme, width, site=own_site)
        take_picture(open_page, "decided", "review?show=decided", scheme, width, site=own_site)
    person = open_page("people?person=dov-hartwell", site=own_site)
    expect(person.locator(".qt-card", has_text="work of fiction")).to_be_visible()
    page.get_by_role("navigation", name="Parts of the review").get_by_role("link", name="Decided").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(1)
    expect(page.locator(".qt-decision")).to_contain_text("Speaker: from Edda Voss to Dov Hartwell")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    expect(page.locator(".qt-decision")).to_contain_text("undone by")
    person = open_page("people?person=edda-voss", site=own_site)
    expect(person.locator(".qt-card", has_text="work of fiction")).to_be_visible()


def test_reviewing_by_keyboard(open_page: Open, own_site: str) -> None:
    page = open_page("review", site=own_site)
    expect(page.locator(".qt-queue li")).to_have_count(15)
    page.get_by_role("button", name="Accept").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Accepted: that the timetable")).to_be_visible()
    expect(page.locator(".qt-look .qt-here")).to_contain_text("that the ferries will stop")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    expect(page.locator(".qt-queue li").first).to_contain_text("that the timetable")
    page.locator(".qt-queue a").nth(2).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"quote="))
    page.go_back()
    expect(page.locator(".qt-look .qt-here")).to_contain_text("that the ferries will stop")


@pytest.mark.timeout(1200)
def test_a_pasted_text_is_previewed_then_saved_then_found(open_page: Open, own_site: str) -> None:
    page = open_page("add", site=own_site)
    page.get_by_role("textbox", name="Text").fill(PASTED)
    page.get_by_role("textbox", name="Title").fill("A quay, <b>not</b> for sale")
    page.get_by_role("textbox", name="Publisher").fill("The Sorrel Courier")
    page.get_by_role("button", name="Find the statements").click()
    expect(page.locator(".qt-progress progress")).to_be_visible()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible(timeout=READING)
    expect(page.locator(".qt-text .qt-quote").first).to_contain_text("I will not sell the quay to <script>")
    expect(page.locator(".qt-found li").first).to_contain_text("Dov Hartwell")
    preview = page.url.removeprefix(f"{own_site}/")
    for scheme, width in LOOKS:
        take_picture(open_page, "preview", preview, scheme, width, site=own_site)
    elsewhere = open_page("statements", site=own_site)
    expect(elsewhere.locator(".qt-card", has_text="sell the quay")).to_have_count(0)
    page.locator(".qt-found a").nth(1).click()
    in_view(page, ".qt-text .qt-here")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved")).to_be_visible(timeout=READING)
    assert page.title() == "Add · Quote tracker"
    for made in (".katex", ".stMarkdown strong", ".qt-words script"):
        expect(page.locator(made)).to_have_count(0)
    for scheme, width in LOOKS:
        take_picture(open_page, "saved", page.url.removeprefix(f"{own_site}/"), scheme, width, site=own_site)
    page.get_by_role("link", name="A quay, <b>not</b> for sale").first.click()
    expect(page).to_have_url(re.compile(r"/article\?article="))
    expect(page.locator(".qt-text .qt-quote").first).to_contain_text("I will not sell the quay")
    found = open_page("statements?publisher=The+Sorrel+Courier", site=own_site)
    expect(found.locator(".qt-card", has_text="sell the quay")).to_be_visible()
    gone = open_page(preview, site=own_site)
    expect(gone.get_by_role("heading", name="This preview is gone")).to_be_visible()
