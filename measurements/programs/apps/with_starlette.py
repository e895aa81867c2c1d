"""The endpoint in Starlette."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from measurements.programs.apps.items import item


async def show(request: Request) -> JSONResponse:
    return JSONResponse(item(request.path_params["number"]))


app = Starlette(routes=[Route("/items/{number:int}", show)])
