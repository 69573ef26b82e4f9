// tries: the same on two lines
// verdict: refused assembly
namespace lab {
void hidden() { as\
m(""); }
}  // namespace lab
