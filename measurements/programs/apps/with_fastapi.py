"""The endpoint in FastAPI."""

from fastapi import FastAPI

from measurements.programs.apps.items import item

app = FastAPI()


@app.get("/items/{number}", response_model=None)
async def show(number: int) -> dict:
    return item(number)
