"""What the endpoint of every framework answers."""

from typing import Any


def item(number: int) -> dict[str, Any]:
    return {
        "number": number,
        "name": f"Item {number}",
        "price": 19.5,
        "tags": ["small", "blue", "in stock"],
        "maker": {"name": "Kestrel Works", "country": "PT"},
    }
