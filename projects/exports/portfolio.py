"""The portfolio as a PDF that a screen reader can read, the same bytes for the same content.

Typst refuses to write PDF/UA without alternative texts, a title and headings in order, so an
inaccessible portfolio cannot be made. What people typed reaches it as JSON: data, never markup.
"""

import json
import logging
import tempfile
from pathlib import Path

import cv2
import numpy as np

from fablab_hub.core.blobs import BlobStore
from fablab_hub.core.errors import StorageError
from fablab_hub.core.typeset import typeset
from projects.exports.portfolio_words import portfolio_words
from projects.portfolios import Portfolio

log = logging.getLogger(__name__)

_HERE = Path(__file__).parent
_LONGEST_SIDE_PX = 1200
_JPEG_QUALITY = 80


def make_portfolio_pdf(portfolio: Portfolio, blobs: BlobStore, language: str, zone: str) -> bytes:
    """Write a portfolio as PDF/UA-1 and PDF/A-2a; takes about a second.

    Args:
        portfolio: what it shows.
        blobs: where its photos lie.
        language: of its words.
        zone: time zone of its dates.

    Raises:
        FablabError: it could not be made (`portfolio.failed`).
    """
    with tempfile.TemporaryDirectory(prefix="portfolio-") as name:
        folder = Path(name)
        photos = _lay_out_photos(portfolio, blobs, folder)
        (folder / "portfolio.typ").write_bytes((_HERE / "portfolio.typ").read_bytes())
        newest_s = max((made.made_at.timestamp() for made in portfolio.fabrications), default=0)
        data = json.dumps(portfolio_words(portfolio, photos, language, zone), ensure_ascii=False)
        return typeset(folder, "portfolio.typ", data, int(newest_s), "portfolio.failed")


def _lay_out_photos(portfolio: Portfolio, blobs: BlobStore, folder: Path) -> dict[str, str]:
    """Write each photo, made smaller, into the folder; gives file names by hash.

    A photo that is gone or broken is left out: it is no reason to refuse a portfolio.
    """
    photos: dict[str, str] = {}
    for made in portfolio.fabrications:
        if made.photo_sha256 is None or made.photo_sha256 in photos:
            continue
        jpeg = _smaller(made.photo_sha256, blobs)
        if jpeg is not None:
            name = f"photo-{len(photos)}.jpg"
            (folder / name).write_bytes(jpeg)
            photos[made.photo_sha256] = name
    return photos


def _smaller(sha256: str, blobs: BlobStore) -> bytes | None:
    try:
        content = blobs.path(sha256).read_bytes()
    except (StorageError, OSError):
        log.warning("the photo %s is missing", sha256)
        return None
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) if content else None
    if pixels is None:
        log.warning("the photo %s cannot be read", sha256)
        return None
    height, width = pixels.shape[:2]
    scale = min(1.0, _LONGEST_SIDE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    smaller = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", smaller, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return jpeg.tobytes()
