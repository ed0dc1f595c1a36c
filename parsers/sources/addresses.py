"""Which network addresses may be fetched from: public ones, unless the user says otherwise."""

import ipaddress
import socket
from dataclasses import dataclass

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Address:
    """A numeric address to connect to, so that its name is not looked up a second time."""

    family: int
    ip: str


class PrivateAddress(ValueError):
    """A host that is, or resolves to, an address inside some private network."""


def public_address(host: str, port: int, *, allow_private: bool) -> Address:
    """Return where `host` is.

    Raises:
        PrivateAddress: one of its addresses is not public, and that is not allowed.
        OSError: the name is not known.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [Address(entry[0], str(entry[4][0])) for entry in found]
    for address in addresses:
        if not allow_private and not is_public(address.ip):
            raise PrivateAddress(f"{host} is at {address.ip}, which is no public address")
    return addresses[0]


def is_public(ip: str) -> bool:
    """Whether an address is on the public internet, also behind the ways to write IPv4 in IPv6."""
    address = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            address = inner
    return address.is_global and not address.is_multicast
