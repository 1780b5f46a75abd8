"""A wire between two machines of the demo that can be cut and mended: a TCP relay on loopback."""

import contextlib
import select
import socket
import threading


class Relay:
    """Forwards connections to `target_port`. While cut it closes what runs and refuses what comes."""

    def __init__(self, target_port: int) -> None:
        self._target = target_port
        self._cut = threading.Event()
        self._ending = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(0.1)
        self.port: int = self._server.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._acceptor = threading.Thread(target=self._accept, name="relay", daemon=True)
        self._acceptor.start()

    def cut(self) -> None:
        self._cut.set()
        with self._lock:
            for one in tuple(self._open):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def heal(self) -> None:
        self._cut.clear()

    def close(self) -> None:
        self.cut()
        self._ending.set()
        self._acceptor.join(5.0)
        for thread in self._threads:
            thread.join(5.0)
        self._server.close()

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                near, _ = self._server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            if self._cut.is_set():
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target), 2.0)
            except OSError:
                near.close()
                continue
            thread = threading.Thread(target=self._pump, args=(near, far), name="relay-pump", daemon=True)
            self._threads = [t for t in self._threads if t.is_alive()] + [thread]
            thread.start()

    def _pump(self, near: socket.socket, far: socket.socket) -> None:
        with self._lock:
            self._open |= {near, far}
        try:
            while not self._cut.is_set():
                ready, _, _ = select.select([near, far], [], [], 0.2)
                for one in ready:
                    data = one.recv(1 << 16)
                    if not data:
                        return
                    (far if one is near else near).sendall(data)
        except OSError:
            return
        finally:
            with self._lock:
                self._open -= {near, far}
            near.close()
            far.close()
