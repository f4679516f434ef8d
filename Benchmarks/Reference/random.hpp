// The random stream of the Statistics module, draw for draw: xoshiro256++ 1.0 (Blackman and Vigna,
// ACM TOMS 47(4), 2021) and the exponential ziggurat (Marsaglia and Tsang, J. Stat. Software 5(8),
// 2000). The layers are taken from Sources/Statistics by Benchmarks/run, so both sides share them.
#pragma once

#include <cmath>
#include <cstdint>

inline constexpr double exponentialLayers[257] = {
#include "exponential_layers.inc"
};

struct RandomStream {
  uint64_t s0, s1, s2, s3;

  explicit RandomStream(const uint64_t *state)
      : s0(state[0]), s1(state[1]), s2(state[2]), s3(state[3]) {}

  uint64_t next() {
    const uint64_t sum = s0 + s3;
    const uint64_t result = (sum << 23 | sum >> 41) + s0;
    const uint64_t shifted = s1 << 17;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = s3 << 45 | s3 >> 19;
    return result;
  }

  static double unitInterval(uint64_t bits) {
    return (double(int64_t(bits >> 12)) + 0.5) * 0x1p-52;
  }

  double uniform() { return unitInterval(next()); }

  double exponential() {
    const uint64_t bits = next();
    const int layer = int(bits & 255);
    const double x = unitInterval(bits) * exponentialLayers[layer];
    if (__builtin_expect(x < exponentialLayers[layer + 1], 1)) return x;
    return remainder(layer, x);
  }

  // A uniform integer below a bound (Lemire, ACM TOMACS 29(1), 2019), without the rare rejection:
  // bounds here are far below 2^32, and both sides leave it out.
  uint64_t below(uint64_t bound) {
    return uint64_t((unsigned __int128)(next()) * bound >> 64);
  }

private:
  __attribute__((noinline)) double remainder(int layer, double x) {
    double offset = 0;
    while (true) {
      if (layer == 0) {
        offset += exponentialLayers[1];
      } else {
        const double low = std::exp(-exponentialLayers[layer]);
        const double high = std::exp(-exponentialLayers[layer + 1]);
        const double density = std::exp(-x);
        if (low + uniform() * (high - low) < density) return offset + x;
      }
      const uint64_t bits = next();
      layer = int(bits & 255);
      x = unitInterval(bits) * exponentialLayers[layer];
      if (x < exponentialLayers[layer + 1]) return offset + x;
    }
  }
};

// Seconds to the nearest nanosecond, as SimulationDuration(seconds:) does it.
inline int64_t nanoseconds(double seconds) {
  return int64_t((seconds * 1e9 + 0x1.8p52) - 0x1.8p52);
}

// The order of what was served, in one word.
struct Digest {
  uint64_t word = 0;

  void add(int64_t time, uint64_t what) {
    word = ((word << 7 | word >> 57) ^ uint64_t(time)) + what;
  }
};
