"""The kit of every CSV import: customers and invoices are read, checked and previewed the same way.

A room registers its import (`importers.Importer`) with its columns (`columns.Column`), reads a file with
`reading.read_table` and adds the checks only it knows (duplicates, references). `pages` leads through the steps and
shows all problems before anything is saved. Between the preview and the confirmation the file waits in
`models.CsvUpload` (see `uploads`).
"""
