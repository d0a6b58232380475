"""The fourteen regions: what they pay and which postcodes are in them."""

from dataclasses import dataclass
import re


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region with its terms of the Agile formula."""

    letter: str
    name: str
    coefficient: float
    peak_pence: float
    standing_charge: float


def _region(
    letter: str, name: str, coefficient: float, peak: float, standing: float
) -> Region:
    """Return a region."""
    return Region(
        letter=letter,
        name=name,
        coefficient=coefficient,
        peak_pence=peak,
        standing_charge=standing,
    )


# There is no I and no O.
REGIONS = {
    region.letter: region
    for region in (
        _region("A", "Eastern England", 2.1, 13.0, 46.41),
        _region("B", "East Midlands", 2.0, 14.0, 48.28),
        _region("C", "London", 2.0, 12.0, 39.75),
        _region("D", "Merseyside & Northern Wales", 2.2, 13.0, 62.48),
        _region("E", "West Midlands", 2.1, 11.5, 53.17),
        _region("F", "North Eastern England", 2.1, 12.0, 52.92),
        _region("G", "North Western England", 2.1, 12.0, 48.01),
        _region("H", "Southern England", 2.1, 12.0, 44.16),
        _region("J", "South Eastern England", 2.2, 12.0, 46.73),
        _region("K", "Southern Wales", 2.2, 12.0, 49.02),
        _region("L", "South Western England", 2.3, 11.0, 51.34),
        _region("M", "Yorkshire", 2.0, 13.0, 55.86),
        _region("N", "Southern Scotland", 2.1, 13.0, 57.65),
        _region("P", "Northern Scotland", 2.4, 12.0, 59.43),
    )
}

# On the border of two regions, where nobody but the user knows.
SEVERAL_POSTCODE = "SY10 7AA"

_AREAS = {
    "A": ("CB", "CM", "CO", "IP", "NR", "PE", "SG", "SS"),
    "B": ("CV", "DE", "LE", "LN", "MK", "NG", "NN"),
    "C": ("E", "EC", "N", "NW", "SE", "SW", "W", "WC"),
    "D": ("CH", "L", "LL", "WA"),
    "E": ("B", "DY", "ST", "WR", "WS", "WV"),
    "F": ("DH", "DL", "NE", "SR", "TS"),
    "G": ("BB", "BL", "CA", "FY", "LA", "M", "OL", "PR", "SK", "WN"),
    "H": ("BH", "GU", "OX", "PO", "RG", "SN", "SO", "SP"),
    "J": ("BN", "CT", "ME", "RH", "TN"),
    "K": ("CF", "NP", "SA"),
    "L": ("BA", "BS", "EX", "PL", "TA", "TQ", "TR"),
    "M": ("BD", "DN", "HD", "HU", "HX", "LS", "S", "WF", "YO"),
    "N": ("DG", "EH", "G", "KA", "ML", "TD"),
    "P": ("AB", "DD", "IV", "KW", "PH"),
    "DE": ("SY",),
}
_LETTERS = {area: letters for letters, areas in _AREAS.items() for area in areas}
_POSTCODE = re.compile(r"([A-Z]{1,2})\d[A-Z\d]?(?:\d[A-Z]{2})?")


def regions_of(postcode: str) -> tuple[str, ...]:
    """Return the letters of the regions a postcode may be in, often exactly one.

    There is none for Northern Ireland, for a place that does not exist and for what
    is no postcode.
    """
    found = _POSTCODE.fullmatch("".join(postcode.upper().split()))
    return tuple(_LETTERS.get(found[1], "")) if found else ()
