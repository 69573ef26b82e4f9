// Check, then act: looking at the stock and taking from it are locked apart, so two buyers can take the last item.
// expected: assertion
// deviations: 1

#include <assert.h>
#include <pthread.h>

static pthread_mutex_t stock_lock = PTHREAD_MUTEX_INITIALIZER;
static int stock = 1;

static void* buy(void* unused) {
  (void)unused;
  pthread_mutex_lock(&stock_lock);
  int available = stock > 0;
  pthread_mutex_unlock(&stock_lock);

  // What was seen above may no longer be true here.
  if (available) {
    pthread_mutex_lock(&stock_lock);
    stock--;
    pthread_mutex_unlock(&stock_lock);
  }
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
