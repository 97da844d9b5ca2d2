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

TEST(Host, HasAPageForEachCommit) {
  for (const char* address : {"https://github.com/a/b.git", "git@github.com:a/b.git", "ssh://git@GitHub.com:22/a/b",
                              "https://user:secret@github.com/a/b/"}) {
    EXPECT_EQ(commit_pages_of(address), "https://github.com/a/b/commit/") << address;
  }
  EXPECT_EQ(commit_pages_of("https://gitlab.example.com:8443/group/sub/b"),
            "https://gitlab.example.com:8443/group/sub/b/-/commit/");
  EXPECT_EQ(commit_pages_of("git@bitbucket.org:a/b.git"), "https://bitbucket.org/a/b/commits/");
  for (const char* address :
       {"", "/srv/github.com/a/b.git", "file:///srv/a/b", "https://git.example/a/b", "https://github.com/b",
        "https://github.com/a/../b", "https://github.com/a/b c", "git@github.com:a/<b>"}) {
    EXPECT_EQ(commit_pages_of(address), "") << address;
  }
}

TEST(Host, ServesAnAddress) {
  EXPECT_EQ(server_of("https://git@GitHub.com/a/b.git"), "github.com:443");
  EXPECT_EQ(server_of("https://github.com:8443/a"), "github.com:8443");
  EXPECT_EQ(server_of("git@github.com:a/b.git"), "github.com");
  EXPECT_EQ(server_of("/srv/a.git"), "/srv/a.git");
  EXPECT_EQ(server_of("file:///srv/a.git"), "file:///srv/a.git");
}

}  // namespace
}  // namespace flowship::git
