"""A named tuple behind one pointer, so that a function is handed one word in place of some three hundred.

numba passes a tuple of arrays by value: every array as its pointer, shape and strides. ``packed`` stores the tuple
once, in the frame of its caller, and gives a pointer whose attributes are the tuple's. Its fields never change while
the pointer lives (only what is in the arrays does), and are marked so: the optimiser need not load them again.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import extending, types
from numba.core import cgutils, imputils, typing

NUMBA: Any = extending  # its types do not know what it makes of functions
CODE: Any = cgutils
LOWERING: Any = imputils
Fields: Any = typing.templates.AttributeTemplate
Pointer: Any = extending.models.PrimitiveModel


class Packed(types.Type):
    """Pointer to a named tuple of the type ``fields``."""

    def __init__(self, fields: Any) -> None:
        self.fields = fields
        super().__init__(name=f"Packed({fields.name})")


class PackedModel(Pointer):  # type: ignore[misc]
    """How the machine holds it."""

    def __init__(self, manager: Any, kind: Packed) -> None:
        super().__init__(manager, kind, manager.lookup(kind.fields).get_value_type().as_pointer())


class PackedFields(Fields):  # type: ignore[misc]
    """The type of a field."""

    key = Packed

    def generic_resolve(self, kind: Packed, name: str) -> Any:
        """The field's type; None where the tuple has no such field."""
        known = kind.fields.fields
        return kind.fields.types[known.index(name)] if name in known else None


def _load_field(context: Any, builder: Any, kind: Packed, value: Any, name: str) -> Any:
    """The code that loads a field."""
    place = kind.fields.fields.index(name)
    loaded = builder.load(CODE.gep_inbounds(builder, value, 0, place))
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


NUMBA.register_model(Packed)(PackedModel)
NUMBA.infer_getattr(PackedFields)
LOWERING.lower_getattr_generic(Packed)(_load_field)


def _packed(_context: Any, fields: Any) -> Any:
    """A pointer to the tuple, valid until the caller returns; None stays None."""
    if isinstance(fields, types.NoneType):
        return types.none(fields), lambda context, *_: context.get_dummy_value()

    def store(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        place = CODE.alloca_once_value(builder, values[0])
        kind = ir.FunctionType(place.type, [place.type])
        # without this, what is stored here and loaded as never changing may be loaded too early
        return builder.asm(kind, "", "=r,0,~{memory}", [place], side_effect=True)

    return Packed(fields)(fields), store


packed: Any = NUMBA.intrinsic(_packed)

__all__ = ["packed"]
