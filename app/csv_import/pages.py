"""The steps of an import, alike in every room: the template, the file, what it holds, and the confirmation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, render_template, request, url_for

from app import job_progress
from app.accounts.guards import current_company
from app.accounts.locking import lock_company
from app.csv_import import mapping, mapping_form, running
from app.csv_import.decoding import heads_of
from app.csv_import.forms import UploadForm
from app.csv_import.importers import OURS, Found, Importer
from app.csv_import.models import CsvUpload
from app.csv_import.uploads import QuotaUsedUp, keep_upload, upload_or_404
from app.extensions import db, now
from app.web.htmx import render_invalid, render_page_or_fragment, see_other

LINES_AT_ONCE = 500  # are imported while the person waits; more are left to a worker


@dataclass(frozen=True)
class ImportPages:
    """`template` is the text of the file to start from."""

    importer: Importer
    template: Callable[[], str]

    @property
    def room(self) -> str:
        return self.importer.name

    def download_template(self) -> Response:
        headers = {"Content-Disposition": f"attachment; filename={self.room}-template.csv"}
        content = "\ufeff" + self.template()  # with the mark Excel reads, and later saves, UTF-8
        return Response(content, mimetype="text/csv", headers=headers)

    def choose_file(self) -> Any:
        form = UploadForm()
        if not form.validate_on_submit():
            render = render_invalid if form.errors else render_template
            return render(f"{self.room}/import.html", form=form)
        heads = heads_of(form.content)
        is_ours = len(heads) < 2 or mapping.is_ours(heads, self.importer.columns)
        columns = None if is_ours else self._known(heads)
        if is_ours and (problems := self.importer.check(current_company(), form.content, OURS).problems):
            return render_invalid(f"{self.room}/import.html", form=form, problems=problems)
        try:
            upload = keep_upload(self.room, form.content, columns)
        except QuotaUsedUp as refusal:
            db.session.rollback()
            form.file.errors = [str(refusal)]
            return render_invalid(f"{self.room}/import.html", form=form)
        db.session.commit()
        return see_other(self._address("import_columns" if columns == {} else "import_preview", upload))

    def _known(self, heads: list[str]) -> dict[str, str]:
        """What the company chose for such a file before; nothing where it is new."""
        return mapping.remembered(current_company().id, self.room, heads) or {}

    def columns(self, upload_id: int) -> Any:
        """Our columns beside the file's; a choice is remembered once it has everything that is needed."""
        upload = self._unconfirmed(upload_id)
        heads = heads_of(upload.content)
        given = request.form if request.method == "POST" else request.args
        chosen = mapping_form.chosen(given, heads, self.importer.columns)
        if request.method != "POST":
            chosen = chosen or upload.columns or mapping.proposed(heads, self.importer.columns)
            return self._columns_page(upload, chosen)
        if lacking := mapping.lacking(chosen, self.importer.columns):
            return self._columns_page(upload, chosen, lacking=lacking)
        upload.columns = chosen
        mapping.remember(upload.company_id, self.room, heads, chosen)
        db.session.commit()
        return see_other(self._address("import_preview", upload))

    def preview(self, upload_id: int) -> Any:
        """What the file holds; once it is confirmed, how far its import is."""
        upload = upload_or_404(self.room, upload_id)
        if upload.confirmed_at:
            return self._progress(upload)
        if upload.columns == {}:
            return see_other(self._address("import_columns", upload))
        return self._preview(upload, self._found(upload))

    def _preview(self, upload: CsvUpload, found: Found) -> Any:
        if found.problems:
            return self._refuse(upload, found)
        is_refused = request.method == "POST"
        render = render_invalid if is_refused else render_template
        return render(
            f"{self.room}/import_preview.html",
            found=found,
            upload=upload,
            ignored=mapping_form.ignored(upload.columns, heads_of(upload.content)),
            wrong=found.wrong if is_refused else {},
        )

    def confirm(self, upload_id: int) -> Any:
        upload = upload_or_404(self.room, upload_id, lock=True)
        if upload.confirmed_at:
            return self._leave_to_a_worker(upload)
        # The last one: a box to tick follows a hidden field, which says that it was shown.
        said = {name: request.form.getlist(name) for name in self.importer.questions}
        upload.answers = {name: values[-1] for name, values in said.items() if values}
        if upload.columns != {} and upload.content.count("\n") > LINES_AT_ONCE and not upload.answers:
            return self._leave_to_a_worker(upload)
        return self._import_at_once(upload)

    def _import_at_once(self, upload: CsvUpload) -> Any:
        """The file is checked again: the company may have changed since the preview."""
        if upload.columns == {}:
            return see_other(self._address("import_columns", upload))
        is_long = upload.content.count("\n") > LINES_AT_ONCE
        if not is_long:
            lock_company(upload.company_id)
        found = self._found(upload)
        if found.problems or found.wrong:
            return self._preview(upload, found)
        if is_long:
            return self._leave_to_a_worker(upload)
        count = running.save(self.importer, current_company(), found, upload)
        db.session.delete(upload)
        db.session.commit()
        noun, were = (self.room.removesuffix("s"), "was") if count == 1 else (self.room, "were")
        flash(f"{count} {noun} {were} imported.", "success")
        return see_other(url_for(f"{self.room}.index"))

    def _leave_to_a_worker(self, upload: CsvUpload) -> Any:
        if not upload.confirmed_at:
            upload.confirmed_at = now()
            db.session.commit()
            running.NUDGES.give(upload.id)
        return see_other(self._address("import_preview", upload))

    def _progress(self, upload: CsvUpload) -> Any:
        values = {
            "upload": upload,
            "room": self.room,
            "percent": job_progress.told(f"csv_import:{upload.id}"),
        }
        return render_page_or_fragment("csv_import/progress.html", "csv_import/_progress.html", **values)

    def _found(self, upload: CsvUpload) -> Any:
        return self.importer.find(current_company(), upload)

    def _refuse(self, upload: CsvUpload, found: Found) -> Any:
        """The reasons; where a person chose the columns, beside what they chose."""
        if upload.columns:
            return self._columns_page(upload, upload.columns, problems=found.problems)
        return render_invalid(f"{self.room}/import.html", form=UploadForm(), problems=found.problems)

    def _columns_page(self, upload: CsvUpload, chosen: mapping.Chosen, **told: Any) -> Any:
        rows = mapping_form.rows(self.importer.columns, chosen, upload.content)
        values = {"rows": rows, "room": self.room, "upload": upload, "lacking": {}, **told}
        values["heads"] = mapping.examples(upload.content)
        values["ignored"] = mapping_form.ignored(chosen, list(values["heads"]))
        page = render_page_or_fragment("csv_import/columns.html", "csv_import/_columns.html", **values)
        page.status_code = 422 if told else 200
        return page

    def _unconfirmed(self, upload_id: int) -> CsvUpload:
        upload = upload_or_404(self.room, upload_id)
        return upload if not upload.confirmed_at else abort(404)

    def _address(self, page: str, upload: CsvUpload) -> str:
        return url_for(f"{self.room}.{page}", upload_id=upload.id)
