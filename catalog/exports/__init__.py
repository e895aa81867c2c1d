"""Content in forms that leave the site: a version set as a project file, a table as a file.

Pure but for models: no request. A form of a table takes a Sheet and gives the text of a file.
"""

from catalog.exports.as_csv import to_csv
from catalog.exports.as_json import to_json
from catalog.exports.as_markdown import to_markdown
from catalog.exports.pyproject import to_poetry, to_pyproject
from catalog.exports.sheet import Form, Sheet

# By the suffix of its address. A spreadsheet is saved; the others are also read where they are.
FORMS = {
    "csv": Form(to_csv, "text/csv; charset=utf-8", "attachment"),
    "md": Form(to_markdown, "text/markdown; charset=utf-8", "inline"),
    "json": Form(to_json, "application/json; charset=utf-8", "inline"),
}

__all__ = [
    "FORMS",
    "Form",
    "Sheet",
    "to_csv",
    "to_json",
    "to_markdown",
    "to_poetry",
    "to_pyproject",
]
