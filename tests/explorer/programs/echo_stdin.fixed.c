// Two threads take turns under a lock to print the line from standard input and the words from the command line.
// expected: passed
// arguments: hello world
// stdin: one line of text

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct words {
  int count;
  char** first;
};

static pthread_mutex_t output_lock = PTHREAD_MUTEX_INITIALIZER;
static int lines_printed;

static void* print_line(void* line) {
  pthread_mutex_lock(&output_lock);
  printf("line: %s\n", (const char*)line);
  lines_printed++;
  pthread_mutex_unlock(&output_lock);
  return NULL;
}

static void* print_words(void* argument) {
  const struct words* words = argument;
  pthread_mutex_lock(&output_lock);
  for (int i = 0; i < words->count; i++) {
    printf("word: %s\n", words->first[i]);
    lines_printed++;
  }
  pthread_mutex_unlock(&output_lock);
  return NULL;
}

int main(int argc, char** argv) {
  char line[100];
  if (fgets(line, sizeof line, stdin) == NULL) {
    line[0] = '\0';
  }
  line[strcspn(line, "\n")] = '\0';
  struct words words = {argc - 1, argv + 1};

  pthread_t line_printer, word_printer;
  pthread_create(&line_printer, NULL, print_line, line);
  pthread_create(&word_printer, NULL, print_words, &words);
  pthread_join(line_printer, NULL);
  pthread_join(word_printer, NULL);

  assert(lines_printed == 1 + words.count);
  return 0;
}
