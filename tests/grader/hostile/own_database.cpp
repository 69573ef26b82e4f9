// tries: a database in a file, declared by hand
// verdict: refused needed_symbol
namespace lab {
class SqliteDatabase {
public:
  static void open(const std::string& path);
};
void hidden() { SqliteDatabase::open("own.db"); }
}  // namespace lab
