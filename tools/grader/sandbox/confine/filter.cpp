#include "tools/grader/sandbox/confine/filter.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

namespace lab::confine {
namespace {

// clang-format off
constexpr const char* allowed[] = {
  // files
  "access", "chdir", "chmod", "close", "close_range", "copy_file_range", "creat", "dup", "dup2", "dup3", "faccessat",
  "faccessat2", "fadvise64", "fallocate", "fchdir", "fchmod", "fchmodat", "fcntl", "fdatasync", "fgetxattr", "flock",
  "fstat", "fstatfs", "fsync", "ftruncate", "futimesat", "getcwd", "getdents", "getdents64", "getxattr", "lgetxattr",
  "lseek", "lstat", "mkdir", "mkdirat", "newfstatat", "open", "openat", "pipe", "pipe2", "pread64", "preadv", "preadv2",
  "pwrite64", "pwritev", "pwritev2", "read", "readahead", "readlink", "readlinkat", "readv", "rename", "renameat",
  "renameat2", "rmdir", "sendfile", "stat", "statfs", "statx", "symlink", "symlinkat", "sync_file_range", "truncate",
  "umask", "unlink", "unlinkat", "utime", "utimensat", "utimes", "write", "writev",
  // waiting for files
  "epoll_create", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2", "epoll_wait", "eventfd", "eventfd2",
  "poll", "ppoll", "pselect6", "select", "signalfd", "signalfd4", "timerfd_create", "timerfd_gettime",
  "timerfd_settime",
  // memory
  "brk", "madvise", "membarrier", "mincore", "mlock", "mlock2", "mmap", "mprotect", "mremap", "msync", "munlock",
  "munmap",
  // threads and children
  "arch_prctl", "execve", "exit", "exit_group", "fork", "futex", "futex_waitv", "get_robust_list", "getcpu",
  "restart_syscall", "rseq", "sched_get_priority_max", "sched_get_priority_min", "sched_getaffinity", "sched_getparam",
  "sched_getscheduler", "sched_setaffinity", "sched_yield", "set_robust_list", "set_tid_address", "vfork", "wait4",
  "waitid",
  // signals; to whom, is a matter of accounts and namespaces
  "kill", "pause", "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo", "rt_sigreturn",
  "rt_sigsuspend", "rt_sigtimedwait", "rt_tgsigqueueinfo", "sigaltstack", "tgkill", "tkill",
  // time
  "alarm", "clock_getres", "clock_gettime", "clock_nanosleep", "getitimer", "gettimeofday", "nanosleep", "setitimer",
  "time", "timer_create", "timer_delete", "timer_getoverrun", "timer_gettime", "timer_settime",
  // who and where one is
  "getegid", "geteuid", "getgid", "getgroups", "getpgid", "getpgrp", "getpid", "getppid", "getpriority", "getrandom",
  "getresgid", "getresuid", "getrlimit", "getrusage", "getsid", "gettid", "getuid", "prlimit64", "setrlimit", "sysinfo",
  "times", "uname",
};

constexpr const char* refused[] = {
  // network
  "accept", "accept4", "bind", "connect", "getpeername", "getsockname", "getsockopt", "listen", "recvfrom", "recvmmsg",
  "recvmsg", "sendmmsg", "sendmsg", "sendto", "setsockopt", "shutdown", "socket", "socketpair",
  // other processes
  "kcmp", "migrate_pages", "move_pages", "pidfd_getfd", "pidfd_open", "pidfd_send_signal", "process_madvise",
  "process_mrelease", "process_vm_readv", "process_vm_writev", "ptrace", "sched_setattr", "sched_setparam",
  "sched_setscheduler", "setpriority", "ioprio_set",
  // sessions, accounts and rights
  "capset", "setfsgid", "setfsuid", "setgid", "setgroups", "setpgid", "setregid", "setresgid", "setresuid", "setreuid",
  "setsid", "setuid",
  // namespaces and mounts
  "chroot", "fsconfig", "fsmount", "fsopen", "fspick", "mount", "mount_setattr", "move_mount", "open_tree",
  "pivot_root", "setns", "umount", "umount2", "unshare",
  // files that limits or the change of hands would miss
  "chown", "execveat", "fanotify_init", "fanotify_mark", "fchown", "fchownat", "fremovexattr", "fsetxattr", "lchown",
  "link", "linkat", "lremovexattr", "lsetxattr", "memfd_create", "memfd_secret", "mknod", "mknodat",
  "name_to_handle_at", "open_by_handle_at", "removexattr", "setxattr", "splice", "tee", "vmsplice",
  // resources that outlive a process
  "mq_getsetattr", "mq_notify", "mq_open", "mq_timedreceive", "mq_timedsend", "mq_unlink", "msgctl", "msgget", "msgrcv",
  "msgsnd", "semctl", "semget", "semop", "semtimedop", "shmat", "shmctl", "shmdt", "shmget",
  // the kernel
  "acct", "add_key", "adjtimex", "bpf", "clock_adjtime", "clock_settime", "delete_module", "finit_module",
  "init_module", "io_uring_enter", "io_uring_register", "io_uring_setup", "ioperm", "iopl", "kexec_file_load",
  "kexec_load", "keyctl", "lookup_dcookie", "modify_ldt", "perf_event_open", "quotactl", "reboot", "request_key",
  "seccomp", "setdomainname", "sethostname", "settimeofday", "swapoff", "swapon", "syslog", "userfaultfd", "vhangup",
};

constexpr std::uint64_t allowed_prctl[] = {
  PR_SET_NAME, PR_GET_NAME, PR_SET_VMA, PR_SET_PDEATHSIG, PR_GET_PDEATHSIG, PR_SET_DUMPABLE, PR_GET_DUMPABLE,
  PR_GET_NO_NEW_PRIVS, PR_SET_NO_NEW_PRIVS, PR_GET_SECCOMP, PR_CAPBSET_READ, PR_SET_TIMERSLACK, PR_GET_TIMERSLACK,
};

// What C libraries ask of any file: is it a terminal, how wide, how much is there to read.
constexpr std::uint64_t allowed_ioctl[] = {TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX};

constexpr std::uint64_t namespaces[] = {
  CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET,
};
// clang-format on

// Adds rules, and remembers the first that failed.
class Rules {
public:
  Rules() : context_(seccomp_init(SCMP_ACT_ERRNO(ENOSYS))) {
    if (context_ == nullptr) failure_ = "libseccomp has no memory";
  }
  ~Rules() {
    if (context_ != nullptr) seccomp_release(context_);
  }
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  // A call that this machine's kind does not have is none to have a rule for.
  void add(std::uint32_t action, const char* name) {
    const int call = seccomp_syscall_resolve_name(name);
    if (call != __NR_SCMP_ERROR) note(seccomp_rule_add(context_, action, call, 0), name);
  }
  void add(std::uint32_t action, const char* name, const scmp_arg_cmp& argument) {
    note(seccomp_rule_add_array(context_, action, seccomp_syscall_resolve_name(name), 1, &argument), name);
  }
  void load() {
    note(seccomp_attr_set(context_, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS), "another machine's calls");
    if (failure_.empty()) note(seccomp_load(context_), "all of them");
  }
  const std::string& failure() const { return failure_; }

private:
  void note(int result, const char* what) {
    if (result != 0 && failure_.empty()) failure_ = std::string(what) + ": " + std::strerror(-result);
  }

  scmp_filter_ctx context_;
  std::string failure_;
};

// The kernel looks at the lower half of these arguments only; the upper one may hold anything.
scmp_arg_cmp low_half_is(unsigned argument, std::uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, 0xffffffffU, value & 0xffffffffU};
}

}  // namespace

std::string filter_calls(const Filter& filter) {
  Rules rules;
  if (!rules.failure().empty()) return rules.failure();
  for (const char* const name : allowed) rules.add(SCMP_ACT_ALLOW, name);
  for (const char* const name : refused) rules.add(SCMP_ACT_ERRNO(EPERM), name);

  // Not clone3, whose flags lie in memory, where a filter can't look: without it, a C library uses clone.
  std::uint64_t any_namespace = 0;
  for (const std::uint64_t flag : namespaces) {
    any_namespace |= flag;
    rules.add(SCMP_ACT_ERRNO(EPERM), "clone", {0, SCMP_CMP_MASKED_EQ, flag, flag});
  }
  rules.add(SCMP_ACT_ALLOW, "clone", {0, SCMP_CMP_MASKED_EQ, any_namespace, 0});

  for (const std::uint64_t option : allowed_prctl) rules.add(SCMP_ACT_ALLOW, "prctl", low_half_is(0, option));
  for (const std::uint64_t request : allowed_ioctl) rules.add(SCMP_ACT_ALLOW, "ioctl", low_half_is(1, request));
  rules.add(SCMP_ACT_ALLOW, "personality", low_half_is(0, 0xffffffffU));
  if (filter.personality) {
    rules.add(SCMP_ACT_ALLOW, "personality", low_half_is(0, PER_LINUX));
    rules.add(SCMP_ACT_ALLOW, "personality", low_half_is(0, ADDR_NO_RANDOMIZE));
  } else {
    rules.add(SCMP_ACT_ERRNO(EPERM), "personality", low_half_is(0, ADDR_NO_RANDOMIZE));
  }
  rules.load();
  return rules.failure();
}

}  // namespace lab::confine
