#include "tools/exercises/index.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "tools/exercises/evidence.hpp"

namespace lab::exercises {
namespace {

using nlohmann::json;

constexpr std::array bugs{"B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "B11", "C12"};
constexpr int points_max = 100;
constexpr std::size_t hints_min = 3;

using Means = std::map<std::string, std::string>;

void get_if_there(const json& entry, const char* key, Means& means) {
  if (const auto at = entry.find(key); at != entry.end()) at->get_to(means);
}

Exercise exercise_from(const json& entry) {
  Exercise exercise;
  entry.at("id").get_to(exercise.id);
  entry.at("bug").get_to(exercise.bug);
  entry.at("name").get_to(exercise.name);
  entry.at("title").get_to(exercise.title);
  entry.at("points").get_to(exercise.points);
  entry.at("minutes").get_to(exercise.minutes);
  entry.at("teaches").get_to(exercise.teaches);
  entry.at("hints").get_to(exercise.hints);
  entry.at("clauses").get_to(exercise.clauses);
  entry.at("expects").get_to(exercise.expects);
  get_if_there(entry, "means", exercise.means);
  entry.at("tests").at("explored").get_to(exercise.explored);
  entry.at("tests").at("one_thread").get_to(exercise.one_thread);
  entry.at("also_mends").get_to(exercise.also_mends);
  return exercise;
}

std::string two_digits(std::size_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

template <class Is>
const Exercise* first(const Index& index, Is is) {
  const auto at = std::find_if(index.exercises.begin(), index.exercises.end(), is);
  return at == index.exercises.end() ? nullptr : &*at;
}

bool among(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

void add_faults_of(const Means& means, const std::string& whose, std::vector<std::string>& faults) {
  for (const auto& [verdict, meaning] : means) {
    if (verdict.empty() || verdict == "passed" || meaning.empty())
      faults.push_back(whose + " does not say what the verdict \"" + verdict + "\" means");
  }
}

}  // namespace

const Exercise* Index::with_id(const std::string& id) const {
  return first(*this, [&](const Exercise& exercise) { return exercise.id == id; });
}

const Exercise* Index::with_bug(const std::string& bug) const {
  return first(*this, [&](const Exercise& exercise) { return exercise.bug == bug; });
}

const Exercise* Index::with_name(const std::string& name) const {
  return first(*this, [&](const Exercise& exercise) { return exercise.name == name; });
}

const Exercise* Index::with_claim(const std::string& claim) const {
  return first(*this, [&](const Exercise& exercise) {
    return among(exercise.explored, claim) || among(exercise.one_thread, claim);
  });
}

std::string Index::expected_of(const std::string& claim) const {
  if (claim == generated_claim)
    return "the answers are those of the same operations, one after the other, in some order";
  const Exercise* const owner = with_claim(claim);
  if (owner == nullptr) return "what the claim says, as it holds in the handout";
  const auto at = owner->expects.find(claim);
  return at == owner->expects.end() ? "" : at->second;
}

std::string Index::meaning_of(const std::string& claim, const std::string& verdict) const {
  const auto in = [&](const Means& all) {
    const auto at = all.find(verdict);
    return at == all.end() ? std::string() : at->second;
  };
  const Exercise* const owner = with_claim(claim);
  const std::string own = owner == nullptr ? std::string() : in(owner->means);
  return own.empty() ? in(means) : own;
}

std::string Index::gate_for(const std::vector<const Exercise*>& asked) const {
  std::set<std::string> theirs, all;
  for (const Exercise* exercise : asked) theirs.insert(exercise->clauses.begin(), exercise->clauses.end());
  for (const Exercise& exercise : exercises) all.insert(exercise.clauses.begin(), exercise.clauses.end());
  if (theirs == all) return gate;
  // Catch2 reads a comma as "or", and what stands side by side as "and".
  std::string specification = gate;
  for (const std::string& clause : all) specification += "~[" + clause + "]";
  for (const std::string& clause : theirs) specification += "," + gate + "[" + clause + "]";
  return specification;
}

std::vector<std::string> faults_of(const Index& index) {
  std::vector<std::string> faults;
  if (index.exercises.size() != bugs.size()) {
    faults.push_back("there are " + std::to_string(index.exercises.size()) + " exercises, not " +
                     std::to_string(bugs.size()));
  }
  int points = 0;
  std::set<std::string> claims;
  for (std::size_t i = 0; i < index.exercises.size(); ++i) {
    const Exercise& exercise = index.exercises[i];
    const std::string id = two_digits(i + 1);
    if (exercise.id != id) faults.push_back("exercise " + exercise.id + " stands where " + id + " belongs");
    if (i < bugs.size() && exercise.bug != bugs[i])
      faults.push_back("exercise " + exercise.id + " is of " + exercise.bug + ", not of " + bugs[i]);
    if (exercise.name.empty()) faults.push_back("exercise " + exercise.id + " has no name");
    if (exercise.title.empty()) faults.push_back("exercise " + exercise.id + " has no title");
    if (exercise.teaches.empty()) faults.push_back("exercise " + exercise.id + " teaches nothing");
    if (exercise.minutes <= 0) faults.push_back("exercise " + exercise.id + " takes no time");
    if (exercise.hints < hints_min) faults.push_back("exercise " + exercise.id + " has fewer than three hints");
    if (exercise.clauses.empty()) faults.push_back("exercise " + exercise.id + " has no clause");
    if (exercise.points <= 0) faults.push_back("exercise " + exercise.id + " earns nothing");
    points += exercise.points;
    if (exercise.explored.empty() && exercise.one_thread.empty())
      faults.push_back("exercise " + exercise.id + " has no claim");
    for (const auto* list : {&exercise.explored, &exercise.one_thread}) {
      for (const std::string& claim : *list) {
        if (!claims.insert(claim).second) faults.push_back("two exercises list \"" + claim + "\"");
        if (!exercise.expects.contains(claim))
          faults.push_back("exercise " + exercise.id + " does not say what \"" + claim + "\" expects");
      }
    }
    add_faults_of(exercise.means, "exercise " + exercise.id, faults);
    for (const std::string& other : exercise.also_mends) {
      if (other == exercise.id || index.with_id(other) == nullptr)
        faults.push_back("exercise " + exercise.id + " can't mend \"" + other + "\" as well");
    }
  }
  add_faults_of(index.means, "the index", faults);
  if (index.gate.empty()) faults.emplace_back("there is no gate");
  if (points != points_max) faults.push_back("the points sum to " + std::to_string(points) + ", not to 100");
  return faults;
}

tl::expected<Index, std::string> read_index(const std::string& file) {
  std::ifstream in(file);
  if (!in) return tl::unexpected("can't read " + file);
  Index index;
  try {
    const json all = json::parse(in);
    if (all.at("schema") != 1) return tl::unexpected(file + " is not of schema 1");
    all.at("gate").get_to(index.gate);
    get_if_there(all, "means", index.means);
    for (const json& entry : all.at("exercises")) index.exercises.push_back(exercise_from(entry));
  } catch (const json::exception& error) {
    return tl::unexpected(file + ": " + error.what());
  }
  if (const auto faults = faults_of(index); !faults.empty()) return tl::unexpected(file + ": " + faults.front());
  return index;
}

}  // namespace lab::exercises
