/*
 * `race_sim.rules.engagement.confront` in C, for comparison: one countermeasure against every column.
 *
 * confront          the same loop with the same four lanes: the same bits
 * confront_plain    one running sum, as one would write it first: the sum differs in its last bits
 * confront_apart    the sum in a loop of its own, which lets gcc do several columns at once: the fastest found
 *
 * Each has a `repeat_` that calls it many times, so that the call into the library is not part of what is timed.
 */
#include <stdint.h>

#define COLUMNS                                                                                             \
    const uint64_t *restrict design, double *restrict alive, double *restrict survival, int64_t columns,    \
        uint64_t pattern, uint64_t mask, const double *restrict passing

#define PASSING(column) passing[__builtin_popcountll((design[column] ^ pattern) & mask)]

double confront(COLUMNS)
{
    double lane0 = 0.0, lane1 = 0.0, lane2 = 0.0, lane3 = 0.0;
    int64_t whole = columns - columns % 4;
    for (int64_t column = 0; column < whole; column += 4) {
        double pass0 = PASSING(column);
        double pass1 = PASSING(column + 1);
        double pass2 = PASSING(column + 2);
        double pass3 = PASSING(column + 3);
        alive[column] *= pass0;
        alive[column + 1] *= pass1;
        alive[column + 2] *= pass2;
        alive[column + 3] *= pass3;
        survival[column] *= pass0;
        survival[column + 1] *= pass1;
        survival[column + 2] *= pass2;
        survival[column + 3] *= pass3;
        lane0 += alive[column];
        lane1 += alive[column + 1];
        lane2 += alive[column + 2];
        lane3 += alive[column + 3];
    }
    for (int64_t column = whole; column < columns; column++) {
        double chance = PASSING(column);
        alive[column] *= chance;
        survival[column] *= chance;
        lane0 += alive[column];
    }
    return (lane0 + lane1) + (lane2 + lane3);
}

double confront_plain(COLUMNS)
{
    double sum = 0.0;
    for (int64_t column = 0; column < columns; column++) {
        double chance = PASSING(column);
        alive[column] *= chance;
        survival[column] *= chance;
        sum += alive[column];
    }
    return sum;
}

double confront_apart(COLUMNS)
{
    for (int64_t column = 0; column < columns; column++) {
        double chance = PASSING(column);
        alive[column] *= chance;
        survival[column] *= chance;
    }
    double lane[8] = {0.0};
    int64_t whole = columns - columns % 8;
    for (int64_t column = 0; column < whole; column += 8)
        for (int place = 0; place < 8; place++)
            lane[place] += alive[column + place];
    for (int64_t column = whole; column < columns; column++)
        lane[0] += alive[column];
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

#define REPEAT(loop)                                                                                        \
    double repeat_##loop(int64_t times, COLUMNS)                                                            \
    {                                                                                                       \
        double sum = 0.0;                                                                                   \
        for (int64_t time = 0; time < times; time++)                                                        \
            sum += loop(design, alive, survival, columns, pattern, mask, passing);                          \
        return sum;                                                                                         \
    }

REPEAT(confront)
REPEAT(confront_plain)
REPEAT(confront_apart)
