"""Which addresses and ports may be connected to: judgement of values, without any I/O.

Whoever can hand in an address, or answer with a redirect, or run a name server, may try to make
Feedmill ask machines that only Feedmill can reach. So the verdict is on the very address that is
about to be connected to, after DNS and on every hop; names are never judged.
"""

from __future__ import annotations

import ipaddress
import re

from pipeline.errors import SettingsError
from pipeline.settings import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: what is not the public Internet: the IANA special-purpose registries (RFC 6890 and later), and
#: the one public address at which a cloud answers its guests (Azure's wire server). Written out,
#: because ``ipaddress.is_global`` differs between releases of Python
_CLOSED_4 = [
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
#: inside the only block of IPv6 that is public unicast (2000::/3)
_CLOSED_6 = [ipaddress.IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
#: IPv6-only networks reach all of IPv4 through it (RFC 6052): as public as what it embeds
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

#: never asked on public hosts: the ports that browsers refuse (Fetch standard, "bad ports") and those
#: of databases, caches and administration, which take an HTTP request for commands or answer anybody
CLOSED_PORTS = frozenset(
    {
        1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
        103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
        512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
        995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
        6669, 6679, 6697, 10080,
        1433, 1434, 1521, 1883, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 4369, 5432, 5433, 5672, 5900,
        5984, 6379, 6380, 7000, 7001, 8500, 9042, 9092, 9200, 9300, 10250, 10255, 11211, 11434, 26379,
        27017, 27018, 27019, 33060, 50000,
    }
)  # fmt: skip


class Guard:
    """What the settings allow. Raises SettingsError for settings that cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self._allowed = networks(settings.allow_addresses)
        self._ports = ports(settings.allow_ports)

    def refusal(self, address: str, port: int) -> str | None:
        """Why this address and port may not be connected to; None when they may.

        ``address`` as the connection is made with, a zone (``%eth0``) included. Anything but a
        plain IP address is refused.
        """
        try:
            one = _plain(ipaddress.ip_address(address.partition("%")[0]))
        except ValueError:
            return f"{address} is no IP address"
        if any(one.version == network.version and one in network for network in self._allowed):
            return None
        if not public(one):
            return f"{address} is not a public address; FEEDMILL_ALLOW_ADDRESSES opens your own networks"
        if port in CLOSED_PORTS or not any(low <= port <= high for low, high in self._ports):
            return f"port {port} is not one for web pages; FEEDMILL_ALLOW_PORTS names those that are"
        return None


def public(address: Address) -> bool:
    """Whether the address belongs to one host on the public Internet."""
    address = _plain(address)
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    if address in _NAT64:
        return public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    if address not in _UNICAST_6 or any(address in network for network in _CLOSED_6):
        return False
    # ISATAP (RFC 5214, 6.1) tunnels to the IPv4 address in its last half.
    low = int(address) & 0xFFFF_FFFF_FFFF_FFFF
    tunnel = low >> 32 in (0x0000_5EFE, 0x0200_5EFE)
    return not tunnel or public(ipaddress.IPv4Address(low & 0xFFFF_FFFF))


def networks(text: str) -> list[Network]:
    """FEEDMILL_ALLOW_ADDRESSES: networks and single addresses, separated by commas.

    Raises SettingsError for anything else.
    """
    found: list[Network] = []
    for one in filter(None, re.split(r"[\s,]+", text)):
        try:
            found.append(ipaddress.ip_network(one))
        except ValueError as error:
            told = f"FEEDMILL_ALLOW_ADDRESSES={text!r} cannot be used: {error}."
            raise SettingsError(told) from error
    return found


def ports(text: str) -> list[tuple[int, int]]:
    """FEEDMILL_ALLOW_PORTS: ports and ranges (``1024-65535``), separated by commas.

    Raises SettingsError for anything else, and for none at all.
    """
    found: list[tuple[int, int]] = []
    for one in filter(None, re.split(r"[\s,]+", text)):
        low, dash, high = one.partition("-")
        numbers = [low, high] if dash else [low, low]
        if not all(number.isascii() and number.isdigit() and len(number) < 6 for number in numbers):
            raise SettingsError(f"FEEDMILL_ALLOW_PORTS={text!r} cannot be used: {one!r} is no port or range.")
        first, last = int(numbers[0]), int(numbers[1])
        if not 1 <= first <= last <= 65535:
            told = f"FEEDMILL_ALLOW_PORTS={text!r} cannot be used: {one!r} is no range within 1 to 65535."
            raise SettingsError(told)
        found.append((first, last))
    if not found:
        raise SettingsError("FEEDMILL_ALLOW_PORTS names no port.")
    return found


def _plain(address: Address) -> Address:
    # The system connects ::ffff:a.b.c.d as a.b.c.d.
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
