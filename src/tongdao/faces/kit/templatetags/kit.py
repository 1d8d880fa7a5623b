"""Filters and tags of the component library: ``{% load kit %}``. Parameters are listed in ../README.md."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import lru_cache

import segno
from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tongdao.faces.kit import charts, icons, money_text
from tongdao.faces.kit.shapes import Action, AttachLimits
from tongdao.foundation import attachments

register = template.Library()
FRONT = re.compile(r"/(?:s/[\w-]+|console|operator|promote)/", re.ASCII)
Context = dict[str, object]


@register.filter
def yuan(fen: object) -> str:
    """Fen to text, grouped: 123450 -> "1,234.50". Nothing known (None or "") shows a dash."""
    return "—" if fen is None or fen == "" else money_text.yuan(fen)


@register.filter
def yuan_plain(fen: object) -> str:
    """Fen to the value of an input: 123450 -> "1234.50"."""
    return "" if fen is None or fen == "" else money_text.yuan_plain(fen)


@register.filter
def yuan_parts(fen: object) -> tuple[str, str, str]:
    """Fen to (sign, whole, cents), for the partial money.html."""
    return money_text.parts(fen)


@register.filter
def front(path: object) -> str:
    """Where the face begins that an address belongs to: "/console/x/orders" to "/console/", "/x" to "/"."""
    found = FRONT.match(str(path or ""))
    return found[0] if found else "/"


@register.filter
def initial(name: object) -> str:
    """First visible character of a name, for an avatar without picture."""
    return str(name or "").strip()[:1].upper() or "·"


@register.filter
def times(count: object) -> range:
    """Repeat: {% for _ in 3|times %}."""
    return range(int(str(count)))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Inline line icon; without a label hidden from screen readers. Raises KeyError for an unknown name."""
    return _drawn(name, label)


@lru_cache(maxsize=1024)  # a page of the console has thirty
def _drawn(name: str, label: str) -> SafeString:
    path = mark_safe(icons.PATHS[name])  # noqa: S308  # our own constants
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}"><path d="{}"/></svg>',
            label,
            path,
        )
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', path)


@register.simple_tag
@lru_cache(maxsize=1024)  # the same few on every page, each of which is twenty nodes of a template
def submit(label: str, kind: str = "primary", small: bool = False) -> SafeString:
    """The button that sends its form: kit/button.html without name or address of its own."""
    return render_to_string("kit/button.html", {"label": label, "kind": kind, "small": small})


@register.simple_tag
@lru_cache(maxsize=1024)
def act(action: Action) -> SafeString:
    """A toolbar's button."""
    shown = {"label": action.label, "url": action.url, "kind": action.kind or "secondary", "small": True}
    named = {"icon_name": action.icon, "name": action.name, "value": action.value, "form_id": action.form_id}
    return render_to_string("kit/button.html", {**shown, **named})


@register.simple_tag
def attach_limits(pictures_only: object = False) -> AttachLimits:
    """What kit/attach.html says and checks before anything is sent; the server checks it again."""
    kinds = [kind for kind in attachments.ACCEPT if not (pictures_only and kind.startswith("video/"))]
    video = 0 if pictures_only else attachments.VIDEO_BYTES
    return AttachLimits(
        ",".join(kinds), attachments.MOST, attachments.PICTURE_BYTES, video, attachments.TOGETHER_BYTES
    )


@register.simple_tag
def qr(text: str) -> SafeString:
    """QR code of a text as inline SVG without any style attribute (error correction M)."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=0, svgclass=None, lineclass=None
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308  # segno writes path data only, never the text


def _chart(points: Sequence[charts.Point], title: str, desc: str, unit: str) -> Context:
    return {
        "points": [{"label": label, "value": value} for label, value in points],
        "title": title,
        "desc": desc,
        "unit": unit,
        "width": charts.WIDTH,
        "height": charts.HEIGHT,
    }


@register.inclusion_tag("kit/chart.html")
def bars(points: Sequence[charts.Point], title: str, desc: str = "", unit: str = "") -> Context:
    """Columns of (label, int) pairs with the table behind them; unit="fen" shows yuan."""
    return {**_chart(points, title, desc, unit), "columns": charts.columns(points)}


@register.inclusion_tag("kit/chart.html")
def spark(points: Sequence[charts.Point], title: str, desc: str = "", unit: str = "") -> Context:
    """A line of (label, int) pairs with the table behind it; unit="fen" shows yuan."""
    drawn = charts.line(points)
    path = " ".join(f"{p.x},{p.y}" for p in drawn)
    area = f"{drawn[0].x},{charts.HEIGHT} {path} {drawn[-1].x},{charts.HEIGHT}" if drawn else ""
    return {**_chart(points, title, desc, unit), "line": drawn, "path": path, "area": area}


@register.inclusion_tag("kit/compare.html")
def compare(pairs: Sequence[charts.Pair], title: str, own: str, other: str, desc: str = "") -> Context:
    """Two lines over the same time, gaps where nothing is known, with the table behind them."""
    top = max((value for pair in pairs for value in (pair.own, pair.other) if value is not None), default=0)
    return {
        "pairs": pairs,
        "title": title,
        "desc": desc,
        "own": own,
        "other": other,
        "own_runs": _runs([pair.own for pair in pairs], top),
        "other_runs": _runs([pair.other for pair in pairs], top),
        "width": charts.WIDTH,
        "height": charts.HEIGHT,
    }


def _runs(values: Sequence[int | None], top: int) -> list[Context]:
    """A piece of one point has no length: it is drawn as a dot."""
    return [
        {"path": " ".join(f"{p.x},{p.y}" for p in run), "dot": run[0] if len(run) == 1 else None}
        for run in charts.runs(values, top)
    ]


@register.inclusion_tag("kit/waterfall.html")
def waterfall(shares: Sequence[charts.Point], title: str, desc: str = "") -> Context:
    """Where the money of a line goes: (label, fen) pairs; the legend repeats each figure."""
    return {
        "shares": charts.stacked(shares),
        "total": sum(value for _, value in shares),
        "title": title,
        "desc": desc,
    }
