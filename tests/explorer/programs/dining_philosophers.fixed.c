// Dining philosophers: all take the fork with the lower number first, so they cannot all wait for each other.
// expected: passed
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
  // At the last seat the right fork, number 0, comes first.
  int left = seat;
  int right = (seat + 1) % seats;
  int first = left < right ? left : right;
  int second = left < right ? right : left;
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
