"""A company's logo, apart from the company, which every request reads."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class CompanyLogo(Base):
    """`picture` is a PNG of our own making (accounts/logos.py)."""

    __tablename__ = "company_logos"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)
    picture: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)
