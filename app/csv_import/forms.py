"""The upload field every import starts with."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import ValidationError

from app.csv_import.decoding import MAX_BYTES, UnreadableFileError, decode


class UploadForm(FlaskForm):
    """After a successful validation `content` is the file's decoded text."""

    file = FileField("CSV file", validators=[FileRequired("Choose a CSV file first.")])
    content = ""

    def validate_file(self, field: FileField) -> None:
        upload: FileStorage = field.data
        try:
            self.content = decode(upload.stream.read(MAX_BYTES + 1))
        except UnreadableFileError as error:
            raise ValidationError(str(error)) from None
