"""What is printed when something is wrong: rows with everything that was tried, failed jobs, and logs."""

from rq.job import Job
from rq.registry import FailedJobRegistry

from app.extensions import db, queue, redis
from app.quickbooks.models import PushBatch, SyncAttempt, SyncTask

ABANDONED = "AbandonedJobError"  # RQ's word for the job of a worker that was killed


def failed_jobs() -> list[str]:
    """What RQ holds as failed, but for the jobs whose worker was killed: always a bug."""
    registry = FailedJobRegistry(queue=queue())
    jobs = Job.fetch_many(registry.get_job_ids(), connection=redis(), serializer=queue().serializer)
    return [job.exc_info or job.id for job in jobs if job and ABANDONED not in (job.exc_info or "")]


def history(row: int) -> str:
    """Of a row, or of a batch when negative."""
    if row < 0:
        batch = db.session.get_one(PushBatch, -row)
        return f"batch {batch.id} {batch.state} checks={batch.checks} check_at={batch.check_at} {batch.items}"
    task = db.session.get_one(SyncTask, row)
    counts = f"wanted {task.wanted} sent {task.sent} reached {task.reached}, waits for {task.waits_for_id}"
    head = f"{task.kind} {task.record_id} is {task.state}, due {task.due_at}, batch {task.batch_id}, {counts}"
    lines = [f"{head}, {task.problem}: {task.message}", *map(_told, reversed(task.attempts_made))]
    return "\n".join([*lines, f"WAITS FOR {history(task.waits_for_id)}"] if task.waits_for_id else lines)


def _told(attempt: SyncAttempt) -> str:
    tried = f"{attempt.at} {attempt.operation} v{attempt.version} {attempt.outcome} {attempt.request_id}"
    return f"    {tried} {attempt.http_status} {attempt.code} {attempt.detail}"
