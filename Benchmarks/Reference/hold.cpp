// The hold model (Jones, CACM 29(4), 1986): a fixed number of events pending; each step takes the
// next one and schedules it anew an exponential time later. In the cancelling variant every second
// step, by the toss of a coin, also cancels another pending event and schedules it anew.
#include "indexed_heap.hpp"
#include "interface.hpp"
#include "random.hpp"

#include <queue>
#include <vector>

namespace {

struct HoldHeap {
  RandomStream random;
  IndexedHeap<uint32_t> heap;
  std::vector<uint64_t> handles;
  Digest digest;

  HoldHeap(int64_t pending, const uint64_t *state)
      : random(state), heap(size_t(pending)), handles(size_t(pending)) {
    for (int64_t event = 0; event < pending; ++event) {
      handles[event] = heap.schedule(uint32_t(event), nanoseconds(random.exponential()));
    }
  }

  uint64_t run(int64_t steps) {
    for (int64_t step = 0; step < steps; ++step) {
      const uint32_t event = heap.next();
      const int64_t now = heap.now();
      digest.add(now, event);
      heap.schedule(event, now + nanoseconds(random.exponential()));
    }
    return digest.word;
  }

  uint64_t runCancelling(int64_t steps) {
    const uint64_t pending = handles.size();
    for (int64_t step = 0; step < steps; ++step) {
      const uint32_t event = heap.next();
      const int64_t now = heap.now();
      digest.add(now, event);
      handles[event] = heap.schedule(event, now + nanoseconds(random.exponential()));
      if (random.next() >> 63) {
        const uint32_t other = uint32_t(random.below(pending));
        const int64_t time = now + nanoseconds(random.exponential());
        heap.cancel(handles[other]);
        handles[other] = heap.schedule(other, time);
      }
    }
    return digest.word;
  }
};

// What one writes without an engine: the standard library's binary heap of plain entries.
struct Entry {
  int64_t time;
  uint64_t sequence;
  uint32_t event;
  uint32_t version;

  bool operator<(const Entry &other) const {
    return time != other.time ? time > other.time : sequence > other.sequence;
  }
};

struct Reserved : std::priority_queue<Entry> {
  explicit Reserved(size_t count) { c.reserve(count); }
};

struct HoldStandard {
  RandomStream random;
  Reserved queue;
  std::vector<uint32_t> versions;
  uint64_t sequence = 0;
  Digest digest;

  HoldStandard(int64_t pending, const uint64_t *state)
      : random(state), queue(size_t(2 * pending)), versions(size_t(pending)) {
    for (int64_t event = 0; event < pending; ++event) {
      push(nanoseconds(random.exponential()), uint32_t(event), 0);
    }
  }

  void push(int64_t time, uint32_t event, uint32_t version) {
    queue.push(Entry{time, sequence++, event, version});
  }

  uint64_t run(int64_t steps) {
    for (int64_t step = 0; step < steps; ++step) {
      const Entry entry = queue.top();
      queue.pop();
      digest.add(entry.time, entry.event);
      push(entry.time + nanoseconds(random.exponential()), entry.event, 0);
    }
    return digest.word;
  }

  // Cancelling lazily: an entry whose version is no longer its event's is dropped when it comes.
  uint64_t runCancelling(int64_t steps) {
    const uint64_t pending = versions.size();
    for (int64_t step = 0; step < steps; ++step) {
      Entry entry = queue.top();
      queue.pop();
      while (entry.version != versions[entry.event]) {
        entry = queue.top();
        queue.pop();
      }
      const int64_t now = entry.time;
      digest.add(now, entry.event);
      push(now + nanoseconds(random.exponential()), entry.event, entry.version);
      if (random.next() >> 63) {
        const uint32_t other = uint32_t(random.below(pending));
        const int64_t time = now + nanoseconds(random.exponential());
        push(time, other, ++versions[other]);
      }
    }
    return digest.word;
  }
};

} // namespace

REFERENCE(hold_heap, HoldHeap, run)
REFERENCE(hold_heap_cancelling, HoldHeap, runCancelling)
REFERENCE(hold_standard, HoldStandard, run)
REFERENCE(hold_standard_cancelling, HoldStandard, runCancelling)
