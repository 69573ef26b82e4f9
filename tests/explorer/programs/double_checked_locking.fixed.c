// Double-checked locking: the flag is set after the settings are filled in, so whoever sees it sees them whole.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct settings {
  int width;
  int height;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool filled;
static struct settings settings;

static const struct settings* get_settings(void) {
  if (!atomic_load(&filled)) {
    pthread_mutex_lock(&lock);
    if (!atomic_load(&filled)) {
      // Last of all, because the first check is made without the lock.
      settings.width = 80;
      settings.height = 24;
      atomic_store(&filled, true);
    }
    pthread_mutex_unlock(&lock);
  }
  return &settings;
}

static void* use_settings(void* unused) {
  (void)unused;
  const struct settings* mine = get_settings();
  assert(mine->width == 80 && mine->height == 24);
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, use_settings, NULL);
  pthread_create(&second, NULL, use_settings, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
