"""Takes the pictures of the documentation: ``python tests/browser/pictures.py quotes.duckdb docs/images``."""

from __future__ import annotations

import sys
from pathlib import Path

from driving import chromium, drawn, launched, serving

PAGES = {
    "overview": "overview",
    "people": "people?person=ilse-van-der-koog",
    "stances": "stances",
    "statements": "statements?words=dam&stance=against",
    "article": "article?article=sample-02",
    "review": "review",
}
"""The addresses, on a database of the sample articles."""


def main(database: str, folder: str) -> None:
    """Take them, or say why not."""
    found = chromium()
    if not found:
        sys.stderr.write("Chromium is missing: the pictures in the documentation stay as they are.\n")
        return
    with serving(Path(database).absolute()) as site, launched(found) as browser:
        page = browser.new_page(color_scheme="light", viewport={"width": 1280, "height": 1000})
        for name, address in PAGES.items():
            page.goto(f"{site}/{address}")
            drawn(page)
            page.evaluate("document.fonts.ready")
            page.wait_for_timeout(1_000)  # charts are drawn after the script has ended
            page.screenshot(path=Path(folder) / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
