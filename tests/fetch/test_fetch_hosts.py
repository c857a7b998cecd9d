"""The hosts file: which rule holds for whom, what counts as one host, and every mistake named."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from fetch_web import Web, page, redirect

from pipeline.errors import FetchError, SettingsError
from pipeline.fetch import Client
from pipeline.fetch.hosts import HostRule, HostRules, registered_domain
from pipeline.settings import Settings

TEXT = b"<p>The harbour was closed at noon.</p>"


def rules_of(folder: Path, text: str, **settings: object) -> HostRules:
    file = folder / "hosts.toml"
    file.write_text(text)
    return HostRules(Settings(hosts_file=str(file), **settings))  # type: ignore[arg-type]


def test_without_a_file_everything_is_as_the_settings_say() -> None:
    rules = HostRules(Settings(host_delay=2.5, host_parallel=3, robots="ignore", host_scope="domain"))
    expected = HostRule(delay=2.5, parallel=3, robots=False, scope="domain")
    assert rules.of("https://a.example/x") == expected
    assert HostRules(Settings(robots="feeds")).of("https://a.example/").robots


def test_the_most_specific_entry_counts_and_counts_alone(tmp_path: Path) -> None:
    rules = rules_of(
        tmp_path,
        """
        ["*.example.com"]
        delay = 1
        parallel = 4
        ["*.news.example.com"]
        delay = 2
        ["news.example.com"]
        delay = 3
        ["news.example.com:8080"]
        delay = 4
        """,
        host_delay=9.0,
    )
    assert [
        rules.of(url).delay
        for url in (
            "https://example.com/",
            "https://a.example.com/",
            "https://a.b.example.com/",
            "https://a.news.example.com/",
            "https://news.example.com/",
            "http://NEWS.example.com.:81/x",
            "http://news.example.com:8080/",
            "https://badexample.com/",
        )
    ] == [9, 1, 1, 2, 3, 3, 4, 9]
    assert rules.of("https://a.example.com/").parallel == 4
    assert rules.of("https://a.news.example.com/").parallel == 1


def test_names_beyond_ascii_are_found_in_both_spellings(tmp_path: Path) -> None:
    rules = rules_of(tmp_path, '["bücher.example"]\ndelay = 7\n')
    assert rules.of("https://bücher.example/").delay == 7
    assert rules.of("https://xn--bcher-kva.example/").delay == 7


@pytest.mark.parametrize(
    ("url", "host", "domain"),
    [
        ("https://a.Tumblr.com/x", "a.tumblr.com", "tumblr.com"),
        ("http://news.bbc.co.uk:80/", "news.bbc.co.uk", "bbc.co.uk"),
        ("http://news.bbc.co.uk:8080/", "news.bbc.co.uk:8080", "bbc.co.uk"),
        ("http://ann:secret@blog.github.io/", "blog.github.io", "github.io"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://[2606:4700::1111]/", "[2606:4700::1111]", "[2606:4700::1111]"),
        ("http://intranet/", "intranet", "intranet"),
        ("http://co.uk/", "co.uk", "co.uk"),
        ("https://www.some.unlisted-name/", "www.some.unlisted-name", "www.some.unlisted-name"),
    ],
)
def test_what_counts_as_one_host(url: str, host: str, domain: str) -> None:
    assert HostRules(Settings()).scope(url) == host
    assert HostRules(Settings(host_scope="domain")).scope(url) == domain


def test_the_scope_can_be_set_for_the_hosts_below_a_name(tmp_path: Path) -> None:
    rules = rules_of(tmp_path, '["*.tumblr.com"]\nscope = "domain"\n')
    assert rules.scope("https://a.tumblr.com/") == rules.scope("https://b.tumblr.com/") == "tumblr.com"
    assert rules.scope("https://a.example.com/") == "a.example.com"


def test_registered_domains_need_no_network() -> None:
    assert registered_domain("a.b.example.com") == "example.com"
    assert registered_domain("127.0.0.1") == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('["a.example"]\ndelay = "5"\n', "delay"),
        ('["a.example"]\ndelay = -1\n', "delay"),
        ('["a.example"]\ndelay = inf\n', "delay"),
        ('["a.example"]\ndelay = true\n', "delay"),
        ('["a.example"]\nparallel = 0\n', "parallel"),
        ('["a.example"]\nparallel = 1.5\n', "parallel"),
        ('["a.example"]\nrobots = "no"\n', "robots"),
        ('["a.example"]\nscope = "site"\n', "scope"),
        ('["a.example"]\nuser_agent = "a\\nb"\n', "user_agent"),
        ('["a.example"]\nheaders = ["X-Key"]\n', "headers"),
        ('["a.example"]\nheaders = {"X Key" = "1"}\n', "X Key"),
        ('["a.example"]\nheaders = {"X-Key" = 1}\n', "X-Key"),
        ('["a.example"]\nheaders = {"X-Key" = "a\\r\\nb"}\n', "X-Key"),
        ('["a.example"]\nheaders = {"Content-Length" = "1"}\n', "Content-Length"),
        ('["a.example"]\nheaders = {Authorization = "x"}\nuser = "u"\n', "Authorization"),
        ('["a.example"]\nuser = "a:b"\n', "user"),
        ('["a.example"]\npassword = "hush"\n', "password"),
        ('["a.example"]\ndealy = 5\n', "dealy"),
        ('"a.example" = 5\n', "a.example"),
        ('["https://a.example/"]\ndelay = 5\n', "https://a.example/"),
        ('["a.example/news"]\ndelay = 5\n', "a.example/news"),
        ('["*"]\ndelay = 5\n', "\\*"),
        ('["a.*.example"]\ndelay = 5\n', "a.\\*.example"),
        ('["ann:hush@a.example"]\ndelay = 5\n', "a.example"),
        ('["a.example"]\n["A.example"]\n', "twice"),
        ('["a.example"\n', "TOML"),
    ],
)
def test_a_mistake_is_told_with_file_entry_and_reason(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason) as caught:
        rules_of(tmp_path, text)
    assert "FEEDMILL_HOSTS_FILE" in caught.value.message
    assert "hosts.toml" in caught.value.message
    assert "hush" not in caught.value.message or "hush@" in text


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml"):
        HostRules(Settings(hosts_file=str(tmp_path / "absent.toml")))
    (tmp_path / "latin.toml").write_bytes(b'["a.example"]\nuser_agent = "\xe9"\n')
    with pytest.raises(SettingsError, match=r"latin\.toml"):
        HostRules(Settings(hosts_file=str(tmp_path / "latin.toml")))


def test_secrets_are_not_in_what_is_shown(tmp_path: Path) -> None:
    rules = rules_of(
        tmp_path, '["a.example"]\nuser = "ann"\npassword = "hush"\nheaders = {"X-Key" = "mum"}\n'
    )
    shown = repr(rules.of("https://a.example/")) + repr(vars(rules))
    assert "hush" not in shown
    assert "mum" not in shown


def test_headers_and_credentials_go_only_where_they_belong(tmp_path: Path) -> None:
    async def work() -> tuple[Web, Web]:
        async with Web({"/": page(TEXT)}) as other:
            target = f"http://localhost:{other.port}/"
            async with Web({"/": redirect(target), "/page": page(TEXT)}) as own:
                rules = rules_of(
                    tmp_path,
                    f'["127.0.0.1:{own.port}"]\nuser = "ann"\npassword = "hush"\nuser_agent = "Desk"\n'
                    'headers = {"X-Key" = "mum", accept = "text/plain"}\n',
                    host_delay=0.0,
                )
                settings = Settings(allow_addresses="127.0.0.0/8, ::1/128", host_delay=0.0)
                async with Client(settings, rules) as client:
                    await client.get(own.url("/"), max_bytes=1000)
                    await client.get(own.url("/page"), max_bytes=1000)
                return own, other

    own, other = asyncio.run(work())
    for request in own.asked:
        assert request.headers["authorization"] == "Basic YW5uOmh1c2g="
        assert (request.headers["x-key"], request.headers["user-agent"]) == ("mum", "Desk")
        assert request.headers["accept"] == "text/plain"
    for request in other.asked:
        assert not {"authorization", "x-key"} & set(request.headers)
        assert request.headers["user-agent"].startswith("Feedmill/")
    assert (len(own.asked), len(other.asked)) == (2, 1)


def test_secrets_do_not_follow_a_redirect_from_https_into_the_open(tmp_path: Path) -> None:
    async def work() -> Web:
        async with Web({"/": page(TEXT)}) as web:
            rules = rules_of(
                tmp_path,
                '["127.0.0.1"]\nuser = "ann"\npassword = "hush"\nheaders = {"X-Key" = "mum"}\n',
                host_delay=0.0,
            )
            async with Client(Settings(allow_addresses="127.0.0.0/8"), rules) as client:
                await client.get(web.url("/"), max_bytes=1000, passed=["https://127.0.0.1/"])
                await client.get(web.url("/"), max_bytes=1000, passed=["http://127.0.0.1/"])
            return web

    into_the_open, open_all_along = asyncio.run(work()).asked
    assert not {"authorization", "x-key"} & set(into_the_open.headers)
    assert {"authorization", "x-key"} <= set(open_all_along.headers)


def test_no_password_is_in_the_message_of_an_error(tmp_path: Path) -> None:
    async def work() -> None:
        rules = rules_of(tmp_path, '["127.0.0.1"]\nuser = "ann"\npassword = "hush"\n', host_delay=0.0)
        async with Client(Settings(allow_addresses="127.0.0.0/8"), rules) as client:
            await client.get("http://bob:murmur@127.0.0.1:1/", max_bytes=1000)

    with pytest.raises(FetchError) as caught:
        asyncio.run(work())
    assert caught.value.code == "connect"
    assert "hush" not in caught.value.message
    assert "murmur" not in caught.value.message
