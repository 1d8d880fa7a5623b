"""Flags of orders in the words of the desk."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongdao.faces.kit.shapes import Tone

FLAGS: dict[str, tuple[Promise, Tone]] = {
    "red": (_("Red flag"), "error"),
    "amber": (_("Amber flag"), "waiting"),
    "green": (_("Green flag"), "success"),
    "blue": (_("Blue flag"), ""),
}
