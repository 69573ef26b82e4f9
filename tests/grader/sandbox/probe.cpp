// Tries what a hostile program would, and prints what came of it, for the sandbox's tests. Never run it outside.
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace {

using Words = std::vector<std::string>;

// "WHAT: done", or the error's name.
void told(const std::string& what, long result) {
  std::cout << what << ": " << (result < 0 ? ::strerrorname_np(errno) : "done") << std::endl;
}

int number(const std::string& text) { return std::stoi(text); }

// Commits each of its pages.
void use_memory(std::size_t bytes) {
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED) std::memset(memory, 1, bytes);
}

[[noreturn]] void stay() {
  for (;;) ::pause();
}

void connect_to(int port) {
  const int file = ::socket(AF_INET, SOCK_STREAM, 0);
  told("socket", file);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  told("connect", ::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address));
  std::array<int, 2> pair{};
  told("socketpair", ::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()));
}

void read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY);
  told("open", file);
  std::array<char, 100> text{};
  if (file >= 0) std::cout << std::string(text.data(), static_cast<std::size_t>(::read(file, text.data(), 99)));
}

void write_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0644);
  told("open", file);
  if (file >= 0) told("write", ::write(file, "written", 7));
}

void fill(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT, 0644);
  const std::vector<char> block(1 << 16);
  while (::write(file, block.data(), block.size()) > 0) continue;
  told("write", -1);
}

void descriptors() {
  std::vector<int> all;
  DIR* const folder = ::opendir("/proc/self/fd");
  while (const dirent* const entry = ::readdir(folder))
    if (entry->d_name[0] != '.' && number(entry->d_name) != ::dirfd(folder)) all.push_back(number(entry->d_name));
  std::sort(all.begin(), all.end());
  for (const int one : all) std::cout << one << ' ';
  std::cout << std::endl;
}

void reach_for(pid_t process) {
  told("ptrace", ::ptrace(PTRACE_ATTACH, process, nullptr, nullptr));
  char byte = 0;
  iovec here{&byte, 1};
  iovec there{&byte, 1};
  told("process_vm_readv", ::process_vm_readv(process, &here, 1, &there, 1, 0));
  const std::string folder = "/proc/" + std::to_string(process);
  told("mem", ::open((folder + "/mem").c_str(), O_RDWR));
  told("fd", ::open((folder + "/fd").c_str(), O_RDONLY | O_DIRECTORY));
  told("environ", ::open((folder + "/environ").c_str(), O_RDONLY));
}

void escape() {
  told("unshare", ::unshare(CLONE_NEWUSER));
  told("clone", ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
  told("clone3", ::syscall(SYS_clone3, nullptr, 0));
  told("mount", ::mount("none", "/tmp", "tmpfs", 0, nullptr));
  told("setuid", ::setuid(0));
  told("setsid", ::setsid());
  told("setpgid", ::setpgid(0, 0));
  told("memfd_create", ::memfd_create("x", 0));
  told("io_uring_setup", ::syscall(SYS_io_uring_setup, 1, nullptr));
  told("bpf", ::syscall(SYS_bpf, 0, nullptr, 0));
  told("keyctl", ::syscall(SYS_keyctl, 0, 0, 0, 0, 0));
  told("perf_event_open", ::syscall(SYS_perf_event_open, nullptr, 0, 0, 0, 0));
  told("a call that nobody knows", ::syscall(100'000));
  told("link", ::link("/proc/self/exe", "/tmp/link"));
  told("terminal", ::open("/dev/tty", O_RDWR));
}

// Leaves a grandchild behind that means to stay.
void survive() {
  if (::fork() != 0) {
    ::wait(nullptr);
    return;
  }
  (void)::setsid();
  for (const int signal : {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGXCPU}) ::signal(signal, SIG_IGN);
  if (::fork() == 0) stay();
  ::_exit(0);
}

void start(const Words& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  told("exec", ::execv(pointers[0], pointers.data()));
}

int do_as_told(const std::string& what, const Words& rest) {
  const auto word = [&](std::size_t i) { return rest.at(i); };
  if (what == "exit") return number(word(0));
  if (what == "raise") ::raise(number(word(0)));
  if (what == "connect") connect_to(number(word(0)));
  if (what == "read") read_file(word(0));
  if (what == "write") write_file(word(0));
  if (what == "fill") fill(word(0));
  if (what == "descriptors") descriptors();
  if (what == "reach_for_parent") reach_for(::getppid());
  if (what == "reach_for") reach_for(number(word(0)));
  if (what == "escape") escape();
  if (what == "survive") survive();
  if (what == "start") start(rest);
  if (what == "sleep") stay();
  if (what == "loop") {
    for (volatile unsigned turns = 0;;) turns = turns + 1;
  }
  if (what == "environment") {
    for (char** entry = environ; *entry != nullptr; ++entry) std::cout << *entry << '\n';
  }
  if (what == "folder") std::cout << ::getcwd(nullptr, 0) << '\n';
  if (what == "who") std::cout << ::getuid() << ' ' << ::getgid() << ' ' << ::getgroups(0, nullptr) << '\n';
  if (what == "channel") told("channel", ::write(3, "arrived", 7));
  if (what == "personality") told("personality", ::personality(ADDR_NO_RANDOMIZE));
  if (what == "out_of_memory_score") std::cout << std::ifstream("/proc/self/oom_score_adj").rdbuf();
  if (what == "bomb") {
    for (;;) (void)::fork();
  }
  if (what == "count_forks") {
    int forks = 0;
    for (pid_t child = 0; (child = ::fork()) >= 0; ++forks)
      if (child == 0) stay();
    std::cout << forks << ' ' << ::strerrorname_np(errno) << std::endl;
  }
  if (what == "memory") {
    for (int i = 0; i < number(word(0)); ++i) use_memory(1 << 20);
    stay();
  }
  if (what == "memory_of_children") {
    for (int i = 0; i < number(word(0)); ++i) {
      if (::fork() != 0) continue;
      use_memory(std::size_t{1} << 20 << 5);
      stay();
    }
    stay();
  }
  if (what == "memory_shared_by_children") {
    use_memory(std::size_t{1} << 20 << 5);
    for (int i = 0; i < number(word(0)); ++i)
      if (::fork() == 0) stay();
    ::sleep(1);
    std::cout << "shared" << std::endl;
  }
  if (what == "output") {
    const std::string block(1 << 16, 'x');
    for (;;) (void)!::write(STDOUT_FILENO, block.data(), block.size());
  }
  if (what == "close_all") {
    (void)::close_range(0, ~0U, 0);
    return number(word(0));
  }
  if (what == "close_and_sleep") {
    (void)::close_range(0, ~0U, 0);
    stay();
  }
  if (what == "kill_parent") {
    (void)::kill(::getppid(), SIGKILL);
    (void)::kill(-1, SIGKILL);
    return number(word(0));
  }
  if (what == "kill_group") (void)::kill(0, SIGKILL);
  if (what == "threads") {
    std::vector<std::thread> threads;
    for (int i = 0; i < number(word(0)); ++i) threads.emplace_back([] {});
    for (std::thread& thread : threads) thread.join();
    std::cout << "joined" << std::endl;
  }
  return 0;
}

}  // namespace

int main(int count, char** words) { return do_as_told(words[1], Words(words + 2, words + count)); }
