"""The only import of OpenCV. For child process, benches and tests; never for an application (memory)."""

import os

import cv2 as cv2

# opencv-python points these at its own Qt 5 plugins; our children and Qt 6's error texts would follow
# (deps.md §4; ends when the wheel ships without Qt)
for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    os.environ.pop(_name, None)
