"""Videos put together by hand: small, valid, and full of what has to go."""

from __future__ import annotations

import struct

PLACE = b"+31.2304+121.4737+004.000/"
WALK = b"GPS-SAMPLE-31.23,121.47;"  # one sample of a camera's own track
FRAME = bytes(range(1, 65))  # one sample of the picture's
MAKER, PROGRAM, NAME = b"SECRETPHONE 15 Pro", b"SecretEncoder 1.0", b"Core Media Secret"
BORN = 0xDFDFDFDF  # a moment of recording
SECRETS = (PLACE, WALK, MAKER, PROGRAM, NAME, struct.pack(">I", BORN))


def box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I", 8 + len(inside)) + kind + inside


def long_box(kind: bytes, *content: bytes) -> bytes:
    """With a length of 64 bits."""
    inside = b"".join(content)
    return struct.pack(">I4sQ", 1, kind, 16 + len(inside)) + inside


def full(kind: bytes, *content: bytes, flags: int = 0, version: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *content)


def handler(kind: bytes) -> bytes:
    return full(b"hdlr", bytes(4), kind, bytes(12), NAME + b"\0")


def sample_tables(at: int, size: int, entry: bytes) -> bytes:
    """One sample in one chunk."""
    return box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), entry),
        full(b"stts", struct.pack(">III", 1, 1, 1000)),
        full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
        full(b"stsz", struct.pack(">II", 0, 1), struct.pack(">I", size)),
        full(b"stco", struct.pack(">II", 1, at)),
    )


def picture_entry() -> bytes:
    name = bytes([len(PROGRAM)]) + PROGRAM.ljust(31, b"\0")
    return box(
        b"avc1", bytes(6), b"\0\1", bytes(16), struct.pack(">HH", 64, 48), bytes(14), name, b"\0\x18\xff\xff"
    )


def track(kind: bytes, tables: bytes, *more: bytes, elsewhere: bool = False) -> bytes:
    place = full(b"url ", b"http://a.example/x\0") if elsewhere else full(b"url ", flags=1)
    references = box(b"dinf", full(b"dref", struct.pack(">I", 1), place))
    information = box(b"minf", full(b"vmhd", bytes(8)), references, tables)
    timed = full(b"mdhd", struct.pack(">IIIII", BORN, BORN, 1000, 1000, 0))
    head = full(b"tkhd", struct.pack(">III", BORN, BORN, 1), bytes(68))
    return box(b"trak", head, *more, box(b"mdia", timed, handler(kind), information))


def udta() -> bytes:
    """Where it was made, as QuickTime and as 3GPP say it."""
    spoken = box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7), PLACE)
    return box(b"udta", spoken, full(b"loci", b"\x15\xc7", PLACE + b"\0", bytes(15)), bytes(4))


def movie(
    *,
    brand: bytes = b"mp42",
    kind: bytes = b"vide",
    elsewhere: bool = False,
    mdat: str = "short",
    more: bytes = b"",
) -> bytes:
    """ftyp, moov, mdat, as a phone would write them. `mdat`: short, long (64 bits) or open (to the end)."""
    first = box(b"ftyp", brand, bytes(4), brand, b"isom") + more
    head = {"short": 8, "long": 16, "open": 8}[mdat]
    whole = b""
    for _ in range(2):  # the offsets depend on the length of what stands before
        at = len(first) + len(whole) + head
        whole = box(
            b"moov",
            full(b"mvhd", struct.pack(">IIII", BORN, BORN, 1000, 1000), bytes(80)),
            track(kind, sample_tables(at, len(FRAME), picture_entry()), udta(), elsewhere=elsewhere),
            track(b"meta", sample_tables(at + len(FRAME), len(WALK), box(b"gpmd", bytes(6), b"\0\1"))),
            udta(),
            full(b"meta", handler(b"mdta"), box(b"ilst", MAKER)),
            box(b"uuid", bytes(16), PLACE),
        )
    content = FRAME + WALK
    last = {
        "short": box(b"mdat", content),
        "long": long_box(b"mdat", content),
        "open": struct.pack(">I4s", 0, b"mdat") + content,
    }
    return first + whole + last[mdat]


def element(id: int, *content: bytes, width: int = 0) -> bytes:
    """`width`: bytes of its length; else as few as do."""
    inside = b"".join(content)
    width = width or next(w for w in range(1, 9) if len(inside) < (1 << 7 * w) - 1)
    head = id.to_bytes((id.bit_length() + 7) // 8, "big")
    return head + (len(inside) | 1 << 7 * width).to_bytes(width, "big") + inside


def open_element(id: int, *content: bytes) -> bytes:
    """Without a length."""
    return id.to_bytes((id.bit_length() + 7) // 8, "big") + b"\x01" + b"\xff" * 7 + b"".join(content)


def webm(
    *, doc: bytes = b"webm", kind: int = 1, told: bool = False, more: bytes = b"", last: bytes = b""
) -> bytes:
    """As a browser records it, with all that may have to go."""
    make = element if told else open_element
    tag = element(0x7373, element(0x67C8, element(0x45A3, b"LOCATION"), element(0x4487, PLACE)))
    information = element(
        0x1549A966,
        element(0x2AD7B1, b"\x0f\x42\x40"),
        element(0x4D80, PROGRAM),
        element(0x5741, PROGRAM),
        element(0x4461, b"SECRETAT"),
        element(0x7BA9, NAME),
    )
    entry = element(
        0xAE,
        element(0xD7, b"\1"),
        element(0x83, bytes([kind])),
        element(0x86, b"V_VP8"),
        element(0x536E, MAKER),
    )
    cluster = make(0x1F43B675, element(0xE7, b"\0"), element(0xA3, b"\x81\0\0\x80", FRAME))
    segment = make(
        0x18538067,
        information,
        element(0x1654AE6B, entry),
        element(0x1254C367, tag, width=4),
        element(0x1941A469, element(0x61A7, PLACE)),
        more,
        cluster,
        cluster,
        last,
    )
    return element(0x1A45DFA3, element(0x4282, doc)) + segment


WEBM_SECRETS = (PLACE, MAKER, PROGRAM, NAME, b"LOCATION", b"SECRETAT")
