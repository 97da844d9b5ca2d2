// What the sanitizers are not to report, since it is not ours. Linked to every program that opens repositories.

// libgit2 1.5 loses 20 KiB for every configuration entry that its search for extensions passes over.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libpcre2\n"; }
