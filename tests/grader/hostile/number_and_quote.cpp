// tries: a number after which compilers and readers disagree where a comment begins
// verdict: refused characters
namespace lab {
int a = 1p+'a/*';
void hidden() { __asm__(""); }  // */
}  // namespace lab
