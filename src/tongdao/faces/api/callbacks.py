"""Where payment channel and carrier tell us things. Whoever they say they are is proven below, not here."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tongdao.foundation.refusals import NotFound
from tongdao.rewards.settlement.callbacks import take_transfer_notification
from tongdao.trade.payments.callbacks import take_notification
from tongdao.trade.shipping.callbacks import take_push

LARGEST_BODY = 1_000_000  # bytes


@csrf_exempt
@require_POST
def wechat(request: HttpRequest, token: str) -> HttpResponse:
    """A notification of WeChat Pay; anything but a 200 makes it come again."""
    body = _body(request)
    status, said = (413, _said(413)) if body is None else wechat_answer(token, request.headers, body)
    return JsonResponse(said, status=status)


def wechat_answer(token: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str]]:
    """Status and JSON body. The end of both ways in: this page's, and the fast lane (lane.py)."""
    try:
        status = take_notification(token, dict(headers.items()), body)
    except NotFound:
        status = 404
    return status, _said(status)


@csrf_exempt
@require_POST
def wechat_transfers(request: HttpRequest, token: str) -> HttpResponse:
    """A notification of WeChat Pay of money that went out; anything but a 200 makes it come again."""
    body = _body(request)
    try:
        status = (
            413 if body is None else take_transfer_notification(token, dict(request.headers.items()), body)
        )
    except NotFound:
        status = 404
    return JsonResponse(_said(status), status=status)


@csrf_exempt
@require_POST
def carrier(request: HttpRequest, token: str) -> HttpResponse:
    """A push of the carrier gateway, a form with `param` and `sign`."""
    if _body(request) is None:
        return JsonResponse({"result": False, "returnCode": "413", "message": "too large"}, status=413)
    form = {name: str(value) for name, value in request.POST.items()}
    status, answer = take_push(token, form)
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})


def _body(request: HttpRequest) -> bytes | None:
    """None when it is too large or does not arrive whole. It is never read beyond its limit."""
    try:
        length = int(request.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            return None
        return request.body
    except (ValueError, RequestDataTooBig, UnreadablePostError):
        return None


def _said(status: int) -> dict[str, str]:
    return {"code": "SUCCESS"} if status == 200 else {"code": "FAIL", "message": f"refused: {status}"}
