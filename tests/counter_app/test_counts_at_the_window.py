"""How many were handed in is counted by the clerk and seen in the list."""

from dataclasses import replace

from counter_app.take_in.ports import MaterialState, OriginalPlace, Presented
from counter_app.take_in.state import needed_text
from counter_app.take_in.view_materials import material_row
from tests.counter_app import sample_hall
from tests.counter_app.bench import Bench
from tests.counter_app.visit_steps import serve, to_materials


def test_too_few_is_told_and_plus_counts_on(bench: Bench) -> None:
    p = serve(bench)
    to_materials(p)
    materials = p.slices.materials
    case = bench.hall.cases["c1"]
    first = replace(case.materials[0], original_needed=2, copies_needed=0)
    bench.hall.cases["c1"] = replace(case, materials=(first, *case.materials[1:]))
    materials.press_original_place(OriginalPlace.KEPT)
    materials.press_ok()
    assert "要 2 份，只登记了 1 份" in materials.state.notice.text
    assert materials.state.materials[0].state is not MaterialState.CHECKED_OK
    materials.press_copies(1)
    materials.press_ok()
    assert materials.state.materials[0].state is MaterialState.CHECKED_OK
    assert materials.state.materials[0].copies == 2


def test_the_list_shows_the_count() -> None:
    row = replace(sample_hall.material(1, "结婚证"), original_needed=2)
    assert needed_text(row) == "原件 2 份"
    brought = replace(row, state=MaterialState.PRESENTED, presented=Presented.ORIGINAL, copies=2)
    assert "原件 2 份" in material_row(brought).detail
    assert "原件 1 份" in material_row(replace(brought, copies=0)).detail
