// Numbered members in order of a key, with true removal and change of keys: the four-ary heap of
// Sources/Virtualization/Scheduling/IndexedHeap.swift.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

class MemberHeap {
  struct Entry {
    int64_t key;
    // Place among equal keys in the upper 40 bits, member in the lower 24.
    int64_t order;

    int32_t member() const { return int32_t(order & 0xFFFFFF); }
    bool precedes(const Entry &other) const {
      const int64_t difference = int64_t(uint64_t(key) - uint64_t(other.key));
      return difference < 0 || (difference == 0 && order < other.order);
    }
  };

  std::vector<Entry> entries;
  std::vector<int32_t> positions; // -1 for nowhere
  int64_t sequence = 0;
  size_t count = 0;

public:
  explicit MemberHeap(size_t members) : entries(members), positions(members, -1) {}

  bool empty() const { return count == 0; }
  int32_t first() const { return count > 0 ? entries[0].member() : -1; }
  int64_t firstKey() const { return entries[0].key; }
  bool contains(int32_t member) const { return positions[member] >= 0; }

  void update(int32_t member, int64_t key, bool aheadOfEqual = false) {
    sequence += 1;
    const int64_t place = aheadOfEqual ? ~sequence : sequence;
    const Entry entry{key, int64_t(uint64_t(place) << 24 | uint64_t(member))};
    const int32_t position = positions[member];
    if (position < 0) {
      siftUp(entry, count++);
    } else {
      sift(entry, size_t(position));
    }
  }

  // Where the place among equal keys does not matter; whether it was not in yet.
  bool setKey(int32_t member, int64_t key) {
    const int32_t position = positions[member];
    if (position < 0 || entries[position].key != key) update(member, key);
    return position < 0;
  }

  void remove(int32_t member) {
    const int32_t position = positions[member];
    if (position < 0) return;
    positions[member] = -1;
    count -= 1;
    if (size_t(position) < count) sift(entries[count], size_t(position));
  }

private:
  void sift(Entry entry, size_t position) {
    if (position > 0 && entry.precedes(entries[(position - 1) >> 2])) {
      siftUp(entry, position);
    } else {
      siftDown(entry, position);
    }
  }

  void siftUp(Entry entry, size_t position) {
    Entry *const entries = this->entries.data(); // in registers, as on the Swift side
    int32_t *const positions = this->positions.data();
    while (position > 0) {
      const size_t parent = (position - 1) >> 2;
      const Entry parentEntry = entries[parent];
      if (!entry.precedes(parentEntry)) break;
      entries[position] = parentEntry;
      positions[parentEntry.member()] = int32_t(position);
      position = parent;
    }
    entries[position] = entry;
    positions[entry.member()] = int32_t(position);
  }

  void siftDown(Entry entry, size_t position) {
    Entry *const entries = this->entries.data();
    int32_t *const positions = this->positions.data();
    const size_t count = this->count;
    while (true) {
      const size_t firstChild = (position << 2) + 1;
      if (firstChild >= count) break;
      size_t smallest = firstChild;
      Entry smallestEntry = entries[firstChild];
      const size_t end = firstChild + 4 < count ? firstChild + 4 : count;
      for (size_t child = firstChild + 1; child < end; ++child) {
        const Entry childEntry = entries[child];
        if (childEntry.precedes(smallestEntry)) {
          smallest = child;
          smallestEntry = childEntry;
        }
      }
      if (!smallestEntry.precedes(entry)) break;
      entries[position] = smallestEntry;
      positions[smallestEntry.member()] = int32_t(position);
      position = smallest;
    }
    entries[position] = entry;
    positions[entry.member()] = int32_t(position);
  }
};
