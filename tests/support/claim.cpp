#include "tests/support/claim.hpp"

#include <catch2/internal/catch_test_registry.hpp>

namespace lab::test {
namespace {

std::vector<const Claim*>& list() {
  static std::vector<const Claim*> all;
  return all;
}

class Invoker final : public Catch::ITestInvoker {
public:
  Invoker(const Claim& claim, Judge judge) : claim_(claim), judge_(judge) {}
  void invoke() const override { judge_(claim_); }

private:
  const Claim& claim_;
  const Judge judge_;
};

}  // namespace

const std::vector<const Claim*>& claims() { return list(); }

Enlisted::Enlisted(const Claim& claim) { list().push_back(&claim); }

void register_claims(Judge judge) {
  // Catch2 keeps the views: their strings last as long as the process.
  static std::vector<std::string> tags;
  tags.reserve(claims().size());
  for (const Claim* claim : claims()) {
    tags.push_back("[concurrent]" + std::string(claim->tags));
    const Catch::AutoReg registered(Catch::Detail::make_unique<Invoker>(*claim, judge),
                                    Catch::SourceLineInfo(claim->file, static_cast<std::size_t>(claim->line)), "",
                                    Catch::NameAndTags{claim->name, tags.back()});
  }
}

}  // namespace lab::test
