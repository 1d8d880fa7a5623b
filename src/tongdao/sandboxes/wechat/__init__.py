"""WeChat sandbox: a process of its own that speaks what apps use of WeChat's open platform.

Run it with `python -m tongdao.sandboxes.wechat --host 127.0.0.1 --port N --data DIR`. It imports nothing of
the house; all its state lives in DIR: `sandbox.sqlite3` and `control.token` (see `control`), mode 600.

- pages, `open.weixin.qq.com` in reality: `/connect/oauth2/authorize` (`snsapi_base` silently,
  `snsapi_userinfo` with consent) and `/connect/qrconnect` (`snsapi_login`). Which WeChat user sits at the
  browser is chosen on the page and kept in a cookie,
- calls, `api.weixin.qq.com`: `/sns/oauth2/access_token`, `/sns/oauth2/refresh_token`, `/sns/userinfo`,
  `/sns/auth`, `/sns/jscode2session`, `/cgi-bin/stable_token`, `/cgi-bin/ticket/getticket`,
- scripts, `res.wx.qq.com`: `/open/js/jweixin-1.6.0.js`, and `/sandbox/bridge.js`, the WeixinJSBridge of
  browsers that are not WeChat; both for trying out and for tests only.

A code is good once and five minutes. An openid belongs to a user and an app, a unionid to a user and all apps
of one open-platform account; an official account tells it only after `snsapi_userinfo`. Facts are taken from
developers.weixin.qq.com (web authorisation, website sign-in, code2Session, getStableAccessToken, getTicket).
Known differences: redirect addresses may be http, an app without a domain takes any, errors have no rid.
"""
