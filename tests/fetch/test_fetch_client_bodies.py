"""Bodies as servers pack them, and as attackers do: unpacked right, and never beyond the limit."""

from __future__ import annotations

import asyncio
import gzip
import resource
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import nullcontext

import brotli
import pytest
import zstandard
from fetch_web import Web, head, page, trickle
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FetchError
from pipeline.fetch import Client
from pipeline.fetch.body import Body, Memory
from pipeline.settings import Settings

QUICK = Settings(host_delay=0.0, fetch_seconds=20.0, allow_addresses="127.0.0.0/8")
TEXT = b"<html><body>" + b"<p>The harbour was closed at noon.</p>" * 50 + b"</body></html>"
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda raw: brotli.compress(raw, quality=4),
    "zstd": zstandard.compress,
}


def unpacked(packed: bytes, encoding: str, most: int = 1_000_000, step: int = 0) -> bytes:
    body = Body(encoding, most, "http://a.example/")
    for start in range(0, len(packed), step or len(packed) or 1):
        body.add(packed[start : start + (step or len(packed))])
    return body.whole()


def refused(packed: bytes, encoding: str, most: int = 1_000_000) -> str:
    with pytest.raises(FetchError) as caught:
        unpacked(packed, encoding, most)
    return caught.value.code


@pytest.mark.parametrize("encoding", PACKERS)
@given(raw=st.binary(max_size=300_000), step=st.integers(1, 5_000))
def test_what_was_packed_comes_out_in_whatever_pieces_it_arrives(
    encoding: str, raw: bytes, step: int
) -> None:
    assert unpacked(PACKERS[encoding](raw), encoding, step=step) == raw


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("step", [1, 7, 0])
def test_long_texts_come_out_whole(encoding: str, step: int) -> None:
    raw = b"".join(b"%d: the harbour was closed at noon\n" % number for number in range(9_000))
    assert unpacked(PACKERS[encoding](raw), encoding, step=step) == raw


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
@given(cut=st.integers(1, 3_000), step=st.integers(1, 300))
def test_several_packed_one_after_the_other_come_out_as_one(encoding: str, cut: int, step: int) -> None:
    pack = PACKERS[encoding]
    assert unpacked(pack(TEXT[:cut]) + pack(TEXT[cut:]), encoding, step=step) == TEXT


def test_encodings_on_top_of_each_other_come_off_in_order() -> None:
    assert unpacked(gzip.compress(gzip.compress(TEXT)), "gzip, gzip") == TEXT
    assert unpacked(brotli.compress(zlib.compress(TEXT)), "deflate, br", step=3) == TEXT
    assert unpacked(gzip.compress(zstandard.compress(brotli.compress(TEXT))), "BR,zstd,gzip") == TEXT


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (TEXT, "br, identity"),
        (zstandard.compress(TEXT[:30]) + zstandard.compress(TEXT[30:]), "zstd"),
        (zstandard.compress(TEXT) + b"rubbish", "zstd"),
        (TEXT, "zstd"),
        (TEXT, "utf-8"),
        (b"", "br"),
        (b"", "zstd"),
        (b"", "gzip"),
    ],
    ids=["-", "two frames", "behind zstd", "not zstd", "charset", "no br", "no zstd", "no gzip"],
)
def test_odd_but_readable_bodies_are_read(packed: bytes, encoding: str) -> None:
    if encoding == "br, identity":
        packed = brotli.compress(packed)
    assert unpacked(packed, encoding) == (TEXT if packed else b"")


@pytest.mark.parametrize("encoding", PACKERS)
def test_damage_and_cuts_are_told(encoding: str) -> None:
    packed = PACKERS[encoding](TEXT)
    assert refused(packed[: len(packed) // 2], encoding) == "protocol"
    assert refused(packed[:8] + b"\xff\x00" * 50, encoding) == "protocol"


@pytest.mark.parametrize("encoding", ["compress", "sdch", "dcb", "gzip, gzip, gzip, gzip", "br;q=1"])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    assert refused(TEXT, encoding) == "protocol"


@pytest.mark.parametrize("encoding", PACKERS)
def test_the_limit_is_on_what_comes_out_and_on_what_goes_in(encoding: str) -> None:
    packed = PACKERS[encoding](TEXT)
    assert unpacked(packed, encoding, most=len(TEXT)) == TEXT
    assert refused(packed, encoding, most=len(TEXT) - 1) == "too_large"
    assert refused(packed, encoding, most=len(packed) - 1) == "too_large"


def bomb(encoding: str, size: int) -> bytes:
    """So many zeros, packed without having them in memory."""
    zeros, out = bytes(1_000_000), []
    if encoding == "br":
        packer = brotli.Compressor(quality=5)
        out = [packer.process(zeros) for _ in range(size // len(zeros))] + [packer.finish()]
        return b"".join(out)
    other = zstandard.ZstdCompressor().compressobj() if encoding == "zstd" else zlib.compressobj(9, wbits=31)
    out = [other.compress(zeros) for _ in range(size // len(zeros))] + [other.flush()]
    return b"".join(out)


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_a_bomb_costs_little_more_memory_than_the_limit(encoding: str) -> None:
    packed = bomb(encoding, 150_000_000)
    tracemalloc.start()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        assert refused(packed, encoding, most=2_000_000) == "too_large"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert peak < 16_000_000
    assert grown < 48_000


def test_a_bomb_inside_a_bomb_is_stopped_at_the_first() -> None:
    inner = bomb("br", 200_000_000)
    assert len(inner) < 10_000
    assert refused(gzip.compress(inner), "br, gzip", most=1_000_000) == "too_large"
    outer = gzip.compress(gzip.compress(bytes(50_000_000)))
    assert refused(outer, "gzip, gzip", most=1_000_000) == "too_large"


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_a_client_survives_bombs_and_goes_on(encoding: str) -> None:
    async def work() -> bytes:
        pages = {"/bomb": page(bomb(encoding, 40_000_000), content_encoding=encoding), "/": page(TEXT)}
        async with Web(pages) as web, Client(QUICK) as client:
            with pytest.raises(FetchError) as caught:
                await client.get(web.url("/bomb"), max_bytes=1_000_000)
            assert (caught.value.code, caught.value.status) == ("too_large", 200)
            return (await client.get(web.url("/"), max_bytes=1_000_000)).body

    assert asyncio.run(work()) == TEXT


def test_an_endless_body_costs_no_more_memory_than_the_limit() -> None:
    async def work() -> None:
        endless = trickle(head(200), b"x" * 65_536, pause=0)
        async with Web({"/": endless}) as web, Client(QUICK) as client:
            with pytest.raises(FetchError) as caught:
                await client.get(web.url("/"), max_bytes=3_000_000)
            assert caught.value.code == "too_large"

    tracemalloc.start()
    try:
        asyncio.run(work())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000


def test_a_body_of_any_encoding_comes_over_the_network() -> None:
    async def work() -> list[bytes]:
        pages = {f"/{name}": page(packer(TEXT), content_encoding=name) for name, packer in PACKERS.items()}
        async with Web(pages) as web, Client(QUICK) as client:
            got = [(await client.get(web.url(path), max_bytes=10_000)).body for path in pages]
            assert {request.headers["accept-encoding"] for request in web.asked} == {
                "gzip, deflate, br, zstd"
            }
            return got

    assert asyncio.run(work()) == [TEXT] * 4


def test_large_bodies_give_way_when_too_many_come_at_once_and_small_ones_never() -> None:
    memory = Memory(most=10_000_000)
    with (
        Body(None, 50_000_000, "http://a.example/", memory) as one,
        Body(None, 50_000_000, "http://b.example/", memory) as other,
        Body(None, 50_000_000, "http://c.example/", memory) as small,
    ):
        one.add(bytes(6_000_000))
        with pytest.raises(FetchError) as caught:
            other.add(bytes(6_000_000))
        assert (caught.value.code, caught.value.retry_helps) == ("too_large", True)
        small.add(bytes(3_000_000))
        assert len(small.whole()) == 3_000_000
    assert memory.held == 0


def test_many_large_answers_at_once_stay_within_the_memory_of_a_process() -> None:
    async def ask() -> tuple[int, list[str]]:
        pages = {f"/{n}": page(bytes(8_000_000)) for n in range(12)}
        async with Web(pages) as web, Client(QUICK) as client:
            client._memory.most = 30_000_000
            asked = [
                client.get(web.url(f"/{n}"), max_bytes=50_000_000, turn=lambda _: nullcontext())
                for n in range(12)
            ]
            found = await asyncio.gather(*asked, return_exceptions=True)
            codes = [one.code for one in found if isinstance(one, FetchError)]
            return client._memory.held, [*codes, *("ok" for one in found if not isinstance(one, FetchError))]

    held, results = asyncio.run(ask())
    assert held == 0
    assert set(results) <= {"ok", "too_large"}
    assert "ok" in results
