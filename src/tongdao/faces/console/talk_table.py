"""The pages of conversations, as data (see table.py)."""

from __future__ import annotations

from tongdao.faces.console.guard import Page
from tongdao.faces.console.pages import quick_answers, talks

TALK = "orders/<uuid:order_id>/talk"

TALK_PAGES: tuple[Page, ...] = (
    Page("talks", "conversations", "orders.read", talks.show),
    Page("talk", TALK, "orders.read", talks.one, section="talks"),
    Page("talk_news", f"{TALK}/news", "orders.read", talks.news, section="talks"),
    Page("talk_file", f"{TALK}/files/<uuid:file_id>", "orders.read", talks.file, section="talks"),
    Page(
        "talk_send",
        f"{TALK}/send",
        "orders.serve",
        act=talks.send,
        back="talk",
        section="talks",
        own_scopes=True,
    ),
    Page("talk_settle", f"{TALK}/settle", "orders.serve", act=talks.settle, back="talk", section="talks"),
    Page(
        "quick_answers",
        "quick-answers",
        "orders.serve",
        quick_answers.show,
        quick_answers.act,
        section="talks",
    ),
)
