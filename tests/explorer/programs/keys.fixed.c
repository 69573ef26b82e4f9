// Each thread has its own value under a key, and the key's destructor gets it when the thread ends.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <stddef.h>

struct visitor {
  pthread_t thread;
  int farewells;
  int late_farewells;
};

static pthread_key_t visitor_key;
static pthread_key_t late_key;
static pthread_key_t unused_key;

static void say_farewell(void* value) {
  struct visitor* visitor = value;
  // The value is taken away before the destructor is called.
  assert(pthread_getspecific(visitor_key) == NULL);
  visitor->farewells++;
  // A value set by a destructor gets its own destructor called in the next round.
  pthread_setspecific(late_key, visitor);
}

static void say_late_farewell(void* value) {
  struct visitor* visitor = value;
  assert(visitor->farewells == 1);
  visitor->late_farewells++;
}

static void never_called(void* value) {
  (void)value;
  assert(!"a key without a value has nothing to destroy");
}

static void* visit(void* visitor) {
  assert(pthread_getspecific(visitor_key) == NULL);
  pthread_setspecific(visitor_key, visitor);
  assert(pthread_getspecific(visitor_key) == visitor);
  return NULL;
}

int main(void) {
  static struct visitor visitors[2];
  pthread_key_create(&visitor_key, say_farewell);
  pthread_key_create(&late_key, say_late_farewell);
  pthread_key_create(&unused_key, never_called);

  for (int i = 0; i < 2; i++) {
    pthread_create(&visitors[i].thread, NULL, visit, &visitors[i]);
  }
  for (int i = 0; i < 2; i++) {
    pthread_join(visitors[i].thread, NULL);
    assert(visitors[i].farewells == 1);
    assert(visitors[i].late_farewells == 1);
  }
  return 0;
}
