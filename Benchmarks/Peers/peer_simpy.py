"""The peers' work in SimPy: `peer_simpy.py WORK AMOUNT` prints CPU seconds and the mean sojourn."""

import heapq
import random
import sys
import time

import simpy

random.seed(2006)
draw = random.expovariate


def single_server(env, amount):
    """M/M/1 at load 0.9, one process per customer, as SimPy's own examples do it."""
    server = simpy.Resource(env, capacity=1)
    total = [0.0]

    def customer():
        arrival = env.now
        with server.request() as request:
            yield request
            yield env.timeout(draw(1))
        total[0] += env.now - arrival

    def source():
        for _ in range(amount):
            yield env.timeout(draw(0.9))
            env.process(customer())

    env.process(source())
    env.run()
    return total[0] / amount


def shared_host(env, amount, guests=100, cores=16):
    """Processor sharing by virtual time; outdated departures are dropped when they come."""
    jobs = []
    state = {"virtual": 0.0, "updated": 0.0, "version": 0, "arrived": 0, "total": 0.0}

    def rate():
        return min(1.0, cores / len(jobs)) if jobs else 1.0

    def advance():
        state["virtual"] += (env.now - state["updated"]) * rate()
        state["updated"] = env.now

    def plan():
        state["version"] += 1
        if jobs:
            event = env.timeout(
                max(0.0, jobs[0][0] - state["virtual"]) / rate(), state["version"])
            event.callbacks.append(leave)

    def leave(event):
        if event.value == state["version"]:
            advance()
            state["total"] += env.now - heapq.heappop(jobs)[1]
            plan()

    def guest():
        while True:
            yield env.timeout(draw(0.9 * cores / guests))
            if state["arrived"] == amount:
                return
            state["arrived"] += 1
            advance()
            heapq.heappush(jobs, (state["virtual"] + draw(1), env.now))
            plan()

    for _ in range(guests):
        env.process(guest())
    env.run()
    return state["total"] / amount


def hold(env, amount, pending=1000):
    """A thousand processes that only wait."""
    steps = [0]

    def process():
        while steps[0] < amount:
            yield env.timeout(draw(1))
            steps[0] += 1

    for _ in range(pending):
        env.process(process())
    env.run()
    return 0.0


def main():
    work = {"single-server": single_server, "shared-host": shared_host, "hold": hold}[sys.argv[1]]
    start = time.process_time()
    mean = work(simpy.Environment(), int(sys.argv[2]))
    print(time.process_time() - start, mean)


main()
