"""Refusals as WeChat words them: HTTP 200 with `errcode` and `errmsg`."""

TEXTS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40030: "invalid refresh_token",
    40125: "invalid appsecret",
    40163: "code been used",
    41001: "access_token missing",
    41002: "appid missing",
    41003: "refresh_token missing",
    41004: "appsecret missing",
    41008: "missing code",
    41009: "missing openid",
    42001: "access_token expired",
    42002: "refresh_token expired",
    42003: "oauth_code expired",
    43002: "require POST method",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    47001: "data format error",
    48001: "api unauthorized",
}


class Refused(Exception):
    """One of TEXTS."""

    def __init__(self, code: int) -> None:
        super().__init__(TEXTS[code])
        self.code = code

    def body(self) -> dict[str, object]:
        return {"errcode": self.code, "errmsg": TEXTS[self.code]}
