"""The parent's side of blobs: HEAD and GET by digest, resumable uploads in pieces (OCI shape). Blocking."""

import re

from hall.journal.blobs import (
    BadName,
    BadPiece,
    BlobStore,
    DigestMismatch,
    Session,
    UnknownSession,
    WrongOffset,
)
from sync import feed, wire
from sync.access import ChildAccess
from sync.answers import query_of
from sync.message import Answer, Request
from sync.wire import BadBody, ErrorAnswer, UploadAnswer

MAX_PIECE = 1024 * 1024
CRC = "yichuang-crc"
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/\*")
_CRC = re.compile(r"[0-9a-f]{8}")


class BlobDoor:
    """Runs on worker threads."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    def serve(self, child: ChildAccess, request: Request) -> Answer:
        """Raises BadBody, StoreFault."""
        try:
            match (request.method, request.path.split("/")[2:]):
                case ("HEAD", ["blobs", digest]):
                    return Answer(200 if self._blobs.has(digest) else 404)
                case ("GET", ["blobs", digest]):
                    return self._get(child, digest)
                case ("POST", ["uploads"]):
                    return _standing(201, self._blobs.begin(child.node_id))
                case ("GET", ["uploads", session]):
                    return _standing(200, self._blobs.session(session, child.node_id))
                case ("PATCH", ["uploads", session]):
                    return self._piece(child, session, request)
                case ("PUT", ["uploads", session]):
                    digest = query_of(request).get("digest", "")
                    self._blobs.finish(session, child.node_id, digest)
                    return Answer(201)
        except BadName as exc:
            raise BadBody(str(exc)) from exc
        except (UnknownSession, FileNotFoundError):
            return _error(404, "unknown_upload", "上级没有这份文件或上传已过期。")
        except WrongOffset as exc:
            return _error(416, "offset", "", exc.offset)
        except BadPiece:
            return _error(400, "piece", "文件片段在传输中损坏。")
        except DigestMismatch:
            return _error(400, "digest", "文件与登记的摘要不符，将重新上传。")
        return _error(404, "unknown_path", "上级没有这个接口，请升级程序。")

    def _get(self, child: ChildAccess, digest: str) -> Answer:
        if feed.HALL not in child.scopes:
            return _error(403, "scope", "本机无权读取扫描件。")
        return Answer(200, {"content-type": wire.BLOB_TYPE}, self._blobs.open(digest))

    def _piece(self, child: ChildAccess, session: str, request: Request) -> Answer:
        place = _RANGE.fullmatch(request.headers.get("content-range", ""))
        crc = request.headers.get(CRC, "")
        if place is None or not _CRC.fullmatch(crc) or not 0 < len(request.body) <= MAX_PIECE:
            raise BadBody("piece")
        start, end = int(place[1]), int(place[2])
        if end - start + 1 != len(request.body):
            raise BadBody("range")
        grown = self._blobs.append(session, child.node_id, start, request.body, int(crc, 16))
        return _standing(202, grown)


def _standing(status: int, session: Session) -> Answer:
    body, headers = wire.encode(UploadAnswer(session=session.id, offset=session.offset))
    return Answer(status, headers, body)


def _error(status: int, code: str, text: str, offset: int | None = None) -> Answer:
    body, headers = wire.encode(ErrorAnswer(code=code, text=text, offset=offset))
    return Answer(status, headers, body)
