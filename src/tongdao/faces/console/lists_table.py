"""Lists that stand alone, and taking lists away as files: part of table.PAGES."""

from __future__ import annotations

from functools import partial

from tongdao.faces.console import listing
from tongdao.faces.console.guard import Page, View
from tongdao.faces.console.pages import exports, jobs, members, money

RUN = "jobs/<uuid:export_id>"


def keep(noun: str) -> View:
    """What the forms of a list do: columns and saved filters of whoever looks at it."""
    return partial(listing.act, noun=noun)


LIST_PAGES: tuple[Page, ...] = (
    Page("members", "members", "members.read", members.show, keep("members")),
    Page("member", "members/<uuid:member_id>", "members.read", members.one, section="members"),
    Page(
        "member_merge",
        "members/<uuid:member_id>/same-person",
        "members.merge",
        members.find_same,
        members.propose_same,
        section="members",
    ),
    Page("postings", "money/postings", "money.read", money.postings, keep("postings"), section="money"),
    Page("export_new", "exports/new", "lists.export", exports.new, exports.create, section="jobs"),
    Page("jobs", "jobs", "lists.export", jobs.show),
    Page("job", RUN, "lists.export", exports.one, section="jobs"),
    Page("job_cancel", f"{RUN}/cancel", "lists.export", act=exports.cancel, back="job", section="jobs"),
    Page("job_file", f"{RUN}/file", "lists.export", exports.file, section="jobs"),
)
