"""Where a request comes from."""

from ipaddress import IPv6Address, ip_address

from starlette.types import Scope

UNKNOWN = "unknown"
# Whoever has one IPv6 address has at least all the others of its /64 (RFC 6177).
HOUSEHOLD = 64


def address_of(scope: Scope) -> str:
    """The client's address, of an IPv6 one its network; behind a trusted proxy, the proxy's client."""
    client = scope.get("client")
    if not client:
        return UNKNOWN
    try:
        address = ip_address(client[0].partition("%")[0])
    except ValueError:
        return str(client[0])
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    host_bits = 128 - HOUSEHOLD
    return f"{IPv6Address(int(address) >> host_bits << host_bits)}/{HOUSEHOLD}"
