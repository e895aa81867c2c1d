"""Content as files: a version set as a project file, a comparison table in three forms.

Pure but for models: no request. A form of a table takes a Sheet and gives the text of a file.
"""

from catalog.exports.as_csv import to_csv
from catalog.exports.as_json import to_json
from catalog.exports.as_markdown import to_markdown
from catalog.exports.pyproject import to_commands, to_poetry, to_pyproject
from catalog.exports.sheet import Form, Sheet

# By the suffix of its address. A spreadsheet is saved; the others are also read where they are.
FORMS = {
    "csv": Form("CSV", to_csv, "text/csv; charset=utf-8", "attachment"),
    "md": Form("Markdown", to_markdown, "text/markdown; charset=utf-8", "inline"),
    "json": Form("JSON", to_json, "application/json; charset=utf-8", "inline"),
}
