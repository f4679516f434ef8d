#pragma once

/// Why this shim: "no allocation in the event loop" is a promise, and the standard library offers
/// no way to count allocations. Linked into a test executable, it counts those of each thread.

#include <stdint.h>

/// Allocations made by the calling thread so far; -1 when they are not counted (under a sanitizer
/// or on a C library other than glibc).
int64_t allocation_count(void);
