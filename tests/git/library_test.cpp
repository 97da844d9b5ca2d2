#include "git/library.hpp"

#include <gtest/gtest.h>

#include <dlfcn.h>
#include <string>

namespace flowship::git {
namespace {

TEST(Library, StartsWithoutReadingTheSystemsCertificates) {
  start_library();
  // The definition that libgit2 gets must be the program's own, not mbedTLS's.
  void* const used = ::dlsym(RTLD_DEFAULT, "mbedtls_x509_crt_parse_file");
  if (used == nullptr) GTEST_SKIP() << "this libgit2 has no mbedTLS";
  Dl_info parser{};
  Dl_info test{};
  static const int here = 0;
  ASSERT_NE(::dladdr(used, &parser), 0);
  ASSERT_NE(::dladdr(&here, &test), 0);
  EXPECT_STREQ(parser.dli_fname, test.dli_fname);
}

}  // namespace
}  // namespace flowship::git
