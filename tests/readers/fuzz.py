"""Fuzz readers or extraction for a while: ``python tests/readers/fuzz.py readers 300``.

The number is seconds of the processor.
With atheris (pip install atheris, Python 3.11 to 3.13) the mutations follow what they reach; without it they are blind.
What fails is written into ``tests/readers/corpus/``, once for each place in the code, and fuzzing goes on.
"""

from __future__ import annotations

import os
import random
import re
import sys
import tempfile
import time
import traceback
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path

try:
    import atheris
except ImportError:
    atheris = None

CORPUS = Path(__file__).parent / "corpus"
MOST = 8_192
"""Bytes of an input."""
WORDS = [
    "“",
    "”",
    '"',
    "'",
    "’",
    "said",
    "told",
    "She",
    "Anna Vell",
    ",",
    ".",
    "\n\n",
    "\u2028",
    "\x00",
    "\ud7ff",
    "🙂",
]

if atheris:
    with atheris.instrument_imports(include=["quotes"]):
        import fuzz_targets
else:
    import fuzz_targets


class Fuzzing:
    """Counts what was tried, and keeps what failed."""

    def __init__(self, target: str, seconds: float) -> None:
        self.target, self.seconds = target, seconds
        self.began, self.cpu = time.monotonic(), time.process_time()
        self.tried = self.articles = self.quotes = 0
        self.last = Path(tempfile.gettempdir(), f"fuzz-{target}-{os.getpid()}.last")  # should it end the process
        self.failed: dict[str, str] = {}

    def one(self, data: bytes) -> None:
        """Try an input: for readers, its first byte names the reader."""
        if time.process_time() - self.cpu > self.seconds:
            self.report()
            os._exit(1 if self.failed else 0)  # libFuzzer itself would only count
        self.tried += 1
        self.last.write_bytes(data)
        kind = fuzz_targets.KINDS[data[0] % len(fuzz_targets.KINDS)] if data else ".txt"
        try:
            if self.target == "readers":
                self.articles += len(fuzz_targets.read_any(kind, data[1:]))
            else:
                self.quotes += len(fuzz_targets.extract_any(data.decode("utf8", "replace")))
        except Exception as error:
            self.keep(kind, data, error)

    def keep(self, kind: str, data: bytes, error: Exception) -> None:
        """Write down an input, unless one failed at the same place before."""
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "/quotes/" in frame.filename] or list(frames)
        place = f"{type(error).__name__} {Path(ours[-1].filename).name}:{ours[-1].lineno} < {frames[-1].name}"
        if place in self.failed:
            return
        self.failed[place] = str(error)[:200]
        content = data[1:] if self.target == "readers" else data
        name = sha256(content).hexdigest()[:12] + (kind if self.target == "readers" else ".text")
        CORPUS.mkdir(exist_ok=True)
        (CORPUS / name).write_bytes(content)
        sys.stdout.write(f"{name}: {place}: {str(error)[:200]}\n")
        sys.stdout.flush()

    def report(self) -> None:
        """Print what was tried."""
        sys.stdout.write(
            f"{self.target}: {self.tried:,} inputs in {time.monotonic() - self.began:.0f} s "
            f"({time.process_time() - self.cpu:.0f} s of the processor), {self.articles:,} articles and problems, "
            f"{self.quotes:,} quotes, {len(self.failed)} failed {'with' if atheris else 'without'} atheris\n"
        )
        sys.stdout.flush()


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """Change a few bytes: other ones, left out, doubled, moved, or words that matter."""
    data = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(data) + 1)
        size = chance.choice((1, 1, 2, 8, 64))
        match chance.randrange(6):
            case 0:
                data[at : at + size] = chance.randbytes(size)
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = data[at : at + size] * chance.choice((1, 2, 50))
            case 3:
                data[at:at] = chance.choice(WORDS).encode()
            case 4:
                data[at : at + 1] = bytes([chance.choice((0, 1, 0x7F, 0x80, 0xFF))])
            case 5:
                numbers = list(re.finditer(rb"\d+", data))
                if numbers:
                    start, end = chance.choice(numbers).span()
                    data[start:end] = chance.choice((b"0", b"-1", b"4294967296", b"1e999", b"99999999999999999999"))
    return bytes(data[:MOST])


def inputs(target: str) -> list[bytes]:
    """The seeds, as the fuzzers take them."""
    if target == "extraction":
        return fuzz_targets.texts()
    return [bytes([fuzz_targets.KINDS.index(kind)]) + data for kind, data in fuzz_targets.seeds().items()]


def main(target: str, seconds: float, blind: bool) -> None:
    """Fuzz for so many seconds of the processor."""
    if target == "extraction":
        with atheris.instrument_imports(include=["quotes"]) if atheris and not blind else nullcontext():
            fuzz_targets.pipeline()  # loads what is to be fuzzed
    fuzzing = Fuzzing(target, seconds)
    if atheris and not blind:
        with tempfile.TemporaryDirectory() as folder:
            for number, seed in enumerate(inputs(target)):
                Path(folder, str(number)).write_bytes(seed)
            quiet = [
                "-verbosity=0",
                f"-max_len={MOST}",
                "-rss_limit_mb=0",
                "-timeout=600",
                "-detect_leaks=0",
                "-report_slow_units=3600",
            ]
            atheris.Setup([sys.argv[0], *quiet, folder], fuzzing.one)
            atheris.Fuzz()
    chance = random.Random(time.time_ns())
    while True:
        seed = chance.choice(inputs(target))
        head, rest = (seed[:1], seed[1:]) if target == "readers" else (b"", seed)
        fuzzing.one(head + mutated(rest, chance))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), blind="--blind" in sys.argv)
