# System calls of the executor after it has confined itself. Any other call ends the process (SECCOMP_RET_KILL_PROCESS).
#
#   allow NAME [if CONDITION]   # why
#   allow-known NAME            # the same, skipped on architectures or library versions that do not know the name
#   answer NAME ERROR           # not run; the caller gets the error
#
# Conditions: thread-flags  exactly the flags with which glibc makes a thread (first argument)
#             no-exec       without PROT_EXEC (third argument)
#             own-process   the first argument is this process
#
# fstat is not here: the C library makes it of newfstatat, which also takes a path. The length of a file comes from lseek.

# Memory
allow brk                            # heap of the first thread
allow mmap if no-exec                # heap, arena, thread stacks
allow mprotect if no-exec            # guard pages, key memory
allow munmap                         # give memory back
allow mremap                         # grow a large allocation
allow madvise                        # leave out of dumps, give pages back
allow mlock                          # keys and rows stay out of swap
allow munlock                        # the counterpart

# Threads
allow clone if thread-flags          # make a thread, never a process
answer clone3 ENOSYS                 # its flags lie in memory, out of the filter's sight: glibc falls back to clone
allow futex                          # locks and waiting
allow set_robust_list                # start of a thread
allow-known rseq                     # start of a thread, glibc 2.35 and later
allow sched_yield                    # spinning politely
allow sched_getaffinity              # how many processors there are
allow gettid                         # identity of a thread
allow getpid                         # abort
allow tgkill if own-process          # abort
allow exit                           # end of a thread
allow exit_group                     # end of the process

# Signals
allow rt_sigaction                   # handlers
allow rt_sigprocmask                 # start of a thread, abort
allow rt_sigreturn                   # end of a handler
allow-known sigaltstack              # stack of a handler
allow restart_syscall                # a wait that was interrupted by stop and continue

# Descriptors that were handed over
allow read                           # ciphertext, CSV
allow readv                          # ciphertext, CSV
allow pread64                        # ciphertext by block
allow write                          # sealed output
allow writev                         # sealed output
allow pwrite64                       # sealed output by block
allow lseek                          # position and length
allow ftruncate                      # spill and output
allow fsync                          # make sealed output durable
allow fdatasync                      # the same without times
allow close                          # done with it
allow recvmsg                        # requests and descriptors from the control plane
allow sendmsg                        # answers to the control plane

# Time and randomness
allow getrandom                      # keys and nonces
allow clock_gettime                  # where the clock is not read without a call
allow clock_nanosleep                # wait
