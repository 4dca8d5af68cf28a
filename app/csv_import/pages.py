"""The steps of an import, alike in every room: the template, the file, what it holds, and the confirmation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Response, flash, render_template, url_for

from app.accounts.guards import current_company
from app.accounts.models import Company
from app.activity.models import Kind
from app.activity.recording import record
from app.csv_import.forms import UploadForm
from app.csv_import.reading import Problem
from app.csv_import.uploads import QuotaUsedUp, keep_upload, upload_or_404
from app.extensions import db
from app.web.htmx import render_invalid, see_other


class Found(Protocol):
    """What a file holds. When `problems` is empty, all of it can be saved as it is."""

    problems: list[Problem]


@dataclass(frozen=True)
class ImportPages:
    """`room` names what is imported, its blueprint and its folder of templates: "customers".

    `check` reads a file's text and every reason not to import it; `save` writes what was found and says how
    many records that were; `template` is the text of the file to start from.
    """

    room: str
    check: Callable[[Company, str], Any]
    save: Callable[[Company, Any], int]
    template: Callable[[], str]

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
        found = self._found(upload_or_404(self.room, upload_id).content)
        if found.problems:
            return self._refuse(UploadForm(), found)
        return render_template(f"{self.room}/import_preview.html", found=found)

    def confirm(self, upload_id: int) -> Any:
        """The file is checked again: the company may have changed since the preview."""
        upload = upload_or_404(self.room, upload_id, lock=True)
        found = self._found(upload.content)
        if found.problems:
            return self._refuse(UploadForm(), found)
        count = self.save(current_company(), found)
        db.session.delete(upload)
        noun, were = (self.room.removesuffix("s"), "was") if count == 1 else (self.room, "were")
        record(Kind.IMPORT, f"imported {count:,} {noun} from a file", current_company().id)
        db.session.commit()
        flash(f"{count} {noun} {were} imported.", "success")
        return see_other(url_for(f"{self.room}.index"))

    def _found(self, content: str) -> Found:
        return self.check(current_company(), content)

    def _refuse(self, form: UploadForm, found: Found) -> Any:
        return render_invalid(f"{self.room}/import.html", form=form, problems=found.problems)
