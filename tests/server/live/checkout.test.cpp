#include "tools/server/live/checkout.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>

#include "tools/process/folder.hpp"

using namespace lab::live;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

TEST_CASE("each exercise has a page", "[live]") {
  const Checkout checkout(LAB_ROOT);
  for (const char* id : {"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"}) {
    const auto path = checkout.exercise(id);
    REQUIRE(path.has_value());
    const auto page = checkout.read(*path);
    REQUIRE(page.has_value());
    CHECK(page->type == "text/html; charset=utf-8");
    CHECK_THAT(page->body, ContainsSubstring(std::string("<title>") + id + " "));
  }
  for (const char* id : {"", "1", "00", "13", "..", "1.", "001"}) CHECK_FALSE(checkout.exercise(id).has_value());
}

TEST_CASE("documents and sources are served, as what they are", "[live]") {
  const Checkout checkout(LAB_ROOT);
  CHECK(checkout.read("common/interface.hpp")->type == "text/plain; charset=utf-8");
  CHECK_THAT(checkout.read("docs/reference/bugs.md")->body, ContainsSubstring("<h2 id=\"b2-lost-increment\">"));
  CHECK_THAT(checkout.read("docs/reference/bugs.md")->body, ContainsSubstring("<table>"));
}

TEST_CASE("nothing else of the machine is served", "[live]") {
  const lab::process::Folder outside("lab-live-outside");
  std::ofstream(outside.path() / "secret.md") << "secret";
  const lab::process::Folder folder("lab-live-checkout");
  const fs::path root = folder.path();
  fs::create_directories(root / "docs/.hidden");
  fs::create_directories(root / "build");
  std::ofstream(root / "docs/page.md") << "# Page";
  std::ofstream(root / "docs/.hidden/page.md") << "hidden";
  std::ofstream(root / "docs/key.pem") << "key";
  std::ofstream(root / "build/page.md") << "build";
  fs::create_symlink(outside.path() / "secret.md", root / "docs/link.md");
  fs::create_directory_symlink(outside.path(), root / "docs/folder");
  const Checkout checkout(root);
  REQUIRE(checkout.read("docs/page.md").has_value());
  for (const char* path :
       {"", "/", "docs", "docs/", "docs/none.md", "docs/key.pem", "docs/.hidden/page.md", "build/page.md",
        "docs/link.md", "docs/folder/secret.md", "docs/../docs/page.md", "../docs/page.md", "/etc/passwd",
        "docs/../../../../../../etc/passwd", "docs//page.md/", "CMakeLists.txt"}) {
    INFO(path);
    CHECK_FALSE(checkout.read(path).has_value());
  }
  fs::resize_file(root / "docs/page.md", (1U << 20U) + 1);
  CHECK_FALSE(checkout.read("docs/page.md").has_value());
}

TEST_CASE("HTML in Markdown is shown, and never interpreted", "[live]") {
  const std::string page = page_of_markdown("# A <b>title</b>\n\n<script>alert(1)</script>\n\n`a < b`\n");
  CHECK_THAT(page, ContainsSubstring("&lt;script&gt;alert(1)&lt;/script&gt;"));
  CHECK_THAT(page, ContainsSubstring("<title>A &lt;b&gt;title&lt;/b&gt;</title>"));
  CHECK_THAT(page, ContainsSubstring("<code>a &lt; b</code>"));
  CHECK_THAT(page_of_markdown("<!-- a mark -->\ntext\n"), !ContainsSubstring("a mark"));
}
