// The peers' work in SimGrid (S4U): WORK AMOUNT prints CPU seconds and the mean sojourn.
#include <simgrid/s4u.hpp>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <queue>
#include <random>

namespace s4u = simgrid::s4u;

namespace {

constexpr double speed = 1e9;
std::mt19937_64 generator(2006);
double draw(double mean) { return std::exponential_distribution<double>(1 / mean)(generator); }

long amount;
double total = 0;

void singleServer(s4u::Host *host) {
  static std::queue<double> line;
  const auto waiting = s4u::Semaphore::create(0);
  s4u::Actor::create("source", host, [waiting] {
    for (long customer = 0; customer < amount; ++customer) {
      s4u::this_actor::sleep_for(draw(1 / 0.9));
      line.push(s4u::Engine::get_clock());
      waiting->release();
    }
  });
  s4u::Actor::create("server", host, [waiting] {
    for (long customer = 0; customer < amount; ++customer) {
      waiting->acquire();
      s4u::this_actor::execute(draw(1) * speed);
      total += s4u::Engine::get_clock() - line.front();
      line.pop();
    }
  });
}

// SimGrid shares a host's cores among its computations by itself; a job is an actor.
void sharedHost(s4u::Host *host) {
  static long arrived = 0;
  for (int guest = 0; guest < 100; ++guest) {
    s4u::Actor::create("guest", host, [host] {
      while (true) {
        s4u::this_actor::sleep_for(draw(100 / (0.9 * 16)));
        if (arrived == amount) return;
        arrived += 1;
        s4u::Actor::create("job", host, [] {
          const double arrival = s4u::Engine::get_clock();
          s4u::this_actor::execute(draw(1) * speed);
          total += s4u::Engine::get_clock() - arrival;
        });
      }
    });
  }
}

void hold(s4u::Host *host) {
  static long steps = 0;
  for (int pending = 0; pending < 1000; ++pending) {
    s4u::Actor::create("process", host, [] {
      while (steps < amount) {
        s4u::this_actor::sleep_for(draw(1));
        steps += 1;
      }
    });
  }
}

double cpuTime() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

} // namespace

int main(int count, char **arguments) {
  s4u::Engine engine(&count, arguments);
  if (count != 3) return 2;
  const char *work = arguments[1];
  amount = std::atol(arguments[2]);
  auto *zone = s4u::create_full_zone("zone");
  auto *host = zone->create_host("host", speed);
  if (std::strcmp(work, "shared-host") == 0) host->set_core_count(16);
  zone->seal();
  if (std::strcmp(work, "single-server") == 0) singleServer(host);
  if (std::strcmp(work, "shared-host") == 0) sharedHost(host);
  if (std::strcmp(work, "hold") == 0) hold(host);
  const double start = cpuTime();
  engine.run();
  std::printf("%f %f\n", cpuTime() - start, total / double(amount));
}
