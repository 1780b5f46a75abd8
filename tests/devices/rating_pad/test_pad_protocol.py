from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.rating_pad.protocol import (
    LEVELS,
    PAD_TIMEOUT,
    Checksum,
    PadProfile,
    ProfileError,
    crc16,
    generic_profile,
    profile_from_settings,
    scan,
    seal,
)

ASCII_PAD = {
    "prompt": "24 50 0d",
    "cancel": "24 43 0d",
    "pattern": r"\$K(?P<level>[A-F])\r",
    "codes": {"41": 5, "42": 4, "43": 3, "44": 2, "45": 1, "46": 0},
    "baud": 2400,
    "timeout_s": 20,
    "examples": {"5": "24 4b 41 0d"},
}


def test_published_check_values() -> None:
    assert crc16(b"123456789") == 0x4B37
    assert Checksum.SUM.of(b"\xff\x02") == b"\x01"
    assert Checksum.XOR.of(b"\xff\x02") == b"\xfd"
    assert Checksum.CRC16.of(b"123456789") == b"\x37\x4b"
    assert Checksum.NONE.of(b"x") == b""


def test_golden_generic_frames() -> None:
    profile = generic_profile()
    assert seal(profile, profile.prompt) == bytes.fromhex("aa55010000")
    assert scan(profile, bytes.fromhex("aa55020506")).code == 5
    assert scan(profile, bytes.fromhex("aa55020001")).code == PAD_TIMEOUT


def test_profile_from_settings() -> None:
    profile = profile_from_settings(ASCII_PAD)
    assert [scan(profile, b"$K%c\r" % key).code for key in b"ABCDEF"] == [5, 4, 3, 2, 1, 0]
    assert (profile.baud, profile.timeout_s, profile.prompt) == (2400, 20, b"$P\r")


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": ""},
        {"prompt": "2"},
        {"pattern": "(["},
        {"pattern": r"\$K[A-F]\r"},
        {"pattern": "(?P<level>x?)"},
        {"pattern": "(?P<level>满意)"},
        {"codes": {"41": 5}},
        {"codes": {"41": 6, "42": 4, "43": 3, "44": 2, "45": 1}},
        {"codes": "41"},
        {"checksum": "md5"},
        {"baud": 1},
        {"baud": "fast"},
        {"timeout_s": 0},
        {"timeout_s": "60"},
        {"examples": {"4": "24 4b 41 0d"}},
        {"colour": "red"},
    ],
)
def test_impossible_profiles_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ProfileError) as caught:
        profile_from_settings(ASCII_PAD | change)
    assert caught.value.hint


@pytest.mark.parametrize("kind", list(Checksum))
@pytest.mark.parametrize("skip", [0, 2])
def test_every_checksum_round_trips_and_notices_a_flipped_bit(kind: Checksum, skip: int) -> None:
    profile = replace(generic_profile(), checksum=kind, checksum_from=skip)
    for level in LEVELS:
        frame = seal(profile, profile.examples[level])
        assert scan(profile, b"\x00" + frame + b"\x01").code == level
        if kind is not Checksum.NONE:
            broken = frame[:-1] + bytes([frame[-1] ^ 4])
            assert (scan(profile, broken).code, scan(profile, broken).damaged) == (None, True)


@given(st.binary(max_size=400))
def test_scan_takes_any_bytes(data: bytes) -> None:
    found = scan(generic_profile(), data)
    assert found.code in (None, PAD_TIMEOUT, *LEVELS)
    assert len(found.rest) <= 128


@given(st.binary(max_size=60), st.integers(1, 5), st.integers(1, 7))
def test_key_is_found_behind_noise_in_any_chunking(noise: bytes, level: int, size: int) -> None:
    profile: PadProfile = generic_profile()
    stream = noise.replace(b"\xaa", b"") + b"\xaa" + seal(profile, profile.examples[level])
    buffer = b""
    for at in range(0, len(stream), size):
        found = scan(profile, buffer + stream[at : at + size])
        if found.code is not None:
            assert found.code == level
            return
        buffer = found.rest
    pytest.fail("key lost")
