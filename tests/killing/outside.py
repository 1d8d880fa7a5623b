"""Whether payment channel and carrier tell the same story as our own rows."""

from __future__ import annotations

from typing import Any

import psycopg

from tests.killing.loop import World
from tests.killing.town import Town

AT_CHANNEL = {"captured": "SUCCESS", "closed": "CLOSED"}


def find_differences(town: Town, connection: psycopg.Connection[Any], world: World) -> list[str]:
    """One line for each payment, refund and parcel that the outside knows differently, or twice."""
    return [
        *_payments(town, connection, world),
        *_refunds(town, connection, world),
        *_parcels(town, connection, world),
    ]


def _payments(town: Town, connection: psycopg.Connection[Any], world: World) -> list[str]:
    told = {row["out_trade_no"]: (row["state"], row["total"]) for row in town.payment("orders")["data"]}
    rows = connection.execute(
        "select trade_no, state, amount_fen, captured_fen is not null and refunded_fen = captured_fen"
        " from payment_attempt where merchant_id = %s",
        [world.merchant_id],
    )
    return [
        f"payment {number}: {state} here, {told.get(number)} there"
        for number, state, fen, _ in rows
        if told.get(number) != (AT_CHANNEL.get(state), fen)
    ]


def _refunds(town: Town, connection: psycopg.Connection[Any], world: World) -> list[str]:
    told = {row["out_refund_no"]: (row["status"], row["refund"]) for row in town.payment("refunds")["data"]}
    rows = connection.execute(
        "select refund_no, amount_fen from refund where merchant_id = %s", [world.merchant_id]
    )
    return [
        f"refund {number} of {fen}: {told.get(number)} there"
        for number, fen in rows
        if told.get(number) != ("SUCCESS", fen)
    ]


def _parcels(town: Town, connection: psycopg.Connection[Any], world: World) -> list[str]:
    told = [(row["order_id"], row["number"], row["phase"]) for row in town.carrier("parcels")]
    rows = connection.execute("select id, waybill_no from parcel where merchant_id = %s", [world.merchant_id])
    found = []
    for id, waybill_no in rows:
        mine = [row for row in told if row[0] == id.hex]
        if mine != [(id.hex, waybill_no, "signed")]:
            found.append(f"parcel {id} with {waybill_no}: {mine} there")
    return found
