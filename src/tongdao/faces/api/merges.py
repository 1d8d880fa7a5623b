"""My accounts that became one: proposing it with a token of each, doing it, undoing it."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_person, as_staff, token_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Text
from tongdao.foundation.refusals import NotFound
from tongdao.party.members.merging import merge_persons, part_persons, preview
from tongdao.party.members.models import Member
from tongdao.party.people.merging import Reason, merge_of, merges_of, propose
from tongdao.party.people.models import PersonMerge
from tongdao.party.people.operations import person_of_fresh_token

router = Router(tags=["people"])


class OtherAccountIn(Input):
    """Both tokens, this one's and the other's, are of the last ten minutes: sign in to both first."""

    other_token: Text = Field(min_length=1, max_length=200)


class MergeOut(Schema):
    merge_id: UUID
    reason: str
    proposed_at: datetime
    done_at: datetime | None
    undone_at: datetime | None


class MergePreviewOut(Schema):
    """`brings` counts what the other account has, by kind; `refused_by` are codes of what is in the way."""

    merge_id: UUID
    brings: dict[str, int]
    shops: int
    both_numbers: bool
    refused_by: list[str]


class SameMemberIn(Input):
    """`reason` is a code of ours: nobody's words are kept."""

    member_id: UUID
    other_member_id: UUID
    reason: Reason = "told_by_buyer"


@operation(router, "GET", "/me/merges", need="person", answer=list[MergeOut])
def list_my_merges(request: Call) -> list[MergeOut]:
    """What became part of my account and still is, and what waits for my yes; the latest first."""
    return [_merge(row) for row in merges_of(request.auth.id)]


@operation(
    router, "POST", "/me/merges", need="person", answer=MergePreviewOut, status=201, refuses=[401, 409, 422]
)
def propose_my_merge(request: Call, body: OtherAccountIn) -> MergePreviewOut:
    """Say that another account is mine, too; shows what merging would do. Nothing is changed yet."""
    me = person_of_fresh_token(token_of(request))
    other = person_of_fresh_token(body.other_token)
    told = preview(propose(me.id, other.id, reason="own_accounts", proved=True, by=me.id))
    return MergePreviewOut(
        merge_id=told.merge.id,
        brings=dict(told.brings),
        shops=told.merchants,
        both_numbers=told.both_numbers,
        refused_by=[refusal.code for refusal in told.refusals],
    )


@operation(
    router,
    "POST",
    "/me/merges/{merge_id}/confirmation",
    need="person",
    answer=MergeOut,
    refuses=[401, 404, 409],
)
def confirm_my_merge(request: Call, merge_id: UUID) -> MergeOut:
    """Make the two accounts one. All tokens and sessions of the other one end."""
    merge = merge_of(merge_id, request.auth.id)
    return _merge(merge_persons(merge.id, actor=as_person(request)))


@operation(router, "DELETE", "/me/merges/{merge_id}", need="person", answer=MergeOut, refuses=[404, 409])
def undo_my_merge(request: Call, merge_id: UUID) -> MergeOut:
    """Make them two accounts again, exactly as they were; what was done since stays with this one."""
    merge = merge_of(merge_id, request.auth.id)
    return _merge(part_persons(merge.id, request.auth.id, actor=as_person(request)))


@operation(
    router,
    "POST",
    "/merchants/{merchant_id}/merge-proposals",
    need="members.merge",
    answer=MergeOut,
    status=201,
    refuses=[409],
)
def propose_member_merge(request: Call, merchant_id: UUID, body: SameMemberIn) -> MergeOut:
    """Propose that two members are one person. It happens when that person says yes and proves both."""
    actor = as_staff(request)
    root, other = (_member(id) for id in (body.member_id, body.other_member_id))
    return _merge(
        propose(
            root.person_id,
            other.person_id,
            reason=body.reason,
            proved=False,
            by=actor.id,
            merchant_id=merchant_id,
        )
    )


def _member(member_id: UUID) -> Member:
    row = Member.objects.filter(pk=member_id).first()
    if row is None:
        raise NotFound()
    return row


def _merge(row: PersonMerge) -> MergeOut:
    return MergeOut(
        merge_id=row.pk,
        reason=row.reason,
        proposed_at=row.proposed_at,
        done_at=row.done_at,
        undone_at=row.undone_at,
    )
