#ifndef COMMAND_PROGRAM_H
#define COMMAND_PROGRAM_H

/*
 * Becomes the program ARGV[0], found in PATH when it has no slash, as execvp
 * does by POSIX (exec(3p)): a text without `#!` is a shell script. C libraries
 * differ there, and musl's refuses it. Returns only when that failed, with errno.
 */
void program_execute(char **argv);

#endif
