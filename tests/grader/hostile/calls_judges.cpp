// tries: a function of the program that it is linked into
// verdict: refused needed_symbol
void run_all_tests();
namespace lab {
void hidden() { run_all_tests(); }
}  // namespace lab
