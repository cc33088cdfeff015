"""Whether two quotes are the same words or nearly, and the fingerprints by which such quotes find each other.

Candidates are found by winnowing (Schleimer, Wilkerson & Aiken, SIGMOD 2003, p. 78): of every WINDOW neighbouring runs
of RUN words, the one with the smallest hash is kept, so that quotes that share RUN + WINDOW - 1 words in a row share a
fingerprint, wherever one of them was cut, but for runs of mere grammar. On made repeats (tests/store/repeats_made.py)
the candidates held 0.997 of the true pairs; min-hash with datasketch needed three times as many candidates for that
(threshold 0.2), and for as many candidates (threshold 0.3) held 0.991.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from hashlib import blake2b

RUN = 4
WINDOW = 2
DENSE = 2
"""Words of a run that must be no words of grammar, or it is left out: "one of the" is in every other quote."""
SHORTEST = 5
"""Words that a quote must have in common with another: "No comment" is no repeat. Chosen by judgement; the made
repeats are all longer."""
CONTENT = 3
ALIKE = 0.88
"""Share of the words of the shorter quote that the longer must have, in its order."""

LONGEST_GAP = 30
"""Words that brackets or an ellipsis may stand for."""
SHORT_GAP = 3
"""Words among which it may not stand for a negation: "will ... resign" is not what "will not resign" says."""

GRAMMAR = frozenset(
    """a about after all also am an and any are as at be because been before being but by can could did do does for
    from had has have having he her here him his how i if in into is it its just let me more most my of off on or our
    out over she should so some such than that the their them then there these they this those through to too under up
    us very was we were what when where which while who will with would you your very really quite well uh um""".split()
)
NEGATIONS = frozenset("no not never none nobody nothing nor neither without cannot hardly barely".split())
NUMBERS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion
    dozen half third quarter double twice""".split()
)
REFUSING = NEGATIONS | NUMBERS | frozenset("less fewer more before after against up down first second last".split())
"""Words that change what is said: they may neither be added nor be missing."""

_SHORT_FORMS = {"cannot": "can not", "wont": "will not", "cant": "can not", "shant": "shall not", "aint": "is not"}
_ENDINGS = {"ll": "will", "ve": "have", "re": "are", "m": "am", "d": "would"}
_LETTER = re.compile(r"\[([^\W\d_])\](?=[^\W_])")
_BRACKET = re.compile(r"\[([^\]]{0,80})\]")
_DOTS = re.compile(r"\.\s?\.\s?\.|…")
_PERCENT = re.compile(r"\bper[\s-]cent\b|%")
_WORD = re.compile(r"\x00|[^\W_]+(?:['’ʼ][^\W_]+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d)")
_DECIMALS = re.compile(r"(?<=\d)\.(?=\d)")
GAP = "\x00"


def words_of(text: str) -> list[str]:
    """Take the words out of a quote as they count here.

    Args:
        text: a quote as printed.

    Returns:
        Its words in small letters without accents; short forms in full, [brackets] and ellipses as one ``GAP``, but for
        a first [l]etter, and for numbers and negations in brackets, which count as printed.
    """
    folded = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    opened = _DOTS.sub(f" {GAP} ", _BRACKET.sub(_bracketed, _LETTER.sub(r"\1", folded)))
    words: list[str] = []
    for word in _WORD.findall(_DECIMALS.sub("point", _THOUSANDS.sub("", _PERCENT.sub(" percent ", opened)))):
        stem, mark, ending = re.sub("[’ʼ]", "'", word).partition("'")
        joined = stem + ending
        if joined in _SHORT_FORMS:
            words += _SHORT_FORMS[joined].split()
        elif ending == "t" and stem.endswith("n"):
            words += [stem[:-1], "not"]
        elif mark and ending in _ENDINGS:
            words += [stem, _ENDINGS[ending]]
        elif word != GAP or (words and words[-1] != GAP):
            words.append(joined)
    while words and words[-1] == GAP:
        words.pop()
    return words


def _bracketed(found: re.Match[str]) -> str:
    inside = _WORD.findall(found[1])
    counts = any(word in NEGATIONS | NUMBERS or word[0].isdigit() for word in inside)
    return f" {found[1]} " if counts else f" {GAP} "


def fingerprints(words: Sequence[str]) -> set[int]:
    """Choose the runs of words by which a quote is found again.

    Args:
        words: from :func:`words_of`.

    Returns:
        Hashes of 32 bits.
    """
    said = [word for word in words if word != GAP]
    if len(said) < SHORTEST or _content(said) < CONTENT:
        return set()
    runs = [said[i : i + RUN] for i in range(len(said) - RUN + 1)]
    hashes = [_hash(" ".join(run)) if _content(run) >= DENSE else None for run in runs]
    kept = set()
    for first in range(max(1, len(hashes) - WINDOW + 1)):
        kept.add(min((one for one in hashes[first : first + WINDOW] if one is not None), default=None))
    return {one for one in kept if one is not None}


def same_words(a: Sequence[str], b: Sequence[str]) -> bool:
    """Tell whether two quotes are the same words or nearly: cut at either end, with gaps, or with a slip of the pen.

    Words of grammar may differ in a few places, and other words in their spelling; a number, a negation or another
    word may not.

    Args:
        a: words of a quote, from :func:`words_of`.
        b: words of another.

    Returns:
        Whether they are.
    """
    short, long = sorted((a, b), key=lambda words: (len([w for w in words if w != GAP]), list(words)))
    matcher = SequenceMatcher(None, short, long, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return False
    common = [word for block in blocks for word in short[block.a : block.a + block.size] if word != GAP]
    left_out = slips = 0
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        ours, theirs = short[a1:a2], long[b1:b2]
        if tag == "equal" or (a1 == a2 and a1 in (0, len(short))):
            continue
        if _fills(ours, theirs):
            continue
        if _fills(theirs, ours):
            left_out += len(ours)
        elif _slip(ours, theirs):
            slips += max(len(ours), len(theirs))
        else:
            return False
    said = sum(word != GAP for word in short) - left_out
    return len(common) >= max(SHORTEST, ALIKE * said) and _content(common) >= CONTENT and slips <= max(1, said // 8)


def _slip(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Tell whether a difference is one of grammar or spelling, not of sense."""
    differing = {*ours, *theirs}
    if any(word in REFUSING or any(c.isdigit() for c in word) for word in differing):
        return False
    if len(ours) == len(theirs) and all(_spelt_alike(a, b) for a, b in zip(ours, theirs, strict=True)):
        return True
    return (not ours or not theirs) and differing <= GRAMMAR


def _spelt_alike(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) >= 4 and a[0] == b[0] and SequenceMatcher(None, a, b).ratio() >= 0.85)


def _fills(gap: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether one side is a gap and nothing else, and the other what may have been left out there."""
    if len(words) <= SHORT_GAP and not NEGATIONS.isdisjoint(words):
        return False
    return bool(gap) and set(gap) == {GAP} and len(words) <= LONGEST_GAP


def _content(words: Iterable[str]) -> int:
    return sum(word not in GRAMMAR for word in words)


def _hash(run: str) -> int:
    return int.from_bytes(blake2b(run.encode(), digest_size=4).digest(), "big")
