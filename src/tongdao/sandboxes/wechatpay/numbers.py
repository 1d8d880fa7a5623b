"""Numbers and secrets in the shapes WeChat Pay gives them."""

import secrets
import string

from tongdao.sandboxes.wechatpay.times import stamp

_ALNUM = string.ascii_letters + string.digits


def token(length: int) -> str:
    """Random letters and digits."""
    return "".join(secrets.choice(_ALNUM) for _ in range(length))


def digits(length: int) -> str:
    """Random decimal digits."""
    return "".join(secrets.choice(string.digits) for _ in range(length))


def prepay_id(at: float) -> str:
    """`wx` + time + hex: 36 characters."""
    return f"wx{stamp(at)}{secrets.token_hex(10)}"


def transaction_id(at: float) -> str:
    """28 digits that begin with 4200, as payments by balance do."""
    return f"4200{stamp(at)}{digits(10)}"


def refund_id(at: float) -> str:
    """29 digits that begin with 50."""
    return f"50{stamp(at)}{digits(13)}"


def transfer_bill_no(at: float) -> str:
    """40 digits that begin with 1330000."""
    return f"1330000{stamp(at)}{digits(19)}"


def mchid() -> str:
    """Ten digits."""
    return f"19{digits(8)}"


def appid() -> str:
    """`wx` and sixteen hex digits."""
    return f"wx{secrets.token_hex(8)}"


def openid() -> str:
    """28 characters that begin with o."""
    return f"o{token(27)}"
