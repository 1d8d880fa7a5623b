"""The pages' words in Chinese and English; a process without Django keeps them in a table."""

from tongdao.sandboxes.wechatpay.words import language

WORDS: dict[str, tuple[str, str]] = {
    "title": ("微信 · 沙箱", "WeChat · sandbox"),
    "badge": ("沙箱", "Sandbox"),
    "note": ("这是演示环境，微信用户都是虚构的。", "This is a demo. All WeChat users here are made up."),
    "silent": ("这个浏览器里是哪位微信用户？", "Which WeChat user sits at this browser?"),
    "asks": ("申请获取你的昵称、头像", "asks for your nickname and picture"),
    "scan": ("想用微信登录，请选择扫码的微信用户", "wants to sign you in: choose who scans the code"),
    "allow": ("允许", "Allow"),
    "other": ("换一位微信用户", "Somebody else"),
    "nickname": ("新微信用户的昵称", "Nickname of a new WeChat user"),
    "new": ("新建并继续", "Make and go on"),
    "refuse": ("拒绝", "Refuse"),
    "10003": (
        "redirect_uri 域名与后台配置不一致，错误码：10003",
        "redirect_uri does not belong to the app, 10003",
    ),
    "10005": ("scope 参数错误或没有 scope 权限，错误码：10005", "This app may not ask for this scope, 10005"),
    "10013": ("appid 参数错误，错误码：10013", "There is no such appid, 10013"),
}


def speaker(accept: str) -> tuple[str, int]:
    """The language tag that an Accept-Language header asks for, and its place in WORDS."""
    tag = language(accept)
    return tag, int(tag == "en")
