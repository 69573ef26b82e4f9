// The message is written before the pointer to it is stored, so a reader sees no message or a whole one.
// expected: passed

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
  // Everything written before the store is there for whoever loads the pointer.
  message.sender = 7;
  message.length = 5;
  atomic_store(&mailbox, &message);
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
