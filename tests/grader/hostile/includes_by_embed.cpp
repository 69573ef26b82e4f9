// tries: to embed a file
// verdict: refused include
#embed "/etc/passwd"
