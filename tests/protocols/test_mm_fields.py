"""The fields of Canaan's firmware are told apart, whatever their values hold."""

import math

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.miner_controller.protocols.mm_fields import (
    number,
    numbers,
    tokenize,
)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", {}),
        ("Ver[Nano3s-25021401_56abae7]", {"Ver": "Nano3s-25021401_56abae7"}),
        ("A[1] B[2]", {"A": "1", "B": "2"}),
        # Some firmware has two spaces, some none.
        ("A[1]  B[2]\tC[3]\nD[4]", {"A": "1", "B": "2", "C": "3", "D": "4"}),
        ("A[1]B[2]C[3]", {"A": "1", "B": "2", "C": "3"}),
        ("A[] B[ ]", {"A": "", "B": " "}),
        ("PVT_T0[ 84  85 ]", {"PVT_T0": " 84  85 "}),
        (
            "SYSTEMSTATU[Work: In Work, Hash Board: 1 ] Elapsed[17]",
            {"SYSTEMSTATU": "Work: In Work, Hash Board: 1 ", "Elapsed": "17"},
        ),
        ("'STATS':{A[1] B[2]}", {"A": "1", "B": "2"}),
        ("'STATS':{A[1]},'HB0':{B[2]}", {"A": "1", "B": "2"}),
        ("CPU[K230] STATE[1]", {"CPU": "K230", "STATE": "1"}),
        ("DH[2.130%] PS[0 0 27697 4 0 3678 132]", None),
        ("ATA1[90-85-314-100:447:467:487]", {"ATA1": "90-85-314-100:447:467:487"}),
        # A network may have any name.
        (
            "SSID[my [wlan]-5, GHz] RSSI[-50]",
            {"SSID": "my [wlan]-5, GHz", "RSSI": "-50"},
        ),
        ("SSID[a]b] X[1]", {"SSID": "a]b", "X": "1"}),
        # The first one counts.
        ("A[1] A[2]", {"A": "1"}),
        # What is no field is passed over.
        ("[1] A[2] =[3] 17[4] B[5]", {"A": "2", "B": "5"}),
        ("words A[1] more words B[2] end", {"A": "1", "B": "2"}),
        ("Ä[1] B[2]", {"B": "2"}),
        # One that never ends is none.
        ("A[1] B[2", {"A": "1"}),
        ("A[", {}),
        ("A]", {}),
        ("[[[[", {}),
        ("]]]]", {}),
    ],
)
def test_fields(text: str, fields: dict[str, str] | None) -> None:
    """Names and values are told apart."""
    if fields is None:
        fields = {"DH": "2.130%", "PS": "0 0 27697 4 0 3678 132"}
    assert tokenize(text) == fields


KEYS = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,15}", fullmatch=True)
# Nested words come with their own brackets, which end nothing.
VALUES = st.one_of(
    st.text("0123456789 .-%:,abcXYZ'{}=/\\\"", max_size=20),
    st.text(st.characters(exclude_characters="]"), max_size=12),
    st.builds("a[{}".format, st.text("abc 12", max_size=6)),
    st.builds("my ]{} wlan".format, st.sampled_from(["-", ".", "1", "(", "_", "!"])),
    st.lists(st.integers(-300, 9999).map(str), max_size=12).map(" ".join),
)


@settings(max_examples=500, deadline=None)
@given(
    fields=st.dictionaries(KEYS, VALUES, max_size=12),
    gap=st.sampled_from([" ", "  ", "\n", "\t "]),
    frame=st.sampled_from(["{}", " {} ", "'STATS':{{{}}}", "'STATS':{{{}}} 'HB':{{}}"]),
)
def test_what_is_written_is_read(fields: dict[str, str], gap: str, frame: str) -> None:
    """Values may hold spaces, commas, colons, words and most brackets."""
    text = frame.format(gap.join(f"{key}[{value}]" for key, value in fields.items()))
    assert tokenize(text) == fields


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, st.text("0123456789 .-", max_size=12), max_size=8))
def test_fields_may_touch(fields: dict[str, str]) -> None:
    """A name is enough to end the value before it."""
    text = "".join(f"{key}[{value}]" for key, value in fields.items())
    assert tokenize(text) == fields


SOUP = st.lists(
    st.one_of(
        st.sampled_from(
            ["A", "PS", "MPO", "[", "]", " ", ",", "'", "{", "}", "0", "-"]
        ),
        st.text(max_size=4),
    ),
    max_size=40,
).map("".join)


@settings(max_examples=500, deadline=None)
@given(SOUP)
def test_any_text_has_only_fields_of_text(text: str) -> None:
    """Nothing is raised, and every value was in the text."""
    for key, value in tokenize(text).items():
        assert isinstance(key, str)
        assert key.isidentifier()
        assert isinstance(value, str)
        assert value in text
        assert f"{key}[" in text


@pytest.mark.parametrize(
    "piece", ["A[", "[", "]", "A]", "A[]", "A[ ]B", "a", " ", "A[]x", "A[]]", "[]"]
)
def test_a_megabyte_of_anything_comes_to_an_end(piece: str) -> None:
    """No line keeps the event loop busy for long."""
    text = piece * (1024 * 1024 // len(piece))
    for found in (tokenize(text), tokenize(f"A[{text}"), tokenize(f"{text}] B[1]")):
        assert all(isinstance(value, str) for value in found.values())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0),
        ("36%", 36),
        ("2.130%", 2.13),
        ("6423.03", 6423.03),
        (" 17 ", 17),
        ("-1", None),
        ("-273", None),
        ("101", 101),
        ("1e3", 1000),
        ("nan", None),
        ("-nan", None),
        ("inf", None),
        ("1e400", None),
        ("", None),
        ("%", None),
        ("36 %%", None),
        ("12 13", None),
        ("K230", None),
        ("0x10", None),
    ],
)
def test_a_number(value: str, expected: float | None) -> None:
    """A field is a finite number in its range, or nothing is known."""
    assert number({"X": value}, "X") == expected
    assert number({}, "X") is None


def test_a_number_has_bounds_a_scale_and_digits() -> None:
    """The range is that of the scaled number, which is rounded then."""
    fields = {"X": "12.3456"}
    assert number(fields, "X", maximum=12) is None
    assert number(fields, "X", minimum=13) is None
    assert number(fields, "X", digits=1) == 12.3
    assert number(fields, "X", scale=1e9, digits=0) == 12_345_600_000
    assert number({"X": "-5"}, "X", minimum=-10) == -5


def test_numbers_keep_their_places() -> None:
    """What is no number is not left out."""
    fields = {"PS": "0  x 27697 nan 4.5 -1 1e999", "NONE": ""}
    assert numbers(fields, "PS") == [0, None, 27697, None, 4.5, -1, None]
    assert numbers(fields, "NONE") == []
    assert numbers(fields, "MISSING") == []


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=20))
def test_any_field_is_a_finite_number_or_none(value: str) -> None:
    """Nothing is raised, whatever a field holds."""
    found = [number({"X": value}, "X"), *numbers({"X": value}, "X")]
    assert all(one is None or math.isfinite(one) for one in found)
    assert found[0] is None or 0 <= found[0] <= 1e18
