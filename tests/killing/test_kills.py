"""kill -9 of each process at each step of the loop: everything continues, nothing is left half done."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import Any

import psycopg
import pytest

from tests.killing.facts import find_faults
from tests.killing.kill import SEED, VICTIMS, Kill
from tests.killing.loop import STEPS, Step, World, walk_on
from tests.killing.outside import find_differences
from tests.killing.town import Town

pytestmark = [pytest.mark.pure, pytest.mark.slow]

SOUND = """
from uuid import UUID
from tongdao.finance.ledger.soundness import assert_ledger_sound
assert_ledger_sound(UUID({merchant_id!r}))
"""


@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.number}")
def test_a_step_goes_on_after_kill_nine(
    town: Town, worlds: Mapping[str, World], step: Step, victim: str, record_property: Any
) -> None:
    world = worlds[victim]
    walk_on(town, world, step.number - 1)
    kill = Kill(town, victim, step, random.Random(f"{SEED} {step.number} {victim}"))
    walk_on(town, world, step.number)
    ended = time.monotonic()
    kill.finish()
    town.recovered[victim, step.number] = max(0.0, ended - kill.at)


@pytest.mark.parametrize("victim", VICTIMS)
def test_nothing_is_lost_doubled_or_left_half_done(
    town: Town, worlds: Mapping[str, World], victim: str, superuser: psycopg.Connection[Any]
) -> None:
    world = worlds[victim]
    walk_on(town, world, len(STEPS))

    def wrong() -> list[str]:
        return find_faults(superuser, world) + find_differences(town, superuser, world)

    town.settle(wrong)
    assert wrong() == []
    sound = town.stack.run("manage", "shell", "-c", SOUND.format(merchant_id=world.merchant_id))
    assert sound.returncode == 0, sound.stderr
