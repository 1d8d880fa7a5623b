"""The refusals of the API: HTTP status, code, message, as documented for basic payment.

Source: the "错误码" tables of pay.weixin.qq.com/doc/v3/merchant (JSAPI order, close, query, refund).
"""

from typing import Any


class ApiError(Exception):
    """An answer that is not 2xx. `detail` is the JSON object some errors carry."""

    def __init__(self, status: int, code: str, message: str, detail: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail

    def body(self) -> dict[str, Any]:
        """`{"code", "message"}` and, where there is one, `detail`."""
        answer: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.detail is not None:
            answer["detail"] = self.detail
        return answer


def param_error(field: str, message: str, value: object = None) -> ApiError:
    """400: the field at JSON pointer `field` is not of the documented form."""
    return ApiError(400, "PARAM_ERROR", message, {"field": field, "value": value, "location": "body"})


def sign_error(message: str, detail: dict[str, Any] | None = None) -> ApiError:
    """401: the caller is not who it says, or the request was altered, stale or replayed."""
    return ApiError(401, "SIGN_ERROR", message, detail)


def invalid_request(message: str) -> ApiError:
    """400: well-formed, yet against a business rule."""
    return ApiError(400, "INVALID_REQUEST", message)


def order_not_exist() -> ApiError:
    """404: no such order of this merchant."""
    return ApiError(404, "ORDER_NOT_EXIST", "订单不存在")


def resource_not_exists(message: str) -> ApiError:
    """404: no such order or refund, as the refund API says it."""
    return ApiError(404, "RESOURCE_NOT_EXISTS", message)


def order_paid() -> ApiError:
    """400: the order is paid; it can neither be placed again nor closed."""
    return ApiError(400, "ORDERPAID", "该订单已支付")


def order_closed() -> ApiError:
    """400: the order is closed; place another under a new number."""
    return ApiError(400, "ORDER_CLOSED", "该订单已关闭")
