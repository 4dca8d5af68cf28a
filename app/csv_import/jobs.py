"""RQ jobs of imports."""

from app.csv_import.running import run


def import_file(upload_id: int) -> None:
    run(upload_id)
