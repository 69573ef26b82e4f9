#include "tools/server/live/checkout.hpp"

#include <fmt/format.h>
#include <md4c-html.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <system_error>

namespace lab::live {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t bytes_max = 1U << 20U;

constexpr std::array folders = {"buggy", "common", "docs", "exercises", "fixed", "tests", "tools"};
constexpr std::array pages = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"};

struct Kind {
  const char* extension;
  const char* type;
};
constexpr std::array kinds = {
    Kind{".md", "text/html; charset=utf-8"},   Kind{".hpp", "text/plain; charset=utf-8"},
    Kind{".cpp", "text/plain; charset=utf-8"}, Kind{".cmake", "text/plain; charset=utf-8"},
    Kind{".txt", "text/plain; charset=utf-8"}, Kind{".json", "text/plain; charset=utf-8"},
    Kind{"", "text/plain; charset=utf-8"},     Kind{".png", "image/png"},
};

template <class Names>
bool among(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool may_be_read(const fs::path& path) {
  if (path.empty() || path.is_absolute()) return false;
  for (const fs::path& part : path)
    if (part.empty() || part.string().front() == '.') return false;
  const bool top = std::next(path.begin()) == path.end();
  return top ? among(pages, path.string()) : among(folders, path.begin()->string());
}

bool is_below(const fs::path& file, const fs::path& root) {
  return std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first == root.end();
}

std::string without_comments(std::string_view markdown) {
  std::istringstream lines{std::string(markdown)};
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("<!--", 0) == 0 && line.size() >= 7 && line.compare(line.size() - 3, 3, "-->") == 0) continue;
    kept += line + '\n';
  }
  return kept;
}

// As platforms that show Markdown name a heading's place: lower case, hyphens for spaces, no punctuation.
std::string place_name(const std::string& heading) {
  std::string name;
  bool in_tag = false;
  for (const char c : heading) {
    if (c == '<' || c == '>') {
      in_tag = c == '<';
      continue;
    }
    if (in_tag) continue;
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) || c == '_' || c == '-' || letter >= 0x80) name += static_cast<char>(std::tolower(letter));
    if (c == ' ') name += '-';
  }
  return name;
}

// The text of the first heading, with what Markdown's own renderer has escaped left so.
std::string title_in(const std::string& html) {
  std::smatch found;
  if (!std::regex_search(html, found, std::regex("<h1[^>]*>(.*?)</h1>"))) return "Session Race Lab";
  return std::regex_replace(found[1].str(), std::regex("<[^>]*>"), "");
}

std::string with_places(const std::string& html) {
  static const std::regex heading("<(h[1-6])>(.*?)</h[1-6]>");
  std::string result;
  auto rest = html.cbegin();
  for (std::sregex_iterator found(html.begin(), html.end(), heading), end; found != end; ++found) {
    result.append(rest, (*found)[0].first);
    result +=
        fmt::format("<{0} id=\"{1}\">{2}</{0}>", (*found)[1].str(), place_name((*found)[2].str()), (*found)[2].str());
    rest = (*found)[0].second;
  }
  result.append(rest, html.cend());
  return result;
}

}  // namespace

std::optional<Served> Checkout::read(const std::string& path) const {
  const fs::path asked(path);
  if (!may_be_read(asked)) return std::nullopt;
  const auto kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& one) { return asked.extension() == one.extension; });
  if (kind == kinds.end()) return std::nullopt;
  std::error_code failed;
  const fs::path root = fs::canonical(root_, failed);
  if (failed) return std::nullopt;
  const fs::path file = fs::canonical(root / asked, failed);
  if (failed || !is_below(file, root) || !fs::is_regular_file(file, failed)) return std::nullopt;
  if (const auto size = fs::file_size(file, failed); failed || size > bytes_max) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  std::string body{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) return std::nullopt;
  if (asked.extension() == ".md") body = page_of_markdown(body);
  return Served{kind->type, std::move(body)};
}

std::optional<std::string> Checkout::exercise(std::string_view id) const {
  const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  if (id.size() != 2 || !std::all_of(id.begin(), id.end(), is_digit)) return std::nullopt;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(root_ / "exercises", failed)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(std::string(id) + "-", 0) == 0) return "exercises/" + name + "/README.md";
  }
  return std::nullopt;
}

std::string page_of_markdown(std::string_view markdown) {
  const std::string text = without_comments(markdown);
  std::string html;
  const auto append = [](const MD_CHAR* bytes, MD_SIZE size, void* to) {
    static_cast<std::string*>(to)->append(bytes, size);
  };
  if (md_html(text.data(), static_cast<MD_SIZE>(text.size()), append, &html, MD_DIALECT_GITHUB | MD_FLAG_NOHTML, 0) !=
      0)
    html = "<p>This page could not be shown: there was no memory for it.</p>";
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
      "<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/live/page.css\">\n</head>\n"
      "<body class=\"reading\">\n<nav aria-label=\"Back\"><a href=\"/\">Session Race Lab: the live page</a></nav>\n"
      "<main>\n{}</main>\n</body>\n</html>\n",
      title_in(html), with_places(html));
}

}  // namespace lab::live
