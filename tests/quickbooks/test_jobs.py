"""Small work first: a company with much to send hands over to the lanes that work in bulk."""

from app.customers.records import CustomerData, create_customers
from app.extensions import BULK, SOON, db, queue, redis
from app.quickbooks import jobs
from app.quickbooks.outbox.nudge import BULK_JOB
from tests.quickbooks import builders


def waiting(name: str) -> list[tuple[str, list[int]]]:
    return [(job.func_name, list(job.args)) for job in queue(name).jobs]


def test_much_is_handed_over_and_waits_once(quickbooks, owner):
    create_customers(owner.company, [CustomerData(name=f"Customer {n:03}") for n in range(jobs.LITTLE + 1)])
    db.session.commit()
    connection_id = quickbooks.connection.id
    redis().flushall()
    for _ in range(2):
        jobs.drain_connection(connection_id)
    assert waiting(BULK) == [(BULK_JOB, [connection_id])]
    assert quickbooks.books("Customer") == []


def test_little_is_sent_at_once(quickbooks, owner):
    builders.customer(owner.company)
    redis().flushall()
    jobs.drain_connection(quickbooks.connection.id)
    assert waiting(BULK) == waiting(SOON) == []
    assert len(quickbooks.books("Customer")) == 1


def test_a_lost_bulk_job_is_handed_over_anew(quickbooks):
    jobs.hand_over(quickbooks.connection.id)
    queue(BULK).empty()
    jobs.hand_over(quickbooks.connection.id)
    assert waiting(BULK) == [(BULK_JOB, [quickbooks.connection.id])]
