#include "tools/explorer/account/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "tools/explorer/account/elf.hpp"

namespace lab::explorer {
namespace {

constexpr std::string_view version = "1";
constexpr std::string_view base36_digits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view punctuation = ".,+_-";
constexpr std::string_view nothing = "_";
constexpr std::size_t build_id_digits = 8;
constexpr std::size_t departure_state_digits = 4;
constexpr std::size_t final_state_digits = 8;

constexpr std::uint64_t departure_state_mask = 0xffff;
constexpr std::uint64_t final_state_mask = 0xffffffff;

constexpr std::array part_names = {"the version",    "the build id",   "the flags and the seed",
                                   "the hot places", "the departures", "the state at the end"};

// The letter of each Act but run, which has none.
constexpr std::string_view act_letters = "tsc";

std::string in_base(std::uint64_t number, unsigned base) {
  std::string text;
  do {
    text += base36_digits[static_cast<std::size_t>(number % base)];
    number /= base;
  } while (number != 0);
  std::reverse(text.begin(), text.end());
  return text;
}

// Goes from left to right and remembers the first thing that was wrong; after that every further step does nothing.
class Reader {
public:
  explicit Reader(std::string_view text) : text_(text) {}

  const std::string& error() const { return error_; }
  bool failed() const { return !error_.empty(); }
  bool at_end() const { return at_ == text_.size(); }
  void enter(std::size_t part) { part_ = part; }
  std::size_t place() const { return at_ + 1; }

  bool take(char c) {
    if (failed() || at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool take(std::string_view word) {
    if (failed() || !text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  void expect(char c, std::string_view what) {
    if (!take(c)) refuse(what);
  }

  std::uint64_t number(unsigned base, std::uint64_t most, std::string_view what) {
    const std::size_t begin = at_;
    std::uint64_t value = 0;
    while (!failed() && !at_end()) {
      const std::size_t digit = base36_digits.find(text_[at_]);
      if (digit >= base) break;  // npos as well
      if (value > (most - std::min<std::uint64_t>(digit, most)) / base) {
        fail_at(begin, fmt::format("{} is too large", what));
        return 0;
      }
      value = value * base + digit;
      ++at_;
    }
    if (failed()) return 0;
    if (at_ == begin) refuse(what);
    if (at_ - begin > 1 && text_[begin] == '0') fail_at(begin, fmt::format("{} begins with a zero", what));
    return value;
  }

  std::string hex_digits(std::size_t count, std::string_view what) {
    const std::size_t begin = at_;
    while (!failed() && at_ - begin < count) {
      if (at_end() || base36_digits.substr(0, 16).find(text_[at_]) == std::string_view::npos) {
        refuse(fmt::format("{} ({} hex digits)", what, count));
        return {};
      }
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::uint64_t hex_number(std::size_t count, std::string_view what) {
    std::uint64_t value = 0;
    for (const char c : hex_digits(count, what)) value = value * 16 + base36_digits.find(c);
    return value;
  }

  // Something other than what had to come here.
  void refuse(std::string_view expected) {
    if (failed()) return;
    if (at_end()) {
      error_ = fmt::format("the schedule is cut short: it ends after {} characters, in part {} of {} ({})",
                           text_.size(), part_ + 1, part_names.size(), part_names[part_]);
    } else {
      fail_at(at_, fmt::format("'{}' stands where {} should be", text_[at_], expected));
    }
  }

  void fail_at(std::size_t at, std::string_view what) {
    if (!failed()) error_ = fmt::format("character {} of the schedule, in {}: {}", at + 1, part_names[part_], what);
  }

private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t part_ = 0;
  std::string error_;
};

std::optional<std::string> find_bad_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (base36_digits.find(c) != std::string_view::npos || punctuation.find(c) != std::string_view::npos) continue;
    const bool shows = c > ' ' && c < 0x7f;
    const std::string name =
        shows ? fmt::format("'{}'", c) : fmt::format("the byte {:#04x}", static_cast<unsigned char>(c));
    return fmt::format("character {} of the schedule is {}, which stands in none", i + 1, name);
  }
  return std::nullopt;
}

void read_flags(Reader& reader, Schedule& schedule) {
  schedule.every_access = reader.take('a');
  schedule.unlock_points = reader.take('u');
  schedule.time_outs = reader.take('t');
  schedule.spurious = reader.take('s');
  reader.expect('.', "one of the flags a, u, t, s in this order, or the point before the seed,");
  schedule.seed = reader.number(16, std::numeric_limits<std::uint64_t>::max(), "the seed");
}

void read_hot(Reader& reader, Schedule& schedule) {
  if (reader.take(nothing)) return;
  std::uint64_t last = 0;
  do {
    const std::size_t place = reader.place();
    const std::uint64_t difference =
        reader.number(36, std::numeric_limits<std::uint64_t>::max() - last, "a program counter");
    if (difference == 0 && !schedule.hot.empty()) reader.fail_at(place - 1, "a program counter stands there twice");
    if (schedule.hot.size() == max_hot) reader.fail_at(place - 1, fmt::format("more than {}", max_hot));
    if (reader.failed()) return;
    last += difference;
    schedule.hot.push_back(last);
  } while (reader.take(','));
}

void read_departures(Reader& reader, Schedule& schedule) {
  if (reader.take(nothing)) return;
  do {
    const std::size_t place = reader.place();
    Departure departure;
    departure.choice = static_cast<std::uint32_t>(
        reader.number(10, std::numeric_limits<std::uint32_t>::max(), "the number of a choice"));
    reader.expect('.', "the point before the thread");
    departure.alternative.thread =
        static_cast<std::uint16_t>(reader.number(10, max_threads - 1, "the number of a thread"));
    for (std::size_t i = 0; i < act_letters.size() && departure.alternative.act == Act::run; ++i)
      if (reader.take(act_letters[i])) departure.alternative.act = static_cast<Act>(i + 1);
    reader.expect('+', "the + before the state");
    departure.state = reader.hex_number(departure_state_digits, "the state");
    if (!schedule.departures.empty() && departure.choice <= schedule.departures.back().choice) {
      reader.fail_at(place - 1, fmt::format("choice {} comes after choice {}, but they have to ascend",
                                            departure.choice, schedule.departures.back().choice));
    }
    if (schedule.departures.size() == max_departures)
      reader.fail_at(place - 1, fmt::format("more than {}", max_departures));
    if (reader.failed()) return;
    schedule.departures.push_back(departure);
  } while (reader.take(','));
}

// "lab", digits, '-': which version it is, if it looks like any.
std::optional<std::string_view> version_of(std::string_view text) {
  if (!text.starts_with("lab")) return std::nullopt;
  text.remove_prefix(3);
  const std::string_view number = text.substr(0, text.find_first_not_of("0123456789"));
  if (number.empty() || number.size() > 9) return std::nullopt;
  return number;
}

}  // namespace

std::string encode(const Schedule& schedule) {
  std::string text = fmt::format("lab{}-{}-", version, schedule.build_id);
  if (schedule.every_access) text += 'a';
  if (schedule.unlock_points) text += 'u';
  if (schedule.time_outs) text += 't';
  if (schedule.spurious) text += 's';
  text += '.' + in_base(schedule.seed, 16) + '-';

  if (schedule.hot.empty()) text += nothing;
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < schedule.hot.size(); ++i) {
    if (i > 0) text += ',';
    text += in_base(schedule.hot[i] - last, 36);
    last = schedule.hot[i];
  }
  text += '-';

  if (schedule.departures.empty()) text += nothing;
  for (std::size_t i = 0; i < schedule.departures.size(); ++i) {
    const Departure& departure = schedule.departures[i];
    if (i > 0) text += ',';
    text += fmt::format("{}.{}", departure.choice, departure.alternative.thread);
    const auto act = static_cast<std::size_t>(departure.alternative.act);
    if (act > 0) text += act_letters[act - 1];
    text += fmt::format("+{:04x}", departure.state & departure_state_mask);
  }
  return text + fmt::format("-{:08x}", schedule.final_state & final_state_mask);
}

tl::expected<Schedule, std::string> decode(std::string_view text) {
  if (text.empty()) {
    return tl::unexpected(std::string("the schedule is empty: give the string at the end of a report"));
  }
  const std::optional<std::string_view> its_version = version_of(text);
  if (!its_version)
    return tl::unexpected(fmt::format("no schedule begins like this one: they begin with lab{}-", version));
  if (*its_version != version) {
    return tl::unexpected(fmt::format(
        "the schedule has format version {}, and this program reads version {}: replay it with the lab that "
        "made it, or explore again",
        *its_version, version));
  }
  if (const std::optional<std::string> error = find_bad_character(text)) return tl::unexpected(*error);

  Schedule schedule;
  Reader reader(text);
  (void)reader.take("lab");
  (void)reader.take(version);
  constexpr std::string_view hyphen = "the hyphen before the next part";
  reader.expect('-', hyphen);
  reader.enter(1);
  schedule.build_id = reader.hex_digits(build_id_digits, "the build id");
  reader.expect('-', hyphen);
  reader.enter(2);
  read_flags(reader, schedule);
  reader.expect('-', hyphen);
  reader.enter(3);
  read_hot(reader, schedule);
  reader.expect('-', hyphen);
  reader.enter(4);
  read_departures(reader, schedule);
  reader.expect('-', hyphen);
  reader.enter(5);
  schedule.final_state = reader.hex_number(final_state_digits, "the state at the end");
  if (!reader.failed() && !reader.at_end()) reader.refuse("the end");
  if (reader.failed()) return tl::unexpected(reader.error());
  return schedule;
}

bool is_state_at_departure(std::uint64_t state, std::uint64_t recorded) {
  return recorded == 0 || ((state ^ recorded) & departure_state_mask) == 0;
}

bool is_state_at_end(std::uint64_t state, std::uint64_t recorded) {
  return recorded == 0 || ((state ^ recorded) & final_state_mask) == 0;
}

tl::expected<std::string, std::string> build_id_of(const std::string& path) {
  const tl::expected<Elf, std::string> elf = read_elf(path);
  if (!elf) return tl::unexpected(elf.error());
  return fmt::format("{:0<8}", elf->build_id.substr(0, build_id_digits));
}

tl::expected<void, std::string> check_build(const Schedule& schedule, std::string_view build_id) {
  if (schedule.build_id == build_id) return {};
  return tl::unexpected(fmt::format(
      "the schedule was recorded with another build of the program ({}, and this one is {}): build it as it "
      "was, or explore again",
      schedule.build_id, build_id));
}

}  // namespace lab::explorer
