"""The steps of an import, alike in every room: the template, the file, what it holds, and the confirmation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, render_template, url_for

from app import job_progress
from app.accounts.guards import current_company
from app.csv_import import running
from app.csv_import.forms import UploadForm
from app.csv_import.models import CsvUpload
from app.csv_import.rooms import Found, Room
from app.csv_import.uploads import QuotaUsedUp, keep_upload, upload_or_404
from app.extensions import db, now
from app.web.htmx import render_invalid, render_page_or_fragment, see_other

LINES_AT_ONCE = 500  # are imported while the person waits; more are left to a worker


@dataclass(frozen=True)
class ImportPages:
    """`template` is the text of the file to start from."""

    of: Room
    template: Callable[[], str]

    @property
    def room(self) -> str:
        return self.of.name

    def download_template(self) -> Response:
        headers = {"Content-Disposition": f"attachment; filename={self.room}-template.csv"}
        content = "\ufeff" + self.template()  # with the mark Excel reads, and later saves, UTF-8
        return Response(content, mimetype="text/csv", headers=headers)

    def choose_file(self) -> Any:
        form = UploadForm()
        if not form.validate_on_submit():
            render = render_invalid if form.errors else render_template
            return render(f"{self.room}/import.html", form=form)
        found = self._found(form.content)
        if found.problems:
            return self._refuse(form, found)
        try:
            upload = keep_upload(self.room, form.content)
        except QuotaUsedUp as refusal:
            db.session.rollback()
            form.file.errors = [str(refusal)]
            return render_invalid(f"{self.room}/import.html", form=form)
        db.session.commit()
        return see_other(url_for(f"{self.room}.import_preview", upload_id=upload.id))

    def preview(self, upload_id: int) -> Any:
        """What the file holds; once it is confirmed, how far its import is."""
        upload = upload_or_404(self.room, upload_id)
        if upload.confirmed_at:
            return self._progress(upload)
        found = self._found(upload.content)
        if found.problems:
            return self._refuse(UploadForm(), found)
        return render_template(f"{self.room}/import_preview.html", found=found)

    def confirm(self, upload_id: int) -> Any:
        upload = upload_or_404(self.room, upload_id)
        if upload.confirmed_at or upload.content.count("\n") > LINES_AT_ONCE:
            return self._leave_to_a_worker(upload)
        return self._import_at_once(upload_or_404(self.room, upload_id, lock=True))

    def _import_at_once(self, upload: CsvUpload) -> Any:
        """The file is checked again: the company may have changed since the preview."""
        found = self._found(upload.content)
        if found.problems:
            return self._refuse(UploadForm(), found)
        count = running.save(self.of, current_company(), found, upload)
        db.session.delete(upload)
        db.session.commit()
        noun, were = (self.room.removesuffix("s"), "was") if count == 1 else (self.room, "were")
        flash(f"{count} {noun} {were} imported.", "success")
        return see_other(url_for(f"{self.room}.index"))

    def _leave_to_a_worker(self, upload: CsvUpload) -> Any:
        if not upload.confirmed_at:
            upload.confirmed_at = now()
            db.session.commit()
            running.run_later(upload.id)
        return see_other(url_for(f"{self.room}.import_preview", upload_id=upload.id))

    def _progress(self, upload: CsvUpload) -> Any:
        values = {
            "upload": upload,
            "room": self.room,
            "percent": job_progress.told(f"csv_import:{upload.id}"),
        }
        return render_page_or_fragment("csv_import/progress.html", "csv_import/_progress.html", **values)

    def _found(self, content: str) -> Found:
        return self.of.check(current_company(), content)

    def _refuse(self, form: UploadForm, found: Found) -> Any:
        return render_invalid(f"{self.room}/import.html", form=form, problems=found.problems)
