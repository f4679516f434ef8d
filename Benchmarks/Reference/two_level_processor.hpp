// Cores in two levels: fair groups choose which guest a core runs and for how long, the guest's
// fair queue which of its tasks. The rules of
// Sources/Virtualization/Scheduling/TimeSlicedProcessor.swift with the same books: time by core and
// guest, steal, throttling, contention of every burst.
#pragma once

#include "fair_groups.hpp"
#include "fair_tasks.hpp"

#include <cstdint>
#include <vector>

struct CompletedBurst {
  int32_t task; // -1 for none
  int64_t contention;
  int64_t throttled;
};

// `Heap` is the event list; `Events` makes its events.
template <typename Heap, typename Events> class TwoLevelProcessor {
public:
  struct Core {
    int32_t entity = -1;
    int32_t job = -1;
    int32_t loadedEntity = -1;
    int32_t loadedTask = -1;
    int64_t stayStart = 0;
    int64_t stayEnd = INT64_MAX;
    int64_t accountedTo = 0;
    int64_t switchLeft = 0;
    typename Heap::Handle event = Heap::none;
    int64_t busy = 0;
    int64_t switching = 0;
    int64_t idle = 0;
  };

  enum class Waiting : uint8_t { no, forCore, forLimit };

  struct Guest {
    FairTasks queue;
    int32_t running = 0;
    int32_t lastCore = 0;
    int32_t wokenTasks = 0;
    bool isEligible = false;
    Waiting waiting = Waiting::no;
    int64_t waitingSince = 0;
    int64_t stolen = 0;
    int64_t held = 0;
    int64_t time = 0;

    int64_t heldClock(int64_t now) const {
      return held + (waiting == Waiting::forLimit ? now - waitingSince : 0);
    }
    int64_t stolenClock(int64_t now) const {
      return stolen + (waiting == Waiting::forCore ? now - waitingSince : 0);
    }
    void updateWaiting(bool isHeld, int64_t now) {
      const Waiting wanted =
          !isEligible ? Waiting::no : isHeld ? Waiting::forLimit : Waiting::forCore;
      if (wanted == waiting) return;
      held = heldClock(now);
      stolen = stolenClock(now);
      waiting = wanted;
      waitingSince = now;
    }
  };

  std::vector<Core> cores;
  std::vector<Guest> guests;
  int64_t entitySwitches = 0;
  int64_t taskSwitches = 0;
  int64_t preemptions = 0;

private:
  static constexpr int32_t processorsPerGuest = 2;
  static constexpr int64_t taskSwitch = 2000;
  static constexpr int64_t entitySwitch = 5000;

  FairGroups groups;
  Jobs jobs;
  std::vector<uint64_t> idle; // a bit for each idle core
  int idleCount = 0;
  std::vector<int32_t> vacant; // free, but held by a guest until the next settle
  std::vector<int32_t> woken;
  typename Heap::Handle timerEvent = Heap::none;
  int64_t timerTime = INT64_MAX;

public:
  TwoLevelProcessor(const std::vector<GuestConfiguration> &configuration, int coreCount)
      : cores(coreCount), guests(configuration.size()), groups(configuration, coreCount),
        jobs(4 * configuration.size() + 64), idle((coreCount + 63) / 64) {
    vacant.reserve(coreCount);
    woken.reserve(configuration.size());
    for (int core = 0; core < coreCount; ++core) setIdle(core);
    for (size_t guest = 0; guest < guests.size(); ++guest) {
      guests[guest].lastCore = int32_t(guest % coreCount);
    }
  }

  void submit(int32_t task, int32_t entity, int64_t work, int64_t now) {
    Guest &guest = guests[entity];
    const bool wakesUp = guest.running == 0 && guest.queue.count == 0;
    guest.queue.insertWoken(
        jobs.insert(Job(task, entity, work, now, guest.heldClock(now))), jobs);
    updateEligibility(entity, wakesUp, now);
    noteWoken(entity, 1);
  }

  // A core's burst is done, or its task's or its guest's slice is over.
  CompletedBurst quantumEnd(int32_t index, int64_t now) {
    Core &core = cores[index];
    core.event = Heap::none;
    const int32_t slot = core.job;
    if (slot < 0) return {-1, 0, 0};
    account(core, now);
    core.job = -1;
    vacant.push_back(index);
    Job &job = jobs[slot];
    if (job.remaining == 0 && core.switchLeft == 0) {
      const CompletedBurst done{job.task, job.contention, job.throttled};
      jobs.remove(slot);
      return done;
    }
    Guest &guest = guests[core.entity];
    startWaiting(job, guest, now);
    if (job.sliceLeft == 0) {
      guest.queue.insertAgain(slot, jobs);
    } else {
      guest.queue.insertPaused(slot, jobs);
    }
    return {-1, 0, 0};
  }

  void timer(int64_t now) {
    timerEvent = Heap::none;
    timerTime = INT64_MAX;
    for (const int32_t entity : groups.timer(now)) {
      guests[entity].updateWaiting(groups.isHeld(entity), now);
      noteWoken(entity, processorsPerGuest);
    }
  }

  void settle(int64_t now, Heap &heap) {
    continueVacantCores(now, heap);
    fillIdleCores(now, heap);
    preemptForWoken(now, heap);
    const int64_t wanted = groups.nextTimer();
    if (wanted == timerTime) return;
    timerTime = wanted;
    if (wanted == INT64_MAX) {
      heap.cancel(timerEvent);
      timerEvent = Heap::none;
    } else if (!heap.reschedule(timerEvent, wanted)) {
      timerEvent = heap.schedule(Events::timer(), wanted);
    }
  }

  // Brings the books of a core and of the task on it up to date.
  void account(Core &core, int64_t now) {
    const int64_t elapsed = now - core.accountedTo;
    const int64_t switching = std::min(elapsed, core.switchLeft);
    const int64_t work = elapsed - switching;
    Job &job = jobs[core.job];
    job.switching += switching;
    job.remaining -= work;
    if (job.sliceLeft != INT64_MAX) job.sliceLeft -= work;
    job.key += elapsed;
    guests[core.entity].time += elapsed;
    core.switching += switching;
    core.busy += work;
    core.switchLeft -= switching;
    core.accountedTo = now;
  }

private:
  void setIdle(int core) {
    idle[core >> 6] |= uint64_t(1) << (core & 63);
    idleCount += 1;
  }
  void clearIdle(int core) {
    idle[core >> 6] &= ~(uint64_t(1) << (core & 63));
    idleCount -= 1;
  }
  bool isIdle(int core) const { return idle[core >> 6] >> (core & 63) & 1; }
  int firstIdle() const {
    size_t word = 0;
    while (idle[word] == 0) word += 1;
    return int(word << 6) + __builtin_ctzll(idle[word]);
  }

  void startWaiting(Job &job, const Guest &guest, int64_t now) {
    job.readySince = now;
    job.heldAtReady = guest.heldClock(now);
  }

  void updateEligibility(int32_t entity, bool wokeUp, int64_t now) {
    Guest &guest = guests[entity];
    const bool isEligible = guest.queue.count > 0 && guest.running < processorsPerGuest;
    if (isEligible != guest.isEligible) {
      guest.isEligible = isEligible;
      if (isEligible) {
        groups.makeEligible(entity, wokeUp, now);
      } else {
        groups.makeIneligible(entity);
      }
    }
    guest.updateWaiting(groups.isHeld(entity), now);
  }

  void noteWoken(int32_t entity, int32_t tasks) {
    guests[entity].wokenTasks += tasks;
    if (guests[entity].wokenTasks == tasks) woken.push_back(entity);
  }

  void continueVacantCores(int64_t now, Heap &heap) {
    for (const int32_t index : vacant) {
      const int32_t entity = cores[index].entity;
      if (cores[index].stayEnd > now && guests[entity].queue.count > 0) {
        runNext(index, -1, now, heap);
      } else {
        release(index, now);
      }
      updateEligibility(entity, false, now);
    }
    vacant.clear();
  }

  void release(int32_t index, int64_t now) {
    Core &core = cores[index];
    groups.charge(core.entity, now - core.stayStart, now);
    guests[core.entity].running -= 1;
    guests[core.entity].lastCore = index;
    core.entity = -1;
    setIdle(index);
  }

  void fillIdleCores(int64_t now, Heap &heap) {
    while (idleCount > 0) {
      const FairGroups::Decision decision = groups.choose(now);
      if (decision.entity < 0) return;
      Guest &guest = guests[decision.entity];
      const int32_t index = isIdle(guest.lastCore) ? guest.lastCore : firstIdle();
      Core &core = cores[index];
      core.idle += now - core.accountedTo;
      core.accountedTo = now;
      clearIdle(index);
      core.entity = decision.entity;
      core.stayStart = now;
      guest.running += 1;
      guest.lastCore = index;
      if (core.loadedEntity != decision.entity) {
        if (core.loadedEntity >= 0) {
          core.switchLeft = entitySwitch;
          entitySwitches += 1;
        }
        core.loadedEntity = decision.entity;
        core.loadedTask = -1;
      }
      runNext(index, decision.slice, now, heap);
      updateEligibility(decision.entity, false, now);
    }
  }

  // Starts the guest's next task on a core that it has; `slice` is the length of a new stay, or -1.
  void runNext(int32_t index, int64_t slice, int64_t now, Heap &heap) {
    Core &core = cores[index];
    Guest &guest = guests[core.entity];
    const int32_t slot = guest.queue.removeNext(guest.running - 1, jobs);
    Job &job = jobs[slot];
    const int64_t throttled = guest.heldClock(now) - job.heldAtReady;
    job.throttled += throttled;
    job.contention += now - job.readySince - throttled;
    if (core.loadedTask != job.task) {
      if (core.loadedTask >= 0) {
        core.switchLeft = taskSwitch;
        taskSwitches += 1;
      }
      core.loadedTask = job.task;
    }
    core.job = slot;
    core.accountedTo = now;
    const int64_t start = now + core.switchLeft;
    if (slice >= 0) core.stayEnd = start + slice;
    const int64_t end = std::min(start + std::min(job.remaining, job.sliceLeft), core.stayEnd);
    if (!heap.reschedule(core.event, end)) {
      core.event = heap.schedule(Events::quantumEnd(index), end);
    }
  }

  void preemptForWoken(int64_t now, Heap &heap) {
    for (const int32_t entity : woken) {
      Guest &guest = guests[entity];
      int32_t attempts = guest.wokenTasks;
      guest.wokenTasks = 0;
      while (attempts > 0 && guest.queue.count > 0) {
        attempts -= 1;
        if (guest.isEligible) {
          if (guest.waiting != Waiting::forCore || !takeOverCore(entity, now, heap)) break;
        } else if (!takeOverFromSibling(entity, now, heap)) {
          break;
        }
      }
    }
    woken.clear();
  }

  bool takeOverCore(int32_t entity, int64_t now, Heap &heap) {
    const int32_t count = int32_t(cores.size());
    int32_t index = guests[entity].lastCore;
    for (int32_t step = 0; step < count; ++step) {
      Core &core = cores[index];
      const int32_t running = core.entity;
      if (running >= 0 && running != entity
          && groups.preempts(entity, running, now - core.stayStart)) {
        account(core, now);
        const int32_t slot = core.job;
        startWaiting(jobs[slot], guests[running], now);
        guests[running].queue.insertPaused(slot, jobs);
        core.job = -1;
        release(index, now);
        updateEligibility(running, false, now);
        preemptions += 1;
        fillIdleCores(now, heap);
        if (core.entity < 0) {
          heap.cancel(core.event);
          core.event = Heap::none;
        }
        return true;
      }
      index += 1;
      if (index == count) index = 0;
    }
    return false;
  }

  bool takeOverFromSibling(int32_t entity, int64_t now, Heap &heap) {
    Guest &guest = guests[entity];
    int32_t victim = -1;
    int64_t largestKey = 0;
    int32_t largestTask = 0;
    for (int32_t index = 0; index < int32_t(cores.size()); ++index) {
      if (cores[index].entity != entity) continue;
      const Job &running = jobs[cores[index].job];
      const int64_t key = running.key + (now - cores[index].accountedTo);
      if (!guest.queue.preempts(key, jobs)) continue;
      if (victim < 0 || key > largestKey
          || (key == largestKey && running.task > largestTask)) {
        victim = index;
        largestKey = key;
        largestTask = running.task;
      }
    }
    if (victim < 0) return false;
    const int32_t slot = cores[victim].job;
    account(cores[victim], now);
    startWaiting(jobs[slot], guest, now);
    guest.queue.insertAgain(slot, jobs);
    preemptions += 1;
    runNext(victim, -1, now, heap);
    return true;
  }
};
