#include "daemon/http/hosts.hpp"

#include "daemon/http/signature.hpp"

#include <gtest/gtest.h>

namespace flowship::daemon {
namespace {

const Secret kSecret("a-secret-of-some-length");
const std::string kBody = R"({"ref": "refs/heads/main"})";
constexpr Time kNow{std::chrono::seconds(1614265330)};

using Fields = std::vector<std::pair<std::string, std::string>>;

net::Request request(const Fields& fields) {
  net::Request request{.method = "POST", .target = "/", .headers = {}, .body = kBody};
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  return request;
}

std::string_view name_of(const Fields& fields) {
  const Forge* forge = forge_of(request(fields).headers);
  return forge == nullptr ? "" : forge->name;
}

bool is_signed(const Fields& fields, const Secret& secret = kSecret) {
  const net::Request sent = request(fields);
  return forge_of(sent.headers)->is_signed(sent, secret, kNow);
}

std::string good() { return hex_signature(kBody, kSecret); }

TEST(Forges, AreDetectedByTheirHeaders) {
  EXPECT_EQ(name_of({{"X-GitHub-Event", "push"}}), "github");
  EXPECT_EQ(name_of({{"x-gitlab-event", "Push Hook"}}), "gitlab");
  EXPECT_EQ(name_of({{"webhook-signature", ""}}), "gitlab");
  EXPECT_EQ(name_of({{"X-Event-Key", "repo:push"}}), "bitbucket");
  EXPECT_EQ(name_of({{"X-GitHub-Event", "push"}, {"X-Gitea-Event", "push"}}), "gitea");
  EXPECT_EQ(name_of({{"X-GitHub-Event", "push"}, {"X-Gitea-Event", "push"}, {"X-Forgejo-Event", "push"}}), "forgejo");
  EXPECT_EQ(name_of({{"X-Hub-Signature-256", "sha256=0"}}), "");
}

TEST(Forges, HaveTheirOwnSignatures) {
  EXPECT_TRUE(is_signed({{"X-GitHub-Event", "push"}, {"X-Hub-Signature-256", "sha256=" + good()}}));
  EXPECT_TRUE(is_signed({{"X-Gitea-Event", "push"}, {"X-Gitea-Signature", good()}}));
  EXPECT_TRUE(is_signed({{"X-Forgejo-Event", "push"}, {"X-Forgejo-Signature", good()}}));
  EXPECT_TRUE(is_signed({{"X-Event-Key", "repo:push"}, {"X-Hub-Signature", "sha256=" + good()}}));
  EXPECT_TRUE(is_signed({{"X-Gitlab-Event", "Push Hook"}, {"X-Gitlab-Token", kSecret.reveal()}}));
}

TEST(Forges, DoNotAcceptEachOthersSignatures) {
  // Gitea sends what GitHub signs as well; its own field is what counts.
  EXPECT_FALSE(is_signed({{"X-Gitea-Event", "push"}, {"X-Hub-Signature-256", "sha256=" + good()}}));
  EXPECT_FALSE(
      is_signed({{"X-Gitea-Event", "push"}, {"X-Gitea-Signature", ""}, {"X-Hub-Signature-256", "sha256=" + good()}}));
  EXPECT_FALSE(is_signed({{"X-GitHub-Event", "push"}, {"X-Hub-Signature", "sha256=" + good()}}));
  EXPECT_FALSE(is_signed({{"X-GitHub-Event", "push"}, {"X-Gitlab-Token", kSecret.reveal()}}));
  EXPECT_FALSE(is_signed({{"X-Event-Key", "repo:push"}, {"X-Hub-Signature-256", "sha256=" + good()}}));
}

TEST(Forges, RejectAnEmptySecret) {
  for (const Forge& forge : forges()) {
    const std::string of_nothing = hex_signature(kBody, Secret());
    for (const std::string& value : {std::string(), of_nothing, "sha256=" + of_nothing}) {
      const net::Request sent = request({{"X-Hub-Signature-256", value},
                                         {"X-Hub-Signature", value},
                                         {"X-Gitea-Signature", value},
                                         {"X-Forgejo-Signature", value},
                                         {"X-Gitlab-Token", value},
                                         {"webhook-id", "1"},
                                         {"webhook-timestamp", "1614265330"},
                                         {"webhook-signature", value}});
      EXPECT_FALSE(forge.is_signed(sent, Secret(), kNow)) << forge.name;
      EXPECT_FALSE(forge.is_signed(sent, kSecret, kNow)) << forge.name;
    }
  }
}

TEST(Forges, GitLabSigningTokenIsNotAPlainToken) {
  const Secret token("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  EXPECT_FALSE(is_signed({{"X-Gitlab-Event", "Push Hook"}, {"X-Gitlab-Token", token.reveal()}}, token));
}

TEST(Forges, RecognisePushEvents) {
  const auto is_push = [](const char* field, const char* event) {
    return forge_of(request({{field, event}}).headers)->is_push_event(event);
  };
  EXPECT_TRUE(is_push("X-GitHub-Event", "push"));
  EXPECT_TRUE(is_push("X-Gitlab-Event", "Push Hook"));
  EXPECT_TRUE(is_push("X-Event-Key", "repo:push"));
  EXPECT_TRUE(is_push("X-Event-Key", "repo:refs_changed"));
  EXPECT_TRUE(is_push("webhook-signature", "v1,x"));
  for (const char* other : {"", "ping", "Push", "pull_request", "Tag Push Hook"}) {
    for (const char* field : {"X-GitHub-Event", "X-Gitlab-Event", "X-Gitea-Event", "X-Event-Key"}) {
      EXPECT_FALSE(is_push(field, other)) << field << ' ' << other;
    }
  }
}

TEST(Forges, IdentifyDeliveries) {
  const auto id_of = [](const Fields& fields) {
    const net::Request sent = request(fields);
    return forge_of(sent.headers)->delivery_id(sent.headers);
  };
  EXPECT_EQ(id_of({{"X-GitHub-Event", "push"}, {"X-GitHub-Delivery", "1"}}), "1");
  EXPECT_EQ(id_of({{"X-Gitlab-Event", "Push Hook"}, {"Idempotency-Key", "2"}}), "2");
  EXPECT_EQ(id_of({{"X-Gitlab-Event", "Push Hook"}, {"Idempotency-Key", "2"}, {"webhook-id", "3"}}), "3");
  EXPECT_EQ(id_of({{"X-Event-Key", "repo:push"}, {"X-Request-Id", "4"}}), "4");
  EXPECT_FALSE(id_of({{"X-Gitlab-Event", "Push Hook"}}));
  EXPECT_FALSE(id_of({{"X-GitHub-Event", "push"}, {"X-GitHub-Delivery", ""}}));
}

}  // namespace
}  // namespace flowship::daemon
