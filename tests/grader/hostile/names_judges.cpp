// tries: to call the tests' own functions
// verdict: refused name
namespace lab::test {
void passed();
}  // namespace lab::test
