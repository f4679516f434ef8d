// The future-event list of the DiscreteEvents module in C++: an indexed four-ary heap with one
// 128-bit key (time 64, sequence 40, slot 24 bits), siblings on one cache line, no branch in the
// choice of the smallest child, and the hole at the root filled by the next scheduling.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

template <typename Event> class IndexedHeap {
  using Key = unsigned __int128;
  static constexpr uint64_t slotBits = 24;
  static constexpr uint64_t slotMask = (uint64_t(1) << slotBits) - 1;
  static constexpr size_t root = 3;
  static constexpr uint32_t freeMark = uint32_t(1) << 31;
  static constexpr size_t keysInNearestCache = 4096;
  static constexpr uint32_t noSlot = UINT32_MAX;
  static constexpr Key largest = ~Key(0);

  Key *keys;
  uint32_t *positions;
  Event *events;
  size_t end = root;
  size_t capacity;
  size_t slotsUsed = 0;
  uint32_t firstFree = noSlot;
  bool rootIsHole = false;
  uint64_t sequence = 0;
  int64_t clock = 0;
  size_t peak = 0;
  size_t clamped = 0;

public:
  using Handle = uint64_t;
  static constexpr Handle none = UINT64_MAX;

  explicit IndexedHeap(size_t reserving = 64) : capacity(std::max<size_t>(reserving, 4)) {
    keys = allocateKeys(capacity);
    positions = static_cast<uint32_t *>(std::malloc(capacity * sizeof(uint32_t)));
    events = static_cast<Event *>(std::malloc(capacity * sizeof(Event)));
  }
  IndexedHeap(const IndexedHeap &) = delete;
  IndexedHeap &operator=(const IndexedHeap &) = delete;
  ~IndexedHeap() {
    std::free(keys);
    std::free(positions);
    std::free(events);
  }

  int64_t now() const { return clock; }
  size_t count() const { return end - root - (rootIsHole ? 1 : 0); }

  // The time of the next event, or INT64_MAX.
  int64_t nextTime() {
    closeHole();
    return end > root ? int64_t(keys[root] >> 64) : INT64_MAX;
  }

  Handle schedule(const Event &event, int64_t time) {
    if (__builtin_expect(sequence >> slotBits == (uint64_t(1) << 40) - 1, 0)) return none;
    if (rootIsHole) {
      rootIsHole = false;
      const size_t slot = slotOf(keys[root]);
      events[slot] = event;
      const Key key = nextKey(time, slot);
      siftDown(key, root);
      return uint64_t(key);
    }
    size_t slot;
    if (firstFree != noSlot) {
      slot = firstFree & ~freeMark;
      firstFree = positions[slot];
    } else {
      if (__builtin_expect(slotsUsed == capacity, 0)) {
        if (slotsUsed == slotMask) return none;
        grow();
      }
      slot = slotsUsed++;
    }
    events[slot] = event;
    const Key key = nextKey(time, slot);
    const size_t position = end++;
    peak = std::max(peak, count());
    siftUp(key, position);
    return uint64_t(key);
  }

  bool cancel(Handle handle) {
    const size_t position = positionOf(handle);
    if (position == 0) return false;
    release(handle & slotMask);
    removeKey(position);
    return true;
  }

  bool reschedule(Handle &handle, int64_t time) {
    const size_t position = positionOf(handle);
    if (position == 0) return false;
    const Key key = nextKey(time, handle & slotMask);
    handle = uint64_t(key);
    sift(key, position);
    return true;
  }

  // Takes the next event; there must be one.
  Event next() {
    closeHole();
    const Key key = keys[root];
    const size_t slot = slotOf(key);
    positions[slot] = noSlot;
    rootIsHole = true;
    clock = int64_t(key >> 64);
    return events[slot];
  }

private:
  static size_t slotOf(Key key) { return uint64_t(key) & slotMask; }

  static Key *allocateKeys(size_t slots) {
    const size_t cells = (slots + root + 3) / 4 * 4;
    Key *memory = static_cast<Key *>(std::aligned_alloc(64, cells * sizeof(Key)));
    std::fill(memory, memory + cells, largest);
    return memory;
  }

  void place(Key key, size_t position) {
    keys[position] = key;
    positions[slotOf(key)] = uint32_t(position);
  }

  size_t positionOf(Handle handle) const {
    const size_t slot = handle & slotMask;
    if (slot >= slotsUsed) return 0;
    const uint32_t position = positions[slot];
    if (position & freeMark || uint64_t(keys[position]) != handle) return 0;
    return position;
  }

  Key nextKey(int64_t time, size_t slot) {
    if (__builtin_expect(time < clock, 0)) {
      time = clock;
      clamped += 1;
    }
    sequence += uint64_t(1) << slotBits;
    return Key(uint64_t(time)) << 64 | (sequence | slot);
  }

  void closeHole() {
    if (!rootIsHole) return;
    rootIsHole = false;
    release(slotOf(keys[root]));
    removeKey(root);
  }

  void release(size_t slot) {
    positions[slot] = firstFree;
    firstFree = uint32_t(slot) | freeMark;
  }

  void removeKey(size_t position) {
    end -= 1;
    const Key last = keys[end];
    keys[end] = largest;
    if (position == end) return;
    sift(last, position);
  }

  void sift(Key key, size_t position) {
    if (position > root && key < keys[position / 4 + 2]) {
      siftUp(key, position);
    } else {
      siftDown(key, position);
    }
  }

  void siftUp(Key key, size_t position) {
    while (position > root) {
      const size_t parent = position / 4 + 2;
      const Key parentKey = keys[parent];
      if (parentKey < key) break;
      place(parentKey, position);
      position = parent;
    }
    place(key, position);
  }

  void siftDown(Key key, size_t position) {
    while (true) {
      const size_t child = 4 * position - 8;
      if (child >= end) break;
      // The children of all four lie in four lines in a row, one of which is the next to be read;
      // a heap that fits the nearest cache has no use for the hint.
      const size_t grandchildren = 4 * child - 8;
      if (end > keysInNearestCache && grandchildren < end) {
        const char *line = reinterpret_cast<const char *>(keys + grandchildren);
        __builtin_prefetch(line);
        __builtin_prefetch(line + 64);
        __builtin_prefetch(line + 128);
        __builtin_prefetch(line + 192);
      }
      const size_t left = child + (keys[child + 1] < keys[child] ? 1 : 0);
      const size_t right = child + 2 + (keys[child + 3] < keys[child + 2] ? 1 : 0);
      const size_t smallest = keys[right] < keys[left] ? right : left;
      const Key smallestKey = keys[smallest];
      if (key < smallestKey) break;
      place(smallestKey, position);
      position = smallest;
    }
    place(key, position);
  }

  void grow() {
    const size_t larger = std::min<size_t>(capacity * 2, slotMask);
    Key *newKeys = allocateKeys(larger);
    std::memcpy(newKeys, keys, end * sizeof(Key));
    std::free(keys);
    keys = newKeys;
    positions = static_cast<uint32_t *>(std::realloc(positions, larger * sizeof(uint32_t)));
    events = static_cast<Event *>(std::realloc(events, larger * sizeof(Event)));
    capacity = larger;
  }
};
