"""How far a check has come: told in bytes of the file, for the bar of whoever waits."""

from fablab_hub.cli.options import load_settings
from jobs.check import check_source
from jobs.check_source import StoredFile
from jobs.counted_file import CountedFile


def test_a_file_tells_how_much_of_it_was_read(tmp_path):
    (tmp_path / "part").write_bytes(b"123456789")
    told = []
    with CountedFile(tmp_path / "part", told.append) as stream:
        assert stream.read(4) == b"1234"
        assert stream.read() == b"56789"
        assert stream.read() == b""
    assert told == [4, 9, 9]


def test_a_check_tells_of_every_megabyte_of_a_program(tmp_path):
    path = tmp_path / "part.gcode"
    path.write_bytes(b"G28\n" + b"G1 X10 F600\n" * 200_000)
    settings, told = load_settings(None), []
    folder = tmp_path / "made"
    folder.mkdir()
    machine = settings.machines["prusa"]
    source = StoredFile(path, told.append)
    check_source(source, path.name, machine, None, folder, settings.checks, {})
    assert told == sorted(told)
    assert len(told) >= 3
    assert told[-1] == path.stat().st_size
