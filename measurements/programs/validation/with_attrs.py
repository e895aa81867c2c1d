"""Orders in attrs, read and written by cattrs."""

from datetime import datetime
from typing import Literal

from attrs import define, field
from attrs.validators import and_, ge, le, matches_re, max_len, min_len
from cattrs.preconf.json import make_converter

from measurements.programs.validation.orders import SKU, measure


@define
class Item:
    sku: str = field(validator=matches_re(SKU))
    quantity: int = field(validator=and_(ge(1), le(100)))
    cents: int = field(validator=ge(0))


@define
class Order:
    number: int
    customer: str = field(validator=and_(min_len(1), max_len(100)))
    status: Literal["new", "paid", "sent"]
    placed_at: datetime
    discount: float = field(validator=and_(ge(0), le(1)))
    note: str | None
    items: list[Item]


converter = make_converter()
measure(
    lambda text: converter.loads(text, list[Order]),
    lambda orders: converter.dumps(orders, list[Order]),
    8,
)
