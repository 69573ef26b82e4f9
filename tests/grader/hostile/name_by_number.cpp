// tries: to spell asm by a number of a character
// verdict: refused characters
namespace lab {
void hidden() { \u0061sm(""); }
}  // namespace lab
