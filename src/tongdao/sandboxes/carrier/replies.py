"""The answers' shapes: labels say success and code, following and querying say result and returnCode."""

from __future__ import annotations

from tongdao.sandboxes.carrier.app import Json


class Refused(Exception):
    """A refusal on its way out; `reply` is the body to send."""

    def __init__(self, reply: Json) -> None:
        super().__init__(str(reply.get("message")))
        self.reply = reply


def label_done(data: Json) -> Json:
    """A label interface did what was asked."""
    return {"success": True, "code": 200, "message": "success", "data": data}


def label_refused(code: int, message: str) -> Refused:
    """A label interface refuses."""
    return Refused({"success": False, "code": code, "message": message, "data": None})


def poll_done() -> Json:
    """The subscription was taken."""
    return {"result": True, "returnCode": "200", "message": "提交成功"}


def poll_refused(code: str, message: str) -> Refused:
    """Following or querying is refused."""
    return Refused({"result": False, "returnCode": code, "message": message})
