"""When each chore is next to be done."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class ChoreTime(Base):
    """One row a chore, shared by all workers; a worker that takes a chore moves `due_at` first."""

    __tablename__ = "chores"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]  # when it was last done without an error
