"""Bad input: refused before anything runs, every error at once, with its place and the nearest valid name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.config.errors import ConfigErrors, Problem
from sim.config.load import load_scenario_file, load_study

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
CARE = "configs/care/standard.yaml"
STUDY = "configs/study/tiny.yaml"
REGION = "configs/region/tiny"
NEAR = "scenarios/near_care.yaml"
CLOSED = "scenarios/closed_er.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the tiny world."""
    return Path(shutil.copytree(TINY, tmp_path / "root"))


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text, old
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(root: Path, *overrides: str) -> list[Problem]:
    with pytest.raises(ConfigErrors) as caught:
        load_study(overrides, root=root)
    return caught.value.problems


def only(root: Path, *overrides: str) -> Problem:
    found = problems(root, *overrides)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


MISSPELT = [
    (
        CARE,
        "    fallback: primary_care",
        "    falback: primary_care",
        "services.mobile_team.falback",
        "fallback",
    ),
    (NEAR, "    add_units:", "    add_unit:", "levers.more_rooms.add_unit", "add_units"),
    (NEAR, "kind: capacity", "kind: capasity", "levers.more_rooms.kind", "capacity"),
    (STUDY, "warm_up_days", "warmup_days", "warmup_days", "warm_up_days"),
    (f"{REGION}/travel.yaml", "within_km", "whithin_km", "whithin_km", "within_km"),
    (f"{REGION}/calendars.yaml", "{mon_fri:", "{mon_fir:", "weekdays.mon_fir", "mon"),
    (f"{REGION}/pools.csv", "surge", "surgee", "column surge", "surgee"),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "nearest"), MISSPELT)
def test_a_misspelt_key_is_named_with_the_nearest(
    root: Path, file: str, old: str, new: str, key: str, nearest: str
) -> None:
    edit(root, file, old, new)
    found = [p for p in problems(root) if p.key == key]
    assert len(found) == 1
    assert found[0].file.endswith(file)
    assert found[0].nearest == nearest


NORTH = "hospital_north (Norra sjukhuset)"
UNKNOWN = [
    (f"{REGION}/pools.csv", "team,vc_norrby", "team,vc_norby", "row 4, site", "vc_norrby"),
    (f"{REGION}/offers.csv", ",ward,beds_north", ",wards,beds_north", "row 7, service", "ward"),
    (f"{REGION}/offers.csv", "rooms,primary", "room,primary", "row 2, pool", "rooms"),
    (f"{REGION}/offers.csv", "frailty,weekdays", "frailties,weekdays", "row 4, needs", "frailty"),
    (f"{REGION}/pools.csv", "0,weekdays", "0,weekday", "row 2, calendar", "weekdays"),
    (f"{REGION}/pools.csv", "rooms,room", "rooms,rom", "row 2, resource", "room"),
    (f"{REGION}/zones.csv", "Norrby,0114", "Norrby,01144", "row 2, municipality", "0114"),
    (f"{REGION}/zones.csv", ",isle,", ",isel,", "row 3, crossing", "isle"),
    (CARE, "to: ward, how", "to: wrd, how", "services.er.next.urgent.then.admitted.to", "ward"),
    (
        CARE,
        "fallback: primary_care",
        "fallback: primary_car",
        "services.mobile_team.fallback",
        "primary_care",
    ),
    (CARE, "profile: flat", "profile: falt", "needs.acute.profile", "flat"),
    (CARE, "telephone: 0.5,", "telefone: 0.5,", "needs.minor.first.all.to", "telephone"),
    (CLOSED, "[hospital_north]", "[hospital_nort]", "levers.close_north.where.sites", NORTH),
    (CLOSED, "[er]", "[err]", "levers.close_north.services", "er"),
    (CLOSED, "[S2]", "[S22]", "statements", "S2"),
    (NEAR, "resource: room", "resource: rom", "levers.more_rooms.pools.resource", "room"),
    (NEAR, "needs: [minor]", "needs: [minr]", "levers.less_er.when.needs", "minor"),
    (STUDY, "closed_er]", "closd_er]", "scenarios", "closed_er"),
    (STUDY, "region: tiny", "region: tinny", "region", "tiny"),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "nearest"), UNKNOWN)
def test_an_unknown_name_is_named_with_the_nearest(
    root: Path, file: str, old: str, new: str, key: str, nearest: str
) -> None:
    edit(root, file, old, new)
    found = [p for p in problems(root) if p.key == key]
    assert len(found) == 1
    assert found[0].file.endswith(file)
    assert found[0].nearest == nearest
    assert nearest in found[0].allowed


SUMS = [
    (CARE, "visit: {probability: 0.25", "visit: {probability: 0.250001", "services.telephone.next.all.then"),
    (CARE, "er: {probability: 0.5", "er: {probability: 0.4", "services.primary_care.patience.all.then"),
    (CARE, "er: 0.125}", "er: 0.1250001}", "needs.minor.first.all.to"),
    (CARE, '"3": 0.5}, source', '"3": 0.4}, source', "needs.acute.acuity.all.mix"),
    (CLOSED, "hospital_south: 1", "hospital_south: 0.9", "levers.close_north.to_sites"),
]


@pytest.mark.parametrize(("file", "old", "new", "key"), SUMS)
def test_probabilities_that_do_not_sum_to_1_are_refused(root: Path, file: str, old: str, new: str, key: str) -> None:
    edit(root, file, old, new)
    problem = only(root)
    assert problem.key == key
    assert "sum to 1" in problem.message


def test_a_sum_within_the_tolerance_is_taken_and_not_changed(root: Path) -> None:
    edit(root, CARE, "visit: {probability: 0.25", "visit: {probability: 0.2500000000001")
    steps = load_study(root=root).care.services["telephone"].next["all"].then
    assert steps["visit"].probability == 0.2500000000001


NUMBERS = [
    (CARE, "{value: 150,", "{value: nan,", "co2_g_per_km.value", "finite"),
    (CARE, "{value: 150,", "{value: .inf,", "co2_g_per_km.value", "finite"),
    (CARE, "{value: 150,", "{value: 1_50,", "co2_g_per_km.value", "number"),
    (CARE, "{value: 150,", "{value: '150,5',", "co2_g_per_km.value", "decimal point, not a comma"),
    (CARE, "{value: 150,", "{value: -150,", "co2_g_per_km.value", "negative"),
    (CARE, "{value: 1500,", "{value: -1500,", "needs.minor.rate_per_1000_year.0_17.value", "negative"),
    (
        CARE,
        "unit: min, value: 10",
        "unit: min, value: -10",
        "services.telephone.duration.all.time.value",
        "greater",
    ),
    (
        CARE,
        "er: {probability: 0.5",
        "er: {probability: 1.5",
        "services.primary_care.patience.all.then.er.probability",
        "less",
    ),
    (f"{REGION}/pools.csv", "vc_norrby,4,0", "vc_norrby,-4,0", "row 2, capacity", "negative"),
    (f"{REGION}/pools.csv", "vc_norrby,4,0", "vc_norrby,NaN,0", "row 2, capacity", "finite"),
    (f"{REGION}/pools.csv", "vc_norrby,4,0", "vc_norrby,inf,0", "row 2, capacity", "finite"),
    (f"{REGION}/pools.csv", "vc_norrby,4,0", "vc_norrby,1e999,0", "row 2, capacity", "finite"),
    (f"{REGION}/pools.csv", "vc_norrby,4,0", 'vc_norrby,"4,5",0', "row 2, capacity", "decimal comma"),
    (
        f"{REGION}/travel.yaml",
        "speed_kmh: {value: 60",
        "speed_kmh: {value: -60",
        "speed.all.speed_kmh.value",
        "negative",
    ),
    (NEAR, "{value: 0.5, low", "{value: 0.5, high: 1.5, low", "levers.less_er.share", "twice"),
    (NEAR, "high: 0.75", "high: 1.75", "levers.less_er.share.high", "out of range"),
    (STUDY, "seed: 1", "seed: -1", "seed", "greater"),
    (STUDY, "replications: 2", "replications: 2.5", "replications", "whole number"),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "said"), NUMBERS)
def test_a_number_that_is_negative_not_finite_or_out_of_range_is_refused(
    root: Path, file: str, old: str, new: str, key: str, said: str
) -> None:
    edit(root, file, old, new)
    problem = problems(root)[0]
    assert problem.key.startswith(key)
    assert said in problem.message
    assert problem.file.endswith(file)


@pytest.mark.parametrize("table", ["municipalities", "zones", "sites", "pools", "offers", "targets"])
def test_a_missing_table_is_refused(root: Path, table: str) -> None:
    (root / REGION / f"{table}.csv").unlink()
    assert any("the table is missing" in p.message and p.file.endswith(f"{table}.csv") for p in problems(root))


def test_a_missing_column_is_refused(root: Path) -> None:
    path = root / REGION / "zones.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(",".join(row[:5] + row[6:]) for row in rows), encoding="utf-8")
    assert any(p.key == "column people_0_17" and "missing" in p.message for p in problems(root))


@pytest.mark.parametrize("blank", ["", "  "])
def test_missing_population_is_refused(root: Path, blank: str) -> None:
    edit(root, f"{REGION}/zones.csv", "58.00,12.00,600", f"58.00,12.00,{blank}")
    problem = only(root)
    assert problem.key == "row 2, people_0_17"
    assert "population missing" in problem.message


def test_a_municipality_without_people_is_refused(root: Path) -> None:
    edit(root, f"{REGION}/zones.csv", "1200,3600,900,300", "0,0,0,0")
    problem = only(root)
    assert (problem.key, problem.value) == ("row 3, municipality", "0115")
    assert "population missing" in problem.message


def test_a_site_that_is_there_twice_is_refused(root: Path) -> None:
    path = root / REGION / "sites.csv"
    last = path.read_text(encoding="utf-8").splitlines()[-1]
    path.write_text(path.read_text(encoding="utf-8") + last + "\n", encoding="utf-8")
    found = problems(root)
    assert found[0].key == "row 5, site"
    assert "twice" in found[0].message


def test_one_place_under_two_names_is_a_duplicate_site(root: Path) -> None:
    path = root / REGION / "sites.csv"
    last = path.read_text(encoding="utf-8").splitlines()[-1].replace("hospital_south", "hospital_twin")
    path.write_text(path.read_text(encoding="utf-8") + last + "\n", encoding="utf-8")
    problem = only(root)
    assert problem.value == "hospital_twin"
    assert "duplicate site" in problem.message


def with_matrix(root: Path, without: str) -> None:
    edit(root, f"{REGION}/travel.yaml", "crossings:", "matrix_file: matrix.csv\ncrossings:")
    sites = ["vc_norrby", "hospital_north", "hospital_south"]
    origins = ["norrby", "holmen", "soderby", *sites]
    rows = [f"{o},{s},150000,6000" for o in origins for s in sites if f"{o},{s}" != without]
    text = "\n".join(["origin,destination,metres,seconds", *rows])
    (root / REGION / "matrix.csv").write_text(text + "\n", encoding="utf-8")


def test_a_matrix_that_reaches_every_site_is_taken(root: Path) -> None:
    with_matrix(root, "")
    assert load_study(root=root).region.travel.matrix_file == str((root / REGION / "matrix.csv").resolve())


def test_an_unreachable_site_is_refused(root: Path) -> None:
    with_matrix(root, "holmen,hospital_south")
    problem = only(root)
    assert "unreachable site" in problem.message
    assert problem.value == "holmen to hospital_south"


def test_an_infinite_travel_time_is_refused(root: Path) -> None:
    with_matrix(root, "")
    edit(root, f"{REGION}/matrix.csv", "holmen,hospital_south,150000,6000", "holmen,hospital_south,150000,inf")
    assert only(root).value == "inf"


def test_swapped_coordinates_are_named_as_swapped(root: Path) -> None:
    edit(root, f"{REGION}/zones.csv", "57.80,12.00", "12.00,57.80")
    problem = only(root)
    assert problem.key == "row 4, lat and lon"
    assert "swapped" in problem.message


def test_coordinates_outside_the_country_are_refused(root: Path) -> None:
    edit(root, f"{REGION}/sites.csv", "58.01,12.02", "58.01,1.202")
    problem = only(root)
    assert problem.key == "row 3, lon"
    assert "10.5 to 24.2" in problem.allowed


def test_a_swedish_csv_is_refused_with_the_remedy(root: Path) -> None:
    path = root / REGION / "zones.csv"
    text = path.read_text(encoding="utf-8").replace(",", ";").replace(".", ",")
    path.write_text(text, encoding="utf-8")
    problem = problems(root)[0]
    assert problem.file.endswith("zones.csv")
    assert "semicolons" in problem.message
    assert "CSV UTF-8" in problem.message


def test_a_cp1252_table_is_refused_with_the_remedy(root: Path) -> None:
    path = root / REGION / "municipalities.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    problem = problems(root)[0]
    assert problem.key == "row 3"
    assert "cp1252" in problem.message
    assert "CSV UTF-8" in problem.message


def test_a_cp1252_scenario_is_refused_with_the_remedy(root: Path) -> None:
    path = root / NEAR
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    problem = only(root)
    assert problem.key == "line 1"
    assert "UTF-8" in problem.message


def test_a_table_that_excel_saved_as_utf_8_is_read(root: Path) -> None:
    path = root / REGION / "zones.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(load_study(root=root).region.zones) == 3


def test_a_routing_circle_without_exit_is_refused(root: Path) -> None:
    edit(root, CARE, "visit: {probability: 0.25", "visit: {probability: 1")
    edit(root, CARE, "          at_home: {probability: 0.5, to: self_care}\n", "")
    edit(root, CARE, "          done: {probability: 0.25, to: exit}\n", "")
    edit(root, CARE, "again: {probability: 0.1, to: primary_care", "again: {probability: 1, to: telephone")
    edit(root, CARE, "          done: {probability: 0.9, to: exit}\n", "")
    found = problems(root)
    assert all("routing circle without exit" in p.message for p in found)
    assert "primary_care > telephone" in found[0].message


def test_a_circle_of_fallbacks_is_refused(root: Path) -> None:
    edit(root, CARE, "    mode: booked\n", "    mode: booked\n    fallback: mobile_team\n")
    assert "fallback circle: mobile_team > primary_care > mobile_team" in only(root).message


def test_a_circle_of_holding_is_refused(root: Path) -> None:
    edit(
        root,
        CARE,
        "      all: {time: {dist: gamma, unit: days, mean: 3, sd: 2}, source: assumption, quality: D}\n",
        "      all: {time: {dist: gamma, unit: days, mean: 3, sd: 2}, source: assumption, quality: D}\n"
        "    next:\n      all:\n        source: assumption\n        quality: D\n        then:\n"
        "          back: {probability: 0.5, to: er, how: within}\n          done: {probability: 0.5, to: exit}\n",
    )
    found = [problem.message for problem in problems(root)]
    assert all("circle of held pools without a way out: " in message for message in found)
    assert any("er is kept while ward is waited for; ward is kept while er is waited for" in one for one in found)
    assert any("missing is patience at er, ward for every class" in one for one in found)
    assert any("and 1 more (ward is kept while ward is waited for)" in one for one in found)  # at both hospitals


def test_a_pathway_to_a_service_that_no_site_offers_is_refused(root: Path) -> None:
    path = root / REGION / "offers.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if ",ward," not in line), encoding="utf-8")
    found = problems(root)
    assert {p.value for p in found} == {"ward"}
    assert all("no site offers" in p.message for p in found)


def test_a_rule_that_leaves_someone_uncovered_is_refused(root: Path) -> None:
    edit(
        root,
        CARE,
        "        to: {telephone: 0.5,",
        '        when: {acuity: ["4"]}\n        to: {telephone: 0.5,',
    )
    problem = only(root)
    assert problem.key == "needs.minor.first.all.when"
    assert "covered by no rule" in problem.message


def test_a_warm_up_beyond_the_horizon_is_refused(root: Path) -> None:
    problem = only(root, "warm_up_days=400")
    assert (problem.file, problem.key, problem.value) == ("command line", "warm_up_days", "400")
    assert "0 to 366" in problem.allowed


def test_a_negative_warm_up_is_refused(root: Path) -> None:
    assert only(root, "warm_up_days=-1").key == "warm_up_days"


def test_an_end_before_a_start_is_refused(root: Path) -> None:
    problem = only(root, "end=2027-10-01")
    assert (problem.key, problem.value) == ("end", "2027-10-01")
    assert "before start 2027-10-04" in problem.message


def test_a_day_that_does_not_exist_is_refused(root: Path) -> None:
    assert "must be a date" in only(root, "end=2027-11-31").message


def test_a_circle_of_inheritance_is_refused(root: Path) -> None:
    edit(root, CLOSED, "levers:", "inherits: [near_care]\nlevers:")
    edit(root, NEAR, "levers:", "inherits: [closed_er]\nlevers:")
    assert any("circle: closed_er inherits near_care inherits closed_er" in p.message for p in problems(root))


def test_a_pathway_from_a_step_that_the_service_lacks_is_refused(root: Path) -> None:
    lever = (
        "levers:\n  way:\n    kind: pathway\n    service: er\n    from_step: telephone\n    to_step: exit\n"
        "    share: {value: 0.5, low: 0, high: 1, source: assumption, quality: D}\n"
    )
    edit(root, NEAR, "levers:\n", lever)
    problem = only(root)
    assert problem.key == "levers.way.from_step"
    assert "nobody goes there after er" in problem.message
    assert problem.allowed == "exit, ward"


def test_closing_what_a_site_does_not_have_is_refused(root: Path) -> None:
    edit(root, CLOSED, "[hospital_north]", "[vc_norrby]")
    assert "hospital_north, hospital_south" in only(root).allowed


DANGEROUS = [
    ("_target_: os.system\n", "_target_"),
    ("hydra: {run: {dir: /}}\n", "hydra"),
    ("note: ${oc.env:HOME}\n", "note"),
    ("defaults: [{override /hydra/job_logging: x}]\n", "defaults"),
    ("defaults: ['../../x']\n", "defaults"),
]


@pytest.mark.parametrize(("text", "key"), DANGEROUS)
def test_a_key_or_value_that_a_framework_would_act_on_is_refused(root: Path, text: str, key: str) -> None:
    edit(root, NEAR, "statements:", text + "statements:")
    found = problems(root)
    assert found[0].key == key
    assert found[0].file.endswith(NEAR)


@pytest.mark.parametrize("file", [CARE, STUDY, f"{REGION}/region.yaml", f"{REGION}/travel.yaml", "configs/config.yaml"])
def test_a_framework_key_is_refused_in_every_file(root: Path, file: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    (root / file).write_text(text + "_target_: os.system\n", encoding="utf-8")
    assert any(p.key == "_target_" and "not allowed" in p.message for p in problems(root))


UNSAFE = [
    ("a: &x 1\nb: *x\n", "anchors"),
    ("a: !!python/object/apply:os.system [ls]\n", "tags"),
    ("a: !mine b\n", "tags"),
    ("<<: {a: 1}\n", "not allowed"),
    ("a: 1\na: 2\n", "twice"),
    ("a: [1\n", "expected"),
    ("- a\n", "keys and values"),
    ("", "empty"),
    ("? [a, b]\n: c\n", "a key must be a word"),
    ("a: " + "[" * 30 + "]" * 30 + "\n", "deeper"),
    ("a: " + "[" * 100_000 + "\n", "deeper"),
    ("a: " + "x" * 1_000_001 + "\n", "larger than 1 MB"),
    ("a: 1\n---\nb: 2\n", "document"),
    ("a: \0\n", "special characters"),
]


@pytest.mark.parametrize(("text", "said"), UNSAFE, ids=[said + str(i) for i, (_, said) in enumerate(UNSAFE)])
def test_yaml_that_is_more_than_data_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mail.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigErrors) as caught:
        load_scenario_file(path)
    assert any(said in p.message for p in caught.value.problems), str(caught.value)


@pytest.mark.parametrize("text", ["hydra.run.dir=x", "+x=1", "~seed", "results=${oc.env:HOME}", "seed", "seed=[1"])
def test_an_override_that_is_no_plain_key_is_refused(root: Path, text: str) -> None:
    assert only(root, text).file == "command line"


def test_a_misspelt_override_is_named_with_the_nearest(root: Path) -> None:
    assert only(root, "replicatons=3").nearest == "replications"


def test_all_errors_are_told_at_once_without_a_traceback(root: Path) -> None:
    edit(root, CARE, "{value: 150,", "{value: nan,")
    edit(root, CARE, "    fallback: primary_care", "    falback: primary_care")
    edit(root, CARE, "visit: {probability: 0.25", "visit: {probability: 0.35")
    edit(root, f"{REGION}/pools.csv", "vc_norrby,4,0", "vc_norrby,-4,0")
    edit(root, f"{REGION}/offers.csv", ",ward,beds_north", ",wards,beds_north")
    edit(root, CLOSED, "[hospital_north]", "[hospital_nort]")
    edit(root, NEAR, "add_units:", "add_unit:")
    found = problems(root, "end=2027-09-01", "seed=-1", "replicatons=3")
    assert {p.key for p in found} >= {
        "co2_g_per_km.value",
        "services.mobile_team.falback",
        "services.telephone.next.all.then",
        "row 2, capacity",
        "row 7, service",
        "levers.close_north.where.sites",
        "levers.more_rooms.add_unit",
        "end",
        "seed",
        "replicatons",
    }


def test_the_text_of_the_errors_is_one_line_for_each(root: Path) -> None:
    edit(root, NEAR, "add_units:", "add_unit:")
    with pytest.raises(ConfigErrors) as caught:
        load_study(["seed=-1"], root=root)
    lines = str(caught.value).splitlines()
    assert lines[0] == "The configuration has 2 errors; nothing was run."
    assert lines[1] == "  command line: seed: must be greater than or equal to 0 (found '-1')"
    assert "did you mean add_units?" in lines[2]
