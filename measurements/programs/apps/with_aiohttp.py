"""The endpoint in aiohttp, with its own server."""

import sys

import uvloop
from aiohttp import web

from measurements.programs.apps.items import item


async def show(request: web.Request) -> web.Response:
    return web.json_response(item(int(request.match_info["number"])))


if __name__ == "__main__":
    app = web.Application()
    app.router.add_get(r"/items/{number:\d+}", show)
    port, loop = int(sys.argv[1]), uvloop.new_event_loop()
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None, loop=loop)
