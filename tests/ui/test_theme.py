"""Changing the theme while windows come and go."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

CHANGES = """
import shiboken6
from PySide6.QtWidgets import QApplication
from ui.labels import WrapLabel
from ui.theme import apply_theme
from ui.tokens import counter_theme

app = QApplication([])
apply_theme(app, counter_theme())
labels = [WrapLabel("x") for _ in range(300)]  # not shown yet, so not polished yet
apply_theme(app, counter_theme())
for label in labels:
    label.grab()
    shiboken6.delete(label)
waste = [bytes([255]) * size for size in range(30, 400) for _ in range(20)]
app.setStyleSheet(app.styleSheet() + " ")  # Qt goes through every widget that it believes it knows
print("alive")
"""


def test_a_theme_set_after_widgets_died_does_not_follow_them() -> None:
    # in a process of its own: what it guards against is a segmentation fault
    done = subprocess.run(
        [sys.executable, "-c", CHANGES], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr
