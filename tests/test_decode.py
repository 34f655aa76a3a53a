"""Encodings: every text comes back as it was, or is refused for a reason that is true."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.loaders.decode import Undecodable, arabic_share, decode, encoding_of, looks_binary

CASES = tomllib.loads((Path(__file__).parent / "cases" / "encodings.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("encoding", CASES["encodings"])
@pytest.mark.parametrize("text", CASES["texts"] + CASES["wide"])
def test_round_trip(text: str, encoding: str) -> None:
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        assert text in CASES["wide"]
        assert encoding in {"cp1256", "iso8859_6"}
        return
    assert decode(data) == text


@pytest.mark.parametrize("case", CASES["undecodable"], ids=lambda case: str(case["note"]))
def test_refused(case: dict[str, str]) -> None:
    with pytest.raises(Undecodable, match=case["says"]):
        decode(bytes.fromhex(case["hex"]))


@pytest.mark.parametrize(("encoding", "other"), [("cp1256", "iso8859_6"), ("iso8859_6", "cp1256")])
@pytest.mark.parametrize("text", CASES["texts"])
def test_declared_wrongly(text: str, encoding: str, other: str) -> None:
    # The bytes under the other table do not read as well, so the declaration is not believed.
    assert encoding_of(text.encode(encoding), other) == encoding


@pytest.mark.parametrize("declared", ["no-such-codec", "zlib", "hex", "idna", "rot13", "utf-7", "ascii", "punycode"])
def test_declared_nonsense(declared: str) -> None:
    assert decode(CASES["texts"][0].encode("cp1256"), declared) == CASES["texts"][0]


def test_utf8_goes_before_what_is_declared() -> None:
    assert decode("قال الوزير".encode(), "cp1256") == "قال الوزير"


def test_newlines_stay() -> None:
    assert decode("سطر\r\nسطر\rسطر\n".encode()) == "سطر\r\nسطر\rسطر\n"


def test_only_the_first_mark_goes() -> None:
    assert decode("\ufeff\ufeffنص".encode()) == "\ufeffنص"


def test_a_wrong_declaration_in_a_long_page_of_latin() -> None:
    page = ("<p class='x'>" * 50 + "أعلنت الشركة" + "</p>" * 50).encode("cp1256")
    assert "أعلنت الشركة" in decode(page, "iso-8859-1")


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    with suppress(Undecodable):
        decode(data).encode("utf-8")
    looks_binary(data)


@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ .،؟", min_size=1))
def test_any_arabic_in_utf8(text: str) -> None:
    assert decode(text.encode()) == text


def test_share() -> None:
    assert arabic_share("") == (0, 0.0)
    assert arabic_share("abc 123") == (0, 0.0)
    assert arabic_share("قال ١٢٣ َ") == (3, 1.0)
