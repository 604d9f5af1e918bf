"""How both emulators are served: uvicorn with httptools takes half the time of their own servers, for the same answers.

MiniStack's own (hypercorn) parses in Python; moto's (werkzeug) opens a connection and a thread for each request.
"""

import uvicorn

# As long as the recording proxy before it keeps a connection that nobody uses.
KEEP_ALIVE_SECONDS = 75


def serve(app, port, lifespan):
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        loop="asyncio",
        http="httptools",
        ws="none",
        lifespan=lifespan,
        access_log=False,
        log_level="warning",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        # The emulators have their own; of two dates no client makes sense.
        date_header=False,
        server_header=False,
    )
