// Level one: fair groups with weights, wake-up preemption and quota, as in
// Sources/Virtualization/Scheduling/CompletelyFairGroups.swift.
#pragma once

#include "member_heap.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

struct GuestConfiguration {
  double weight;
  double limit; // cores; 0 for none
};

class FairGroups {
  struct Group {
    int64_t runTime = 0;
    int64_t rate = 0; // virtual time per time
    double weight = 1;
    int64_t quota = 0; // per period; 0 for none
    int64_t quotaLeft = 0;
    int64_t periodStart = 0;
    int32_t running = 0;
    bool isEligible = false;
    bool hasRun = false;
  };

  static constexpr int64_t unit = 4096;

  std::vector<Group> groups;
  MemberHeap choosable;
  MemberHeap runnable;
  MemberHeap held; // by the time at which the limit lets go
  std::vector<int32_t> released;
  double runnableWeight = 0;
  int64_t smallestRunTime = 0;
  double cores;
  int64_t latency = 24'000'000; // the kernel's constants for eight cores and more
  int64_t granularity = 3'000'000;
  int64_t wakeupGranularity = 4'000'000;
  int64_t period = 100'000'000;
  int64_t sleeperCredit;

public:
  struct Decision {
    int32_t entity; // -1 for none
    int64_t slice;
  };

  FairGroups(const std::vector<GuestConfiguration> &guests, int coreCount)
      : groups(guests.size()), choosable(guests.size()), runnable(guests.size()),
        held(guests.size()), cores(coreCount) {
    released.reserve(guests.size());
    double largest = 0;
    for (const GuestConfiguration &guest : guests) largest = std::max(largest, guest.weight);
    const auto rateOf = [&](double weight) {
      return int64_t(std::round(double(unit) / std::max(weight / largest, 1e-6)));
    };
    sleeperCredit = latency / 2 * rateOf(1024);
    for (size_t index = 0; index < guests.size(); ++index) {
      Group &group = groups[index];
      group.rate = rateOf(guests[index].weight);
      group.weight = double(unit) / double(group.rate);
      if (guests[index].limit > 0) {
        group.quota = int64_t(
            std::round(std::max(double(period) * std::min(guests[index].limit, cores), 1.0)));
        group.quotaLeft = group.quota;
      }
    }
  }

  bool isHeld(int32_t entity) const { return groups[entity].quota > 0 && held.contains(entity); }

  int64_t nextTimer() const { return held.empty() ? INT64_MAX : held.firstKey(); }

  void makeEligible(int32_t entity, bool wokeUp, int64_t now) {
    Group &group = groups[entity];
    if (wokeUp) {
      advanceSmallest();
      const int64_t place = smallestRunTime - sleeperCredit;
      if (group.runTime - place < 0) group.runTime = place;
    }
    group.isEligible = true;
    if (group.quota > 0 && !held.contains(entity)) {
      if (!group.hasRun) {
        group.hasRun = true;
        group.periodStart = now;
      }
      refill(group, now);
    }
    enter(entity, wokeUp);
  }

  void makeIneligible(int32_t entity) {
    groups[entity].isEligible = false;
    enter(entity, false);
  }

  Decision choose(int64_t now) {
    const int32_t entity = choosable.first();
    if (entity < 0) return {-1, 0};
    Group &group = groups[entity];
    group.running += 1;
    const double share = group.weight * cores / std::max(runnableWeight, group.weight);
    int64_t slice =
        std::max(int64_t(std::round(double(latency) * std::min(share, 1.0))), granularity);
    if (group.quota > 0) {
      refill(group, now);
      slice = std::min(slice, std::max<int64_t>(group.quotaLeft, 1));
    }
    choosable.update(entity, group.runTime);
    return {entity, slice};
  }

  void charge(int32_t entity, int64_t ran, int64_t now) {
    Group &group = groups[entity];
    group.runTime += ran * group.rate;
    group.running -= 1;
    if (group.quota > 0) {
      // What ran before the present period began is charged to the one before it.
      const int64_t sinceStart = now - group.periodStart;
      const int64_t recent = std::min(ran, sinceStart - sinceStart / period * period);
      group.quotaLeft -= ran - recent;
      refill(group, now);
      group.quotaLeft -= recent;
      if (group.quotaLeft <= 0) held.update(entity, group.periodStart + period);
    }
    enter(entity, false);
  }

  bool preempts(int32_t entity, int32_t running, int64_t ranSoFar) const {
    const int64_t ahead = groups[running].runTime + ranSoFar * groups[running].rate;
    return ahead - groups[entity].runTime > wakeupGranularity * groups[entity].rate;
  }

  // Lets go of those whose limit is over, and returns them.
  const std::vector<int32_t> &timer(int64_t now) {
    released.clear();
    while (!held.empty() && held.firstKey() <= now) {
      const int32_t entity = held.first();
      Group &group = groups[entity];
      held.remove(entity);
      refill(group, now);
      if (group.quotaLeft > 0) {
        released.push_back(entity);
      } else {
        held.update(entity, group.periodStart + period);
      }
      enter(entity, false);
    }
    return released;
  }

private:
  // Begins the period that `now` lies in; what was overdrawn is carried over, what was left is not.
  void refill(Group &group, int64_t now) {
    const int64_t periods = (now - group.periodStart) / period;
    if (periods <= 0) return;
    group.periodStart += periods * period;
    const int64_t useful =
        std::min(periods, (group.quota - group.quotaLeft + group.quota - 1) / group.quota);
    group.quotaLeft = std::min(group.quotaLeft + useful * group.quota, group.quota);
  }

  void enter(int32_t entity, bool aheadOfEqual) {
    const Group &group = groups[entity];
    const bool isChoosable = group.isEligible && !isHeld(entity);
    if (isChoosable) {
      choosable.update(entity, group.runTime, aheadOfEqual);
    } else {
      choosable.remove(entity);
    }
    if (isChoosable || group.running > 0) {
      if (runnable.setKey(entity, group.runTime)) runnableWeight += group.weight;
    } else if (runnable.contains(entity)) {
      advanceSmallest();
      runnable.remove(entity);
      runnableWeight = runnable.empty() ? 0 : runnableWeight - group.weight;
    }
  }

  // Follows the smallest virtual run time, never backwards.
  void advanceSmallest() {
    if (!runnable.empty() && runnable.firstKey() - smallestRunTime > 0) {
      smallestRunTime = runnable.firstKey();
    }
  }
};
