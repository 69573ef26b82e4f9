#include "tools/grader/screen/object.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

namespace lab::grader {
namespace {

namespace fs = std::filesystem;

#if defined(__x86_64__)
constexpr auto this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr auto this_machine = EM_AARCH64;
#else
#error "say which ELF machine this is"
#endif

struct Symbol {
  std::string name;
  int type = 0;
  int binding = 0;
  std::size_t section = 0;

  bool is_local() const { return binding == STB_LOCAL; }
  bool is_weak() const { return binding == STB_WEAK || binding == STB_GNU_UNIQUE; }
};

struct Section {
  std::string name;
  GElf_Xword flags = 0;
  GElf_Word type = 0;
};

struct Object {
  std::vector<Section> sections;  // by their index
  std::vector<Symbol> symbols;
  std::vector<std::size_t> relocations;  // the symbol of each
};

// A symbol of a section beyond the 65,279th reads as one of no section. Ours have some thousand.
tl::expected<Object, std::string> object_of(Elf* elf) {
  const auto failed = [] { return tl::unexpected(std::string(elf_errmsg(-1))); };
  GElf_Ehdr header;
  std::size_t names = 0, count = 0;
  if (elf_kind(elf) != ELF_K_ELF || gelf_getehdr(elf, &header) == nullptr || elf_getshdrstrndx(elf, &names) != 0 ||
      elf_getshdrnum(elf, &count) != 0)
    return failed();
  if (header.e_type != ET_REL || header.e_machine != this_machine)
    return tl::unexpected(std::string("it is no relocatable object of this machine's"));

  Object object;
  object.sections.resize(count);
  for (Elf_Scn* scn = elf_nextscn(elf, nullptr); scn != nullptr; scn = elf_nextscn(elf, scn)) {
    GElf_Shdr section;
    if (gelf_getshdr(scn, &section) == nullptr) return failed();
    const char* name = elf_strptr(elf, names, section.sh_name);
    if (name == nullptr) return failed();
    object.sections.at(elf_ndxscn(scn)) = {name, section.sh_flags, section.sh_type};
    if (section.sh_entsize == 0) continue;
    const bool symbols = section.sh_type == SHT_SYMTAB, relocations = section.sh_type == SHT_RELA;
    if (!symbols && !relocations) continue;
    Elf_Data* data = elf_getdata(scn, nullptr);
    if (data == nullptr) return failed();
    for (int i = 0; i < static_cast<int>(section.sh_size / section.sh_entsize); ++i) {
      if (relocations) {
        GElf_Rela relocation;
        if (gelf_getrela(data, i, &relocation) == nullptr) return failed();
        object.relocations.push_back(GELF_R_SYM(relocation.r_info));
      } else {
        GElf_Sym symbol;
        const char* text = nullptr;
        if (gelf_getsym(data, i, &symbol) == nullptr ||
            (text = elf_strptr(elf, section.sh_link, symbol.st_name)) == nullptr)
          return failed();
        object.symbols.push_back({text, GELF_ST_TYPE(symbol.st_info), GELF_ST_BIND(symbol.st_info), symbol.st_shndx});
      }
    }
  }
  return object;
}

// Calls `use` for the object, or for each of an archive's; its error ends this.
tl::expected<void, std::string> for_each_object(const fs::path& file, const std::function<void(const Object&)>& use) {
  const auto failed = [&](const std::string& why) {
    return tl::unexpected(fmt::format("{} can't be read as an object: {}", file.string(), why));
  };
  if (elf_version(EV_CURRENT) == EV_NONE) return failed("libelf is too old for its header");
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failed("it can't be opened");
  const std::unique_ptr<const int, void (*)(const int*)> closer(&descriptor, [](const int* open) { ::close(*open); });
  const std::unique_ptr<Elf, int (*)(Elf*)> whole(elf_begin(descriptor, ELF_C_READ, nullptr), &elf_end);
  if (!whole) return failed(elf_errmsg(-1));
  if (elf_kind(whole.get()) != ELF_K_AR) {
    const auto object = object_of(whole.get());
    if (!object) return failed(object.error());
    use(*object);
    return {};
  }
  for (Elf_Cmd command = ELF_C_READ; command != ELF_C_NULL;) {
    const std::unique_ptr<Elf, int (*)(Elf*)> member(elf_begin(descriptor, command, whole.get()), &elf_end);
    if (!member) break;
    if (const Elf_Arhdr* header = elf_getarhdr(member.get()); header != nullptr && header->ar_name[0] != '/') {
      const auto object = object_of(member.get());
      if (!object) return failed(object.error());
      use(*object);
    }
    command = elf_next(member.get());
  }
  return {};
}

// Of what is loaded into memory.
bool is_known(const std::string& section) {
  static const std::vector<std::string> names = {".text",        ".rodata",
                                                 ".data",        ".bss",
                                                 ".tbss",        ".tdata",
                                                 ".init_array",  ".fini_array",
                                                 ".eh_frame",    ".gcc_except_table",
                                                 ".data.rel.ro", ".note.gnu.property",
                                                 "asan_globals"};
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return section == name || (section.starts_with(name) && section[name.size()] == '.');
  });
}

class ObjectScreen {
public:
  ObjectScreen(const Object& object, const SymbolNames& common) : object_(object), common_(common) {}

  Objections objections() {
    for (const Section& section : object_.sections) look_at(section);
    for (const Symbol& symbol : object_.symbols) look_at(symbol);
    return std::move(objections_);
  }

private:
  void object(std::string rule, std::string sentence) {
    objections_.push_back({std::move(rule), "", std::move(sentence)});
  }

  void look_at(const Section& section) {
    if ((section.flags & SHF_EXECINSTR) != 0 &&
        ((section.flags & SHF_WRITE) != 0 || !section.name.starts_with(".text")))
      object("section", fmt::format("its section {} holds code where none belongs", section.name));
    else if (section.type == SHT_PREINIT_ARRAY || ((section.flags & SHF_ALLOC) != 0 && !is_known(section.name)))
      object("section", fmt::format("it has a section {}, which no C++ compiles to", section.name));
  }

  void look_at(const Symbol& symbol) {
    if (symbol.type == STT_GNU_IFUNC)
      return object("defined_symbol",
                    fmt::format("it chooses {} when it is loaded; write an if", demangled(symbol.name)));
    const bool in_section = symbol.section < object_.sections.size() && symbol.section != SHN_UNDEF;
    if (in_section && symbol.type == STT_OBJECT && (object_.sections[symbol.section].flags & SHF_EXECINSTR) != 0)
      return object("section", fmt::format("it has data, {}, among its code", demangled(symbol.name)));
    if (symbol.name.find('@') != std::string::npos)
      return object("defined_symbol", fmt::format("its symbol {} has a version", symbol.name));
    if (symbol.is_local()) return;  // no other object sees it
    if (symbol.section == SHN_UNDEF) {
      if (const auto why = objection_to_needed(symbol.name, common_)) object("needed_symbol", *why);
    } else if (!in_section) {
      object("defined_symbol", fmt::format("its symbol {} is in no section", demangled(symbol.name)));
    } else if (const auto why = objection_to_defined(symbol.name, symbol.is_weak(), common_)) {
      object("defined_symbol", *why);
    }
  }

  const Object& object_;
  const SymbolNames& common_;
  Objections objections_;
};

bool is_access(const std::string& name) {
  if (!name.starts_with("__tsan_")) return false;
  return name.find("read") != std::string::npos || name.find("write") != std::string::npos ||
         name.starts_with("__tsan_atomic");
}

}  // namespace

tl::expected<SymbolNames, std::string> strong_definitions(const fs::path& file) {
  SymbolNames names;
  const auto read = for_each_object(file, [&](const Object& object) {
    for (const Symbol& symbol : object.symbols) {
      if (symbol.binding == STB_GLOBAL && symbol.section != SHN_UNDEF) names.insert(symbol.name);
    }
  });
  if (!read) return tl::unexpected(read.error());
  return names;
}

tl::expected<SymbolNames, std::string> all_symbols(const fs::path& file) {
  SymbolNames names;
  const auto read = for_each_object(file, [&](const Object& object) {
    for (const Symbol& symbol : object.symbols) names.insert(symbol.name);
  });
  if (!read) return tl::unexpected(read.error());
  return names;
}

tl::expected<Objections, std::string> objections_to_object(const fs::path& object, const SymbolNames& common) {
  Objections objections;
  const auto read =
      for_each_object(object, [&](const Object& whole) { objections = ObjectScreen(whole, common).objections(); });
  if (!read) return tl::unexpected(read.error());
  return objections;
}

tl::expected<std::size_t, std::string> instrumented_accesses(const fs::path& object) {
  std::size_t accesses = 0;
  const auto read = for_each_object(object, [&](const Object& whole) {
    for (const std::size_t symbol : whole.relocations) {
      if (symbol < whole.symbols.size() && is_access(whole.symbols[symbol].name)) ++accesses;
    }
  });
  if (!read) return tl::unexpected(read.error());
  return accesses;
}

}  // namespace lab::grader
