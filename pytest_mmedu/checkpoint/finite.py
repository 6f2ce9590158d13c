"""有限的数 | Are these raw numbers finite? Read from their bytes, without numpy and without decoding them.

A floating-point number is NaN or infinite where all bits of its exponent are set. Those bits lie in its two highest
bytes, so almost always one look at the highest byte of each number settles it.
"""

from __future__ import annotations

# The exponent's bits within the two highest bytes.
_EXPONENTS = {
    "float64": (8, 0x7FF0),
    "float32": (4, 0x7F80),
    "float16": (2, 0x7C00),
    "bfloat16": (2, 0x7F80),
    "complex64": (4, 0x7F80),
    "complex128": (8, 0x7FF0),
}


def all_finite(raw: bytes, dtype: str) -> bool:
    """`raw` are whole little-endian numbers; whole numbers are always finite."""
    if dtype not in _EXPONENTS:
        return True
    item, mask = _EXPONENTS[dtype]
    high = raw[item - 1 :: item]
    if not any(byte in high for byte in _suspicious(mask >> 8)):
        return True
    low = raw[item - 2 :: item]
    return not any((top << 8 | next_byte) & mask == mask for top, next_byte in zip(high, low, strict=True))


def _suspicious(mask: int) -> list[int]:
    return [byte for byte in range(256) if byte & mask == mask]
