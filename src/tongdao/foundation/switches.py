"""Features that operators switch on and off. Declared in code, kept in a table, fresh in every process.

All switches are read in one statement, at most every half second a process; who asks a second after a change
was committed gets the new answer (see foundation.fragments).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db import connection, transaction
from django.utils.functional import Promise

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.deeds import note_deed
from tongdao.foundation.events.codes import code
from tongdao.foundation.fragments.keeping import Fragments
from tongdao.foundation.models import FeatureSwitch
from tongdao.foundation.refusals import NotFound

MOST_BYTES = 100_000
_READ = """
select coalesce(string_agg(name, ',' order by name) filter (where is_on), ''),
  coalesce(string_agg(name, ',' order by name) filter (where not is_on), '')
from feature_switch
"""


@dataclass(frozen=True, slots=True)
class Switch:
    """`meaning` says what is possible while it is on. `default` holds until somebody sets it."""

    name: str
    meaning: Promise
    default: bool = True

    def is_on(self) -> bool:
        return _kept().get(self.name, self.default)


_switches: dict[str, Switch] = {}
_fragments: Fragments[Mapping[str, bool]] = Fragments(
    most_bytes=MOST_BYTES, size=lambda kept: 100 * len(kept)
)


def declare(name: str, meaning: Promise, *, default: bool = True) -> Switch:
    """There is a switch of this name from now on; call it once, where a room is imported."""
    if name in _switches:
        raise ValueError(f"two switches are called {name}")
    _switches[code(name)] = switch = Switch(name, meaning, default)
    return switch


def switches() -> Mapping[str, Switch]:
    """All that are declared, by name."""
    return MappingProxyType(dict(sorted(_switches.items())))


def set_switch(name: str, on: bool, *, actor: Actor, reason: str) -> None:
    """From within a second on it is so in every process. Raises NotFound, NotAllowed or ReasonNeeded."""
    if name not in _switches:
        raise NotFound(name)
    with transaction.atomic():
        row = FeatureSwitch.objects.select_for_update().filter(pk=name).first()
        before = row.is_on if row else _switches[name].default
        FeatureSwitch.objects.update_or_create(name=name, defaults={"is_on": on, "changed_at": clock.now()})
        details = {"old": before, "new": on}
        note_deed("switch.set", ("switch", name), actor=actor, reason=reason, details=details)


def _kept() -> Mapping[str, bool]:
    """What the table says; it has rows only for what was ever set."""
    return _fragments.get("switches", lambda: "|".join(_states()), lambda: _parsed(_states()))


def _states() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        on, off = cursor.fetchone()
    return on, off


def _parsed(states: tuple[str, str]) -> Mapping[str, bool]:
    on, off = states
    return dict.fromkeys(on.split(","), True) | dict.fromkeys(off.split(","), False)
