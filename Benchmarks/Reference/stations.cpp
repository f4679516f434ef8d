// Two small models on the C++ event list, event for event the ones in Stations.swift.
#include "indexed_heap.hpp"
#include "interface.hpp"
#include "random.hpp"

#include <vector>

namespace {

// A first-come first-served queue with room for as many as come.
class Line {
  std::vector<int64_t> cells = std::vector<int64_t>(1024);
  size_t head = 0;
  size_t length = 0;

public:
  bool empty() const { return length == 0; }

  void append(int64_t value) {
    if (length == cells.size()) {
      std::vector<int64_t> larger(2 * length);
      for (size_t index = 0; index < length; ++index) {
        larger[index] = cells[(head + index) & (length - 1)];
      }
      cells.swap(larger);
      head = 0;
    }
    cells[(head + length) & (cells.size() - 1)] = value;
    length += 1;
  }

  int64_t removeFirst() {
    const int64_t value = cells[head];
    head = (head + 1) & (cells.size() - 1);
    length -= 1;
    return value;
  }
};

// M/M/1: Poisson arrivals, exponential service with mean 1 second, load 0.9.
struct SingleServer {
  enum class Event : uint8_t { arrival, departure };

  RandomStream random;
  IndexedHeap<Event> heap;
  Line line;
  bool busy = false;
  int64_t inService = 0;
  int64_t served = 0;
  int64_t sojourn = 0;
  Digest digest;

  SingleServer(int64_t, const uint64_t *state) : random(state) {
    heap.schedule(Event::arrival, 0);
  }

  void begin(int64_t arrival, int64_t now) {
    inService = arrival;
    heap.schedule(Event::departure, now + nanoseconds(random.exponential()));
  }

  void handle(Event event, int64_t now) {
    switch (event) {
    case Event::arrival:
      heap.schedule(Event::arrival, now + nanoseconds(random.exponential() * (1 / 0.9)));
      if (busy) {
        line.append(now);
      } else {
        busy = true;
        begin(now, now);
      }
      break;
    case Event::departure:
      served += 1;
      sojourn += now - inService;
      digest.add(now, uint64_t(sojourn));
      if (line.empty()) {
        busy = false;
      } else {
        begin(line.removeFirst(), now);
      }
      break;
    }
  }

  uint64_t run(int64_t customers) {
    const int64_t target = served + customers;
    while (served < target) {
      const Event event = heap.next();
      handle(event, heap.now());
    }
    return digest.word;
  }
};

// Sixteen cores shared equally by the jobs of so many guests, each with its own Poisson arrivals.
// Virtual time runs at the rate one job gets, min(1, cores / jobs); a job leaves when it has
// advanced by the job's demand.
struct SharedHost {
  struct Event {
    uint32_t guest; // `departure` for the next job to leave
  };
  static constexpr uint32_t departure = UINT32_MAX;
  static constexpr double cores = 16;

  struct Job {
    int64_t arrival;
    uint32_t guest;
  };
  struct Guest {
    int64_t served = 0;
    int64_t sojourn = 0;
  };

  RandomStream random;
  IndexedHeap<Event> heap;
  IndexedHeap<Job> jobs; // by the virtual time at which they leave
  std::vector<Guest> guests;
  double meanBetweenArrivals;
  double virtualTime = 0;
  int64_t updated = 0;
  uint64_t next = IndexedHeap<Event>::none;
  int64_t served = 0;
  Digest digest;

  SharedHost(int64_t count, const uint64_t *state)
      : random(state), guests(size_t(count)),
        meanBetweenArrivals(double(count) / (0.9 * cores)) {
    for (uint32_t guest = 0; guest < uint32_t(count); ++guest) {
      heap.schedule(Event{guest}, nanoseconds(random.exponential() * meanBetweenArrivals));
    }
  }

  double rate() const {
    const double present = double(jobs.count());
    return present <= cores ? 1 : cores / present;
  }

  void advance(int64_t now) {
    virtualTime += double(now - updated) * rate();
    updated = now;
  }

  void planDeparture(int64_t now) {
    const int64_t leaves = jobs.nextTime();
    if (leaves == INT64_MAX) return;
    const double wait = (double(leaves) - virtualTime) / rate();
    const int64_t time = now + nanoseconds(wait * 1e-9);
    if (!heap.reschedule(next, time)) next = heap.schedule(Event{departure}, time);
  }

  void handle(Event event, int64_t now) {
    advance(now);
    if (event.guest == departure) {
      const Job job = jobs.next();
      Guest &guest = guests[job.guest];
      guest.served += 1;
      guest.sojourn += now - job.arrival;
      served += 1;
      digest.add(now, job.guest);
    } else {
      heap.schedule(event, now + nanoseconds(random.exponential() * meanBetweenArrivals));
      const double demand = random.exponential() * 1e9;
      jobs.schedule(Job{now, event.guest}, nanoseconds((virtualTime + demand) * 1e-9));
    }
    planDeparture(now);
  }

  uint64_t run(int64_t customers) {
    const int64_t target = served + customers;
    while (served < target) {
      const Event event = heap.next();
      handle(event, heap.now());
    }
    return digest.word;
  }
};

} // namespace

REFERENCE(single_server, SingleServer, run)
REFERENCE(shared_host, SharedHost, run)
