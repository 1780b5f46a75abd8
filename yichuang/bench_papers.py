"""Measurements of the press: milliseconds a paper, checked as PDF/A-2b each time."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hall.catalogue.loading import resources_dir
from hall.papers.content import (
    Acceptance,
    CorrectionNotice,
    Defect,
    MaterialForm,
    Paper,
    Receipt,
    ReceivedMaterial,
)
from hall.papers.faces import FontSet
from hall.papers.head import Applicant, PaperHead
from hall.papers.press import PaperPress
from hall.papers.wording import BASIS_ACCEPTED, BASIS_CORRECTION
from yichuang.bench_timing import Timing

SECONDS = 3.0
DAY = date(2026, 3, 2)
_CASE_NO = "652301012026030200100013"
_HEAD = PaperHead(
    "示例市示例局", "", "示审批受字〔2026〕第1号", DAY, _CASE_NO, contact="综合窗口，0000-0000000"
)
_WHO = Applicant("示例甲", "居民身份证", "652301199001010012", "13899990001", "示例路1号")


def measure_papers() -> dict[str, Any]:
    """For each kind: p50 and p95 milliseconds and the file's size; `press_ms` is opening the fonts."""
    began = time.perf_counter()
    press = PaperPress(FontSet.in_folder(resources_dir() / "fonts"))
    figures: dict[str, Any] = {"press_ms": round((time.perf_counter() - began) * 1000, 1)}
    every: list[float] = []
    for name, make in (("receipt", _receipt), ("acceptance", _acceptance), ("correction", _correction)):
        timing, size = _render(press, make)
        every += timing.ms
        figures[f"{name}_p50_ms"] = timing.at(0.5)
        figures[f"{name}_p95_ms"] = timing.at(0.95)
        figures[f"{name}_kb"] = round(size / 1024)
    figures["papers"] = len(every)
    figures["ms_per_paper"] = round(sum(every) / len(every), 1)
    return figures


def _render(press: PaperPress, make: Callable[[int], Paper]) -> tuple[Timing, int]:
    ms: list[float] = []
    size = 0
    end = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < end:
        size = len(press.render(make(len(ms))))
        ms.append((time.perf_counter() - began) * 1000)
    return Timing(tuple(ms)), size


def _receipt(n: int) -> Paper:
    materials = tuple(
        ReceivedMaterial(f"示例材料{m}", MaterialForm.ORIGINAL, 1, 2, "核验后退回申请人") for m in range(1, 7)
    )
    return Receipt(
        replace(_HEAD, title="收件凭证", number=None), replace(_WHO, name=f"示例{n}"), "示例经营许可", materials,
        datetime(2026, 3, 2, 2, 0, tzinfo=UTC), DAY, "示例员", "1号窗口",
        "自收到材料之日起五个工作日内告知是否受理。", "凭办件编号在自助机查询",
    )  # fmt: skip


def _acceptance(n: int) -> Paper:
    return Acceptance(
        replace(_HEAD, title="受理通知书"), replace(_WHO, name=f"示例{n}"), "示例经营许可", "示例-01", DAY, DAY,
        "20个工作日", "10个工作日", date(2026, 3, 16), "不收费", "凭办件编号在自助机查询", "窗口领取",
        BASIS_ACCEPTED,
    )  # fmt: skip


def _correction(n: int) -> Paper:
    defects = tuple(Defect(f"示例材料{m}", "缺少签字", "请补签后交回", "") for m in range(1, 5))
    return CorrectionNotice(
        replace(_HEAD, title="补正告知书"), replace(_WHO, name=f"示例{n}"), "示例经营许可", DAY, defects,
        date(2026, 3, 9), "示例市政务服务大厅综合窗口", "逾期未补正的，视为撤回申请。", BASIS_CORRECTION,
    )  # fmt: skip
