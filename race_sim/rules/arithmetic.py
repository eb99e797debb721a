"""Elementary functions with the same bits on every processor, compiled or not.

The mathematical library's exponential, logarithm and power differ between processors in the last bit. These
are made of additions, multiplications, divisions and square roots only, which IEEE 754 fixes to the bit.

The polynomials of `exponential` and `logarithm` are those of fdlibm (Sun Microsystems 1993, `e_exp.c` and
`e_log.c`); `normal_quantile` is PPND16 of Wichura (1988), Algorithm AS 241, Applied Statistics 37:477-484.
"""

from __future__ import annotations

import math
import struct
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from race_sim.rules.compiler import rule

INFINITY = math.inf
LOG_2_HIGH = 6.93147180369123816490e-01
LOG_2_LOW = 1.90821492927058770002e-10
INVERSE_LOG_2 = 1.44269504088896338700e00
ROUND_TO_INTEGER = 6755399441055744.0  # 1.5 * 2^52: adding and subtracting it rounds to the nearest integer
EXPONENTIAL_OVERFLOW = 7.09782712893383973096e02
EXPONENTIAL_UNDERFLOW = -7.45133219101941108420e02
SMALLEST_NORMAL = 2.2250738585072014e-308
TWO_TO_54 = 18014398509481984.0
EXPONENT_BIAS = 1023
EXPONENT_SHIFT = 52
MANTISSA_MASK = (1 << 52) - 1
MANTISSA_OF_ONE = 1023 << 52
MANTISSA_OF_ROOT_2 = 0x6A09E667F3BCD

# Wichura's coefficients, the highest power first: |p - 1/2| <= 0.425, then tails above and below e^-25.
CENTRE_NUMERATOR = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080e0,
)
CENTRE_DENOMINATOR = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
TAIL_NUMERATOR = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
TAIL_DENOMINATOR = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940e0,
    2.05319162663775882187e0,
    1.0,
)
FAR_TAIL_NUMERATOR = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
FAR_TAIL_DENOMINATOR = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)


def _float_of_bits(bits: int) -> float:
    return float(struct.unpack("<d", struct.pack("<q", bits))[0])


def _bits_of_float(x: float) -> int:
    return int(struct.unpack("<q", struct.pack("<d", x))[0])


def _count_bits(x: int) -> int:
    return int(x).bit_count()


@intrinsic
def _float_of_bits_instruction(_context: Any, _bits: Any) -> Any:
    def generate(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


@intrinsic
def _bits_of_float_instruction(_context: Any, _x: Any) -> Any:
    def generate(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic
def _count_bits_instruction(_context: Any, _x: Any) -> Any:
    def generate(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


# Where nothing is compiled the plain functions run; numba replaces them by the instructions.
overload(_float_of_bits)(lambda _bits: lambda _bits: _float_of_bits_instruction(_bits))
overload(_bits_of_float)(lambda _x: lambda _x: _bits_of_float_instruction(_x))
overload(_count_bits)(lambda _x: lambda _x: _count_bits_instruction(_x))


@rule("i8(u8)")
def popcount(x: int) -> int:
    """Return the number of ones among the 64 bits of `x`: one instruction where the processor has it."""
    return _count_bits(x)


@rule("f8(f8)")
def exponential(x: float) -> float:
    """Return e to the power `x` within 1 unit in the last place.

    Infinity above 709.78, exactly 0 below -745.13.
    """
    x = float(x)
    if not (EXPONENTIAL_UNDERFLOW <= x <= EXPONENTIAL_OVERFLOW):
        if x > 0.0:
            return INFINITY
        if x < 0.0:
            return 0.0
        return x
    nearest = (x * INVERSE_LOG_2 + ROUND_TO_INTEGER) - ROUND_TO_INTEGER
    high = x - nearest * LOG_2_HIGH
    low = nearest * LOG_2_LOW
    r = high - low
    t = r * r
    series = -1.65339022054652515390e-06 + t * 4.13813679705723846039e-08
    series = 6.61375632143793436117e-05 + t * series
    series = -2.77777777770155933842e-03 + t * series
    series = 1.66666666666666019037e-01 + t * series
    c = r - t * series
    y = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    power_of_two = int(nearest)
    half = power_of_two >> 1
    first_scale = _float_of_bits((half + EXPONENT_BIAS) << EXPONENT_SHIFT)
    second_scale = _float_of_bits((power_of_two - half + EXPONENT_BIAS) << EXPONENT_SHIFT)
    return y * first_scale * second_scale


@rule("f8(f8)")
def logarithm(x: float) -> float:
    """Return the natural logarithm of `x` within 1 unit in the last place.

    -infinity at 0, not a number below.
    """
    x = float(x)
    exponent = -EXPONENT_BIAS
    if not (SMALLEST_NORMAL <= x < INFINITY):
        if x == 0.0:
            return -INFINITY
        if x < 0.0:
            return math.nan
        if not x < INFINITY:
            return x
        x = x * TWO_TO_54
        exponent = exponent - 54
    bits = _bits_of_float(x)
    exponent = exponent + (bits >> EXPONENT_SHIFT)
    mantissa = bits & MANTISSA_MASK
    above_root_2 = int(mantissa > MANTISSA_OF_ROOT_2)
    exponent = exponent + above_root_2
    k = float(exponent)
    f = _float_of_bits(mantissa | (MANTISSA_OF_ONE - (above_root_2 << EXPONENT_SHIFT))) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half_square = 0.5 * f * f
    return k * LOG_2_HIGH - ((half_square - (s * (half_square + (even + odd)) + k * LOG_2_LOW)) - f)


@rule("f8(f8, f8)")
def power(base: float, exponent: float) -> float:
    """Return `base` to the power `exponent`; 0 for a base of 0 or less, the base itself for the exponent 1.

    The relative error is about |exponent * logarithm(base)| units in the last place.
    """
    base = float(base)
    exponent = float(exponent)
    if base <= 0.0:
        return 0.0
    if exponent == 1.0:
        return base
    return exponential(exponent * logarithm(base))


@rule("f8(f8)")
def logistic(x: float) -> float:
    """Return 1 / (1 + e^-x), in [0, 1]; exactly 1 from x = 40 on."""
    return 1.0 / (1.0 + exponential(-x))


@rule("f8(UniTuple(f8, 8), f8)")
def polynomial(coefficients: tuple[float, ...], x: float) -> float:
    """Return the polynomial of degree 7 in `x` with these coefficients, the highest power first."""
    value = coefficients[0]
    for degree in range(1, 8):
        value = value * x + coefficients[degree]
    return value


@rule("f8(f8)")
def normal_quantile(probability: float) -> float:
    """Return the standard normal deviate below which a share `probability` lies.

    Relative error about 1e-15 (Wichura 1988). -infinity and infinity at 0 and 1, not a number outside [0, 1].
    """
    probability = float(probability)
    q = probability - 0.5
    if -0.425 <= q <= 0.425:
        r = 0.180625 - q * q
        return q * polynomial(CENTRE_NUMERATOR, r) / polynomial(CENTRE_DENOMINATOR, r)
    tail = probability if q < 0.0 else 1.0 - probability
    if not 0.0 <= tail < 0.5:
        return math.nan
    if tail == 0.0:
        return -INFINITY if q < 0.0 else INFINITY
    r = math.sqrt(-logarithm(tail))
    if r <= 5.0:
        quantile = polynomial(TAIL_NUMERATOR, r - 1.6) / polynomial(TAIL_DENOMINATOR, r - 1.6)
    else:
        quantile = polynomial(FAR_TAIL_NUMERATOR, r - 5.0) / polynomial(FAR_TAIL_DENOMINATOR, r - 5.0)
    return -quantile if q < 0.0 else quantile
