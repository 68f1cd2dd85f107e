#ifndef COMMAND_QUEUE_RETRY_H
#define COMMAND_QUEUE_RETRY_H

/*
 * Has Postfix try what waits for a service that is back, and nothing else: the
 * messages of the deferred queue with a recipient whose reason to wait holds WORD.
 * They would wait for minimal_backoff_time, five minutes, else. Says on standard
 * output how many they are; WHO is the service's name.
 */
void queue_retry(const char *word, const char *who);

#endif
