// Looking at the stock and taking from it happen under one lock, so only one buyer gets the last item.
// expected: passed

#include <assert.h>
#include <pthread.h>

static pthread_mutex_t stock_lock = PTHREAD_MUTEX_INITIALIZER;
static int stock = 1;

static void* buy(void* unused) {
  (void)unused;
  pthread_mutex_lock(&stock_lock);
  int available = stock > 0;

  // The lock is still held, so what was seen above is still true here.
  if (available) {
    stock--;
  }
  pthread_mutex_unlock(&stock_lock);
  return NULL;
}

int main(void) {
  pthread_t first_buyer, second_buyer;
  pthread_create(&first_buyer, NULL, buy, NULL);
  pthread_create(&second_buyer, NULL, buy, NULL);
  pthread_join(first_buyer, NULL);
  pthread_join(second_buyer, NULL);

  assert(stock == 0);
  return 0;
}
