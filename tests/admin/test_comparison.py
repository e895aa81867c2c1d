"""Rows and columns of one table never meet those of another."""

import pytest
from django.test import Client

from catalog.models import Cell, Criterion
from tests.admin.pages import read_form, save, url_of
from tests.factories import make_comparison, make_contender

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def test_a_row_offers_the_contenders_of_its_table_only(admin_client: Client) -> None:
    comparison = make_comparison(contenders=2, criteria=1)
    make_comparison(contenders=2)

    page = admin_client.get(url_of(comparison.criteria.get()))

    field = page.context["inline_admin_formsets"][0].formset.forms[0].fields["contender"]
    offered = [str(key) for key, _ in field.choices]
    assert offered == ["", *(str(column.pk) for column in comparison.contenders.all())]


def test_a_row_has_a_line_for_a_contender_that_nobody_has_judged(admin_client: Client) -> None:
    comparison = make_comparison(contenders=1, criteria=1)
    newcomer = make_contender(comparison, position=9)
    url = url_of(comparison.criteria.get())

    form = read_form(admin_client.get(url))
    save(admin_client, url)
    cells_after_saving_at_once = Cell.objects.count()
    save(admin_client, url, **{"cells-1-rating": "4", "cells-1-word": "Excellent"})

    assert form["cells-1-contender"] == str(newcomer.pk)
    assert cells_after_saving_at_once == 1
    assert newcomer.cells.values_list("rating", "word").get() == (4, "Excellent")


def test_a_forged_contender_of_another_table_is_refused_on_the_rows_page(
    admin_client: Client,
) -> None:
    criterion = make_comparison(criteria=1).criteria.get()
    stranger = make_comparison().contenders.first()

    page = save(admin_client, url_of(criterion), **{"cells-0-contender": str(stranger.pk)})

    assert page.context["inline_admin_formsets"][0].formset.errors[0] == {
        "contender": ["Select a valid choice. That choice is not one of the available choices."]
    }
    assert stranger.cells.filter(criterion=criterion).count() == 0


def test_a_contender_of_another_table_is_refused_on_the_cells_page(admin_client: Client) -> None:
    cell = make_comparison(criteria=1).criteria.get().cells.first()
    stranger = make_comparison().contenders.first()

    page = save(admin_client, url_of(cell), contender=stranger.pk)

    assert page.context["adminform"].form.errors["contender"] == [
        "This contender belongs to another comparison than the row."
    ]


def test_a_row_is_put_into_groups_of_its_table_only(admin_client: Client) -> None:
    comparison = make_comparison(criteria=1)
    group = comparison.groups.get()
    strange = make_comparison().groups.get()
    criterion = comparison.criteria.get()

    table = admin_client.get(url_of(comparison)).context["inline_admin_formsets"][2]
    page = admin_client.get(url_of(criterion))
    save(admin_client, url_of(criterion), group=strange.pk)
    save(admin_client, url_of(comparison), **{"criteria-0-group": strange.pk})

    offered = [
        [str(key) for key, _ in form.fields["group"].choices]
        for form in (table.formset.forms[0], page.context["adminform"].form)
    ]
    assert offered == [["", str(group.pk)]] * 2
    assert Criterion.objects.get(pk=criterion.pk).group == group
