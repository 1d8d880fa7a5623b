"""Shapes of the lists that the partials take. A dict with the same keys does as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Tone = Literal["", "success", "waiting", "error"]


@dataclass(frozen=True)
class NavItem:
    """A place to go: bottom bar, tabs, chips, console navigation, crumbs.

    `count` may be a Hole (foundation.fragments) that is filled for each visitor.
    """

    url: str
    label: str
    icon: str = ""
    current: bool = False
    count: int | str | None = None


@dataclass(frozen=True)
class NavGroup:
    """A titled part of the console's navigation."""

    label: str
    entries: Sequence[NavItem]


@dataclass(frozen=True)
class Account:
    """Who is signed in, at the head of the console."""

    name: str
    role: str = ""
    sign_out_url: str = ""


@dataclass(frozen=True)
class Picture:
    url: str
    alt: str
    width: int = 800
    height: int = 800


@dataclass(frozen=True)
class Attachment:
    """A file that was sent along. `type` is its media type; sizes are pixels, 0 for videos."""

    url: str
    type: str
    width: int
    height: int
    label: str


@dataclass(frozen=True)
class AttachLimits:
    """What a field for files takes: media types by comma, how many, bytes. No videos: `video` is 0."""

    accept: str
    most: int
    picture: int
    video: int
    together: int


@dataclass(frozen=True)
class Choice:
    """One value of an option or of a select."""

    value: str
    label: str
    checked: bool = False
    disabled: bool = False


@dataclass(frozen=True)
class Option:
    """One option of a product (colour, size); ``name`` is the field's name in the form."""

    name: str
    label: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class SkuChoice:
    """One SKU offered directly, when a product has few."""

    id: str
    label: str
    fen: int
    checked: bool = False
    sold_out: bool = False


@dataclass(frozen=True)
class Guarantee:
    icon: str
    text: str
    detail: str = ""


@dataclass(frozen=True)
class Step:
    """A step of a timeline. ``at``: when it happened, ``by``: when at the latest it will have, ``url``: its
    own page.
    """

    title: str
    state: Literal["done", "current", "next"] = "next"
    text: str = ""
    at: datetime | None = None
    by: datetime | None = None
    countdown: bool = False
    url: str = ""


@dataclass(frozen=True)
class Column:
    """Head of a table's column; ``sorted`` is "ascending", "descending" or nothing."""

    label: str
    num: bool = False
    url: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell or a row of a data list. kind: "", money (value in fen), num, tag, time (datetime), muted."""

    value: object
    label: str = ""
    kind: Literal["", "money", "num", "tag", "time", "muted"] = ""
    url: str = ""
    tone: Tone = ""
    image_url: str = ""
    total: bool = False


@dataclass(frozen=True)
class Row:
    """A table's row; ``pick`` is the value of its tick box, ``label`` names it for screen readers."""

    cells: Sequence[Cell]
    pick: str = ""
    label: str = ""


@dataclass(frozen=True)
class Action:
    """A button of a toolbar: with ``url`` a link, else a submit button of the form with id ``form_id``."""

    label: str
    url: str = ""
    kind: str = "secondary"
    icon: str = ""
    name: str = ""
    value: str = ""
    form_id: str = ""


@dataclass(frozen=True)
class Filter:
    """A select in a filter row."""

    name: str
    label: str
    options: Sequence[Choice] = field(default_factory=tuple)
    value: str = ""
    type: str = "select"
