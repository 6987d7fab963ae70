"""RAR archives in volumes, stored without compression, as most posts are.

Blocks are those of RAR 2.9 to 4 (technote.txt of unrar's sources): a head of CRC, kind, flags and size, then fields.
"""
import struct
import zlib
from pathlib import Path

_MARK = b"Rar!\x1a\x07\x00"
_ARCHIVE, _FILE, _END = 0x73, 0x74, 0x7B
# Of an archive: a volume, with names such as .part01.rar, and the first one.
_VOLUME, _NEW_NAMES, _FIRST = 0x0001, 0x0010, 0x0100
# Of a file: goes on from the volume before, goes on in the next one, is followed by data.
_BEFORE, _AFTER, _DATA = 0x0001, 0x0002, 0x8000
# Of the end: another volume follows.
_MORE, _SKIPPABLE = 0x0001, 0x4000
_UNIX, _DATE, _VERSION, _STORED, _MODE = 3, 0x54A12000, 20, 0x30, 0o100644


def write_volumes(file: Path, folder: Path, name: str, volume: int) -> list[Path]:
    """Packs a file into NAME.part01.rar and so on, each with at most `volume` bytes of it."""
    content = file.read_bytes()
    pieces = [content[start:start + volume] for start in range(0, len(content), volume)] or [b""]
    paths = []
    for number, piece in enumerate(pieces, 1):
        path = folder / f"{name}.part{number:02d}.rar"
        path.write_bytes(_volume(file.name.encode(), content, piece, number == 1, number == len(pieces)))
        paths.append(path)
    return paths


def _volume(name: bytes, content: bytes, piece: bytes, is_first: bool, is_last: bool) -> bytes:
    # The last part has the checksum of the whole file, every other one that of its own.
    checksum = zlib.crc32(content if is_last else piece)
    fields = struct.pack("<IIBIIBBHI", len(piece), len(content), _UNIX, checksum, _DATE, _VERSION, _STORED, len(name),
                         _MODE)
    return b"".join((
        _MARK, _block(_ARCHIVE, _VOLUME | _NEW_NAMES | (_FIRST if is_first else 0), bytes(6)),
        _block(_FILE, _DATA | (0 if is_first else _BEFORE) | (0 if is_last else _AFTER), fields + name), piece,
        _block(_END, _SKIPPABLE | (0 if is_last else _MORE), b""),
    ))


def _block(kind: int, flags: int, fields: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head
