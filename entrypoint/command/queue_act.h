#ifndef COMMAND_QUEUE_ACT_H
#define COMMAND_QUEUE_ACT_H

/*
 * flush, hold, release and delete: ARGV[0] is the verb, then what it concerns.
 * Returns an exit code after saying what was wrong.
 */
int queue_act(int argc, char **argv);

#endif
