"""Document camera (高拍仪): pages from a camera over the desk, found, straightened and cleaned.

The camera, its decoder and OpenCV live in a child process; `driver.DocCamera` is what applications hold.
"""
