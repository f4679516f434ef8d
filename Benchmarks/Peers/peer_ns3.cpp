// The peers' work on the simulator core of ns-3: WORK AMOUNT prints CPU seconds and the mean
// sojourn.
#include <ns3/core-module.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <queue>
#include <random>

using ns3::EventId;
using ns3::NanoSeconds;
using ns3::Simulator;

namespace {

std::mt19937_64 generator(2006);
double draw(double mean) { return std::exponential_distribution<double>(1 / mean)(generator); }
ns3::Time delay(double seconds) { return NanoSeconds(int64_t(seconds * 1e9)); }
double now() { return double(Simulator::Now().GetNanoSeconds()) * 1e-9; }

long amount;
long arrived = 0;
double total = 0;

namespace single_server {
std::queue<double> line;

void departure() {
  total += now() - line.front();
  line.pop();
  if (!line.empty()) Simulator::Schedule(delay(draw(1)), &departure);
}

void arrival() {
  line.push(now());
  if (line.size() == 1) Simulator::Schedule(delay(draw(1)), &departure);
  if (++arrived < amount) Simulator::Schedule(delay(draw(1 / 0.9)), &arrival);
}
} // namespace single_server

namespace shared_host {
constexpr double cores = 16;
using Job = std::pair<double, double>; // virtual time of leaving, arrival
std::priority_queue<Job, std::vector<Job>, std::greater<Job>> jobs;
double virtualTime = 0;
double updated = 0;
EventId next;

double rate() { return double(jobs.size()) <= cores ? 1 : cores / double(jobs.size()); }

void advance() {
  virtualTime += (now() - updated) * rate();
  updated = now();
}

void departure();

void plan() {
  next.Cancel();
  if (jobs.empty()) return;
  const double wait = std::max(0.0, jobs.top().first - virtualTime) / rate();
  next = Simulator::Schedule(delay(wait), &departure);
}

void departure() {
  advance();
  total += now() - jobs.top().second;
  jobs.pop();
  plan();
}

void arrival() {
  if (arrived == amount) return;
  arrived += 1;
  advance();
  jobs.emplace(virtualTime + draw(1), now());
  Simulator::Schedule(delay(draw(100 / (0.9 * cores))), &arrival);
  plan();
}
} // namespace shared_host

namespace hold {
void step() {
  if (++arrived < amount) Simulator::Schedule(delay(draw(1)), &step);
}
} // namespace hold

double cpuTime() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

} // namespace

int main(int count, char **arguments) {
  if (count != 3) return 2;
  const char *work = arguments[1];
  amount = std::atol(arguments[2]);
  if (std::strcmp(work, "single-server") == 0) {
    Simulator::Schedule(delay(draw(1 / 0.9)), &single_server::arrival);
  } else if (std::strcmp(work, "shared-host") == 0) {
    for (int guest = 0; guest < 100; ++guest) {
      Simulator::Schedule(delay(draw(100 / (0.9 * 16))), &shared_host::arrival);
    }
  } else {
    for (int pending = 0; pending < 1000; ++pending) {
      Simulator::Schedule(delay(draw(1)), &hold::step);
    }
  }
  const double start = cpuTime();
  Simulator::Run();
  std::printf("%f %f\n", cpuTime() - start, total / double(amount));
  Simulator::Destroy();
}
