"""After all the kills (the name of this file puts it last)."""

from __future__ import annotations

import pytest

from tests.killing.kill import VICTIMS
from tests.killing.loop import STEPS
from tests.killing.rush import BUYERS, Rush
from tests.killing.rush_facts import find_faults, placed_unheard, unanswered
from tests.killing.town import Town

pytestmark = [pytest.mark.pure, pytest.mark.slow]


def test_a_stop_under_load_answers_all_who_were_let_in(town: Town, rush: Rush) -> None:
    """They are answered, or nothing was done for them: nobody pays for an order of which nobody told him."""
    rush.begin()
    rush.wait_for(BUYERS)
    rush.close()
    assert town.stack.stop() == 0
    rush.end()
    assert not rush.answers.heard["ReadTimeout"], "a request hung"
    assert town.stack.survivors() == []
    town.stack.start()
    assert len(unanswered(rush)) <= BUYERS
    assert placed_unheard(rush) == []
    assert find_faults(rush) == []


def test_the_doctor_is_content_and_nothing_outlives_the_stop(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor = town.stack.run("doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert town.stack.stop() == 0
    assert town.stack.survivors() == []
    with capsys.disabled():
        print("\n" + "\n".join(table(town)))


def table(town: Town) -> list[str]:
    """Seconds from the kill to the end of the step that it fell into, for who reads along."""
    lines = ["kill -9 of    " + "".join(f"  step {step.number}" for step in STEPS)]
    for victim in VICTIMS:
        took = [town.recovered.get((victim, step.number)) for step in STEPS]
        cells = "".join("       -" if each is None else f"{each:7.1f}s" for each in took)
        lines.append(f"{victim:<14}{cells}")
    lost = ", ".join(f"{count} × {what}" for what, count in town.lost.most_common())
    return [*lines, f"asked again because of: {lost or 'nothing'}", *town.settled]
