"""The kinds of notices that rooms offer, so that this room need not know them."""

from dataclasses import dataclass

from flask import Flask, current_app

from app.accounts.models import Role, User


@dataclass(frozen=True)
class NoticeKind:
    """`roles` may have it; an Owner has it until somebody chooses otherwise."""

    key: str
    label: str
    hint: str
    roles: frozenset[Role]

    def is_on_by_default(self, user: User) -> bool:
        return user.role is Role.OWNER


def offer(app: Flask, kind: NoticeKind) -> None:
    app.extensions.setdefault("notification_kinds", {})[kind.key] = kind


def kinds() -> dict[str, NoticeKind]:
    """By key, in the order they were offered."""
    return current_app.extensions.get("notification_kinds", {})
