"""The endpoint in Litestar."""

from typing import Any

from litestar import Litestar, get

from measurements.programs.apps.items import item


@get("/items/{number:int}")
async def show(number: int) -> dict[str, Any]:
    return item(number)


app = Litestar([show])
