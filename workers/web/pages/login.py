"""``/login``: the token for a cookie, where FEEDMILL_API_TOKEN is set."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from workers.web import admission, session
from workers.web.backend import Here
from workers.web.rendering import page

router = APIRouter()


@router.get(admission.SIGN_IN)
def form(request: Request) -> Response:
    """Asks for the token."""
    return page(request, "login.html", wrong=False)


@router.post(admission.SIGN_IN)
def sign_in(request: Request, backend: Here, token: Annotated[str, Form(max_length=1000)]) -> Response:
    """Takes the token, and gives a cookie that no script can read and no other site can use."""
    expected = backend.settings.api_token
    if not expected or not session.is_token(expected, token):
        return page(request, "login.html", status=401, wrong=True)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        session.COOKIE,
        session.issue(expected, time.time()),
        max_age=session.SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/logout")
def sign_out() -> Response:
    """Takes the cookie back."""
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(session.COOKIE, httponly=True, samesite="strict")
    return answer
