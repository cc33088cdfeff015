"""All knowledge of quotation marks: which characters open and close a quotation, and which are apostrophes.

The scan reads each paragraph once, keeping the open marks on a stack, and so takes time linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from quotes.language.paragraphs import paragraphs
from quotes.records import Span

# Printers mix curly and straight marks, so that each closes the other.
CLOSERS = {"“": '”"“', "„": "“”", "«": "»", "‹": "›", "‘": "’", "‚": "‘’", '"': '"”', "'": "'", "”": '”"'}
MARKS = re.compile("``|''|[“”„«»‹›‘’‚\"']")
SINGLE = "‘‚'"
# Shortened words that begin with an apostrophe, and decades: ’twas, rock ’n’ roll, the ’90s.
ELISION = re.compile(r"(?:tis|twas|twere|til|till|em|cause|cos|bout|round|n|nuff|\d\d)(?:s)?\b(?!\w)", re.IGNORECASE)
OPENING_CONTEXT = set("([{<—–-/:;,.…") | set(CLOSERS)
# "..., the minister wrote." at the end of a paragraph whose quotation is open: the closing mark was forgotten.
FORGOTTEN = re.compile(
    r",(?=\s+(?:[\w.’'-]+\s+){1,6}?(?:said|says|wrote|writes|added|adds|tweeted|told\s[^.,]{2,40})\s*\.?\s*$)"
)
LAST_WORDS = 120
PARAGRAPH_LEADS = "…-–— \t"


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks: one span for each paragraph they run over, marks included.

    ``closed`` tells whether the last paragraph has its closing mark; without one, the quotation ends with
    its paragraph.
    """

    spans: tuple[Span, ...]
    mark: str
    closed: bool

    @property
    def start(self) -> int:
        """The offset of the first opening mark."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """The offset after the last closing mark."""
        return self.spans[-1].end


def quotations(text: str, blocks: tuple[Span, ...] | None = None) -> tuple[Quotation, ...]:
    """Find the outermost quotations of a text.

    A paragraph whose quotation does not close is continued by a next paragraph that reopens with the same
    mark; all of it is one quotation, as printers have it.
    A single mark that never closes is taken for an apostrophe or a misprint.

    Args:
        text: an article's text.
        blocks: its paragraphs, if they are known already.

    Returns:
        The quotations in order, none inside another; offsets are code points.
    """
    found: list[Quotation] = []
    running: list[Span] = []
    mark = ""
    for block in paragraphs(text) if blocks is None else blocks:
        pieces = _scan(text, block)
        if running:
            if pieces and pieces[0].mark == mark and _leads(text, block, pieces[0].start):
                first = pieces.pop(0)
                running.append(first.spans[0])
                if not first.closed and first.end == block.end:
                    continue
                found.append(Quotation(tuple(running), mark, first.closed))
            else:
                _keep_unclosed(found, running, mark)
            running = []
        if pieces and not pieces[-1].closed:
            last = pieces.pop()
            if last.end < block.end:
                found.extend([*pieces, last])
                continue
            running, mark = [last.spans[0]], last.mark
        found.extend(pieces)
    if running:
        _keep_unclosed(found, running, mark)
    return tuple(found)


def _leads(text: str, block: Span, start: int) -> bool:
    return not text[block.start : start].strip(PARAGRAPH_LEADS)


def _may_run_on(text: str, block: Span, at: int) -> bool:
    """Tell whether an unclosed single mark may open a quotation that the next paragraph continues."""
    return _leads(text, block, at) or text[block.start : at].rstrip().endswith((":", ","))


def _keep_unclosed(found: list[Quotation], running: list[Span], mark: str) -> None:
    if mark not in SINGLE:
        found.append(Quotation(tuple(running), mark, False))


def _scan(text: str, block: Span) -> list[Quotation]:
    """Find a paragraph's outermost quotations; only the last may be unclosed, and then reaches the paragraph's end."""
    start, end = block
    marks = [(m.start(), m.group()) for m in MARKS.finditer(text, start, end)]
    single_closers = [at for at, mark in marks if mark in "’'" and _may_close(text, start, at, end)]
    stack: list[tuple[int, str]] = []
    closed: list[tuple[int, int, str]] = []
    for at, raw in marks:
        mark = '"' if raw in ("``", "''") else raw
        after = at + len(raw)
        depth = _matching(stack, mark)
        if mark in "’'" and _is_apostrophe(text, start, at, end, depth is not None, single_closers):
            continue
        if depth is not None and _closes(text, start, at, after, end, mark):
            opened, opener = stack[depth]
            del stack[depth:]
            closed.append((opened, after, opener))
        elif mark in CLOSERS and _opens(text, start, at, after, end, mark):
            if mark in SINGLE:
                never_closed = bisect_right(single_closers, after) == len(single_closers)
                if never_closed and not _may_run_on(text, block, at):
                    continue
            # A mark that opens while its like is open shows that the earlier one was never closed.
            if any(opener == mark for _, opener in stack):
                del stack[next(i for i, (_, opener) in enumerate(stack) if opener == mark) :]
            stack.append((at, mark))
    outer = _outermost(closed)
    for opened, opener in stack:
        if opener not in SINGLE or _may_run_on(text, block, opened):
            outer = [piece for piece in outer if piece[1] <= opened]
            return [Quotation((Span(a, b),), m, True) for a, b, m in outer] + [
                Quotation((Span(opened, _likely_end(text, opened, end)),), opener, False)
            ]
    return [Quotation((Span(a, b),), m, True) for a, b, m in outer]


def _likely_end(text: str, opened: int, end: int) -> int:
    forgotten = FORGOTTEN.search(text, max(opened, end - LAST_WORDS), end)
    return forgotten.end() if forgotten else end


def _outermost(closed: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    outer: list[tuple[int, int, str]] = []
    for piece in sorted(closed, key=lambda piece: (piece[0], -piece[1])):
        if not outer or piece[0] >= outer[-1][1]:
            outer.append(piece)
    return outer


def _matching(stack: list[tuple[int, str]], mark: str) -> int | None:
    for depth in range(len(stack) - 1, -1, -1):
        if mark in CLOSERS[stack[depth][1]]:
            return depth
    return None


def _before(text: str, start: int, at: int) -> str:
    return text[at - 1] if at > start else " "


def _after(text: str, at: int, end: int) -> str:
    return text[at] if at < end else " "


def _opens(text: str, start: int, at: int, after: int, end: int, mark: str) -> bool:
    before, following = _before(text, start, at), _after(text, after, end)
    if following.isspace() and mark in SINGLE + '"':
        return False
    if mark in "\"'”":
        return (before.isspace() or before in OPENING_CONTEXT) and not following.isspace()
    if mark in "‘‚":
        return not before.isalnum()
    return True


def _closes(text: str, start: int, at: int, after: int, end: int, mark: str) -> bool:
    before, following = _before(text, start, at), _after(text, after, end)
    if mark == '"':
        return not before.isspace() or following.isspace()
    if mark == "“" or mark == "‘":
        return not before.isspace() and not following.isalnum()
    return True


def _may_close(text: str, start: int, at: int, end: int) -> bool:
    return not _before(text, start, at).isspace() and not _after(text, at + 1, end).isalnum()


def _is_apostrophe(text: str, start: int, at: int, end: int, open_single: bool, closers: list[int]) -> bool:
    before, following = _before(text, start, at), _after(text, at + 1, end)
    if before.isalnum() and following.isalnum():
        return True
    if not before.isalnum() and ELISION.match(text, at + 1, end):
        return True
    if text[at] == "’":
        if not open_single:
            return True
        # The workers’ rights: a plural's possessive, if the quotation closes elsewhere.
        following_word = text[at + 1 : at + 3]
        if before == "s" and following_word[:1] == " " and following_word[1:].islower():
            return bisect_right(closers, at) < len(closers)
        return False
    if before == "s" and following == " " and open_single and text[at + 2 : at + 3].islower():
        return bisect_right(closers, at) < len(closers)
    return False


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Placed = TypeVar("Placed", bound=_Placed)


def overlapping(placed: Sequence[Placed], start: int, end: int) -> Iterator[Placed]:
    """Yield what overlaps a stretch of text, in time logarithmic in the number of all.

    Args:
        placed: spans or quotations in order, none overlapping another.
        start: where the stretch begins, in code points.
        end: where it ends.

    Yields:
        Those that share at least one character with [start, end), in order.
    """
    at = max(0, bisect_right(placed, start, key=lambda one: one.start) - 1)
    while at < len(placed) and placed[at].start < end:
        if placed[at].end > start:
            yield placed[at]
        at += 1
