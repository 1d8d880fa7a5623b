"""The shortest way to a page that was answered before: past sessions, sign-in, forms, addresses.

Only for who comes without a cookie that says who he is, so that none of what is passed by has anything to
say.
The version is asked for as on the long way.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse

from tongdao.foundation.fragments.answering import Moved, SharedResponse, answer
from tongdao.foundation.fragments.composing import Composed
from tongdao.foundation.refusals import Refusal

Key = tuple[str, str, str, str]
MOST_WAYS = 4_096
LONGEST_LANGUAGE = 100  # characters of what a request says of languages, beyond which it is not remembered
OWN_HEADERS = frozenset({"ETag", "Content-Encoding", "Content-Length"})  # of one answer; the others stay


@dataclass(frozen=True, slots=True)
class _Way:
    again: Callable[[], Composed]
    headers: Mapping[str, str]


class Shortcuts:
    """What led where, the latest MOST_WAYS. `personal`: names of cookies that make a request somebody's."""

    def __init__(self, personal: Collection[str]) -> None:
        self._personal = frozenset(personal)
        self._ways: OrderedDict[Key, _Way] = OrderedDict()
        self._guard = Lock()

    def take(self, request: HttpRequest) -> HttpResponse | None:
        """The answer, or None: then go the long way. Raises DisallowedHost."""
        key = self._key(request)
        way = self._ways.get(key) if key else None
        if key is None or way is None:
            return None
        request.get_host()  # the name that it came under is checked on the long way too
        try:
            page = way.again()
        except (Moved, Http404, Refusal, Error):  # the long way says it in the right words
            self._ways.pop(key, None)
            return None
        response = answer(request, page, way.headers)
        if response.status_code == 200:
            response["Content-Length"] = str(len(response.content))
        return response

    def remember(self, request: HttpRequest, response: HttpResponse) -> None:
        """After the long way: what came back, with all headers that it got there."""
        if not isinstance(response, SharedResponse) or response.again is None or response.cookies:
            return
        key = self._key(request)
        if key is None:
            return
        headers = {name: value for name, value in response.items() if name not in OWN_HEADERS}
        with self._guard:
            self._ways[key] = _Way(response.again, headers)
            while len(self._ways) > MOST_WAYS:
                self._ways.popitem(last=False)

    def _key(self, request: HttpRequest) -> Key | None:
        """None for a request that must go the long way."""
        asked = request.META
        if request.method not in ("GET", "HEAD") or asked.get("QUERY_STRING"):
            return None
        language, chosen = asked.get("HTTP_ACCEPT_LANGUAGE", ""), ""
        if "HTTP_COOKIE" in asked:
            if not self._personal.isdisjoint(request.COOKIES):
                return None
            chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if len(language) + len(chosen) > LONGEST_LANGUAGE:
            return None
        return request.method, request.path, chosen, language
