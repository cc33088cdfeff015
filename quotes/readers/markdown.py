"""Markdown, with what is known about the article in YAML between two lines of ``---`` at the top."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import yaml

from quotes.readers.fields import Options, make_article, read_all
from quotes.readers.text import decode
from quotes.records import Article, Problem

FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def read_markdown(stream: BinaryIO, place: str, options: Options) -> Iterator[Article | Problem]:
    """Read a Markdown file as one article; its text is what follows the front matter, unchanged.

    Args:
        stream: the file.
        place: its name, for problems.
        options: how to read it.

    Yields:
        The article, and a problem for each field of its front matter that was not understood; or only a problem.

    Raises:
        ReadError: it is no text, or too large.
    """
    data = read_all(stream, options)
    text = decode(data)
    front = FRONT_MATTER.match(text)
    try:
        # The BaseLoader leaves every value the string that it is: a title may be 1984, a language no.
        fields = yaml.load(front[1], Loader=yaml.BaseLoader) if front else {}
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark else ""
        yield Problem(
            place, f"Its front matter is not valid YAML{where}.", "Mend what stands between the lines of ---."
        )
        return
    if isinstance(fields, dict):
        yield from make_article(text[front.end() :] if front else text, fields, place, options, data)
    elif front and not front[1].strip():
        yield from make_article(text[front.end() :], {}, place, options, data)
    else:  # the lines of --- are rules between paragraphs
        yield from make_article(text, {}, place, options, data)
