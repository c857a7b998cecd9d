"""A line is one line, says what it is about, and tells no secret."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.settings import Settings
from workers import logs
from workers.logs.formats import Format, Json, Text
from workers.logs.harmless import Secrets
from workers.logs.limits import MOST, WINDOW_SECONDS, Limits
from workers.logs.lines import Lines


class Log:
    """A logger of its own, with what it wrote."""

    def __init__(self, form: type[Format] = Json, secrets: Secrets | None = None) -> None:
        self.now = 0.0
        self.stream = io.StringIO()
        self.handler = Lines(form(secrets or Secrets()), {"service": "test"}, Limits(lambda: self.now))
        self.handler._write = lambda line: self.stream.write(line + "\n")  # type: ignore[method-assign]
        self.logger = logging.Logger("a.logger")
        self.logger.addHandler(self.handler)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


def test_a_line_of_json_has_its_fields() -> None:
    log = Log()
    with logs.about(stage="clean", item=7, job="k3", host="a.example"):
        log.logger.warning("item %d failed", 7, extra={"code": "timeout", "attempt": 2, "seconds": 0.25})
    (line,) = log.objects()
    assert line.pop("time").endswith("Z")
    assert line.pop("pid")
    assert line == {
        "level": "WARNING", "logger": "a.logger", "message": "item 7 failed", "service": "test",
        "stage": "clean", "item": 7, "job": "k3", "host": "a.example", "code": "timeout", "attempt": 2,
        "seconds": 0.25,
    }  # fmt: skip


def test_a_line_of_text_has_time_level_service_message_and_fields() -> None:
    log = Log(Text)
    with logs.about(stage="fetch", item=7, host="a host=x"):
        log.logger.error("no answer", extra={"code": "dns"})
    time, rest = log.text.split(" ", 1)
    assert time.endswith("Z")
    assert rest == 'ERROR test/fetch: no answer  item=7 host="a host=x" code=dns\n'


@given(text=st.text(), host=st.text(min_size=1))
@pytest.mark.parametrize("form", [Text, Json])
def test_whatever_comes_from_outside_stays_on_one_line_and_has_no_controls(
    form: type[Format], text: str, host: str
) -> None:
    log = Log(form)
    log.logger.warning("seen: %s", text, extra={"host": host})
    log.logger.warning(text.replace("%", "%%"))
    lines = log.text.split("\n")
    assert len(lines) == 3
    assert all(one.isprintable() for one in lines)


@pytest.mark.parametrize("form", [Text, Json])
def test_a_traceback_cannot_pass_for_another_line(form: type[Format]) -> None:
    log = Log(form)
    forged = "2026-01-01T00:00:00.000Z ERROR worker: all is lost"
    try:
        raise ValueError(f"oh\r\n{forged}\n\x1b[31m{forged}")
    except ValueError:
        log.logger.exception("work failed")
    lines = log.text.splitlines()
    assert not [one for one in lines if one.startswith(("2026-01-01", "\x1b"))]
    assert "\x1b" not in log.text
    if form is Json:
        (line,) = log.objects()
        assert "ValueError: oh" in line["exception"]
        assert line["exception"].startswith("Traceback")
    else:
        assert all(one.startswith("    ") for one in lines[1:])


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("redis://:hunter2secret@redis:6379/0 is away", "hunter2secret"),
        ("postgresql+psycopg://feedmill:p%40ss@db/x and http://b.example/", "p%40ss"),
        ("two: http://a:one1@x/ http://b:two2@y/", "two2"),
        ("GET /feed?api_key=12345abc&page=2", "12345abc"),
        ("GET /feed?access_token=12345abc", "12345abc"),
        ("{'Authorization': 'Bearer abc.def-123'}", "abc.def-123"),
        ("authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("password='open sesame'", "sesame"),
        ("POST /websub/Zm9vYmFyYmF6 from a hub", "Zm9vYmFyYmF6"),
        ("the token is word-of-the-house!", "word-of-the-house!"),
        ("spelled word-of-the-house%21", "word-of-the-house%21"),
    ],
)
@pytest.mark.parametrize("form", [Text, Json])
def test_secrets_are_masked_wherever_they_stand(form: type[Format], said: str, secret: str) -> None:
    secrets = Secrets()
    secrets.learn(["word-of-the-house!"])
    log = Log(form, secrets)
    log.logger.warning("%s", said)
    log.logger.warning(said.replace("%", "%%"), extra={"path": said})
    try:
        raise RuntimeError(said)
    except RuntimeError:
        log.logger.exception("failed")
    assert secret not in log.text
    assert "***" in log.text


def test_plain_words_are_left_as_they_are() -> None:
    log = Log(Text)
    said = "The signature is missing: see http://a.example:8000/x?page=2, mail a@b.example, basic rules"
    log.logger.warning(said)
    assert said in log.text


def test_arguments_that_do_not_fit_still_make_a_line() -> None:
    log = Log()
    log.logger.warning("%d items", "many")
    assert "%d items" in log.objects()[0]["message"]


def test_long_texts_are_cut() -> None:
    log = Log()
    log.logger.warning("x" * 1_000_000)
    try:
        raise RuntimeError("y" * 1_000_000)
    except RuntimeError:
        log.logger.exception("failed")
    assert len(log.text) < 40_000


def test_what_is_said_again_and_again_is_counted() -> None:
    log = Log()
    for _ in range(315):
        log.logger.warning("item failed", extra={"code": "dns", "host": "a.example"})
    log.logger.warning("item failed", extra={"code": "dns", "host": "b.example"})
    assert len(log.objects()) == MOST[0] + 1
    log.now = WINDOW_SECONDS
    log.logger.warning("something else")
    summary = log.objects()[MOST[0] + 1]
    assert summary["message"] == "and 312 more like this in the last minute: item failed"
    assert (summary["code"], summary["host"], summary["more"]) == ("dns", "a.example", 312)


def test_no_line_is_lost_to_the_limits_without_being_counted() -> None:
    log = Log()
    for n in range(5_000):
        log.logger.warning("item failed", extra={"code": "dns", "host": f"{n % 700}.example"})
    log.handler.say_all()
    lines = log.objects()
    assert len([one for one in lines if "more" not in one]) == MOST[1]
    assert len(lines) < 700
    assert sum(one.get("more", 1) for one in lines) == 5_000


def test_a_line_that_asks_for_it_and_debug_are_never_limited() -> None:
    log = Log()
    for _ in range(50):
        log.logger.info("request", extra={"unlimited": True})
        log.logger.debug("item")
    assert len(log.objects()) == 100


def test_a_block_is_about_its_own_thread_and_task_only() -> None:
    log = Log()

    async def work(item: int) -> None:
        with logs.about(item=item):
            await asyncio.sleep(0)
            log.logger.debug("%d", item)

    async def both() -> None:
        await asyncio.gather(work(1), work(2))

    with logs.about(stage="fetch", item=9):
        asyncio.run(both())
        other = threading.Thread(target=lambda: log.logger.debug("outside"))
        other.start()
        other.join()
        log.logger.debug("after")
    for line in log.objects():
        item = {"outside": None, "after": 9}.get(line["message"], line["message"])
        assert str(line.get("item")) == str(item)
        assert line.get("stage") == (None if line["message"] == "outside" else "fetch")


def test_one_handler_for_all_and_levels_by_kind_of_command(
    logs_as_they_were: None, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = logging.getLogger("kombu.connection")
    for command, level in (("worker", "INFO"), ("status", "WARNING"), ("worker", "INFO")):
        logs.set_up(Settings(log_format="json"), command)
        assert logging.getLevelName(logging.getLogger().level) == level
        foreign.warning("said by %s", command)
    logs.set_up(Settings(log_format="json", log_level="ERROR"), "worker")
    foreign.warning("not said")
    # Threads that earlier tests left behind may say something of their own.
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "said" in line]
    assert [(one["service"], one["logger"]) for one in lines] == [
        ("worker", "kombu.connection"),
        ("feedmill", "kombu.connection"),
        ("worker", "kombu.connection"),
    ]
