"""How much one request may bring along, in one table: more is refused by its stated length, before any of it
is read, so it fills neither memory nor disk.

A body whose length is not stated is empty to Django, and a longer one than stated is cut there. What channels
send to /callbacks/ has a lower limit and an answer of its own (faces.api.callbacks).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from tongdao.faces.api.errors import problem
from tongdao.faces.api.refusals import RequestTooLarge
from tongdao.foundation.attachments import TOGETHER_BYTES
from tongdao.goods.intake.files import BYTES_MAX as IMPORT_BYTES

LARGER: Mapping[
    str, int
] = {  # bytes of files together, by the name of the address; a page with files has a row
    "shop:review": TOGETHER_BYTES,
    "shop:follow_up": TOGETHER_BYTES,
    "shop:talk": TOGETHER_BYTES,
    "shop:after_sale": TOGETHER_BYTES,
    "shop:case_say": TOGETHER_BYTES,
    "shop:case_escalate": TOGETHER_BYTES,
    "shop:case_state": TOGETHER_BYTES,
    "shop:case_appeal": TOGETHER_BYTES,
    "console:talk_send": TOGETHER_BYTES,
    **dict.fromkeys(
        ("console:case_refuse", "console:case_say", "console:case_call"),
        TOGETHER_BYTES,
    ),
    **dict.fromkeys(("console:dispute_state", "console:dispute_appeal"), TOGETHER_BYTES),
    "console:imports": IMPORT_BYTES,
    "console:product_pictures": TOGETHER_BYTES,
    "api:review_line": TOGETHER_BYTES,
    "api:follow_up_review": TOGETHER_BYTES,
    "api:read_my_talk": TOGETHER_BYTES,  # an address is named after its first operation: here it is read
    "api:open_my_case": TOGETHER_BYTES,
    "api:say_in_my_case": TOGETHER_BYTES,
    "api:dispute_my_case": TOGETHER_BYTES,
    "api:state_my_case": TOGETHER_BYTES,
    "api:appeal_my_ruling": TOGETHER_BYTES,
    "api:read_talk": TOGETHER_BYTES,  # the same
    **dict.fromkeys(("api:refuse_buyers_case", "api:say_on_case"), TOGETHER_BYTES),
    **dict.fromkeys(("api:call_platform_on_case", "api:state_case_to_platform"), TOGETHER_BYTES),
    "api:appeal_case_ruling": TOGETHER_BYTES,
    "api:upload_product_pictures": TOGETHER_BYTES,
    "api:import_products_file": IMPORT_BYTES,
}
BESIDES = 1024 * 1024  # bytes of what else stands in a form with files


class BodyLimit:
    """Middleware. It stands before the one that looks for a form's token, which reads the whole form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        files = LARGER.get(name, 0)
        limit = files or settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request.path.startswith("/callbacks/") or _stated(request) <= limit + (BESIDES if files else 0):
            return None
        return _refused(request, limit)


def _stated(request: HttpRequest) -> int:
    """Bytes, 0 where nothing usable is said: then Django reads nothing, either."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refused(request: HttpRequest, limit: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(RequestTooLarge(limit_bytes=limit))
    return HttpResponse(render_to_string("413.html", {"limit": limit}, request), status=413)
