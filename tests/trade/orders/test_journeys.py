"""How often a batch goes to the database and back: as often for many as for one."""

from __future__ import annotations

import pytest

from tests.foundation.journeys import journeys
from tests.support.builders import a_request, make_shop
from tongdao.party.people.operations import create_guest, issue_token
from tongdao.trade.orders.operations import NOBODY, Placed
from tongdao.trade.orders.operations.placing import place
from tongdao.trade.orders.wishing import Spoken

JOURNEYS = 7  # begin, scope, two to read, one to lock, one to write, commit


@pytest.mark.parametrize("count", [1, 20])
def test_a_batch_takes_seven(count: int) -> None:
    shop = make_shop(stock=1_000)
    tokens = [issue_token(create_guest()) for _ in range(count)]

    def batch() -> list[object]:
        wishes = [Spoken(token, a_request(shop, person_id=NOBODY)) for token in tokens]
        return list(place(shop.merchant_id, wishes))

    batch()  # members join, and each statement is prepared
    with journeys() as made:
        answers = batch()
    assert all(isinstance(answer, Placed) for answer in answers)
    assert made() == JOURNEYS
