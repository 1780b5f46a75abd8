"""`./run demo`: a hall opens, people come, something breaks and heals, and the books are compared."""

import argparse
import json
import os
import random
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from hall.catalogue.loading import HALL_CODES, resources_dir
from hall.reference import load_reference
from yichuang.browser import Officer, open_officer
from yichuang.demo.accounting import Books, count
from yichuang.demo.cast import plan_cast
from yichuang.demo.hall import DemoHall
from yichuang.demo.keepsakes import keep_papers, keep_ticket, keep_trace
from yichuang.demo.open_hall import open_windows
from yichuang.demo.play import Play
from yichuang.demo.site import DEMO_PASSWORD, DEMO_PIN
from yichuang.demo.transcript import Transcript
from yichuang.machines import BadData

CUTS = ("county", "node", "printer", "camera")


def run_demo(arguments: Sequence[str]) -> int:
    """Exit status 0 only if every step really happened and nothing was lost."""
    options = _options(arguments)
    display = os.environ.get("QT_QPA_PLATFORM", "") != "offscreen" and _has_display()
    out = options.out or Path(tempfile.mkdtemp(prefix="yichuang-demo-"))
    _clear(out)
    if display and not options.headless:
        return open_windows(options.hall, out, standby=options.standby)
    seed = options.seed if options.seed is not None else secrets.randbelow(1_000_000)
    transcript = Transcript(sys.stdout)
    breaks = "备用节点接替" if options.standby else f"断 {options.cut or '无'}"
    transcript.title(f"一窗演示　大厅 {options.hall}　{breaks}　种子 {seed}")
    transcript.say("", f"重演：./run demo --headless --hall {options.hall}"
                   + (f" --cut {options.cut}" if options.cut else "")
                   + (" --standby" if options.standby else "") + f" --seed {seed}")  # fmt: skip
    played, browser = _play(options, seed, out, transcript)
    return _close_books(options, seed, out, transcript, played, browser)


def _play(options: argparse.Namespace, seed: int, out: Path, transcript: Transcript) -> tuple[bool, str]:
    """Everything with running processes. Returns (every step happened, the officer's browser)."""
    ref = load_reference(resources_dir(), options.hall)
    cast = plan_cast(ref, random.Random(seed))
    browser = "none"
    try:
        # the browser takes a second to come up, and so does the hall
        hall_of = DemoHall(out, ref, transcript, standby=options.standby)
        with officer_coming(out / "browser") as coming, hall_of as hall:
            officer = coming.result()
            browser = officer.kind
            if browser == "http":
                transcript.say("部门", "本机没有 Chromium，审批员改用同样的表单直接提交（不截图，留 HTML）。")
            Play(hall, cast, officer, transcript, out, options.cut).run()
    except Exception as exc:
        transcript.say("", f"演示中断：{type(exc).__name__}: {exc}")
        return False, browser
    return True, browser


@contextmanager
def officer_coming(profile: Path) -> Iterator[Future[Officer]]:
    """A browser is being opened; it is closed, and its profile gone, whatever happens meanwhile."""
    with ThreadPoolExecutor(1) as opening:
        coming = opening.submit(open_officer, profile)
        try:
            yield coming
        finally:
            if coming.exception() is None:
                coming.result().close()
            shutil.rmtree(profile, ignore_errors=True)


def _close_books(
    options: argparse.Namespace, seed: int, out: Path, transcript: Transcript, played: bool, browser: str
) -> int:
    """After all processes have ended: count, write what is to stay, say how it was."""
    transcript.title("关门对账")
    data = out / "data"
    books: Books | None = None
    kept = False
    try:
        books = count(data)
        keep_ticket(out)
        keep_papers(data, out)
        keep_trace(data, out)
        kept = True
    except (BadData, OSError, LookupError, ValueError) as exc:
        transcript.say("", f"对账没有完成：{type(exc).__name__}: {exc}")
    ok = played and kept and books is not None and books.sound and all(s.ok for s in transcript.steps)
    summary = {
        "ok": ok,
        "hall": options.hall,
        "cut": options.cut,
        "standby": options.standby,
        "seed": seed,
        "browser": browser,
        "steps": [{"name": s.name, "at_s": s.at_s, "ok": s.ok} for s in transcript.steps],
        "facts": books.facts if books else {},
        "tickets": books.tickets if books else {},
        "blobs": books.blobs if books else {},
    }
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")
    if books is not None:
        f, t, b = books.facts, books.tickets, books.blobs
        transcript.say("事实", f"写下 {f['written']}，中心收到 {f['at_centre']}，丢失 {f['lost']}")
        transcript.say(
            "号码",
            f"发出 {t['issued']}，打印确认 {t['printed']}，重号 {t['duplicate_numbers']}，重复叫号 {t['double_calls']}",
        )
        transcript.say(
            "图像", f"拍摄 {b['captured']}，中心收到 {b['at_centre']}，校验不符 {b['digest_mismatch']}"
        )
    transcript.say("", f"演示口令：窗口 PIN {DEMO_PIN}，审批员 officer / {DEMO_PASSWORD}")
    transcript.say("", f"结果在 {out}")
    transcript.title("全部完成，没有丢失。" if ok else "没有全部完成，见上。")
    return 0 if ok else 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run demo", description="演示大厅")
    parser.add_argument("--headless", action="store_true", help="不开窗口，自动演一遍")
    parser.add_argument("--hall", choices=HALL_CODES, default="changji")
    trouble = parser.add_mutually_exclusive_group()
    trouble.add_argument("--cut", choices=CUTS, help="中途断掉什么，结束前恢复")
    trouble.add_argument(
        "--standby", action="store_true", help="大厅另有一台备用节点：中途接替，原节点回来改作备用"
    )
    parser.add_argument("--seed", type=int)
    parser.add_argument("--out", type=Path, help="结果放到哪里")
    return parser.parse_args(list(arguments))


def _has_display() -> bool:
    return sys.platform == "win32" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _clear(out: Path) -> None:
    """An old demo in the same folder gives way; anything else in it is not ours to delete."""
    for name in ("data", "logs", "printer", "printed", "browser"):
        shutil.rmtree(out / name, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    for pattern in ("counter-*.png", "kiosk-*.png", "display-*.png", "centre-*.*", "*.pdf", "summary.json"):
        for old in out.glob(pattern):
            old.unlink()
