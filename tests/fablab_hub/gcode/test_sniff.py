"""What a file is, by its first bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.gcode.sniff import NotGcode, looks_like_gcode, why_not_gcode


@pytest.mark.parametrize(
    "head",
    [
        b"G21\nG90\nG0 X1\n",
        b"\xef\xbb\xbf; caf\xc3\xa9\nG28\n",
        b"%\nO1000\n(part)\nN10 G21\n",
        b"g1x1y2",
        b"$32=1\nG21\nG0X1",
        b"; thumbnail begin\n" + b"; iVBORw0KGgo\n" * 400,
        b"START_PRINT BED=60\nG1 X1 E1\n",
    ],
)
def test_gcode_is_recognised(head: bytes) -> None:
    assert looks_like_gcode(head)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", NotGcode.EMPTY),
        (b"\0" * 100, NotGcode.EMPTY),
        (b" \r\n\n", NotGcode.EMPTY),
        (b"GCDE\x01\0\0\0", NotGcode.BINARY_GCODE),
        (b"version https://git-lfs.github.com/spec/v1\n", NotGcode.LFS_POINTER),
        (b"PK\x03\x04....", NotGcode.ARCHIVE),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", NotGcode.IMAGE),
        (b"CDF\x01\0\0\0\0", NotGcode.NETCDF),
        (b"%PDF-1.7", NotGcode.PDF),
        (b"<!DOCTYPE html>", NotGcode.MARKUP),
        (b"solid part\nfacet normal 0 0 1\n", NotGcode.MODEL),
        (b"G1 X1\0\0\0", NotGcode.BINARY),
        (b"M48\r\nMETRIC,000.000\r\nT47C0.300\r\n%\r\nT47\r\nX008300Y040600\r\n", NotGcode.DRILL),
        (b"$0=10\n$1=25\n$100=250.0\n", NotGcode.SETTINGS),
        (b"test file\ntest file\n", NotGcode.TEXT),
        (b"Dear lab,\nG1 is the best.\nGood bye.\nThanks\n", NotGcode.TEXT),
    ],
)
def test_what_is_not_gcode_is_named(head: bytes, kind: NotGcode) -> None:
    assert why_not_gcode(head) is kind


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(head: bytes) -> None:
    assert why_not_gcode(head) in (None, *NotGcode)
