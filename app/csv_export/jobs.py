"""RQ jobs of exports."""

from app.csv_export.running import run


def make_file(export_id: int) -> None:
    run(export_id)
