"""What is said of a thing itself: that it is new, how its status changes, what it says now."""

from collections.abc import Iterator, Mapping

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from catalog.changes.rows import MODELS, RowChange
from catalog.changes.titles import Titles
from catalog.changes.words.comparisons import COMPARISON
from catalog.changes.words.pins import movement
from catalog.changes.words.rows import Clause, Difference, Tellers, clauses, moving
from catalog.changes.words.technologies import TECHNOLOGY
from catalog.changes.words.values import quoted, quoted_apart, shortened
from catalog.models import Status, ThingKey

# How many parts a new thing has, in the order in which they are said. Package facts are not
# counted: they come with their package.
PARTS = {
    "point": ngettext_lazy("%(count)d point", "%(count)d points", "count"),
    "package": ngettext_lazy("%(count)d package", "%(count)d packages", "count"),
    "alias": ngettext_lazy("%(count)d alias", "%(count)d aliases", "count"),
    "listing": ngettext_lazy("%(count)d listing", "%(count)d listings", "count"),
    "companion": ngettext_lazy("%(count)d companion", "%(count)d companions", "count"),
    "contender": ngettext_lazy("%(count)d contender", "%(count)d contenders", "count"),
    "criteriongroup": ngettext_lazy("%(count)d group", "%(count)d groups", "count"),
    "criterion": ngettext_lazy("%(count)d row", "%(count)d rows", "count"),
    "cell": ngettext_lazy("%(count)d cell", "%(count)d cells", "count"),
    "role": ngettext_lazy("%(count)d role", "%(count)d roles", "count"),
    "choice": ngettext_lazy("%(count)d choice", "%(count)d choices", "count"),
    "pin": ngettext_lazy("%(count)d pin", "%(count)d pins", "count"),
}


def say_new(thing: ThingKey, title: str, counts: Mapping[str, int]) -> str:
    """“new technology: Litestar, with 4 points and 1 package”, from the number of each part."""
    model = next(m for m in MODELS.values() if not m.OWNERS and thing.kind == m.KIND)
    parts = [text % {"count": counts[name]} for name, text in PARTS.items() if counts.get(name)]
    words = {
        "kind": model._meta.verbose_name,
        "title": title,
        "parts": get_text_list(parts, _("and")),
    }
    if not parts:
        return _("new %(kind)s: %(title)s") % words
    return _("new %(kind)s: %(title)s, with %(parts)s") % words


def say_own(change: RowChange, titles: Titles) -> list[str]:
    """A sentence for each thing that a thing says differently itself."""
    tellers = (*EVERY, *TELLERS.get(change.row.model, ()))
    difference = Difference(change, "", titles)
    return [clause.first for clause in clauses(difference, change.changed, tellers)]


_STATUSES = {
    Status.PUBLISHED: gettext_lazy("is published"),
    Status.ARCHIVED: gettext_lazy("is archived"),
    Status.DRAFT: gettext_lazy("becomes a draft"),
}


def _tell_status(difference: Difference) -> Iterator[Clause]:
    yield difference.phrase(str(_STATUSES[difference.now("status")]))


def _tell_place(difference: Difference) -> Iterator[Clause]:
    yield difference.phrase(_("place in lists changes"))


def _tell_owner(difference: Difference) -> Iterator[Clause]:
    """Two names that look alike are left to the plain clause, which says so."""
    before, after = quoted_apart([difference.was("owner"), difference.now("owner")])
    if not difference.now("owner"):
        yield difference.phrase(_("nobody answers for it any longer"))
    elif before != after:
        yield difference.phrase(_("the owner is now %(name)s") % {"name": after})


def _tell_review(difference: Difference) -> Iterator[Clause]:
    text = _("is no longer to be reviewed by a day")
    if day := difference.now("review_by"):
        text = _("is to be reviewed by %(day)s") % {"day": day}
    yield difference.phrase(text)


def _tell_parent(difference: Difference) -> Iterator[Clause]:
    before = difference.target("parent", difference.change.before)
    after = difference.target("parent", difference.change.after)
    if not after:
        yield difference.phrase(_("moves from %(parent)s to the top") % {"parent": quoted(before)})
    elif not before:
        yield difference.phrase(_("moves from the top to %(parent)s") % {"parent": quoted(after)})
    else:
        yield from moving(difference, "parent")


def _tell_code(difference: Difference) -> Iterator[Clause]:
    yield difference.phrase(_("code changes"))


def _tell_run(difference: Difference) -> Iterator[Clause]:
    text = _("no longer says what it was run with")
    if versions := difference.now("run_with"):
        text = _("run with %(versions)s") % {"versions": shortened(versions)}
    yield difference.phrase(text)


def _tell_day(difference: Difference) -> Iterator[Clause]:
    yield difference.phrase(_("as of %(day)s") % {"day": difference.now("as_of")})


def _tell_python(difference: Difference) -> Iterator[Clause]:
    if moves := movement(difference.was("python"), difference.now("python")):
        yield difference.phrase(_("Python %(moves)s") % {"moves": moves})


EVERY: Tellers = (
    (("status",), _tell_status),
    (("position",), _tell_place),
    (("owner",), _tell_owner),
    (("review_by",), _tell_review),
)

TELLERS: dict[str, Tellers] = {
    "category": ((("parent",), _tell_parent),),
    "technology": TECHNOLOGY,
    "snippet": (
        (("technology", "category"), lambda it: moving(it, "technology", "category")),
        (("code",), _tell_code),
        (("run_with",), _tell_run),
    ),
    "comparison": COMPARISON,
    "versionset": ((("as_of",), _tell_day), (("python",), _tell_python)),
}
