"""The web interface as a process: bound, replaced, stopped."""

from __future__ import annotations

import math
import os
import signal
import socket
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from web_site import Site

from pipeline.errors import PipelineError, SettingsError
from pipeline.settings import Settings
from workers.cli import cli
from workers.web import server
from workers.web.child import WebChild


def is_alive(url: str) -> bool:
    # The socket is ours: a request waits until the child has started.
    with urllib.request.urlopen(f"{url}/healthz", timeout=60) as answer:
        return bool(answer.status == 200)


def test_a_child_that_died_is_replaced_and_no_request_is_refused(site: Site) -> None:
    with WebChild(site.settings, server.bind("127.0.0.1", 0)) as web:
        assert is_alive(web.url)
        first = web.pid
        os.kill(first, signal.SIGKILL)
        os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
        web.check(patience=0)
        assert web.pid != first
        assert is_alive(web.url)
        last = web.pid
    with pytest.raises(ProcessLookupError):
        os.kill(last, 0)


def test_a_child_that_cannot_start_is_told_with_its_log(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="nonsense://")
    with WebChild(settings, server.bind("127.0.0.1", 0)) as web:
        os.waitid(os.P_PID, web.pid, os.WEXITED | os.WNOWAIT)
        with pytest.raises(PipelineError, match=r"exit code 2; see .*web\.log"):
            web.check(patience=math.inf)
    assert "FEEDMILL_DATABASE_URL" in web.log.read_text()


def test_a_port_in_use_is_a_sentence_and_exit_code_2(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(cli, ["serve", "--port", port, "--data-dir", str(site.settings.data_dir)])
    assert result.exit_code == 2
    assert f"cannot listen on 127.0.0.1 port {port}: Address already in use" in result.stderr


@pytest.mark.parametrize("host", ["nowhere.invalid", "203.0.113.1"])
def test_an_address_that_is_not_ours_is_refused(host: str) -> None:
    with pytest.raises(SettingsError, match=f"cannot listen on {host}"):
        server.bind(host, 0)


def test_a_server_for_everyone_is_found_on_loopback() -> None:
    with server.bind("0.0.0.0", 0) as listening:
        assert server.url_of(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"
