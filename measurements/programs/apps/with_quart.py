"""The endpoint in Quart."""

from quart import Quart

from measurements.programs.apps.items import item

app = Quart(__name__)


@app.get("/items/<int:number>")
async def show(number: int) -> dict:
    return item(number)
