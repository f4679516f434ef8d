// How the benchmark program reaches a reference: make it once, run it in pieces, free it.
#pragma once

#include <cstdint>

#define REFERENCE(name, Type, run)                                                               \
  extern "C" __attribute__((visibility("default"))) void *name##_make(                           \
      int64_t size, const uint64_t *state) {                                                     \
    return new Type(size, state);                                                                \
  }                                                                                              \
  extern "C" __attribute__((visibility("default"))) uint64_t name##_run(                         \
      void *reference, int64_t steps) {                                                          \
    return static_cast<Type *>(reference)->run(steps);                                           \
  }                                                                                              \
  extern "C" __attribute__((visibility("default"))) void name##_free(void *reference) {          \
    delete static_cast<Type *>(reference);                                                       \
  }
