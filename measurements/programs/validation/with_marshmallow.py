"""Orders in marshmallow."""

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from measurements.programs.validation.orders import SKU, STATUSES, measure


class Item(Schema):
    sku = fields.String(required=True, validate=Regexp(f"{SKU}$"))
    quantity = fields.Integer(required=True, strict=True, validate=Range(1, 100))
    cents = fields.Integer(required=True, strict=True, validate=Range(0))


class Order(Schema):
    number = fields.Integer(required=True, strict=True)
    customer = fields.String(required=True, validate=Length(1, 100))
    status = fields.String(required=True, validate=OneOf(STATUSES))
    placed_at = fields.AwareDateTime(required=True, format="iso")
    discount = fields.Float(required=True, validate=Range(0, 1))
    note = fields.String(required=True, allow_none=True)
    items = fields.List(fields.Nested(Item), required=True)


schema = Order(many=True)
measure(schema.loads, schema.dumps, 1)
