"""A WSGI application, such as moto's, for a server of asyncio: what moto reads of a request, and no more.

Requests are answered one after the other: moto keeps all in memory, waits for nothing, and locks nothing.
"""

import io
import sys
from email.utils import formatdate
from urllib.parse import unquote_to_bytes

from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY


def asgi(app):
    async def answer(scope, receive, send):
        begun = []
        environ = environ_of(scope, await body_of(receive))
        result = app(environ, lambda status, headers, *_: begun.extend((status, headers)))
        try:
            body = b"".join(result)
        finally:
            if hasattr(result, "close"):
                result.close()
        status, headers = begun
        fields = [("date", formatdate(usegmt=True)), *((name.lower(), value) for name, value in headers)]
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields]
        await send({"type": "http.response.start", "status": int(status.split(" ")[0]), "headers": encoded})
        await send({"type": "http.response.body", "body": body})

    return answer


async def body_of(receive):
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def environ_of(scope, body):
    path = scope["raw_path"].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    host, port = scope["server"]
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": f"{path}?{query}" if query else path,
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        # Only headers with an underscore in their name have another spelling, and no service here takes such.
        PRESERVED_HEADER_NAMES_ENVIRON_KEY: {},
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ
