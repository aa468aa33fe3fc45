"""`fablab-hub backup` and `restore`: the whole lab as one file, and back."""

import shutil
import tarfile
import tempfile
from pathlib import Path

import click

from fablab_hub.cli.data import open_database
from fablab_hub.cli.options import data_option
from fablab_hub.cli.say import say
from fablab_hub.core import journal
from fablab_hub.core.blobs import BlobStore
from fablab_hub.core.db import Database, storage_error
from fablab_hub.core.errors import StorageError
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.i18n.words import N_


@click.command()
@data_option
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
def backup(data: Path, archive: Path) -> None:
    """Write everything of a lab into ARCHIVE (.tar); the hub may go on meanwhile.

    \b
    Example:
      fablab-hub backup --data demo-lab monday.tar
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    folder = DataFolder(data)
    part = archive.with_name(archive.name + ".part")
    try:
        with open_database(data) as database, tempfile.TemporaryDirectory() as scratch:
            # The copy comes first: a blob that it names is on disk before the copy is made.
            copy = Path(scratch) / "hub.db"
            database.copy_to(copy)
            with tarfile.open(part, "w") as tar:
                tar.add(copy, "hub.db")
                for source in (folder.blobs, folder.settings):
                    if source.exists():
                        tar.add(source, source.name, filter=_only_whole_files)
        part.replace(archive)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise storage_error(error) from error
    say(N_("The backup is in {archive}."), archive=archive)


@click.command()
@data_option
@click.argument("archive", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(data: Path, archive: Path) -> None:
    """Bring a lab back from ARCHIVE into a data folder that holds none.

    The journal and every file are verified before the lab is put in place.

    \b
    Example:
      fablab-hub restore --data new-lab monday.tar
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    folder = DataFolder(data)
    if folder.database.exists():
        raise StorageError("storage.not-empty", folder=str(data))
    data.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".restore-", dir=data.parent))
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(scratch, filter="data")
        count = _verify(DataFolder(scratch))
        data.mkdir(exist_ok=True)
        for item in scratch.iterdir():
            item.replace(data / item.name)
    except (tarfile.TarError, EOFError) as error:
        raise StorageError("storage.bad-backup", archive=str(archive)) from error
    except OSError as error:
        raise storage_error(error) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    say(N_("The lab is back in {folder}: {count} journal lines."), folder=data, count=count)


def _verify(folder: DataFolder) -> int:
    """Make sure that a restored lab is whole; gives the length of its journal.

    Raises:
        StorageError: it is not a lab, a file is missing, or the journal was changed.
    """
    if not folder.database.is_file():
        raise StorageError("storage.bad-backup", archive=str(folder.path))
    database = Database(folder.database)
    try:
        blobs = BlobStore(folder.blobs)
        for row in database.read("SELECT sha256 FROM files"):
            blobs.path(row["sha256"])
        return journal.verify(database)
    finally:
        database.close()
        for leftover in folder.path.glob("hub.db-*"):
            leftover.unlink()


def _only_whole_files(item: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if "/incoming-" in item.name else item
