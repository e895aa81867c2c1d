"""What becomes of figures: spreads, ratings and cells. Nothing is measured here."""

import datetime
from types import SimpleNamespace

import pytest
import yaml

from catalog.packs import dumping
from measurements import cells, index, run, servers
from measurements.cells import Finding, Guide, Lists, Table

LISTS = Lists(
    ranks={"alpha": 49, "beta": 700},
    month="November 2026",
    ranks_file="download-ranks-2026-11.csv",
    releases={"alpha": 14, "beta": 1},
    index_day="2026-11-28",
    index_file="package-index-2026-11-28.csv",
)


def steady(**medians: float) -> dict[str, Finding]:
    return {name: Finding(median, 0.01) for name, median in medians.items()}


# Rounds -----------------------------------------------------------------------------------------


def test_each_round_is_begun_by_another_contender():
    assert [run.order_of("abc", number) for number in range(5)] == [
        ["a", "b", "c"],
        ["b", "c", "a"],
        ["c", "a", "b"],
        ["a", "b", "c"],
        ["b", "c", "a"],
    ]


@pytest.mark.parametrize(
    ("figures", "spread"),
    [
        ([10, 10, 10, 10, 10], 0),
        ([9, 10, 11, 10, 10], 0),
        ([8, 9, 10, 11, 12], 0.1),
        ([12, 8, 11, 9, 10], 0.1),
        ([10, 10, 10, 10, 90], 0),
        ([9, 9, 10, 11, 90], 0.1),
    ],
)
def test_the_spread_leaves_out_the_least_and_the_most(figures, spread):
    assert run.spread_of(figures) == pytest.approx(spread)


def test_a_summary_has_the_best_first_and_ratios_to_it():
    figures = {"slow": [30.0, 30.0, 30.0, 33.0, 27.0], "fast": [10.0, 10.0, 10.0, 11.0, 9.0]}

    summary = run.summary_of("ms", figures)

    assert list(summary["contenders"]) == ["fast", "slow"]
    assert [each["ratio"] for each in summary["contenders"].values()] == [1, 3]
    assert summary["contenders"]["slow"]["figures"] == figures["slow"]


def test_a_contender_that_fails_is_left_out_with_its_reason(capsys):
    def measure(contender: run.Contender) -> dict[str, float]:
        if contender.technology == "b" and len(asked) > 2:
            raise run.Failure("it hangs")
        asked.append(contender.technology)
        return {"time": 1.0}

    asked, why = [], {}
    contenders = tuple(run.Contender(name, (name,)) for name in "ab")
    subject = run.Subject("s", "", "", {"time": "ms"}, contenders, measure)

    figures = run.measure_rounds(subject, why)

    assert figures == {"time": {"a": [1.0] * 5}}
    assert list(why) == ["b"]
    assert "it hangs" in capsys.readouterr().out


# Ratings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "rating"),
    [(1, 4), (1.25, 4), (1.26, 3), (2, 3), (2.01, 2), (4, 2), (4.01, 1), (8, 1), (8.01, 0)],
)
def test_rating_of_a_ratio(ratio, rating):
    assert cells.rating_of(ratio) == rating


def test_ratings_go_by_the_median():
    findings = steady(c=30, a=10, b=15)

    assert list(cells.ratings_of(findings).items()) == [("a", 4), ("b", 3), ("c", 2)]


def test_who_overlaps_with_the_next_better_one_has_its_rating():
    findings = {
        "a": Finding(10, 0.1),  # to 11
        "b": Finding(12, 0.1),  # from 10.8 to 13.2
        "c": Finding(14, 0.1),  # from 12.6, with b alone
        "d": Finding(20, 0.1),
    }

    assert cells.ratings_of(findings) == {"a": 4, "b": 4, "c": 4, "d": 3}


def test_who_spreads_over_15_percent_has_no_rating_and_links_nobody():
    findings = {"a": Finding(10, 0.02), "b": Finding(12, 0.3), "c": Finding(13, 0.02)}

    assert cells.ratings_of(findings) == {"a": 4, "b": None, "c": 3}
    assert cells.ratings_of({"a": Finding(10, 0.15)}) == {"a": 4}


@pytest.mark.parametrize(
    ("rank", "rating"),
    [(1, 4), (100, 4), (101, 3), (500, 3), (501, 2), (2000, 2), (2001, 1), (15000, 1), (None, 0)],
)
def test_rating_of_a_rank(rank, rating):
    assert cells.rating_of_rank(rank) == rating


@pytest.mark.parametrize(("count", "rating"), [(0, 0), (1, 2), (2, 2), (3, 4), (36, 4), (37, 2)])
def test_rating_of_releases(count, rating):
    assert cells.rating_of_releases(count) == rating


# Words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.21234, "0.212"), (0.0005, "0.0005"), (12.3456, "12.3"), (9.0, "9"), (1234.5, "1,234")],
)
def test_an_amount_has_three_digits(value, text):
    assert cells.amount(value) == text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ((1, 0.02), "the best, ±2 %"),
        ((1.8, 0.031), "1.80 times the best, ±3 %"),
        ((2.34, 0.0001), "2.3 times the best, ±1 %"),
        ((12.5, 0), "12 times the best"),
        ((1, 0, "on its own server"), "the best, on its own server"),
    ],
)
def test_value_of_a_cell(said, text):
    assert cells.value_of(*said) == text


# Cells ------------------------------------------------------------------------------------------


def result() -> dict:
    figures = {"alpha": [10.0] * 5, "beta": [20.0, 21.0, 20.0, 19.0, 20.5]}
    figures["gamma"] = [30.0, 60.0, 20.0, 45.0, 30.0]
    told = {"version": "1.10", "packages": {}, "remarks": {}}
    return {
        "title": "Races",
        "script": "measurements/races.py",
        "servers": {"redis": "7.0.15"},
        "contenders": {
            "alpha": told | {"remarks": {"time": "alone"}},
            "beta": told,
            "gamma": told,
        },
        "unmeasured": {"delta": "It does not run here.", "alpha/other": "It has none."},
        "criteria": {"time": run.summary_of("ms", figures), "other": run.summary_of("s", figures)},
    }


def said() -> dict:
    machine = {"cpu": "A CPU", "cores": 2, "memory": "24 GiB", "kernel": "Linux 6.1"}
    machine["python"] = "CPython 3.11.7"
    return {"date": "2026-11-29", "machine": machine, "subjects": {"races": result()}}


def guide(**fields: dict) -> Guide:
    names = ["alpha", "beta", "gamma", "delta"]
    table = Table("races", {"time", "community", "release-cadence"}, names)
    packages = {"alpha": "alpha", "beta": "beta", "gamma": "gamma"}
    return Guide({"races": table}, packages, fields.get("cells", {}))


def test_cells_say_what_was_measured_and_nothing_of_what_was_not():
    found = {
        cells.key_of(row)[1:]: row for row in cells.find_cells(said(), guide(), LISTS)["races"]
    }
    times = {name: found["time", name] for name in ("alpha", "beta", "gamma", "delta")}

    assert [(row["state"], row["rating"]) for row in times.values()] == [
        ("known", 4),
        ("known", 3),
        ("unknown", None),
        ("unknown", None),
    ]
    assert times["alpha"]["value"] == "the best, alone"
    assert times["beta"]["value"] == "2.0 times the best, ±1 %"
    assert times["beta"]["note"] == "20 ms"
    assert times["beta"]["applies_to"] == "1.10"
    assert "is over 15 %" in times["gamma"]["note"]
    assert times["delta"]["note"] == "It does not run here."
    assert {tuple(row["measurement"]) for row in times.values()} == {("races",)}
    # No row of the guide asks for it.
    assert ("other", "alpha") not in found


def test_what_is_unmeasured_under_one_criterion_is_unknown_there_alone():
    told = result()
    del told["criteria"]["other"]["contenders"]["alpha"]

    found = {cells.key_of(row)[1:]: row for row in cells.cells_of("races", told, "2026-11-29")}

    assert found["time", "alpha"]["state"] == "known"
    assert found["other", "alpha"]["note"] == "It has none."
    assert found["other", "delta"]["state"] == "unknown"


def test_cells_of_the_index_and_of_downloads():
    found = {
        cells.key_of(row)[1:]: row for row in cells.find_cells(said(), guide(), LISTS)["races"]
    }
    told = [
        (name, row["rating"], row["value"], row["measurement"], row["verified_on"])
        for (criterion, name), row in found.items()
        if criterion in ("community", "release-cadence")
    ]

    assert told == [
        ("alpha", 4, "rank 49 in November 2026", ["download-ranks"], "2026-11-29"),
        ("beta", 2, "rank 700 in November 2026", ["download-ranks"], "2026-11-29"),
        ("gamma", 0, "not among them in November 2026", ["download-ranks"], "2026-11-29"),
        ("alpha", 4, "14 releases", ["package-index"], "2026-11-28"),
        ("beta", 2, "1 release", ["package-index"], "2026-11-28"),
    ]


def test_only_what_changes_is_printed():
    same, other, *_new = cells.find_cells(said(), guide(), LISTS)["races"]
    before = {cells.key_of(same): same, cells.key_of(other): {**other, "rating": 0}}

    lines = list(cells.changes(cells.find_cells(said(), guide(), LISTS), guide(cells=before)))

    assert [line.split()[0] for line in lines] == ["changed", *["new"] * 7]
    assert lines[0].endswith("(rating)")


def test_fixtures_look_as_a_dump_of_the_site():
    rows = {
        "measurement": cells.measurements_of(said(), "measurements/results/2026-11-29.json", LISTS),
        "cell": cells.find_cells(said(), guide(), LISTS)["races"],
    }

    for model, each in rows.items():
        told = [{"model": f"catalog.{model}", "fields": row} for row in each]
        assert cells.to_yaml(model, each) == dumping.to_yaml(told)
    assert max(len(row["setting"]) for row in rows["measurement"]) <= 200


def test_of_a_cell_that_an_earlier_pack_has_only_what_differs_is_written(tmp_path):
    known, new, *_rest = cells.find_cells(said(), guide(), LISTS)["races"]
    below = guide(cells={cells.key_of(known): {**known, "rating": 0}})

    cells.write([{"slug": "races"}], {"races": [known, new]}, tmp_path, below)

    first, second = yaml.safe_load((tmp_path / "5-measured-cells/races.yaml").read_text("utf-8"))
    names = ("criterion", "contender", "rating")
    assert first["fields"] == {name: known[name] for name in names}
    assert second["fields"] == new
    own = yaml.safe_load((tmp_path / "4-measurements/races.yaml").read_text("utf-8"))[0]["fields"]
    assert own == {"slug": "races", "owner": "", "review_by": None}


# The package index ------------------------------------------------------------------------------


def file(version: str, day: str, *, yanked: bool = False) -> SimpleNamespace:
    time = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    return SimpleNamespace(
        version=version, upload_time=time, is_yanked=yanked, requires_python=">=3.11"
    )


def test_final_releases_of_a_year_are_counted_once_each():
    files = [
        file("1.0", "2025-11-28"),
        file("1.1", "2025-11-29"),
        file("1.1", "2025-12-03"),
        file("1.2", "2026-03-01"),
        file("2.0rc1", "2026-11-01"),
        file("2.0", "2026-11-20", yanked=True),
        file("2.1", "2026-11-29"),
    ]

    assert index.facts_of(files, datetime.date(2026, 11, 28)) == {
        "latest_version": "1.2",
        "released_on": "2026-03-01",
        "requires_python": ">=3.11",
        "yanked": "no",
        "releases_in_a_year": 3,
    }


# Servers ----------------------------------------------------------------------------------------


def test_a_server_that_does_not_run_and_is_not_ours_to_start_stops_the_subject():
    def version(server: str, patience: float) -> str:
        raise servers.Failure(f"nothing listens for {server} within {patience}")

    with pytest.raises(servers.Failure, match="redis does not run on port 6379"):
        servers.running(("redis",), version).__enter__()
