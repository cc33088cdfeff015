"""What `quotes bench run` tells: tables, and docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Sequence

from quotes.evaluation.speed import BARE, ONNX, STAGES, TEXTACY, TORCH, Speed

Rows = tuple[tuple[str, ...], list[tuple[str, ...]]]
FOUND = tuple(stage for stage in STAGES if stage != "write")
UP_TO_STANCE = ("parse", "attributions", "speakers", "stances")


def stages(speed: Speed) -> Rows:
    """Make the table of the stages: seconds, articles and words a second, and times of bare spaCy."""
    rows = [_row("read", speed.read, speed, "")]
    rows += [_row(stage, speed.seconds(stage), speed, f"{speed.ratio((stage,)):.2f}") for stage in STAGES]
    rows.append(_row("all", speed.read + speed.seconds(*STAGES), speed, f"{speed.ratio(STAGES):.2f}"))
    return ("stage", "seconds", "articles/s", "words/s", "times bare spaCy"), rows


def comparisons(speed: Speed) -> Rows:
    """Make the table of what the pipeline is compared with; the spread is that of the rounds."""
    pairs = [
        ("parse, attributions, speakers and stances / bare spaCy", UP_TO_STANCE, (BARE,)),
        ("the whole pipeline / bare spaCy", FOUND, (BARE,)),
        ("the whole pipeline / spaCy with textacy's direct_quotations", FOUND, (BARE, TEXTACY)),
    ]
    if TORCH in speed.rounds[0]:
        pairs.append(("network of attributions: plain torch / onnxruntime, int8", (TORCH,), (ONNX,)))
    rows: list[tuple[str, ...]] = []
    for name, ours, theirs in pairs:
        each = [sum(one[stage] for stage in ours) / sum(one[stage] for stage in theirs) for one in speed.rounds]
        rows.append((name, f"{speed.ratio(ours, theirs):.2f}", f"{min(each):.2f} to {max(each):.2f}"))
    return ("time of", "times", "in each round"), rows


def costs(speed: Speed) -> Rows:
    """Make the table of what a process needs, and of what textacy refuses."""
    clock, processor = speed.cold
    return ("what", "how much"), [
        ("most memory of a process that ingests all", f"{speed.peak / 2**20:,.0f} MiB"),
        ("from nothing to the quotes of one article, by the clock", f"{clock:.1f} s"),
        ("the same, processor time", f"{processor:.1f} s"),
        ("articles on which textacy's direct_quotations raises ValueError", f"{speed.refused} of {speed.articles}"),
    ]


def markdown(speed: Speed, command: str) -> str:
    """Write all of it as a page.

    Args:
        speed: what was measured.
        command: by which it was measured.
    """
    parts = [
        "# How fast it is",
        f"Written by `{command}`: {speed.articles} articles, {speed.words:,} words, {len(speed.rounds)} rounds, in "
        "which all that is compared reads batch after batch in turn. Seconds are of the processor, with one thread, "
        "the median of all rounds; on a free processor they are those of the clock.",
        f"Measured on {speed.machine}.",
        table(*stages(speed)),
        table(*comparisons(speed)),
        table(*costs(speed)),
    ]
    return "\n\n".join(parts) + "\n"


def _row(name: str, seconds: float, speed: Speed, times: str) -> tuple[str, ...]:
    rate = max(seconds, 1e-9)
    return name, f"{seconds:.2f}", f"{speed.articles / rate:,.1f}", f"{speed.words / rate:,.0f}", times


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table as Markdown, all columns but the first to the right."""
    lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
