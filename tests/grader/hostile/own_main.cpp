// tries: a main program of its own
// verdict: refused defined_symbol
int main() { return 0; }
