// Torn pair: two fields that must agree are changed in two lock sections, so a reader can come between them.
// expected: assertion
// deviations: 1

#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int price = 100;
static int price_with_tax = 120;

static void* change_price(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  price = 200;
  pthread_mutex_unlock(&lock);

  // Here the lock is free and the two prices do not agree.
  pthread_mutex_lock(&lock);
  price_with_tax = 240;
  pthread_mutex_unlock(&lock);
  return NULL;
}

static void* check_prices(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  int plain = price;
  int taxed = price_with_tax;
  pthread_mutex_unlock(&lock);

  assert(taxed * 5 == plain * 6);
  return NULL;
}

int main(void) {
  pthread_t changer, checker;
  pthread_create(&changer, NULL, change_price, NULL);
  pthread_create(&checker, NULL, check_prices, NULL);
  pthread_join(changer, NULL);
  pthread_join(checker, NULL);
  return 0;
}
