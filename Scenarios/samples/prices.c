/* Measures the prices that host-here.host.yaml calls measured: processor time of the calling process.
 *
 *   cc -O2 -o prices prices.c && ./prices
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double microseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

int main(void) {
  enum { page = 4096, pages = 65536, calls = 200000, runs = 5 };
  puts("system call; first touch of a page; its unmapping; mmap and munmap; stat of 3 names: us");
  for (int run = 0; run < runs; run++) {
    struct stat status;
    double start = microseconds();
    for (int i = 0; i < calls; i++) syscall(SYS_getppid);
    double called = microseconds();
    char *memory = mmap(0, (size_t)pages * page, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return 1;
    madvise(memory, (size_t)pages * page, MADV_NOHUGEPAGE);
    double mapped = microseconds();
    for (size_t i = 0; i < pages; i++) memory[i * page] = 1;
    double touched = microseconds();
    munmap(memory, (size_t)pages * page);
    double unmapped = microseconds();
    for (int i = 0; i < calls; i++) {
      void *one = mmap(0, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      munmap(one, page);
    }
    double paired = microseconds();
    for (int i = 0; i < calls; i++) stat("/usr/bin/env", &status);
    double looked = microseconds();
    printf("%.3f  %.3f  %.3f  %.3f  %.3f\n", (called - start) / calls, (touched - mapped) / pages,
           (unmapped - touched) / pages, (paired - unmapped) / calls, (looked - paired) / calls);
  }
  return 0;
}
