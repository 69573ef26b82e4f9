// tries: to end a comment where an editor shows no end
// verdict: refused characters
// harmless__asm__("");
