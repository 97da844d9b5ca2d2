#include "git/remote/host.hpp"

#include <gtest/gtest.h>

namespace flowship::git {
namespace {

TEST(Host, IsJudgedByTheHostName) {
  for (const char* address : {"https://github.com/a/b.git", "git@github.com:a/b.git", "ssh://git@GitHub.com:22/a/b",
                              "https://user:x@github.example.com/a/b", "https://github.com:443"}) {
    EXPECT_EQ(host_of(address), Host::github) << address;
  }
  for (const char* address : {"https://gitlab.com/a/b.git", "git@gitlab.example.org:a/b.git", "gitlab.example.org:b"}) {
    EXPECT_EQ(host_of(address), Host::gitlab) << address;
  }
  for (const char* address :
       {"", "/srv/github.com/a.git", "file:///srv/github.com/a.git", "../gitlab.com:x", "https://notgithub.com/a/b",
        "https://git.example/github.com/a", "git@bitbucket.org:a/b"}) {
    EXPECT_EQ(host_of(address), Host::other) << address;
  }
}

}  // namespace
}  // namespace flowship::git
