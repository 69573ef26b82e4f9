// Ticket lock: a ticket is drawn by a load and a store, so two threads can draw the same one and both get in.
// expected: assertion
// deviations: 2

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_int next_ticket;
static atomic_int now_serving;
static atomic_int threads_inside;

static void ticket_lock(void) {
  // Each step is atomic, but the two together are not.
  int my_ticket = atomic_load(&next_ticket);
  atomic_store(&next_ticket, my_ticket + 1);
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
