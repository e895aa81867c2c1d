"""Orders in msgspec."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.json import Decoder, Encoder

from measurements.programs.validation.orders import SKU, measure


class Item(Struct):
    sku: Annotated[str, Meta(pattern=f"^{SKU}$")]
    quantity: Annotated[int, Meta(ge=1, le=100)]
    cents: Annotated[int, Meta(ge=0)]


class Order(Struct):
    number: int
    customer: Annotated[str, Meta(min_length=1, max_length=100)]
    status: Literal["new", "paid", "sent"]
    placed_at: datetime
    discount: Annotated[float, Meta(ge=0, le=1)]
    note: str | None
    items: list[Item]


measure(Decoder(list[Order]).decode, Encoder().encode, 4)
