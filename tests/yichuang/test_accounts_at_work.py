"""Department accounts are added, changed and switched off while the service of that folder runs."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from itsdangerous import BadSignature

from hall.journal.sealing import new_key_pair
from server_app.accounts.wishes import PATH, Listing, Told, seal_of
from server_app.serving import ADDRESS
from server_app.signed_orders import Seal
from sync.folder_lock import NODE_SERVICE, FolderLock
from sync.join_file import write_join_file
from tests.yichuang.machines_on_disk import Keys, Place, set_up
from tests.yichuang.test_access import PASSWORD, add, run

ROOT = Path(__file__).parents[2]
LOGIN = "zhang.san"


@pytest.fixture
def node(tmp_path: Path) -> Place:
    return set_up(tmp_path, "node", "node", Keys.fresh())


@pytest.fixture
def url(node: Place) -> Iterator[str]:
    """The node's service as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "server_app", "--data", str(node.folder), "--exit-with-stdin"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        yield f"http://127.0.0.1:{told['port']}"
        _, words = process.communicate(timeout=60)
    assert process.returncode == 0, words.decode()
    assert PASSWORD.encode() not in words
    assert not (node.folder / ADDRESS).exists()


def signed_in(url: str, password: str) -> httpx2.Client | None:
    """A browser that has signed in; None where it was refused."""
    client = httpx2.Client(base_url=url, trust_env=False)
    page = client.get("/login").text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    answer = client.post("/login", data={**fields, "login": LOGIN, "password": password})
    if answer.status_code == 303:
        return client
    client.close()
    return None


def on_the_desk(client: httpx2.Client) -> bool:
    return client.get("/desk").status_code == 200


@pytest.mark.system
def test_an_account_lives_and_ends_while_the_service_runs(node: Place, url: str) -> None:
    done = add(node)
    assert (done.exit_code, LOGIN in done.stdout) == (0, True), done.output
    again = add(node)
    assert (again.exit_code, "已有账号" in again.stderr) == (2, True)
    assert "审批、审查　市公安局　在用" in run(node, "officer", "list").stdout
    first = signed_in(url, PASSWORD)
    assert first is not None
    with closing(first):
        assert on_the_desk(first)
        assert run(node, "officer", "password", LOGIN, typed="another-one-8\n").exit_code == 0
        assert not on_the_desk(first), "who was signed in with the old password is out"
    assert signed_in(url, PASSWORD) is None
    second = signed_in(url, "another-one-8")
    assert second is not None
    with closing(second):
        assert run(node, "officer", "off", LOGIN).exit_code == 0
        assert not on_the_desk(second)
    assert signed_in(url, "another-one-8") is None
    assert "已停用" in run(node, "officer", "list").stdout
    unknown = run(node, "officer", "on", "nobody")
    assert (unknown.exit_code, "没有这个账号" in unknown.stderr) == (2, True)


@pytest.mark.system
def test_who_cannot_read_the_join_file_changes_nothing(node: Place, url: str) -> None:
    private = bytes.fromhex(node.join.sign_private)
    stranger = seal_of(new_key_pair()[0])
    with httpx2.Client(base_url=url, trust_env=False) as client:
        good = seal_of(private).asked(Listing())
        assert client.post(PATH, content=good).status_code == 200
        for wish in (stranger.asked(Listing()), good[:-1] + b"x", good.replace(b"list", b"lost"), b"", b"{}"):
            answer = client.post(PATH, content=wish)
            assert (answer.status_code, answer.content) == (404, b"")
    # another join file in the folder than the one that the service was started with
    write_join_file(node.folder, node.join.model_copy(update={"sign_private": "33" * 32}))
    done = add(node)
    assert (done.exit_code, "重新启动服务" in done.stderr) == (2, True), done.output
    write_join_file(node.folder, node.join)
    assert run(node, "officer", "list").stdout.strip() == "还没有账号。"


def test_an_order_does_not_last() -> None:
    seal = Seal[Listing, Told](bytes(32), "accounts", Listing, Told)
    raw = seal.asked(Listing())
    assert seal.read_asked(raw) == Listing()
    old = Seal[Listing, Told](bytes(32), "accounts", Listing, Told, fresh_s=-1)
    with pytest.raises(BadSignature, match="age"):
        old.read_asked(raw)


def test_a_service_that_does_not_listen_yet_is_told(node: Place) -> None:
    with FolderLock(node.folder, NODE_SERVICE):
        starting = add(node)
        assert (starting.exit_code, "已经在运行" in starting.stderr) == (4, True), "no address is known"
        (node.folder / ADDRESS).write_text("http://127.0.0.1:9", "utf-8")
        left = add(node)
    assert (left.exit_code, "没有改动" in left.stderr) == (2, True), left.output
    assert add(node).exit_code == 0, "with the service stopped, what a killed one has left does not matter"
