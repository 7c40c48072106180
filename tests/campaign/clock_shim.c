/* Moves the wall clock of one program by CAMPAIGN_CLOCK seconds: loaded before the C library, for the fault campaign
 * alone. The program that is shipped has no switch for this, so it is done from outside. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
    long failed = syscall(SYS_clock_gettime, clock, now);
    const char *moved = getenv("CAMPAIGN_CLOCK");
    if (failed == 0 && moved != NULL && clock == CLOCK_REALTIME)
        now->tv_sec += atoll(moved);
    return (int)failed;
}
