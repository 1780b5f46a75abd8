"""What a stranger, a liar or a broken line sends to a parent or to a child."""

import gzip
import json
import random
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from sync import signing, wire
from sync.access import Doorkeeper, Unauthorised
from sync.answers import query_of
from sync.core import Lane
from sync.message import Answer, Request
from sync.parent import Parent
from sync.wire import BadBody, HelloBody, PushBody
from tests.sync.rig import NODE, Rig


def post(rig: Rig, path: str, body: bytes, headers: dict[str, str] | None = None) -> Answer:
    core = rig["w1"].core
    assert core is not None
    named = {"content-type": "application/json"} if headers is None else headers
    return rig.serve(parent_of(rig), core.link.request("POST", path, named, body))


def parent_of(rig: Rig) -> Parent:
    parent = rig[NODE].parent
    assert parent is not None
    return parent


def code(answer: Answer) -> tuple[int, str]:
    return answer.status, wire.decode(wire.ErrorAnswer, answer.body, answer.headers, 10**6).code


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"inc":1}',
        b'{"inc":"x","chains":[{"origin":"w1","inc":"x","from_seq":0,"records":["a"]}],"wraps":[],"more":false}',
        b'{"inc":"x","chains":[{"origin":"w1","inc":"x","from_seq":"1","records":["a"]}],"wraps":[],"more":false}',
        b'{"inc":"x","chains":[],"wraps":[],"more":false,"extra":1}',
        b'{"inc":"x","chains":[],"wraps":[{"dossier":"d","hall":"!","centre":""}],"more":false}',
        b'{"inc":"x","chains":[{"origin":"w1","inc":"x","from_seq":99999999999999999999,"records":["a"]}],"wraps":[],"more":false}',
    ],
)  # fmt: skip
def test_bad_bodies_are_refused_and_store_nothing(rig: Rig, body: bytes) -> None:
    rig.run()
    assert code(post(rig, "/v1/push", body)) == (400, "bad_body")
    assert rig.ids(NODE) == set()


@pytest.mark.parametrize("path", ["/v1/../secret", "/v1/nothing", "/", "/v1/feed/hall", "/v1/blobs/../../x"])
def test_unknown_paths(rig: Rig, path: str) -> None:
    rig.run()
    assert post(rig, path, b"{}").status in (400, 404)


def test_a_query_has_few_fields(rig: Rig) -> None:
    rig.run()
    core = rig["w1"].core
    assert core is not None
    asked = core.link.request("GET", "/v1/feed/hall?handle=-&pos=0&" + "&".join(f"f{n}=1" for n in range(7)))
    assert code(rig.serve(parent_of(rig), asked)) == (400, "bad_body")


@pytest.mark.parametrize(
    "query", ["handle=a%2Fb+c&pos=5&asks=", "pos=1&pos=2", "", "a", "a=&a=b", "x=%E4%B8%80"]
)
def test_a_query_is_read_as_the_standard_library_does(query: str) -> None:
    told = query_of(Request("GET", f"/v1/feed/hall?{query}", {}))
    assert told == {name: values[0] for name, values in parse_qs(query).items()}


def test_gzip_bombs_and_cut_streams() -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    packed = gzip.compress(b'{"a":"' + b"0" * 1_000_000 + b'"}')
    assert wire.unpack(packed, headers, 2_000_000).startswith(b'{"a"')
    for body in (gzip.compress(b"0" * 50_000_000), packed[:-9], packed + b"x", b"no gzip", b""):
        with pytest.raises(BadBody):
            wire.unpack(body, headers, 1_500_000)
    for other in ({"content-type": "text/html"}, {**headers, "content-encoding": "br"}, {}):
        with pytest.raises(BadBody):
            wire.unpack(b"{}", other, 100)


def test_strangers_and_the_revoked_get_401(rig: Rig) -> None:
    rig.run()
    core, children = rig["w1"].core, rig.children[NODE]
    assert core is not None
    request = core.link.request("POST", "/v1/push", {}, b"{}")
    stranger = Request(request.method, request.target, {**request.headers, signing.NODE: "w9"}, request.body)
    assert code(rig.serve(parent_of(rig), stranger)) == (401, "unknown_node")
    other = Request(request.method, request.target, {**request.headers, signing.NODE: "w2"}, request.body)
    assert code(rig.serve(parent_of(rig), other)) == (401, "bad_signature")
    bare = Request("POST", "/v1/push", {}, b"")
    assert rig.serve(parent_of(rig), bare).status == 401
    children["w1"] = replace(children["w1"], revoked=True)
    assert code(rig.serve(parent_of(rig), request)) == (401, "revoked")
    rig.open("w1", "d1", "一")
    rig.run(5)
    assert rig.ids(NODE) == set()
    assert "核验" in (core.state().problem_zh or "")


def test_an_old_nonce_leads_to_hello_not_to_loss(rig: Rig) -> None:
    rig.run()
    rig.open("w1", "d1", "一")
    rig.now += 13 * 3600
    rig.run()
    assert len(rig.ids(NODE)) == 2


def test_nonces_are_bound_to_node_and_incarnation() -> None:
    door = Doorkeeper({}, b"secret")
    nonce = door.nonce("w1", "i1", 100.0)
    assert door._fresh(nonce, "w1", "i1", 100.0)
    assert not door._fresh(nonce, "w2", "i1", 100.0)
    assert not door._fresh(nonce, "w1", "i2", 100.0)
    assert not door._fresh(nonce, "w1", "i1", 100.0 + 13 * 3600)
    until, _, mac = nonce.partition(".")
    assert not door._fresh(f"{int(until, 16) + 9:x}.{mac}", "w1", "i1", 100.0)
    with pytest.raises(Unauthorised):
        door.child("GET", "/v1/feed/hall", {}, b"", 0.0)


def test_a_kiosk_reads_no_case_and_takes_none(rig: Rig) -> None:
    rig.run()
    rig.children[NODE]["w1"] = replace(rig.children[NODE]["w1"], scopes=frozenset({"queue", "own"}))
    rig.open("w2", "d2", "别人的事")
    rig.exchange("w2", Lane.FACTS)
    core = rig["w1"].core
    assert core is not None
    for scope, status in (("hall", 403), ("own", 409), ("queue", 409), ("other", 403)):
        request = core.link.request("GET", f"/v1/feed/{scope}?handle=-&pos=0&limit=10&wait=0")
        assert rig.serve(parent_of(rig), request).status == status
    body = json.dumps({"req_id": "r", "dossier": "d2", "actor": "x", "have_n": 0}).encode()
    assert code(post(rig, "/v1/claims", body)) == (403, "scope")
    rig.children[NODE]["w1"] = replace(rig.children[NODE]["w1"], scopes=frozenset({"queue"}))


def test_other_protocol_versions_are_told_to_upgrade(rig: Rig) -> None:
    hello = HelloBody(protocol_min=7, protocol_max=9, role="terminal", version="9", receipt=None, words=[])
    body, headers = wire.encode(hello)
    assert code(post(rig, "/v1/hello", body, headers)) == (426, "protocol")


def test_another_machines_chain_is_refused(rig: Rig) -> None:
    rig.run()
    rig.open("w2", "d2", "一")
    inc = rig["w1"].store.identity.inc
    run = wire.Run(origin="w2", inc="x", from_seq=1, records=["{}"])
    body, headers = wire.encode(PushBody(inc=inc, chains=[run], wraps=[], more=False))
    answer = post(rig, "/v1/push", body, headers)
    told = wire.decode(wire.PushAnswer, answer.body, answer.headers, 10**6)
    assert [r.code for r in told.refused] == ["unknown_origin"]
    assert rig.codes(NODE) == []


def test_random_bytes_never_move_a_child(rig: Rig) -> None:
    """Answers that the parent did not sign change nothing, whatever they say."""
    rig.run()
    rig.open("w1", "d1", "一")
    core, rng = rig["w1"].core, random.Random(5)
    assert core is not None
    before = rig.picture()
    for _ in range(60):
        rig.now += 61
        for lane in Lane:
            request = core.next_request(lane, rig.now)
            if request is None:
                continue
            status = rng.choice([200, 201, 204, 301, 400, 401, 404, 409, 413, 429, 500])
            body = rng.choice(
                [b"", b"{}", b"<html>", rng.randbytes(50), b'{"marks":[],"code":"gap","text":""}']
            )
            core.on_answer(lane, request, Answer(status, {"content-type": "application/json"}, body), rig.now)
    assert rig.picture() == before
    rig.now += 100
    rig.run()
    assert len(rig.ids(NODE)) == 2
