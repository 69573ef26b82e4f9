// Dining philosophers: all take the left fork first, so each can hold one fork and wait for its neighbour's.
// expected: deadlock
// deviations: 2
// arguments: 3

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

enum { MOST_SEATS = 8 };

static pthread_mutex_t forks[MOST_SEATS];
static int meals[MOST_SEATS];
static int seats = 3;

static void* dine(void* argument) {
  int seat = *(int*)argument;
  // At the last seat the second fork is number 0, which closes the circle.
  int first = seat;
  int second = (seat + 1) % seats;
  pthread_mutex_lock(&forks[first]);
  pthread_mutex_lock(&forks[second]);
  meals[seat]++;
  pthread_mutex_unlock(&forks[second]);
  pthread_mutex_unlock(&forks[first]);
  return NULL;
}

int main(int argc, char** argv) {
  if (argc > 1) {
    seats = atoi(argv[1]);
  }
  if (seats < 2 || seats > MOST_SEATS) {
    return 2;
  }

  pthread_t philosophers[MOST_SEATS];
  int numbers[MOST_SEATS];
  for (int i = 0; i < seats; i++) {
    pthread_mutex_init(&forks[i], NULL);
  }
  for (int i = 0; i < seats; i++) {
    numbers[i] = i;
    pthread_create(&philosophers[i], NULL, dine, &numbers[i]);
  }
  for (int i = 0; i < seats; i++) {
    pthread_join(philosophers[i], NULL);
    assert(meals[i] == 1);
  }
  return 0;
}
