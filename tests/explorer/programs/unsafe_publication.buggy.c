// Unsafe publication: the pointer is stored before the message is written, so a reader can see an empty one.
// expected: assertion
// deviations: 1

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

struct message {
  int sender;
  int length;
};

static struct message message;
static _Atomic(struct message*) mailbox;

static void* send_message(void* unused) {
  (void)unused;
  // Storing the pointer atomically protects the pointer, not what comes after it.
  atomic_store(&mailbox, &message);
  message.sender = 7;
  message.length = 5;
  return NULL;
}

static void* receive_message(void* unused) {
  (void)unused;
  struct message* received = atomic_load(&mailbox);
  if (received != NULL) {
    assert(received->sender == 7);
    assert(received->length == 5);
  }
  return NULL;
}

int main(void) {
  pthread_t sender, receiver;
  pthread_create(&sender, NULL, send_message, NULL);
  pthread_create(&receiver, NULL, receive_message, NULL);
  pthread_join(sender, NULL);
  pthread_join(receiver, NULL);
  return 0;
}
