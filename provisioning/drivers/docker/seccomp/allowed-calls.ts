/**
 * The system calls that programs of a workspace may make, by what they are for. What is not here is refused: mounts, namespaces, other
 * processes' memory, kernel keys, modules, bpf, perf, io_uring, userfaultfd, handles that open files by inode, the clock, the host's name.
 * Calls that a libseccomp does not know are passed over by runc, so that newer ones may stand here.
 */
export const ALLOWED_CALLS: readonly string[] = [
  // files
  ..."access faccessat faccessat2 open openat openat2 creat close close_range read readv pread64 preadv preadv2 write writev".split(" "),
  ..."pwrite64 pwritev pwritev2 lseek stat fstat lstat newfstatat statx statfs fstatfs truncate ftruncate fallocate".split(" "),
  ..."fadvise64 readahead sync syncfs fsync fdatasync sync_file_range rename renameat renameat2 link linkat symlink".split(" "),
  ..."symlinkat readlink readlinkat unlink unlinkat mkdir mkdirat rmdir getdents getdents64 getcwd chdir fchdir chmod".split(" "),
  ..."fchmod fchmodat fchmodat2 chown fchown lchown fchownat umask utime utimes utimensat futimesat mknod mknodat".split(" "),
  ..."flock fcntl dup dup2 dup3 pipe pipe2 ioctl copy_file_range sendfile splice tee vmsplice memfd_create cachestat".split(" "),
  ..."getxattr lgetxattr fgetxattr setxattr lsetxattr fsetxattr listxattr llistxattr flistxattr".split(" "),
  ..."removexattr lremovexattr fremovexattr inotify_init inotify_init1 inotify_add_watch inotify_rm_watch".split(" "),
  ..."io_setup io_submit io_getevents io_pgetevents io_cancel io_destroy".split(" "),
  // waiting
  ..."select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2".split(" "),
  ..."signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime".split(" "),
  // memory
  ..."brk mmap munmap mremap mprotect msync madvise mincore mlock mlock2 mlockall munlock munlockall membarrier".split(" "),
  ..."pkey_alloc pkey_free pkey_mprotect remap_file_pages map_shadow_stack".split(" "),
  // processes and threads
  ..."fork vfork execve execveat exit exit_group wait4 waitid kill tkill tgkill pidfd_open pidfd_send_signal getpid".split(" "),
  ..."getppid gettid getpgid getpgrp setpgid getsid setsid getuid geteuid getgid getegid getresuid getresgid".split(" "),
  ..."getgroups setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capget capset".split(" "),
  ..."prctl arch_prctl set_tid_address set_robust_list get_robust_list rseq futex futex_waitv futex_wake futex_wait".split(" "),
  ..."futex_requeue getrlimit setrlimit prlimit64 getrusage getpriority setpriority ioprio_get ioprio_set getcpu".split(" "),
  ..."sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_setparam sched_getscheduler".split(" "),
  ..."sched_setscheduler sched_get_priority_max sched_get_priority_min sched_rr_get_interval sched_getattr".split(" "),
  // programs that lock themselves in further, and debuggers of one's own processes
  ..."sched_setattr times seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self ptrace".split(" "),
  // signals
  ..."rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo rt_sigreturn".split(" "),
  ..."rt_sigsuspend sigaltstack pause alarm restart_syscall".split(" "),
  // time and the machine
  ..."clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time getitimer setitimer timer_create".split(" "),
  ..."timer_delete timer_gettime timer_settime timer_getoverrun uname sysinfo getrandom".split(" "),
  // sockets; which kinds of them may be made is said apart
  ..."connect accept accept4 bind listen getsockname getpeername getsockopt setsockopt shutdown socketpair sendto".split(" "),
  ..."sendmsg sendmmsg recvfrom recvmsg recvmmsg".split(" "),
  // System V and POSIX queues, memory and semaphores, in the workspace's own IPC namespace
  ..."shmget shmat shmdt shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl".split(" "),
  ..."mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr".split(" "),
];

/** What a program needs beside those that locks its own parts into user namespaces (Chromium, Electron, Bubblewrap). */
export const SANDBOXING_CALLS: readonly string[] = ["clone", "unshare", "chroot"];
