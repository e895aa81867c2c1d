"""Orders in Pydantic."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter

from measurements.programs.validation.orders import SKU, measure


class Item(BaseModel):
    sku: Annotated[str, Field(pattern=f"^{SKU}$")]
    quantity: Annotated[int, Field(ge=1, le=100)]
    cents: Annotated[int, Field(ge=0)]


class Order(BaseModel):
    number: int
    customer: Annotated[str, Field(min_length=1, max_length=100)]
    status: Literal["new", "paid", "sent"]
    placed_at: datetime
    discount: Annotated[float, Field(ge=0, le=1)]
    note: str | None
    items: list[Item]


ORDERS = TypeAdapter(list[Order])
measure(ORDERS.validate_json, ORDERS.dump_json, 2)
