"""Reading what people type: bounded, without control characters, never an error of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongdao.foundation.money import BadMoney, Fen, parse_yuan

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
DIGITS = re.compile(r"[0-9]{1,7}")
BPS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?")
KILO = re.compile(r"([0-9]{1,5})(?:\.([0-9]{1,3}))?")


def text(data: Mapping[str, object], name: str, limit: int = 200) -> str:
    """What stands in a field of a query or a form, or nothing; cut at `limit` characters."""
    return CONTROL.sub("", str(data.get(name, ""))[:limit]).strip()


def identifier(value: object) -> UUID | None:
    """An id that came back from one of our own pages, or None."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def whole(value: str) -> int | None:
    """A whole number of at most seven digits, or None."""
    return int(value) if DIGITS.fullmatch(value) else None


class YuanField(forms.CharField):
    """An amount typed in yuan, read as whole fen."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=20, **kwargs)  # type: ignore[arg-type]  # a form field's own keywords
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: object) -> Fen | None:
        typed = str(super().clean(value) or "").strip("¥￥ ").replace(",", "")
        if not typed:
            return None
        try:
            return parse_yuan(typed)
        except BadMoney:
            raise ValidationError(
                _("Write an amount in yuan with at most two decimals, such as 128.00.")
            ) from None


class PercentField(forms.CharField):
    """A percentage typed with at most two decimals, read as basis points."""

    def clean(self, value: object) -> int | None:
        typed = str(super().clean(value) or "").strip("% ")
        if not typed:
            return None
        if not BPS.fullmatch(typed):
            raise ValidationError(_("Write a percentage with at most two decimals, such as 12 or 12.5."))
        return int(parse_yuan(typed))


class KiloField(forms.CharField):
    """A weight typed in kilograms with at most three decimals, read as whole grams."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=12, **kwargs)  # type: ignore[arg-type]  # a form field's own keywords
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: object) -> int | None:
        typed = KILO.fullmatch(str(super().clean(value) or "").strip())
        if typed is None:
            if not self.required and not str(value or "").strip():
                return None
            raise ValidationError(_("Write a weight in kilograms with at most three decimals, such as 1.5."))
        return int(typed.group(1)) * 1000 + int((typed.group(2) or "").ljust(3, "0"))


def kilos(grams: int) -> str:
    """1500 is "1.5"."""
    ones, rest = divmod(grams, 1000)
    return f"{ones}.{rest:03d}".rstrip("0").rstrip(".")
