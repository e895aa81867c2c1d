"""The cells of a grid as HTML: each piece escaped here, in one place.

A template asked once for each of eight hundred cells takes ten times as long. What labels a
control is not written into each: it refers to the heads of its row and its column.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.admin.grid import wording
from catalog.admin.grid.controls import CELL, JUDGEMENT, TEXTS, VERIFY, named
from catalog.admin.grid.posted import Fault
from catalog.admin.grid.sheet import Place
from catalog.history.rows import Fields
from catalog.models import Cell

LENGTHS = {
    name: Cell._meta.get_field(name).max_length
    for name in (*TEXTS, "source", "verified_by", "applies_to")
}

LABELS = {"word": "word", "value": "value", "note": "note"}


@dataclass
class Controls:
    """What the controls of a page hold: what was typed, else what is saved; and what is wrong.

    Nothing was typed where the page is only looked at.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    ticked: Collection[str] = ()

    def __post_init__(self) -> None:
        self._texts: dict[str, list[str]] = {}
        for fault in self.faults:
            self._texts.setdefault(fault.control, []).append(fault.text)

    def value(self, control: str, saved: str) -> str:
        return self.typed.get(control, saved)

    def texts(self, control: str) -> list[str]:
        """What is wrong with what stands in a control."""
        return self._texts.get(control, [])

    def faulty(self, control: str) -> SafeString | str:
        """The attributes of a control that is wrong: where it is found, and what says so."""
        if control not in self._texts:
            return ""
        return format_html(
            ' id="{}" aria-invalid="true" aria-describedby="{}"', control, f"fault.{control}"
        )

    def said(self, control: str) -> SafeString | str:
        """What is wrong, to stand beside the control."""
        if control not in self._texts:
            return ""
        text = " ".join(self._texts[control])
        return format_html('<p class="fault" id="{}">{}</p>', f"fault.{control}", text)

    def are_faulty(self, names: Iterable[str]) -> bool:
        return bool(self._texts) and any(name in self._texts for name in names)


def cell_html(
    controls: Controls,
    place: Place,
    fields: Fields | None,
    kind: str,
    heads: str,
    evidence: SafeString,
) -> SafeString:
    """A cell to be edited. `heads` are the ids of its column's and its row's head."""
    names = [named(part, *place) for part in (JUDGEMENT, *TEXTS)]
    judgement = wording.judgement_of(fields)
    options = options_html(
        wording.offered(kind, judgement), controls.value(names[0], judgement), judgement
    )
    texts = format_html_join(
        "",
        '<input name="{}" aria-labelledby="l{} {}" maxlength="{}" placeholder="{}" value="{}"{}>',
        (
            (
                control,
                part[0],
                heads,
                LENGTHS[part],
                LABELS[part],
                controls.value(control, fields[part] if fields else ""),
                controls.faulty(control),
            )
            for part, control in zip(TEXTS, names[1:], strict=True)
        ),
    )
    is_faulty = controls.are_faulty(names)
    return format_html(
        '<td class="{}"><select name="{}" aria-labelledby="lj {}"{}>{}</select>{}{}'
        '<p>{} <button name="{}" value="{}" aria-labelledby="lt {}">{}</button></p></td>',
        "faulty" if is_faulty else "cell",
        names[0],
        heads,
        controls.faulty(names[0]),
        options,
        texts,
        format_html_join("", "{}", ((controls.said(name),) for name in names)) if is_faulty else "",
        evidence,
        VERIFY,
        named(CELL, *place),
        heads,
        "Verified today",
    )


def told_html(fields: Fields | None, kind: str, evidence: SafeString) -> SafeString:
    """A cell that is only read."""
    note = fields["note"] if fields else ""
    return format_html(
        '<td class="told"><b>{}</b>{}<p>{}</p></td>',
        wording.said(fields, kind),
        format_html(" <small>{}</small>", note) if note else "",
        evidence,
    )


def evidence_html(address: str, technology: str, text: str) -> SafeString:
    """The way to what a cell rests on, which says in short what that is."""
    return format_html('<a href="{}#cell.{}">{}</a>', address, technology, text)


def evidence_words(fields: Fields | None, *, is_stale: bool) -> str:
    """“2025-11-24”, “2024-01-31, stale”, “no source”."""
    if fields is None or (fields["state"] == wording.UNKNOWN and not fields["source"]):
        return "evidence"
    day = fields["verified_on"]
    parts = [day or "no date"]
    if is_stale:
        parts.append("stale")
    if not fields["source"]:
        parts = [day, "no source"] if day else ["no source"]
    return ", ".join(parts)


def options_html(
    offered: Iterable[tuple[str, str]], chosen: str, otherwise: str = ""
) -> SafeString:
    """The options of a select; where what was chosen is not offered, it stands at `otherwise`."""
    offered = list(offered)
    if chosen not in dict(offered):
        chosen = otherwise
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, " selected" if value == chosen else "", word) for value, word in offered),
    )
