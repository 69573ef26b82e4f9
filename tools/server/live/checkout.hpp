// The documents of the checkout, readable without a network: Markdown as HTML, sources as text.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace lab::live {

struct Served {
  std::string type;  // the media type
  std::string body;
};

class Checkout {
public:
  // `root` has docs/, exercises/ and the rest; a root without them serves nothing.
  explicit Checkout(std::filesystem::path root) : root_(std::move(root)) {}

  // The file at `path` below the root. Nothing: it is not there, is none of those that may be read (documents, pictures
  // and sources in the checkout's own folders, no hidden ones, none through a link that leads outside), or is too
  // large.
  std::optional<Served> read(const std::string& path) const;

  // Where the page of exercise `id`, "01" to "12", is below the root.
  std::optional<std::string> exercise(std::string_view id) const;

private:
  const std::filesystem::path root_;
};

// A whole page. Raw HTML in the Markdown is shown as it is written, and never interpreted; comments are left out.
std::string page_of_markdown(std::string_view markdown);

}  // namespace lab::live
