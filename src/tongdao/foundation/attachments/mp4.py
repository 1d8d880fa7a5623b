"""MP4 and QuickTime (ISO/IEC 14496-12): the boxes are walked, and what no player needs is emptied in place.

Kept is what is listed here; every other box, such as `udta`, `meta` and `uuid` with the place where a video
was taken, becomes a `free` one full of zeros. So offsets hold, and what nobody has heard of yet goes, too.
Tracks that are neither picture nor sound go with their samples: cameras write there where they were, second
by second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tongdao.foundation.attachments.editing import BadVideo, Bytes, Edits
from tongdao.foundation.attachments.mp4_samples import sample_ranges

BOXES = 100_000  # in one file; a fragmented one has some eight for each fragment
KEPT: Mapping[bytes, frozenset[bytes]] = {
    place: frozenset(names.split())
    for place, names in {
        b"": b"ftyp styp moov moof mdat sidx mfra",
        b"moov": b"mvhd trak mvex iods",
        b"trak": b"tkhd mdia edts tapt",
        b"mdia": b"mdhd hdlr minf elng",
        b"minf": b"vmhd smhd nmhd gmhd hdlr dinf stbl",
        b"dinf": b"dref",
        b"stbl": b"stsd stts stss ctts stsc stsz stz2 stco co64 sdtp sbgp sgpd subs cslg stps stsh",
        b"edts": b"elst",
        b"mvex": b"mehd trex leva",
        b"moof": b"mfhd traf",
        b"traf": b"tfhd trun tfdt sdtp sbgp sgpd subs",
        b"mfra": b"tfra mfro",
    }.items()
}
BRAND = re.compile(rb"[A-Za-z0-9][A-Za-z0-9 _.+-]{3}|\0{4}")
LONGEST_FTYP = 256  # bytes
STILLS = (
    b"heic",
    b"heix",
    b"mif1",
    b"msf1",
    b"avif",
    b"avis",
)  # pictures made of boxes
ENTRIES = 100  # of a table of boxes
TIMED = (b"mvhd", b"tkhd", b"mdhd")  # say when it was recorded
SOUND, PICTURE = b"soun", b"vide"
HANDLER_NAME = 24  # offset of the name in `hdlr`
ENCODER_NAME = slice(50, 82)  # of a picture's entry in `stsd`: by which camera
COLOURED_ENTRY = 86  # bytes of such an entry, at least


@dataclass(slots=True)
class Box:
    """`start` and `end` with its head, `body` behind it; offsets in the file."""

    kind: bytes
    start: int
    body: int
    end: int
    inside: list[Box] = field(default_factory=list)

    def all(self, kind: bytes) -> list[Box]:
        return [box for box in self.inside if box.kind == kind]

    def one(self, kind: bytes) -> Box:
        """Raises BadVideo unless there is exactly one."""
        found = self.all(kind)
        if len(found) != 1:
            raise BadVideo("damaged", f"{len(found)} boxes {kind!r} in {self.kind!r}")
        return found[0]


def clean_mp4(data: Bytes) -> None:
    """Take everything out of `data` but picture and sound. Raises BadVideo.

    `data` may be changed in part when it raises.
    """
    edits = Edits()
    file = _Walk(data, edits).file()
    _check_brands(data, file)
    tracks = file.one(b"moov").all(b"trak")
    fragmented = bool(file.all(b"moof"))
    stored = [(box.body, box.end) for box in file.all(b"mdat")]
    pictures = 0
    for track in tracks:
        handler = _handler(data, track)
        pictures += handler == PICTURE
        if handler in (PICTURE, SOUND):
            _clean_track(data, track, handler, edits)
        elif fragmented:
            raise BadVideo("kind", f"a track of kind {handler!r} in fragments")
        else:
            _void(track, edits)
            for start, end in sample_ranges(data, track, stored):
                edits.blank(start, end)
    if not pictures:
        raise BadVideo("kind", "no track with pictures")
    if not stored:
        raise BadVideo("damaged", "no samples")
    edits.apply(data)


class _Walk:
    """Reads the tree of boxes that are kept; all others are noted as void on the way."""

    def __init__(self, data: Bytes, edits: Edits) -> None:
        self.data = data
        self.edits = edits
        self.seen = 0

    def file(self) -> Box:
        root = Box(b"", 0, 0, len(self.data))
        self._into(root)
        return root

    def _into(self, parent: Box) -> None:
        for box in self._boxes(parent):
            if box.kind not in KEPT[parent.kind]:
                _void(box, self.edits)
                continue
            parent.inside.append(box)
            if box.kind in KEPT:
                self._into(box)
            elif box.kind in TIMED:
                _forget_times(self.data, box, self.edits)
            elif box.kind == b"hdlr":
                self.edits.blank(box.body + HANDLER_NAME, box.end)

    def _boxes(self, parent: Box) -> Iterator[Box]:
        at = parent.body
        while at < parent.end:
            self.seen += 1
            if self.seen > BOXES:
                raise BadVideo("damaged", f"more than {BOXES} boxes")
            box = self._box(parent, at)
            yield box
            at = box.end

    def _box(self, parent: Box, at: int) -> Box:
        body = at + 8
        if body > parent.end:
            raise BadVideo("damaged", f"half a box at {at}")
        length, kind = _number(self.data, at, 4), bytes(self.data[at + 4 : at + 8])
        if length == 1:
            body = at + 16
            length = _number(self.data, at + 8, 8) if body <= parent.end else 0
        elif length == 0 and not parent.kind:
            length = parent.end - at  # to the end of the file
        if length < body - at or at + length > parent.end:
            raise BadVideo("damaged", f"{kind!r} at {at} has a length of {length}")
        return Box(kind, at, body, at + length)


def _check_brands(data: Bytes, file: Box) -> None:
    """A brand that is none could make the file pass for something else. Older files have no brands."""
    if not file.all(b"ftyp"):
        return
    box = file.one(b"ftyp")
    if box.start or box.end - box.body > LONGEST_FTYP or (box.end - box.body) % 4 or box.body == box.end:
        raise BadVideo("damaged", "a wrong list of brands")
    words = [bytes(data[at : at + 4]) for at in range(box.body, box.end, 4)]
    del words[1:2]  # the version of the first
    if words[0] in STILLS or not all(BRAND.fullmatch(word) for word in words):
        raise BadVideo("kind", f"the brand {words[0]!r}")


def _handler(data: Bytes, track: Box) -> bytes:
    box = track.one(b"mdia").one(b"hdlr")
    _long_enough(box, HANDLER_NAME)
    return bytes(data[box.body + 8 : box.body + 12])


def _clean_track(data: Bytes, track: Box, handler: bytes, edits: Edits) -> None:
    """Nothing outside the file is pointed at, and no camera is named."""
    info = track.one(b"mdia").one(b"minf")
    for box in info.all(b"dinf"):
        for entry in _entries(data, box.one(b"dref")):
            _long_enough(entry, 4)
            if not _number(data, entry.body, 4) & 1:
                raise BadVideo("kind", "its samples lie elsewhere")
    for entry in _entries(data, info.one(b"stbl").one(b"stsd")):
        if handler == PICTURE and entry.end - entry.start >= COLOURED_ENTRY:
            edits.blank(entry.start + ENCODER_NAME.start, entry.start + ENCODER_NAME.stop)


def _entries(data: Bytes, table: Box) -> Iterator[Box]:
    """Boxes of a table that counts them: version and flags, their number, then they."""
    _long_enough(table, 8)
    count, at = _number(data, table.body + 4, 4), table.body + 8
    if count > ENTRIES:
        raise BadVideo("damaged", f"{count} entries in {table.kind!r}")
    for _ in range(count):
        length = _number(data, at, 4) if at + 8 <= table.end else 0
        if length < 8 or at + length > table.end:
            raise BadVideo("damaged", f"an entry at {at} has a length of {length}")
        yield Box(bytes(data[at + 4 : at + 8]), at, at + 8, at + length)
        at += length


def _forget_times(data: Bytes, box: Box, edits: Edits) -> None:
    """When it was made and changed: two numbers behind version and flags."""
    _long_enough(box, 24)
    edits.blank(box.body + 4, box.body + (20 if data[box.body] == 1 else 12))


def _void(box: Box, edits: Edits) -> None:
    edits.patch(box.start + 4, b"free")
    edits.blank(box.body, box.end)


def _long_enough(box: Box, least: int) -> None:
    if box.end - box.body < least:
        raise BadVideo("damaged", f"{box.kind!r} is too short")


def _number(data: Bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "big")
