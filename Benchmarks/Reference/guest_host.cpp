// A host of guests under two-level fair scheduling with one disk; GuestHost.swift says what it
// does.
#include "indexed_heap.hpp"
#include "interface.hpp"
#include "random.hpp"
#include "two_level_processor.hpp"

#include <algorithm>
#include <vector>

namespace {

struct Event {
  enum class Kind : uint32_t { request, quantumEnd, timer, diskDone };
  Kind kind;
  int32_t number; // of the client or the core

  static Event timer() { return {Kind::timer, 0}; }
  static Event quantumEnd(int32_t core) { return {Kind::quantumEnd, core}; }
};

// One channel, first come, first served.
class Disk {
  std::vector<int32_t> links;
  int32_t head = -1;
  int32_t tail = -1;
  int64_t free = 1;
  int64_t waiting = 0;
  int64_t lastChange = 0;
  int64_t busy = 0;
  int64_t queue = 0;

  void account(int64_t now) {
    const int64_t elapsed = now - lastChange;
    busy += (1 - free) * elapsed;
    queue += waiting * elapsed;
    lastChange = now;
  }

public:
  explicit Disk(size_t clients) : links(clients, -1) {}

  bool arrive(int32_t client, int64_t now) {
    account(now);
    if (free > 0) {
      free -= 1;
      return true;
    }
    links[client] = -1;
    if (tail >= 0) {
      links[tail] = client;
    } else {
      head = client;
    }
    tail = client;
    waiting += 1;
    return false;
  }

  // The client that is served next, or -1.
  int32_t finish(int64_t now) {
    account(now);
    if (head < 0) {
      free += 1;
      return -1;
    }
    const int32_t next = head;
    head = links[next];
    if (head < 0) tail = -1;
    waiting -= 1;
    return next;
  }

  int64_t busyTime(int64_t now) const { return busy + (1 - free) * (now - lastChange); }
  int64_t queueTime(int64_t now) const { return queue + waiting * (now - lastChange); }
};

struct GuestHost {
  using Heap = IndexedHeap<Event>;
  using Processor = TwoLevelProcessor<Heap, Event>;

  struct Client {
    int64_t asked = 0;
    bool hasRead = false;
  };

  static constexpr int cores = 16;
  static constexpr uint32_t clientsPerGuest = 4;
  static constexpr double burst = 0.003;
  static constexpr double service = 0.0003;
  static constexpr double response = 0.009;

  RandomStream random;
  Heap heap;
  Processor processors;
  Disk disk;
  std::vector<Client> clients;
  double think;
  int64_t handled = 0;
  int64_t served = 0;
  int64_t sojourn = 0;
  Digest digest;

  static std::vector<GuestConfiguration> configuration(int64_t guests) {
    std::vector<GuestConfiguration> result;
    const double weights[] = {512, 1024, 2048, 1024};
    const double limit = std::max(0.2, 1.5 * (0.8 * double(cores)) / double(guests));
    for (int64_t guest = 0; guest < guests; ++guest) {
      result.push_back({weights[guest % 4], guest % 10 == 9 ? limit : 0});
    }
    return result;
  }

  GuestHost(int64_t guests, const uint64_t *state)
      : random(state), heap(size_t(guests) * clientsPerGuest + 64),
        processors(configuration(guests), cores), disk(size_t(guests) * clientsPerGuest),
        clients(size_t(guests) * clientsPerGuest),
        think(double(clients.size()) * 2 * burst / (0.8 * double(cores)) - response) {
    for (int32_t client = 0; client < int32_t(clients.size()); ++client) {
      heap.schedule(Event{Event::Kind::request, client}, delay(think));
    }
  }

  int64_t delay(double mean) { return nanoseconds(random.exponential() * mean); }

  void compute(int32_t client, int64_t now) {
    processors.submit(client, int32_t(uint32_t(client) / clientsPerGuest), delay(burst), now);
  }

  void read(int32_t client, int64_t now) {
    heap.schedule(Event{Event::Kind::diskDone, client}, now + delay(service));
  }

  void afterBurst(CompletedBurst done, int64_t now) {
    if (done.task < 0) return;
    digest.add(now, uint64_t(done.contention + done.throttled) ^ uint64_t(done.task));
    if (clients[done.task].hasRead) {
      served += 1;
      sojourn += now - clients[done.task].asked;
      heap.schedule(Event{Event::Kind::request, done.task}, now + delay(think));
    } else if (disk.arrive(done.task, now)) {
      read(done.task, now);
    }
  }

  void handle(Event event, int64_t now) {
    switch (event.kind) {
    case Event::Kind::request:
      clients[event.number] = Client{now, false};
      compute(event.number, now);
      break;
    case Event::Kind::quantumEnd:
      afterBurst(processors.quantumEnd(event.number, now), now);
      break;
    case Event::Kind::timer:
      processors.timer(now);
      break;
    case Event::Kind::diskDone: {
      const int32_t next = disk.finish(now);
      if (next >= 0) read(next, now);
      clients[event.number].hasRead = true;
      compute(event.number, now);
      break;
    }
    }
    processors.settle(now, heap);
  }

  uint64_t run(int64_t events) {
    for (int64_t event = 0; event < events; ++event) {
      const Event next = heap.next();
      handle(next, heap.now());
    }
    handled += events;
    return digestOfAll(heap.now());
  }

  uint64_t digestOfAll(int64_t now) const {
    Digest result = digest;
    for (int index = 0; index < cores; ++index) {
      const Processor::Core &core = processors.cores[index];
      const int64_t since = now - core.accountedTo;
      const int64_t switching = core.job < 0 ? 0 : std::min(since, core.switchLeft);
      const int64_t work = core.job < 0 ? 0 : since - switching;
      result.add(core.busy + work, uint64_t(core.idle + (core.job < 0 ? since : 0)));
      result.add(core.switching + switching, uint64_t(index));
    }
    std::vector<int64_t> time;
    for (const Processor::Guest &guest : processors.guests) time.push_back(guest.time);
    for (const Processor::Core &core : processors.cores) {
      if (core.job >= 0) time[core.entity] += now - core.accountedTo;
    }
    for (size_t index = 0; index < processors.guests.size(); ++index) {
      const Processor::Guest &guest = processors.guests[index];
      result.add(time[index], uint64_t(guest.stolenClock(now)));
      result.add(guest.heldClock(now), index);
    }
    result.add(processors.entitySwitches, uint64_t(processors.taskSwitches));
    result.add(processors.preemptions, uint64_t(handled));
    result.add(sojourn, uint64_t(served));
    result.add(disk.busyTime(now), uint64_t(disk.queueTime(now)));
    return result.word;
  }
};

} // namespace

REFERENCE(guest_host, GuestHost, run)
