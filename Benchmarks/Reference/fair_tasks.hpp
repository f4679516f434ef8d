// Level two: the ready tasks of one guest in order of virtual run time, the completely fair
// discipline of Sources/Virtualization/Scheduling/TaskQueue.swift.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

// A burst of work: what is left of it and where its time went; all times in nanoseconds.
struct Job {
  int32_t task;
  int32_t entity;
  int64_t work;
  int64_t remaining;
  int64_t readySince;
  int64_t heldAtReady;
  int64_t contention = 0;
  int64_t throttled = 0;
  int64_t switching = 0;
  int64_t key = 0;
  int64_t order = 0;
  int64_t sliceLeft = INT64_MAX;
  int64_t arrivalsAtPause = 0;
  int32_t next = -1;
  int32_t child = -1;

  Job(int32_t task, int32_t entity, int64_t work, int64_t readySince, int64_t heldAtReady)
      : task(task), entity(entity), work(work), remaining(work), readySince(readySince),
        heldAtReady(heldAtReady) {}
};

// Numbered slots; the one given back last is handed out next.
class Jobs {
  std::vector<Job> slots;
  int32_t firstFree = -1;

public:
  explicit Jobs(size_t reserving) { slots.reserve(reserving); }

  Job &operator[](int32_t index) { return slots[index]; }
  const Job &operator[](int32_t index) const { return slots[index]; }

  int32_t insert(const Job &job) {
    if (firstFree < 0) {
      slots.push_back(job);
      return int32_t(slots.size()) - 1;
    }
    const int32_t slot = firstFree;
    firstFree = slots[slot].next;
    slots[slot] = job;
    return slot;
  }

  void remove(int32_t slot) {
    slots[slot].next = firstFree;
    firstFree = slot;
  }
};

class FairTasks {
  static constexpr int64_t slice = 3'000'000;
  static constexpr int64_t granularity = 1'000'000;

  int64_t virtualTime = 0;
  int64_t arrivals = 0;
  int64_t insertions = 0;
  int32_t root = -1;
  // Tasks that lost the core with their guest; they resume first.
  int32_t pausedHead = -1;
  int32_t pausedTail = -1;

public:
  int32_t count = 0;

  void insertWoken(int32_t job, Jobs &jobs) {
    arrivals += 1;
    count += 1;
    jobs[job].key = virtualTime;
    insertInHeap(job, jobs);
  }

  // For a task that used up its slice or lost the core to a sibling.
  void insertAgain(int32_t job, Jobs &jobs) {
    count += 1;
    insertInHeap(job, jobs);
  }

  void insertPaused(int32_t job, Jobs &jobs) {
    count += 1;
    jobs[job].arrivalsAtPause = arrivals;
    jobs[job].next = -1;
    if (pausedTail < 0) {
      pausedHead = job;
    } else {
      jobs[pausedTail].next = job;
    }
    pausedTail = job;
  }

  // Takes out the task to run next, with its slice set; there must be one.
  int32_t removeNext(int32_t running, Jobs &jobs) {
    const int32_t resumed = pausedHead;
    if (resumed >= 0) {
      pausedHead = jobs[resumed].next;
      if (pausedHead < 0) pausedTail = -1;
      count -= 1;
      if (jobs[resumed].arrivalsAtPause == arrivals || !preempts(jobs[resumed].key, jobs)) {
        return resumed;
      }
      insertAgain(resumed, jobs);
    }
    const int64_t tasks = count + running;
    count -= 1;
    const int32_t first = removeFromHeap(jobs);
    Job &job = jobs[first];
    if (job.key - virtualTime > 0) virtualTime = job.key;
    job.sliceLeft = std::max(slice / std::max<int64_t>(tasks, 1), granularity);
    return first;
  }

  // Whether the first ready task should take over from one whose virtual run time is `key`.
  bool preempts(int64_t key, const Jobs &jobs) const {
    return root >= 0 && jobs[root].key + granularity - key < 0;
  }

private:
  // A pairing heap threaded through the tasks.
  void insertInHeap(int32_t index, Jobs &jobs) {
    Job &job = jobs[index];
    job.order = ++insertions;
    job.child = -1;
    job.next = -1;
    root = root < 0 ? index : meld(root, index, jobs);
  }

  int32_t removeFromHeap(Jobs &jobs) {
    const int32_t first = root;
    int32_t rest = jobs[first].child;
    int32_t pairs = -1;
    while (rest >= 0) {
      const int32_t left = rest;
      const int32_t right = jobs[left].next;
      int32_t tree = left;
      rest = -1;
      if (right >= 0) {
        rest = jobs[right].next;
        tree = meld(left, right, jobs);
      }
      jobs[tree].next = pairs;
      pairs = tree;
    }
    int32_t result = -1;
    while (pairs >= 0) {
      const int32_t next = jobs[pairs].next;
      result = result < 0 ? pairs : meld(result, pairs, jobs);
      pairs = next;
    }
    root = result;
    if (root >= 0) jobs[root].next = -1;
    return first;
  }

  static int32_t meld(int32_t left, int32_t right, Jobs &jobs) {
    const int64_t difference = jobs[left].key - jobs[right].key;
    const bool leftFirst =
        difference < 0 || (difference == 0 && jobs[left].order < jobs[right].order);
    const int32_t parent = leftFirst ? left : right;
    const int32_t child = leftFirst ? right : left;
    jobs[child].next = jobs[parent].child;
    jobs[parent].child = child;
    return parent;
  }
};
