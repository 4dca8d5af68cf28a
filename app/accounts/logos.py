"""The logo on a company's invoices: a PNG or JPEG is drawn anew, so that nothing but its picture is kept."""

import io

from app.accounts.models import Company, CompanyLogo
from app.extensions import db

LARGEST_FILE = 2 * 1024 * 1024  # bytes
MOST_PIXELS = 20_000_000  # a small file may unpack to a huge picture
BOX = (600, 240)  # pixels it is fitted into: 3 in wide at 200 dpi


class UnusableLogo(ValueError):
    """The text says what is wrong with the file."""


def drawn(content: bytes) -> bytes:
    """As a PNG that fits the box. Raises UnusableLogo."""
    from PIL import Image, UnidentifiedImageError  # late: it takes 12 MB, which a worker never needs

    if len(content) > LARGEST_FILE:
        raise UnusableLogo("Use a file of at most 2 MB.")
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnusableLogo("Use a picture of at most 20 million pixels.")
            small = picture.convert("RGBA")
    except UnusableLogo:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise UnusableLogo("This is no PNG or JPEG picture.") from None
    small.thumbnail(BOX)
    file = io.BytesIO()
    small.save(file, "PNG")
    return file.getvalue()


def keep(company: Company, picture: bytes) -> None:
    """The caller commits."""
    logo = logo_of(company)
    if logo is None:
        db.session.add(CompanyLogo(company_id=company.id, picture=picture))
    else:
        logo.picture, logo.version = picture, logo.version + 1


def remove(company: Company) -> None:
    """The caller commits."""
    if logo := logo_of(company):
        db.session.delete(logo)


def logo_of(company: Company) -> CompanyLogo | None:
    return db.session.get(CompanyLogo, company.id)
