"""Bundles in compiled code: a `World` is passed to a rule as one pointer, not as its arrays one by one.

Without this every rule would be compiled with some two hundred arguments, and every call from Python would
unpack as many. The pointer leads to `Bundle.table`, whose words hold where each array lies and its shape.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import populate_array

from race_sim.layout import Bundle

WORD_BYTES = 8


class BundleType(types.Type):
    """The compiled type of a bundle: its name, and each field's name and type in the order of its table."""

    def __init__(self, name: str, fields: tuple[tuple[str, Any], ...]) -> None:
        super().__init__(name=name)
        self.fields = fields

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes two bundle types the same."""
        return self.name, self.fields

    def __hash__(self) -> int:
        """Hash of the name: numba asks at every call, and hashing the fields takes longer than most rules."""
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        """Whether name and fields agree."""
        return self is other or (isinstance(other, BundleType) and self.key == other.key)

    def place(self, name: str) -> tuple[int, Any]:
        """The word at which the entry of a field begins, and its type."""
        word = 0
        for other, part in self.fields:
            if other == name:
                return word, part
            word += 1 if isinstance(part, BundleType) else 1 + part.ndim
        raise AttributeError(name)


TYPES: dict[type[Bundle], BundleType] = {}
"""The compiled type of every bundle class met so far; the arrays of one class never differ in type."""


@typeof_impl.register(Bundle)
def type_of_bundle(bundle: Bundle, _context: Any) -> BundleType:
    """Tell numba the type of a bundle that enters a rule."""
    known = TYPES.get(type(bundle))
    if known is None:
        parts = tuple((name, numba.typeof(getattr(bundle, name))) for name in bundle.names())
        known = TYPES[type(bundle)] = BundleType(type(bundle).__name__, parts)
    return known


register_model(BundleType)(models.OpaqueModel)


@infer_getattr
class BundleFields(AttributeTemplate):  # type: ignore[misc]
    """The type of `bundle.field`."""

    key = BundleType

    def generic_resolve(self, bundle: BundleType, name: str) -> Any:
        """Type of the field, or None where there is no such field."""
        return dict(bundle.fields).get(name)


@lower_getattr_generic(BundleType)
def read_field(context: Any, builder: Any, bundle: BundleType, pointer: Any, name: str) -> Any:
    """Make the array, or the inner bundle, from its entry in the table.

    The table never changes during a call, which the loads say, and nothing here counts references: the arrays
    belong to the caller in Python.
    """
    word = ir.IntType(WORD_BYTES * 8)
    table = builder.bitcast(pointer, word.as_pointer())
    start, part = bundle.place(name)

    def entry(offset: int) -> Any:
        value = builder.load(builder.gep(table, [word(start + offset)]))
        value.set_metadata("invariant.load", builder.module.add_metadata([]))
        return value

    if isinstance(part, BundleType):
        return builder.inttoptr(entry(0), cgutils.voidptr_t)
    array = context.make_array(part)(context, builder)
    shape = [entry(1 + axis) for axis in range(part.ndim)]
    itemsize = context.get_abi_sizeof(context.get_data_type(part.dtype))
    strides = [word(itemsize)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    data = builder.inttoptr(entry(0), array.data.type)
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=itemsize, meminfo=None)
    return array._getvalue()  # noqa: SLF001 - the name numba gives it


@unbox(BundleType)
def pointer_to_table(_bundle_type: BundleType, bundle: Any, c: Any) -> Any:
    """Take the address of the table from the Python object."""
    address = c.pyapi.object_getattr_string(bundle, "address")
    pointer = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    return NativeValue(pointer, is_error=c.pyapi.c_api_error())
