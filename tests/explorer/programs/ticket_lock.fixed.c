// Ticket lock: a ticket is drawn in one atomic step, so no two threads hold the same one.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_int next_ticket;
static atomic_int now_serving;
static atomic_int threads_inside;

static void ticket_lock(void) {
  int my_ticket = atomic_fetch_add(&next_ticket, 1);
  while (atomic_load(&now_serving) < my_ticket) {
    sched_yield();
  }
}

static void ticket_unlock(void) { atomic_fetch_add(&now_serving, 1); }

static void* visit(void* unused) {
  (void)unused;
  ticket_lock();
  int others_inside = atomic_fetch_add(&threads_inside, 1);
  assert(others_inside == 0);
  atomic_fetch_sub(&threads_inside, 1);
  ticket_unlock();
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, visit, NULL);
  pthread_create(&second, NULL, visit, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
