"""The pages of after-sale cases, as data (see table.py)."""

from __future__ import annotations

from tongdao.faces.console.guard import Page, View
from tongdao.faces.console.lists_table import keep
from tongdao.faces.console.pages import case_acts, cases, service
from tongdao.party.merchants.permissions import Permission

CASE = "cases/<uuid:case_id>"


def _act(name: str, path: str, need: Permission, act: View, *, files: bool = False) -> Page:
    """A refused act shows the case again. `files`: they are on disk before a scope opens."""
    return Page(name, f"{CASE}/{path}", need, act=act, back="case", section="cases", own_scopes=files)


CASE_PAGES: tuple[Page, ...] = (
    Page("cases", "cases", "orders.read", cases.show, keep("cases")),
    Page("service", "service", "orders.read", service.show, section="cases"),
    Page("case", CASE, "orders.read", cases.one, section="cases"),
    Page("case_file", f"{CASE}/files/<uuid:file_id>", "orders.read", cases.file, section="cases"),
    Page(
        "dispute_file",
        f"{CASE}/dispute/files/<uuid:file_id>",
        "orders.read",
        cases.dispute_file,
        section="cases",
    ),
    _act("case_agree", "agree", "orders.serve", case_acts.agree),
    _act("case_grant", "grant", "orders.refund", case_acts.grant),
    _act("case_refuse", "refuse", "orders.serve", case_acts.refuse, files=True),
    _act("case_receive", "receive", "orders.refund", case_acts.receive),
    _act("case_replace", "replace", "orders.serve", case_acts.replace),
    _act("case_say", "say", "orders.serve", case_acts.say, files=True),
    _act("case_call", "call", "orders.serve", case_acts.call, files=True),
    _act("case_bundle", "bundle", "orders.serve", case_acts.bundle, files=True),
    _act("dispute_state", "dispute/state", "orders.serve", case_acts.state, files=True),
    _act("dispute_accept", "dispute/accept", "orders.refund", case_acts.accept),
    _act("dispute_appeal", "dispute/appeal", "orders.serve", case_acts.contest, files=True),
    _act("dispute_concede", "dispute/concede", "orders.refund", case_acts.give_in),
    _act("dispute_drop", "dispute/drop", "orders.serve", case_acts.drop),
)
