#ifndef BASE_CAPABILITY_H
#define BASE_CAPABILITY_H

#include <stdint.h>

/*
 * Capabilities by their numbers and names in capabilities(7). A set of them is a
 * number with one bit each, as in /proc/PID/status. Those that have a name here
 * are all that Linux has since 5.9.
 */
enum capability {
	CAPABILITY_CHOWN = 0,
	CAPABILITY_DAC_OVERRIDE = 1,
	CAPABILITY_KILL = 5,
	CAPABILITY_SETGID = 6,
	CAPABILITY_SETUID = 7,
	CAPABILITY_SETPCAP = 8,
	CAPABILITY_NET_BIND_SERVICE = 10,
	CAPABILITY_SYS_CHROOT = 18,
	CAPABILITY_COUNT = 41,
};

#define CAPABILITY_BIT(capability) (UINT64_C(1) << (capability))

/* All names, blank-separated, in the order of their numbers. */
#define CAPABILITY_NAMES \
	"chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap " \
	"linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner " \
	"sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice " \
	"sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap " \
	"mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf " \
	"checkpoint_restore"

#define CAPABILITY_NAME_BYTES 24

/* Writes "net_bind_service" into NAME; the number itself where none is known. Returns NAME. */
char *capability_name(unsigned capability, char name[CAPABILITY_NAME_BYTES]);

/* The number of a name, or -1. */
int capability_find(const char *name);

#endif
