// Uses what each header that a submission may include declares, once. It is compiled and screened, never run, and makes
// no sense.
#include <algorithm>
#include <any>
#include <array>
#include <atomic>
#include <barrier>
#include <bitset>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <forward_list>
#include <functional>
#include <future>
#include <iomanip>
#include <iostream>
#include <latch>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <numeric>
#include <optional>
#include <queue>
#include <random>
#include <regex>
#include <semaphore>
#include <set>
#include <shared_mutex>
#include <sstream>
#include <stack>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <syncstream>
#include <thread>
#include <typeindex>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>
#include "common/interface.hpp"
namespace lab::sample {
using namespace std::chrono_literals;
std::mutex m;
std::timed_mutex tm;
std::recursive_mutex rm;
std::recursive_timed_mutex rtm;
std::shared_mutex sm;
std::shared_timed_mutex stm;
std::condition_variable cv;
std::condition_variable_any cva;
std::once_flag of;
thread_local std::string tls = "x";
thread_local int ti;
std::atomic<std::shared_ptr<int>> asp;
std::atomic<int> ai;
std::atomic_flag af;
struct Big {
  long a[4];
};
std::atomic<Big> big;
std::atomic<unsigned __int128> wide;
std::map<std::string, int> global_map{{"a", 1}};
std::string all(int n, const std::string& s, double d) {
  std::lock_guard a(m);
  std::unique_lock b(tm, std::defer_lock);
  (void)b.try_lock_for(1ms);
  (void)b.try_lock_until(std::chrono::steady_clock::now());
  (void)tm.try_lock_until(std::chrono::system_clock::now());
  (void)m.try_lock();
  {
    std::scoped_lock x(rm, rtm);
    (void)rtm.try_lock_for(1s);
  }
  std::shared_lock c(sm);
  (void)sm.try_lock();
  (void)sm.try_lock_shared();
  (void)stm.try_lock_for(1s);
  (void)stm.try_lock_shared_for(1s);
  (void)stm.try_lock_until(std::chrono::system_clock::now());
  std::unique_lock d1(m, std::adopt_lock);
  cv.wait(d1);
  cv.wait_for(d1, 1s);
  cv.wait_until(d1, std::chrono::system_clock::now());
  cv.notify_one();
  cva.wait(c);
  cva.wait_for(c, 1s);
  cva.notify_all();
  std::stop_source ss;
  cva.wait(c, ss.get_token(), [] { return true; });
  std::stop_callback cb(ss.get_token(), [] {});
  ss.request_stop();
  std::call_once(of, [] {});
  std::jthread j([](std::stop_token) {});
  std::thread t([] {});
  t.detach();
  std::notify_all_at_thread_exit(cv, std::unique_lock(m));
  std::latch l(2);
  l.count_down();
  l.wait();
  l.arrive_and_wait();
  std::barrier ba(2);
  ba.arrive_and_wait();
  std::counting_semaphore<4> cs(1);
  cs.acquire();
  (void)cs.try_acquire_for(1s);
  cs.release();
  std::binary_semaphore bs(0);
  bs.acquire();
  ai.wait(0);
  ai.notify_all();
  ai.notify_one();
  af.test_and_set();
  af.wait(true);
  af.notify_all();
  (void)asp.load();
  asp.store(std::make_shared<int>(1));
  asp.wait(nullptr);
  (void)big.load();
  big.store({});
  wide.store(1);
  Big e{};
  (void)big.compare_exchange_strong(e, Big{});
  big.wait(e);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  auto sp = std::make_shared<int>(3);
  std::atomic_load(&sp);
  std::atomic_store(&sp, sp);
  std::weak_ptr<int> w = sp;
  (void)w.lock();
  std::shared_ptr<int> spw(w);
  auto f = std::async(std::launch::async, [] { return 1; });
  (void)f.get();
  std::promise<int> p;
  (void)p.get_future();
  p.set_value(1);
  std::packaged_task<int()> pt([] { return 1; });
  pt();
  (void)f.wait_for(1s);
  std::shared_future<int> sf = f.share();
  std::this_thread::sleep_for(1ms);
  std::this_thread::yield();
  std::this_thread::sleep_until(std::chrono::steady_clock::now() + 1s);
  std::ostringstream o;
  o << std::setw(3) << d << n << std::this_thread::get_id() << std::hex << s;
  std::istringstream i(s);
  i >> n;
  std::string line;
  std::getline(i, line);
  std::cout << o.str() << std::endl;
  std::cerr << 1;
  std::clog << 'a';
  std::osyncstream(std::cout) << "x";
  std::printf("%d", n);
  std::fprintf(stderr, "%s", "x");
  std::puts("a");
  std::fflush(stdout);
  char buf[9];
  std::snprintf(buf, 9, "%d", n);
  std::putchar('a');
  std::fputs("a", stdout);
  std::fputc('x', stderr);
  std::perror("x");
  std::fwrite(buf, 1, 9, stdout);
  std::random_device rd;
  std::mt19937_64 g(rd());
  std::uniform_int_distribution<int> ud(0, 3);
  n += ud(g);
  std::normal_distribution<> nd;
  d += nd(g);
  std::vector<std::any> va;
  va.push_back(std::string("a"));
  std::any_cast<std::string>(va[0]);
  std::variant<int, std::string> v;
  std::visit([](auto&&) {}, v);
  std::optional<int> op;
  (void)op.value();
  std::function<void()> fn = [] {};
  fn();
  std::unordered_map<std::string, std::list<int>> um;
  um["a"].push_back(1);
  um.at("b");
  std::set<std::string> st;
  st.insert("a");
  std::deque<int> dq(3);
  dq.push_front(1);
  std::priority_queue<int> pq;
  pq.push(1);
  std::sort(dq.begin(), dq.end());
  std::stable_sort(dq.begin(), dq.end());
  std::bitset<70> bt;
  bt.set(3);
  bt.to_string();
  std::unordered_multimap<int, int> umm;
  umm.insert({1, 2});
  std::multimap<int, int> mm;
  std::forward_list<int> fl{1};
  std::list<int> li{3, 1};
  li.sort();
  n += std::stoi(s) + std::stol(s) + (int)std::stod(s);
  std::to_string(n);
  std::to_string(d);
  std::atoi("1");
  std::strtol("1", nullptr, 10);
  std::strtoull("1", nullptr, 10);
  std::abs(n);
  std::memcpy(buf, "a", 1);
  std::memchr(buf, 1, 1);
  n += (int)std::strlen(s.c_str());
  std::strcmp(buf, "a");
  std::strncmp(buf, "a", 1);
  std::strchr(buf, 'a');
  std::memcmp(buf, "a", 1);
  std::strstr(buf, "a");
  std::memmove(buf, buf + 1, 2);
  std::strncpy(buf, s.c_str(), 3);
  std::strcpy(buf, "a");
  std::strcat(buf, "a");
  assert(n);
  errno = 0;
  std::strerror(n);
  std::time_t now = std::time(nullptr);
  std::tm* tt = std::localtime(&now);
  std::strftime(buf, 9, "%d", tt);
  std::gmtime(&now);
  std::mktime(tt);
  std::clock();
  d = std::pow(d, 2) + std::sqrt(d) + std::log(d) + std::exp(d) + std::floor(d) + std::ceil(d) + std::fmod(d, 2) +
      std::round(d) + std::sin(d);
  std::lround(d);
  try {
    throw std::runtime_error("x");
  } catch (const std::exception& x) {
    n = (int)std::strlen(x.what());
    auto ep = std::current_exception();
    std::rethrow_exception(ep);
  } catch (...) {
    throw;
  }
  std::regex re("a");
  std::regex_search(s, re);
  std::pmr::monotonic_buffer_resource mr;
  std::pmr::vector<int> pv(&mr);
  pv.push_back(1);
  dynamic_cast<std::ostringstream*>((std::ostream*)&o);
  (void)typeid(o).name();
  std::type_index tid(typeid(o));
  std::throw_with_nested(std::logic_error("x"));
  std::from_chars(buf, buf + 9, n);
  std::to_chars(buf, buf + 9, n);
  std::to_chars(buf, buf + 9, d);
  std::aligned_alloc(16, 16);
  void* q = std::malloc(3);
  std::free(q);
  q = std::calloc(1, 1);
  q = std::realloc(q, 3);
  struct alignas(128) AA {
    char x[128];
  };
  delete new AA;
  delete[] new AA[n];
  delete new (std::nothrow) int;
  std::uncaught_exceptions();
  tls += "x";
  ti++;
  n += std::thread::hardware_concurrency();
  std::error_code ec(1, std::generic_category());
  throw std::system_error(ec);
  std::make_exception_ptr(3);
  std::vector<int> bad;
  bad.at(3);
  std::rand();
  std::srand(1);
  std::accumulate(dq.begin(), dq.end(), 0);
  std::unique_ptr<int[]> up(new int[n]);
  std::uninitialized_copy(dq.begin(), dq.end(), up.get());
  (long long)(d);
  unsigned __int128 w1 = n, w2 = w1 / 7;
  n += (int)(w2 % 3);
  std::tolower(n);
  std::isdigit(n);
  std::string_view sv(s);
  sv.find("a");
  std::hash<std::string_view>{}(sv);
  std::string::size_type z = s.find('a');
  return s.substr(z) + line;
}
}  // namespace lab::sample
