"""The topics under which others find a miner or a tariff.

<prefix>/<slug>/telemetry   what a miner told with its last poll
<prefix>/<slug>/status      whether it answers
<prefix>/fleet/telemetry    all miners together
<prefix>/price              the tariff that was added first
<prefix>/price/<slug>       each further tariff
"""

from collections.abc import Mapping, Set as AbstractSet
from itertools import chain, count
from typing import Final

from homeassistant.util import slugify

_FLEET: Final = "fleet"
_PRICE: Final = "price"

RESERVED: Final = frozenset({_FLEET, _PRICE})
"""What no miner is called, as the topic is another one's."""

_LONGEST_SLUG: Final = 64
_ID_LENGTH: Final = 6


def telemetry_topic(prefix: str, slug: str) -> str:
    """Return where a miner's readings are."""
    return f"{prefix}/{slug}/telemetry"


def status_topic(prefix: str, slug: str) -> str:
    """Return where it says whether a miner answers."""
    return f"{prefix}/{slug}/status"


def fleet_topic(prefix: str) -> str:
    """Return where the totals of all miners are."""
    return telemetry_topic(prefix, _FLEET)


def price_topic(prefix: str, slug: str | None) -> str:
    """Return where a price is. The first tariff needs no slug."""
    return f"{prefix}/{_PRICE}" if slug is None else f"{prefix}/{_PRICE}/{slug}"


def assign_slugs(
    names: Mapping[str, str],
    known: Mapping[str, str],
    reserved: AbstractSet[str] = RESERVED,
) -> dict[str, str]:
    """Return a slug for each name, all different, by the id of what has the name.

    Whoever comes first has the plain slug, and another one of the same name a part of
    its id with it. A slug that is `known` stays for as long as the name suits it, so
    nothing moves when a namesake goes. Letters, digits and underscores are all that is
    in it, whatever the name holds.
    """
    bases = {key: _base(name, reserved) for key, name in names.items()}
    slugs: dict[str, str] = {}
    for key, base in bases.items():
        slug = known.get(key, "")
        if slug == base or slug.startswith(_with_id(base, key)):
            slugs[key] = slug
    taken = set(slugs.values())
    for key, base in bases.items():
        if key in slugs:
            continue
        with_id = _with_id(base, key)
        possible = chain(
            (base, with_id), (f"{with_id}_{number}" for number in count(2))
        )
        slugs[key] = next(slug for slug in possible if slug not in taken)
        taken.add(slugs[key])
    return slugs


def _base(name: str, reserved: AbstractSet[str]) -> str:
    """Return the slug that a name would have if it was the only one."""
    slug = slugify(name)[:_LONGEST_SLUG].strip("_") or "unknown"
    return f"{slug}_miner" if slug in reserved else slug


def _with_id(base: str, key: str) -> str:
    """Return a slug that tells one of several with the same name."""
    return f"{base}_{slugify(key)[-_ID_LENGTH:]}"
