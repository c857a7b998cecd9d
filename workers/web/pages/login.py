"""``/login``: the token for a cookie, where FEEDMILL_API_TOKEN is set."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from workers.web import admission, session
from workers.web.keeper import Keeper, cookie_of
from workers.web.rendering import page

router = APIRouter()


@router.get(admission.SIGN_IN)
def form(request: Request) -> Response:
    """Asks for the token."""
    return page(request, "login.html", wrong=False)


@router.post(admission.SIGN_IN)
async def sign_in(request: Request, token: Annotated[str, Form(max_length=1000)]) -> Response:
    """Takes the token, and gives a cookie that no script can read and no other site can use."""
    assert request.client is not None
    cookie = _keeper(request).sign_in(request.client.host, token, time.time())
    if cookie is None:
        return page(request, "login.html", status=401, wrong=True)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        session.COOKIE,
        cookie,
        max_age=session.SECONDS,
        httponly=True,
        samesite="strict",
        secure=_is_https(request),
    )
    return answer


@router.post("/logout")
async def sign_out(request: Request) -> Response:
    """Takes the cookie back, and ends the session that copies of it would go on with."""
    _keeper(request).sign_out(cookie_of(request.headers), time.time())
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(session.COOKIE, httponly=True, samesite="strict", secure=_is_https(request))
    return answer


def _keeper(request: Request) -> Keeper:
    keeper: Keeper = request.app.state.keeper
    return keeper


def _is_https(request: Request) -> bool:
    """Whether the browser speaks https, to us or to a proxy before us: it says so in its Origin."""
    return request.url.scheme == "https" or request.headers.get("origin", "").startswith("https://")
