#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

/*
 * One function a command, one file each. ARGV[0] is the verb as it was typed.
 * Each returns an exit code (base/fatal.h) and has said on stderr what was wrong.
 */
int command_run(int argc, char **argv);
int command_dry_run(int argc, char **argv);
int command_check(int argc, char **argv);
int command_dkim(int argc, char **argv); /* list, status, rotate, cancel, retire */
int command_dns(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_import(int argc, char **argv);
int command_hash_password(int argc, char **argv);
int command_map(int argc, char **argv);
int command_parameters(int argc, char **argv);
int command_schema(int argc, char **argv);
int command_template(int argc, char **argv);

/* These speak to a running PID 1 over its control socket. */
int command_status(int argc, char **argv);
int command_health(int argc, char **argv);
int command_queue(int argc, char **argv); /* asks Postfix's own tools */
int command_control(int argc, char **argv); /* reload, start, stop, restart */

/* Runs a program as the only child; ARGV[1] is the program. */
int command_exec(int argc, char **argv);

#endif
