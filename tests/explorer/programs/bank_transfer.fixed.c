// The auditor holds the locks of both accounts while it adds them up, so no money moves meanwhile.
// expected: passed

#include <assert.h>
#include <pthread.h>

struct account {
  pthread_mutex_t lock;
  int balance;
};

static struct account savings = {PTHREAD_MUTEX_INITIALIZER, 100};
static struct account current = {PTHREAD_MUTEX_INITIALIZER, 100};

static void* transfer(void* unused) {
  (void)unused;
  pthread_mutex_lock(&savings.lock);
  pthread_mutex_lock(&current.lock);
  savings.balance -= 30;
  current.balance += 30;
  pthread_mutex_unlock(&current.lock);
  pthread_mutex_unlock(&savings.lock);
  return NULL;
}

static void* audit(void* unused) {
  (void)unused;
  pthread_mutex_lock(&savings.lock);
  int sum = savings.balance;
  // The order is that of the transfer, so the two cannot block each other.
  pthread_mutex_lock(&current.lock);
  sum += current.balance;
  pthread_mutex_unlock(&current.lock);
  pthread_mutex_unlock(&savings.lock);

  assert(sum == 200);
  return NULL;
}

int main(void) {
  pthread_t teller, auditor;
  pthread_create(&teller, NULL, transfer, NULL);
  pthread_create(&auditor, NULL, audit, NULL);
  pthread_join(teller, NULL);
  pthread_join(auditor, NULL);
  return 0;
}
