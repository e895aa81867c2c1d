"""What reading and writing orders costs, and what the import and the installation take."""

import json

from measurements.bench import Contender, Subject, import_time, installed_size, run


def measure(contender: Contender) -> dict[str, float]:
    module = f"measurements.programs.validation.with_{contender.technology}"
    return {
        **json.loads(run(contender.python("-m", module))),
        "import-time": import_time(contender),
        "installed-size": installed_size(contender),
    }


def alone(imports: str, name: str) -> Contender:
    return Contender(name, (name,), (name,), imports)


SUBJECT = Subject(
    slug="validation-libraries",
    title="What validating and writing an order costs, the import and the size",
    setting=(
        "100 orders of 7 fields with 5 items of 3 fields each: lengths, ranges, a pattern, fixed "
        "words and times with an offset; from JSON text to checked objects (marshmallow: "
        "dictionaries) and back to JSON text, by the library's own JSON functions; CPU in the "
        "cheapest of up to 400 batches after one that does not count; import: CPU in the fastest "
        "of nine fresh processes; size: the package and all that it needs, without bytecode"
    ),
    units={
        "validate-time": "µs of CPU an order",
        "serialise-time": "µs of CPU an order",
        "import-time": "ms of CPU",
        "installed-size": "MB",
    },
    contenders=(
        alone("from pydantic import BaseModel", "pydantic"),
        alone("import msgspec", "msgspec"),
        Contender(
            "attrs",
            ("attrs", "cattrs"),
            ("attrs", "cattrs"),
            "import attrs, cattrs",
            dict.fromkeys(
                ("validate-time", "serialise-time", "import-time", "installed-size"), "with cattrs"
            ),
        ),
        alone("from marshmallow import Schema, fields", "marshmallow"),
    ),
    measure=measure,
)
