"""Pages of a list, by what stands before and after."""

from sqlalchemy import select

from app.accounts.models import User
from app.web.keyset import place_of


def test_the_place_of_what_is_gone_meanwhile(owner, dispatcher):
    """Between the page and its count somebody may delete the first row of it."""
    rows, sort = select(User), (User.email, User.id)
    assert place_of(rows, sort, False, owner.user_id) == 1
    assert place_of(rows, sort, False, dispatcher.user_id) == 0
    assert place_of(rows, sort, False, 999) == 0
