"""Which addresses may be connected to, as plain judgement."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingsError
from pipeline.fetch.guard import CLOSED_PORTS, Guard, public
from pipeline.settings import Settings

PUBLIC = Guard(Settings())

CLOSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    "2600:1::5efe:127.0.0.1", "2600:1::200:5efe:10.0.0.1",
]  # fmt: skip
OPEN = [
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "93.184.215.14", "198.20.0.1", "223.255.255.255",
    "2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8",
    "2600:1::5efe:8.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_what_is_not_public_is_refused_and_the_way_out_is_named(address: str) -> None:
    reason = PUBLIC.refusal(address, 80)
    assert reason is not None
    assert address in reason
    assert "FEEDMILL_ALLOW_ADDRESSES" in reason


@pytest.mark.parametrize("address", OPEN)
def test_public_addresses_may_be_asked(address: str) -> None:
    assert PUBLIC.refusal(address, 443) is None


@given(st.ip_addresses(v=4))
def test_an_address_of_ipv4_has_one_verdict_in_all_its_disguises(address: ipaddress.IPv4Address) -> None:
    verdict = public(address)
    assert public(ipaddress.IPv6Address(f"::ffff:{address}")) == verdict
    assert public(ipaddress.IPv6Address(f"64:ff9b::{address}")) == verdict
    if not address.is_global:
        assert not verdict


@given(st.ip_addresses(v=6))
def test_nothing_that_python_calls_private_is_public(address: ipaddress.IPv6Address) -> None:
    special = address.is_private or address.is_multicast or address.is_link_local or address.is_reserved
    if special and address.ipv4_mapped is None:
        assert not public(address) or address in ipaddress.IPv6Network("64:ff9b::/96")


@pytest.mark.parametrize(
    "text", ["localhost", "", "127.1", "0x7f.0.0.1", "2130706433", "1.2.3.4.5", "١.١.١.١"]
)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    assert PUBLIC.refusal(text, 80) is not None


def test_allowed_networks_are_open_on_every_port() -> None:
    guard = Guard(Settings(allow_addresses="10.1.0.0/16, ::1/128 192.168.7.7"))
    assert guard.refusal("10.1.2.3", 6379) is None
    assert guard.refusal("::ffff:10.1.2.3", 22) is None
    assert guard.refusal("::1", 1) is None
    assert guard.refusal("192.168.7.7", 80) is None
    assert guard.refusal("10.2.0.1", 80) is not None
    assert guard.refusal("192.168.7.8", 80) is not None


@pytest.mark.parametrize("port", [22, 25, 79, 81, 1023, 2375, 3306, 5432, 6379, 6667, 9200, 11211, 27017])
def test_ports_of_other_services_are_refused(port: int) -> None:
    reason = PUBLIC.refusal("8.8.8.8", port)
    assert reason is not None
    assert str(port) in reason


@pytest.mark.parametrize("port", [80, 443, 1024, 3000, 8000, 8080, 8443, 65535])
def test_ports_of_web_servers_are_open(port: int) -> None:
    assert PUBLIC.refusal("8.8.8.8", port) is None


def test_ports_can_be_narrowed_but_not_widened_to_other_services() -> None:
    guard = Guard(Settings(allow_ports="443, 6379"))
    assert guard.refusal("8.8.8.8", 443) is None
    assert guard.refusal("8.8.8.8", 80) is not None
    assert guard.refusal("8.8.8.8", 6379) is not None
    assert 6379 in CLOSED_PORTS


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("allow_addresses", "10.0.0.0/33"),
        ("allow_addresses", "10.0.0.1/8"),
        ("allow_addresses", "intranet"),
        ("allow_addresses", "*"),
        ("allow_ports", "http"),
        ("allow_ports", "0"),
        ("allow_ports", "70000"),
        ("allow_ports", "90-80"),
        ("allow_ports", "80-"),
        ("allow_ports", "-5"),
        ("allow_ports", ""),
    ],
)
def test_settings_that_cannot_be_used_are_named(setting: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"FEEDMILL_{setting.upper()}"):
        Guard(Settings(**{setting: value}))  # type: ignore[arg-type]
