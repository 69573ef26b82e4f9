#include "tools/explorer/account/elf.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

namespace lab::explorer {
namespace {

// A file of which little is read: a program of the suite has 20 MB, and a tenth of a second goes by if all of it is.
// Every offset in it is somebody else's number, so each is held against the file's size before it is used.
class File {
public:
  explicit File(const std::string& path) : in_(path, std::ios::binary | std::ios::ate) {
    if (in_) size_ = static_cast<std::uint64_t>(std::max<std::streamoff>(in_.tellg(), 0));
  }

  bool is_open() const { return in_.is_open(); }

  // What the file has of it.
  std::string part(std::uint64_t offset, std::uint64_t size) {
    if (offset > size_) return {};
    std::string bytes(std::min(size, size_ - offset), '\0');
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(offset));
    in_.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in_.gcount()));
    return bytes;
  }

  std::string all() { return part(0, size_); }

private:
  std::ifstream in_;
  std::uint64_t size_ = 0;
};

template <class Header>
bool read_at(std::string_view bytes, std::uint64_t offset, Header& header) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(Header)) return false;
  std::memcpy(&header, bytes.data() + offset, sizeof(Header));
  return true;
}

std::string_view part(std::string_view bytes, std::uint64_t offset, std::uint64_t size) {
  if (offset > bytes.size()) return {};
  return bytes.substr(offset, size);
}

std::uint64_t padded(std::uint32_t size) { return (std::uint64_t{size} + 3) & ~std::uint64_t{3}; }

std::string find_build_id(std::string_view notes) {
  Elf64_Nhdr note{};
  for (std::uint64_t at = 0; read_at(notes, at, note);) {
    const std::string_view name = part(notes, at + sizeof(note), note.n_namesz);
    const std::uint64_t description = at + sizeof(note) + padded(note.n_namesz);
    if (note.n_type == NT_GNU_BUILD_ID && name == std::string_view("GNU\0", 4)) {
      std::string digits;
      for (const char byte : part(notes, description, note.n_descsz))
        digits += fmt::format("{:02x}", static_cast<unsigned char>(byte));
      return digits;
    }
    at = description + padded(note.n_descsz);
  }
  return {};
}

std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
  return hash;
}

}  // namespace

tl::expected<Elf, std::string> read_elf(const std::string& path) {
  File file(path);
  if (!file.is_open()) return tl::unexpected(fmt::format("can't read {}: {}", path, std::strerror(errno)));

  Elf64_Ehdr header{};
  if (!read_at(file.part(0, sizeof(header)), 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) {
    return tl::unexpected(fmt::format("{} is not a 64-bit program for Linux", path));
  }
  Elf elf;
  elf.fixed_addresses = header.e_type == ET_EXEC;
  const std::string segments = file.part(header.e_phoff, std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr));
  Elf64_Phdr segment{};
  for (std::uint64_t at = 0; read_at(segments, at, segment); at += sizeof(segment)) {
    if (segment.p_type == PT_LOAD) {
      const bool first = elf.end == 0;
      elf.begin = first ? segment.p_vaddr : std::min(elf.begin, segment.p_vaddr);
      elf.end = std::max(elf.end, segment.p_vaddr + segment.p_memsz);
    } else if (segment.p_type == PT_NOTE && elf.build_id.empty()) {
      elf.build_id = find_build_id(file.part(segment.p_offset, segment.p_filesz));
    }
  }
  if (elf.build_id.empty()) elf.build_id = fmt::format("{:016x}", hash_of(file.all()));
  return elf;
}

}  // namespace lab::explorer
