"""For pages that all visitors share: ``{% load holes %}``."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tongdao.foundation.fragments import Hole

register = template.Library()


@register.simple_tag
def hole(name: str) -> SafeString:
    """Where a visitor's own part of that name goes: it is filled in after the page was rendered."""
    return mark_safe(Hole(name))  # noqa: S308  # a name in letters between two NULs


@register.simple_tag
def badge(count: object) -> SafeString:
    """A number in a small circle; nothing for none. A Hole stays one: the badge as a whole goes into it."""
    if isinstance(count, Hole):
        return mark_safe(count)  # noqa: S308  # as above
    return format_html('<span class="badge">{}</span>', count) if count else SafeString("")
