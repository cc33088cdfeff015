"""Compressed files and archives (.gz, .zst, .zip), unpacked as they are read and never further than the limits."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from quotes.errors import ReadError

GROWTH = 200
"""Times that data may grow when unpacked, beyond the size of one document: text grows four times, a bomb a thousand."""
MAX_MEMBERS = 100_000
COMPRESSED = (".gz", ".zst")
DAMAGED = (
    *(OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError, NotImplementedError),
    *(ValueError, OverflowError, struct.error),
)
"""What the unpacking libraries raise on what is damaged, encrypted, or packed in a way that they do not know."""


def unpack(stream: BinaryIO, suffix: str, max_bytes: int) -> io.BufferedReader:
    """Unpack a compressed stream as it is read.

    Args:
        stream: the compressed file.
        suffix: .gz or .zst.
        max_bytes: what the unpacked data may have in any case; beyond it they may be 200 times the packed ones.

    Returns:
        The unpacked stream; reading it raises ReadError where the data are damaged or grow beyond measure.
    """
    counted = _Counted(stream)
    if suffix == ".zst":
        import pyarrow

        unpacked: BinaryIO = pyarrow.CompressedInputStream(pyarrow.PythonFile(counted, "r"), "zstd")
    else:
        unpacked = gzip.GzipFile(fileobj=counted)  # type: ignore[assignment]
    return io.BufferedReader(_Bounded(unpacked, counted, max_bytes))


def members(stream: BinaryIO, max_bytes: int) -> Iterator[tuple[str, BinaryIO | ReadError]]:
    """Unpack the files of a zip archive one by one, without writing any of them anywhere.

    Args:
        stream: the archive; it must be possible to seek in it.
        max_bytes: what one of its files may have unpacked in any case; beyond it, 200 times what it has packed.

    Yields:
        The name of each file and its stream, or what is wrong with it.

    Raises:
        ReadError: it is no archive, or holds too many files.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except DAMAGED as error:
        raise ReadError(f"It is no zip archive ({error}).", "Check the file, or leave it out.") from error
    with archive:
        infos = [info for info in archive.infolist() if info.filename and not info.is_dir()]
        if len(infos) > MAX_MEMBERS:
            raise ReadError(f"It holds {len(infos):,} files.", f"Pack at most {MAX_MEMBERS:,} into one archive.")
        for info in sorted(infos, key=lambda info: info.filename):
            # zipfile itself never unpacks more than the size that the archive states for a file.
            if info.file_size > max_bytes + GROWTH * info.compress_size:
                yield info.filename, _bomb(info.file_size)
                continue
            try:
                with archive.open(info) as file:
                    yield info.filename, io.BufferedReader(_Bounded(file, None, info.file_size))  # type: ignore[arg-type]
            except DAMAGED as error:
                yield info.filename, _damaged(error)


class Rest(io.BufferedReader):
    """What was read from a stream already, and then what is left in it."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        super().__init__(_Chained(head, stream))


class _Chained(io.RawIOBase):
    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._head[: len(buffer)] or self._stream.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


class _Counted(io.RawIOBase):
    """Counts what is read from a stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


class _Bounded(io.RawIOBase):
    """Stops where unpacked data outgrow the packed ones, and gives damage the name of a reading error."""

    def __init__(self, stream: BinaryIO, packed: _Counted | None, max_bytes: int) -> None:
        self._stream, self._packed, self._max_bytes = stream, packed, max_bytes
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(min(len(buffer), 2**16))
        except DAMAGED as error:
            raise _damaged(error) from error
        self._count += len(data)
        if self._count > self._max_bytes + GROWTH * (self._packed.count if self._packed else 0):
            raise _bomb(self._count)
        buffer[: len(data)] = data
        return len(data)


def _bomb(size: int) -> ReadError:
    return ReadError(
        f"Unpacked, it has {size:,} bytes or more, over {GROWTH} times what it has packed.",
        "Check where it comes from; unpack it yourself if it is right.",
    )


def _damaged(error: BaseException) -> ReadError:
    return ReadError(f"It cannot be unpacked ({error}).", "Check the file; it must be whole and without a password.")
