"""WebM (Matroska, RFC 9559, in EBML, RFC 8794): the elements are walked, and what no player needs is voided.

Kept is what is listed here. All else (Tags, Attachments, Chapters, dates, names) becomes a Void element of
the same length, full of zeros, so that offsets hold. What browsers record has no lengths for the segment and
its clusters: those end where something begins that cannot be inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tongdao.foundation.attachments.editing import BadVideo, Bytes, Edits

ELEMENTS = 500_000  # in one file: an hour of picture and sound at a low rate has 300,000
HEADER, DOC_TYPE = 0x1A45DFA3, 0x4282
SEGMENT, CLUSTER, VOID = 0x18538067, 0x1F43B675, 0xEC
SEEK, INFO, TRACKS, CUES = 0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1C53BB6B
CHAPTERS, TAGS, ATTACHMENTS = 0x1043A770, 0x1254C367, 0x1941A469
OF_SEGMENT = {SEEK, INFO, TRACKS, CLUSTER, CUES, CHAPTERS, TAGS, ATTACHMENTS}
KEPT_OF_SEGMENT = {SEEK, INFO, TRACKS, CLUSTER, CUES}
OF_CLUSTER = {0xE7, 0xA7, 0xAB, 0xA3, 0xA0}  # Timestamp, Position, PrevSize, SimpleBlock, BlockGroup
OF_INFO = {0x2AD7B1, 0x4489}  # TimestampScale, Duration
PROGRAMS = {0x4D80, 0x5741}  # MuxingApp and WritingApp have to be there, but may be empty
TRACK, TRACK_TYPE = 0xAE, 0x83
OF_TRACK = {
    *(0xD7, 0x73C5, TRACK_TYPE, 0xB9, 0x88, 0x55AA, 0x9C, 0x6DE7, 0x6DF8, 0x23E383, 0x234E7A, 0x23314F),
    *(0x55EE, 0x86, 0x63A2, 0xAA, 0x56AA, 0x56BB, 0x22B59C, 0x22B59D, 0xE0, 0xE1, 0x41E4),
}  # numbers, flags, times, language, codec and what it has to know, picture, sound
VIDEO, AUDIO = 1, 2
LONGEST_HEADER, LONGEST_NUMBER = 1024, 8  # bytes


@dataclass(frozen=True, slots=True)
class Element:
    """`start` with its head, `body` behind it. `open`: no length was told, so `end` is its parent's."""

    id: int
    start: int
    body: int
    end: int
    open: bool


def clean_webm(data: Bytes) -> None:
    """Take everything out of `data` but picture and sound. Raises BadVideo."""
    walk = _Walk(data)
    walk.file()
    if VIDEO not in walk.types:
        raise BadVideo("kind", "no track with pictures")
    if not walk.clusters:
        raise BadVideo("damaged", "no clusters")
    walk.edits.apply(data)


class _Walk:
    def __init__(self, data: Bytes) -> None:
        self.data = data
        self.edits = Edits()
        self.types: set[int] = set()
        self.clusters = 0
        self.seen = 0

    def file(self) -> None:
        head = self._element(0, len(self.data))
        if head.id != HEADER or head.open or head.end - head.body > LONGEST_HEADER:
            raise BadVideo("damaged", "a wrong header")
        self._header(head)
        segment = self._element(head.end, len(self.data))
        if segment.id != SEGMENT:
            raise BadVideo("damaged", "no segment")
        self._segment(segment)
        for each in self._inside(segment.end, len(self.data)):
            if each.id != VOID:
                raise BadVideo("damaged", "something behind the segment")
            self._void(each)

    def _header(self, head: Element) -> None:
        types = [each for each in self._inside(head.body, head.end) if each.id == DOC_TYPE]
        if [bytes(self.data[each.body : each.end]).rstrip(b"\0") for each in types] != [b"webm"]:
            raise BadVideo("kind", "no WebM")

    def _segment(self, segment: Element) -> None:
        at = segment.body
        while at < segment.end:
            each = self._element(at, segment.end)
            at = each.end
            if each.id not in KEPT_OF_SEGMENT:
                self._closed(each)
                self._void(each)
            elif each.id == CLUSTER:
                self.clusters += 1
                at = self._cluster(each)
            elif each.id == INFO:
                self._info(each)
            elif each.id == TRACKS:
                self._tracks(each)
            else:
                self._closed(each)

    def _cluster(self, cluster: Element) -> int:
        """Where it ends."""
        at = cluster.body
        while at < cluster.end:
            each = self._element(at, cluster.end)
            if cluster.open and each.id in OF_SEGMENT:
                return at
            self._closed(each)
            if each.id not in OF_CLUSTER:
                self._void(each)
            at = each.end
        return at

    def _info(self, info: Element) -> None:
        self._closed(info)
        for each in self._inside(info.body, info.end):
            if each.id in PROGRAMS:
                self.edits.blank(each.body, each.end)
            elif each.id not in OF_INFO:
                self._void(each)

    def _tracks(self, tracks: Element) -> None:
        self._closed(tracks)
        for track in self._inside(tracks.body, tracks.end):
            if track.id != TRACK:
                self._void(track)
                continue
            for each in self._inside(track.body, track.end):
                if each.id == TRACK_TYPE:
                    self.types.add(self._type(each))
                elif each.id not in OF_TRACK:
                    self._void(each)

    def _type(self, element: Element) -> int:
        if element.end - element.body > LONGEST_NUMBER:
            raise BadVideo("damaged", "a track of no kind")
        kind = int.from_bytes(self.data[element.body : element.end], "big")
        if kind not in (VIDEO, AUDIO):
            raise BadVideo("kind", f"a track of kind {kind}")
        return kind

    def _inside(self, start: int, end: int) -> Iterator[Element]:
        """All of which say how long they are."""
        while start < end:
            each = self._element(start, end)
            self._closed(each)
            yield each
            start = each.end

    def _element(self, at: int, end: int) -> Element:
        self.seen += 1
        if self.seen > ELEMENTS:
            raise BadVideo("damaged", f"more than {ELEMENTS} elements")
        id, after = self._variable(at, end, 4, marked=True)
        length, body = self._variable(after, end, 8, marked=False)
        unknown = length == (1 << 7 * (body - after)) - 1
        if not unknown and body + length > end:
            raise BadVideo("damaged", f"an element at {at} has a length of {length}")
        return Element(id, at, body, end if unknown else body + length, unknown)

    def _variable(self, at: int, end: int, longest: int, *, marked: bool) -> tuple[int, int]:
        """A number whose first byte tells how many there are; and where it ends. `marked`: with that mark."""
        first = self.data[at] if at < end else 0
        length = 9 - first.bit_length()
        if length > longest or at + length > end:
            raise BadVideo("damaged", f"no number at {at}")
        value = int.from_bytes(self.data[at : at + length], "big")
        return value if marked else value & ((1 << 7 * length) - 1), at + length

    def _closed(self, element: Element) -> None:
        if element.open:
            raise BadVideo("damaged", f"an element at {element.start} without a length")

    def _void(self, element: Element) -> None:
        whole = element.end - element.start
        width = min(element.body - element.start - 1, 8)
        rest = whole - 1 - width
        self.edits.patch(element.start, bytes([VOID]) + (rest | 1 << 7 * width).to_bytes(width, "big"))
        self.edits.blank(element.start + 1 + width, element.end)
