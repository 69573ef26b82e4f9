// tries: to take the locking out of lab::Mutex, for every object of the program
// verdict: refused macro
// at: top
#define mutex_ never_locked; struct { void lock() {} void unlock() {} void lock_shared() {} void unlock_shared() {} } instead
