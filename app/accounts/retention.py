"""What signing in leaves behind, and when it goes."""

from app.accounts import links, sessions, throttle


def forget_ended() -> int:
    """Sessions and links that ran out, and tries of days gone by; returns how many. Commits after each kind."""
    return sessions.forget_ended() + links.forget_ended() + throttle.forget_old()
