"""Our own files, as the browser wants them: text travels compressed, and what it has already does not travel at all."""

import asyncio
import gzip
from mimetypes import guess_type
from os import stat_result
from os.path import normpath
from pathlib import Path

from aiohttp import ETag, web

# Only what grows smaller: pictures and fonts are compressed already.
TEXT = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".ts": "text/plain",
}
WORTH_IT = 512  # bytes: below this a compressed answer is hardly smaller


class OwnFiles:
    """A folder's files. Each is compressed once and kept until it changes; there are no more of them than files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._packed: dict[Path, tuple[ETag, bytes]] = {}

    async def answer(self, request: web.Request, name: str) -> web.StreamResponse:
        """Raises HTTPNotFound for what is not in the folder."""
        path, found = self._find(name)
        type = TEXT.get(path.suffix)
        if type is None or found.st_size < WORTH_IT or not _takes_gzip(request):
            response: web.StreamResponse = web.FileResponse(path)
            response.content_type = type or guess_type(path)[0] or "application/octet-stream"
        else:
            response = await self._compressed(request, path, found, type)
        if type:
            response.headers["Vary"] = "Accept-Encoding"
            response.charset = "utf-8"
        return response

    def _find(self, name: str) -> tuple[Path, stat_result]:
        path = Path(normpath(self._folder / name))
        if "\0" in name or not path.is_relative_to(self._folder) or not path.is_file():
            raise web.HTTPNotFound
        return path, path.stat()

    async def _compressed(self, request: web.Request, path: Path, found: stat_result, type: str) -> web.Response:
        etag = ETag(f"{found.st_mtime_ns:x}-{found.st_size:x}-gzip")
        known = request.if_none_match or ()
        if any(each.value in ("*", etag.value) for each in known):
            response = web.Response(status=304)
        else:
            response = web.Response(body=await self._pack(path, etag), headers={"Content-Encoding": "gzip"})
        response.content_type = type
        response.etag = etag
        return response

    async def _pack(self, path: Path, etag: ETag) -> bytes:
        kept = self._packed.get(path)
        if kept is None or kept[0] != etag:
            kept = etag, await asyncio.to_thread(lambda: gzip.compress(path.read_bytes(), 9, mtime=0))
            self._packed[path] = kept
        return kept[1]


def _takes_gzip(request: web.Request) -> bool:
    """As RFC 9110 12.5.3 has it; a refusal (`gzip;q=0`) counts."""
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
