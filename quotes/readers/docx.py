"""Word documents: a paragraph of the document is a paragraph of the text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from quotes.errors import ReadError
from quotes.readers.fields import Options, make_article, read_all
from quotes.readers.packed import DAMAGED
from quotes.records import Article, Problem


def _row(row: Any, table: Any) -> str:
    """Join the cells of a row, each once: the row's own list has a wide cell as often as it says it is wide."""
    from docx.table import _Cell

    return " ".join(_Cell(cell, table).text for cell in row._tr.tc_lst)


def read_docx(stream: BinaryIO, place: str, options: Options) -> Iterator[Article | Problem]:
    """Read a Word document as one article; its captions stand after the text, rows of tables are paragraphs.

    Args:
        stream: the file.
        place: its name, for problems.
        options: how to read it.

    Yields:
        The article, or a problem.

    Raises:
        ReadError: it is no Word document, or too large, packed or unpacked.
    """
    import docx
    from docx.table import Table
    from lxml.etree import XMLSyntaxError

    data = read_all(stream, options)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(info.file_size for info in archive.infolist())
        if size > options.max_bytes:
            raise ReadError(f"Unpacked, it has {size:,} bytes.", "Check where it comes from, or raise max_bytes.")
        document = docx.Document(io.BytesIO(data))
        title = document.core_properties.title
        author = document.core_properties.author
        text: list[str] = []
        captions: list[str] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                text += [_row(row, block) for row in block.rows]
                continue
            style = block.style.name if block.style is not None else ""
            if style == "Title":
                title = title or block.text
            else:
                (captions if style == "Caption" else text).append(block.text)
    except ReadError:
        raise
    # python-docx lets the errors of zipfile, lxml and of missing parts through.
    except (*DAMAGED, LookupError, TypeError, AttributeError, XMLSyntaxError) as error:
        raise ReadError(
            f"It is no Word document (.docx): {error}", "Save it as .docx anew, or leave it out."
        ) from error
    whole = "\n\n".join(paragraph for paragraph in [*text, *captions] if paragraph.strip())
    # The template of python-docx names itself as the author.
    fields = {"title": title, "author": None if author == "python-docx" else author}
    renamed = {options.columns.get(name, name): value for name, value in fields.items()}
    yield from make_article(whole, renamed, place, options, data)
